"""Words as search compares them: without case, accents, endings, or the spelling of one country."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

# A text is read no further than this, so that a huge one costs no more than a long one.
MOST_LETTERS = 50_000
LONGEST_WORD = 40

_COMPOUND = re.compile(r"[^\W_]+(?:[-–.'’/][^\W_]+)*")
_PARTS = re.compile(r"[-–.'’/]")
_TAGS = re.compile(r"<[^>]*>|&[a-z]+;|&#\d+;")
_SPELLINGS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"ae|oe", "e"),
        (r"yz(?=e|ing|er)", "ys"),
        (r"iz(?=e$|es$|ed$|er$|ers$|ing$|ation)", "is"),
        (r"(?<=..)our(?=$|s$|ed$|ing$|al$|able$)", "or"),
        (r"(?<=..)([bt])re(?=$|s$)", r"\1er"),
        (r"(?<=[^\W_]{2}[^aeiou][aeiou])ll(?=ed$|ing$|er$|ers$)", "l"),
        (r"ogue(?=$|s$)", "og"),
        (r"gramme(?=$|s$)", "gram"),
        (r"sulph", "sulf"),
        (r"mould", "mold"),
        (r"licens", "licenc"),
    )
)
# Words that say how something is asked for, not what.
ASKING = frozenset(
    "a about all also am an and any anybody anyone anything are as at be been best but by can "
    "could do does else find for from get give got had has have having help her here him his how "
    "i if in into is it its just like look looking make may me might mine must my need needed "
    "needs near no not of off on one or our out please shall she should so some somebody someone "
    "something somewhere such than that the their them then there these they this those to us "
    "use used using very via want wanted was we were what when where which who whom whose why "
    "will with within without would you your".split()
)


def unmarked(text: str) -> str:
    """
    Text without tags, case and accents.

    Examples
    --------
    >>> unmarked("<b>Réactifs</b> ﬁne")
    ' reactifs  fine'
    """
    plain = _TAGS.sub(" ", text[:MOST_LETTERS])
    if plain.isascii():
        return plain.lower()
    split = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """
    The words of a text in their order, as they are compared; a compound also as one.

    Examples
    --------
    >>> words("BSL-3 Sequencers")
    ['bsl', '3', 'bsl3', 'sequenc']
    >>> words("tumour centre") == words("Tumors, Center")
    True
    """
    return [word for word, _ in spelt(text)]


def spelt(text: str) -> list[tuple[str, str]]:
    """The same words, each with the word or compound it was read from, without case and accents."""
    found: list[tuple[str, str]] = []
    for compound in _COMPOUND.findall(unmarked(text)):
        if compound.isalnum():
            found.append((stem(compound), compound))
        else:
            found += _of_compound(compound)
    return found


def _of_compound(compound: str) -> list[tuple[str, str]]:
    parts = [part for part in _PARTS.split(compound) if part]
    if len(parts) > 1 and parts[-1] == "s":
        parts.pop()
    found = [(stem(part), part) for part in parts]
    joined = "".join(parts)
    if len(parts) == 2 and len(joined) <= 12:
        found.append((stem(joined), compound))
    return found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """
    A folded word without its ending, in one spelling.

    References
    ----------
    Porter (2002), The English (Porter2) stemming algorithm, snowballstem.org.

    Examples
    --------
    >>> stem("paediatrics") == stem("pediatric"), stem("modelling"), stem("analyzer")
    (True, 'model', 'analys')
    """
    word = word[:LONGEST_WORD]
    for pattern, instead in _SPELLINGS if len(word) > 4 else ():
        word = pattern.sub(instead, word)
    return str(_STEMMER.stemWord(word))


_STEMMER = snowballstemmer.stemmer("english")


def kin(one: str, other: str) -> bool:
    """
    Whether two stems look like words of one family: one begins with the other, or nearly.

    Examples
    --------
    >>> kin("microscop", "microscopi"), kin("transfer", "transfus")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    if len(short) < 5:
        return False
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b),
                len(short))  # fmt: skip
    return same == len(short) or (same >= 7 and len(long) - same <= 3)

"""Names of organisations: the key under which two spellings are one, and the form to show."""

import re
import unicodedata
from functools import lru_cache

# Words for the legal form, which sources add or leave out at will.
_LEGAL_FORMS = frozenset(
    "ltd limited plc llp llc inc incorporated corp corporation co company cic lbg "
    "gmbh ggmbh mbh ag kg ev eg ohg kgaa sa sas sasu sarl eurl srl spa snc scarl scrl scpa "
    "onlus bv nv vzw asbl ivzw cvba bvba sl slu slp sau sll ab as asa oy oyj aps amba "
    "kft zrt nyrt rt doo dd ad ood eood sro zoo spzoo ltda lda epe sgps pty pvt kk se ss "
    "ehf hf uab sia ou ohg gie rl".split()
)
# What stands on charters and grant agreements, and nowhere else.
_CEREMONY = re.compile(
    r"^(?:the )?(?:(?:chancellor|president|provost|principal|master|warden|dean)s?"
    r"(?: (?:masters?|fellows?|scholars?|governors?|council|and|of|the))* of (?:the )?"
    r"|university court of (?:the )?|governing (?:body|council) of (?:the )?"
    r"|board of (?:trustees|regents|governors) of (?:the )?)(?=\w)"
)
_NOT_DECOMPOSED = str.maketrans({
    "ß": "ss", "ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ı": "i", "&": " and ",
})  # fmt: skip
_POSSESSIVE = re.compile(r"['’`]s\b")
_INITIALS = re.compile(r"\b\w(?: \w)+\b")
_TRANSCRIBED = re.compile(r"(?<=[aou])e|(?<=a)a")
_PARENTHESES = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_CONNECTIVES = frozenset(("and", "und", "et", "y", "e", "of", "the"))


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """
    Fold a name to what its spellings share; equal keys in one country mean one body.

    Case, accents and their transcriptions (`ü`, `ue`), punctuation, the article, legal forms
    and the ceremonial part of a university's name do not count. May be empty, for a name
    that holds nothing else; an empty key matches nothing.

    Examples
    --------
    >>> name_key("THE CHANCELLOR, MASTERS AND SCHOLARS OF THE UNIVERSITY OF CAMBRIDGE")
    'university cambridge'
    >>> name_key("University of Cambridge")
    'university cambridge'
    >>> name_key("TECHNISCHE UNIVERSITAET MUENCHEN") == name_key("Technische Universität München")
    True
    >>> name_key("Bruker BioSpin S.p.A.") == name_key("BRUKER BIOSPIN SPA")
    True
    """
    plain = _CEREMONY.sub("", fold(name))
    words = [word for word in plain.split() if word not in _CONNECTIVES]
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return _TRANSCRIBED.sub("", " ".join(words))


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """
    Lower-case words without accents or punctuation; initials stand together.

    Examples
    --------
    >>> fold("Universität  Zürich, S.p.A.")
    'universitat zurich spa'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    plain = _POSSESSIVE.sub("s", text.casefold().translate(_NOT_DECOMPOSED))
    bare = " ".join(plain.translate(_BARE).split())
    return _INITIALS.sub(lambda run: run[0].replace(" ", ""), bare)


class _Bare(dict[int, str | None]):
    """What becomes of each letter: marks go, what is no letter or digit parts words."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        kept = letter if letter.isalnum() else " "
        self[code] = None if unicodedata.combining(letter) else kept
        return self[code]


_BARE = _Bare()


def without_parentheses(name: str) -> str:
    """
    Drop what stands in parentheses: a country, an acronym, a former name.

    Examples
    --------
    >>> without_parentheses("Otis (United States)")
    'Otis'
    """
    return _PARENTHESES.sub("", name).strip()


_SMALL_WORDS = frozenset(
    "of and the for in on at by to de del della delle dei degli di da do dos das du des la le "
    "les el los las et e y i en und für fur fuer der die das dem den des zu zur van voor het een "
    "og och i av för na w z".split()
)
# Longer acronyms that could be read as words.
_KEPT_CAPITAL = frozenset("BBSRC CERN CNRS CSIC EMBL EPFL INSERM RIKEN RWTH SINTEF UNESCO".split())
# Words as short as an acronym; all others of three letters and fewer stay capitals.
_SHORT_WORDS = frozenset(
    "air all art bay bio bit box boy car cat cel day dog dry eco eye far fit fly fox gas geo get "
    "hot ice inn ion key kid lab leo lux man map max med met mid min mix neo net new non not now "
    "oil old one our out own pro red rio san sea see sir six sky sol sub sun tec tel ten ter top "
    "two uni van via war wax way web wet zen zoo".split()
)
_AS_WRITTEN = {"GMBH": "GmbH", "LTD": "Ltd", "SPA": "SpA", "SRL": "Srl", "INC": "Inc", "CIC": "CIC"}


def display_name(name: str) -> str:
    """
    A name as people would write it, when a source has only capitals.

    Names with any small letter are returned as they are.

    Examples
    --------
    >>> display_name("STEMCELL TECHNOLOGIES UK LTD")
    'Stemcell Technologies UK Ltd'
    >>> display_name("UNIVERSITY OF THE WEST OF ENGLAND, BRISTOL")
    'University of the West of England, Bristol'
    >>> display_name("IBM RESEARCH GMBH"), display_name("NEW BIO LAB")
    ('IBM Research GmbH', 'New Bio Lab')
    >>> display_name("deCODE genetics")
    'deCODE genetics'
    """
    name = " ".join(name.split())
    if any(letter.islower() for letter in name) or (len(name) <= 4 and " " not in name):
        return name
    return "".join(
        _cased(token, first=i == 0) for i, token in enumerate(re.split(r"(\s+|[-/(])", name))
    )


def _cased(token: str, *, first: bool) -> str:
    bare = token.strip(".,;:()[]\"'")
    if bare in _AS_WRITTEN:
        return token.replace(bare, _AS_WRITTEN[bare])
    if bare in _KEPT_CAPITAL or "." in bare or any(c.isdigit() for c in bare):
        return token
    if not first and token.casefold() in _SMALL_WORDS:
        return token.casefold()
    if len(bare) <= 3 and bare.casefold() not in _SHORT_WORDS | _SMALL_WORDS:
        return token
    if len(bare) <= 5 and bare.isalpha() and not set(bare) & set("AEIOUYÄÖÜÅÆØÉÈ"):
        return token  # no vowel: an acronym
    head = next((i for i, c in enumerate(token) if c.isalpha()), 0)
    return token[:head] + token[head : head + 1] + token[head + 1 :].lower()

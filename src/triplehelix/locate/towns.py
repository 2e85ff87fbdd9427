"""From a town as a source writes it to what to look for in a gazetteer."""

import re
from collections.abc import Iterator

# Mail routing: CEDEX 05 (France), a district's number, a postcode before or after the town.
_ROUTING = re.compile(
    r"\bcedex\b.*$|\bp\.? ?o\.? box\b.*$|\bbp ?\d+\b|\b[a-z]{1,2}[- ]?\d[\da-z]*\b|\b\d[\d -]*\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[,;/|()\[\]]\s*|\s+[-–]\s+")

# Letters that lose no accent by Unicode's decomposition, and what they are written as.
_LETTERS = (("ß", "ss"), ("ø", "o"), ("æ", "ae"), ("œ", "oe"), ("ł", "l"), ("đ", "d"),
            ("ð", "d"), ("þ", "th"), ("ı", "i"))  # fmt: skip
_TRANSCRIBED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


def folded(expression: str) -> str:
    """
    SQL that folds a town's name to what its spellings share.

    Case, accents and their transcriptions (`ü`, `ue`), punctuation and `St` for `Saint` do
    not count. Made for the engine, because a gazetteer has a million names.
    """
    text = f"lower({expression})"
    for letter, written in _LETTERS:
        text = f"replace({text}, '{letter}', '{written}')"
    text = f"trim(regexp_replace(strip_accents({text}), '[^a-z0-9]+', ' ', 'g'))"
    text = rf"regexp_replace({text}, '\b(st|ste|sainte)\b', 'saint', 'g')"
    for pair, letter in _TRANSCRIBED:
        text = f"replace({text}, '{pair}', '{letter}')"
    return text


def spellings(city: str) -> list[str]:
    """
    What to look a written town up as, from all of it to less and less.

    Examples
    --------
    >>> spellings("PARIS CEDEX 15")
    ['PARIS CEDEX 15', 'PARIS']
    >>> spellings("TORINO TO")
    ['TORINO TO', 'TORINO']
    >>> spellings("Frankfurt (Oder)")
    ['Frankfurt (Oder)', 'Frankfurt', 'Oder']
    >>> spellings("75015 Paris")
    ['75015 Paris', 'Paris']
    """
    return [text for text in dict.fromkeys(_readings(city)) if text]


def _readings(city: str) -> Iterator[str]:
    whole = " ".join(city.split())
    yield whole
    parts = [part for part in _PARTS.split(whole) if part]
    for part in parts:
        yield part
    for part in parts:
        yield _without_routing(part)
    # A province or state after the town: TORINO TO, Bari Italy.
    words = _without_routing(parts[0]).split() if parts else []
    for kept in range(len(words) - 1, 0, -1):
        yield " ".join(words[:kept])


def _without_routing(city: str) -> str:
    return " ".join(_ROUTING.sub(" ", city).split()).strip(" -")

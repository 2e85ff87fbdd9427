"""
Which capabilities a text names outright: for records that come without any.

Only a whole label or synonym counts, and only one that belongs to a single capability: what a
record is taken to be able to do is written into it, for its people to check.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from triplehelix.capabilities.listed import Capabilities
from triplehelix.capabilities.words import ASKING, words

_Said = TypeVar("_Said", str, tuple[str, ...])

MOST = 3
_LONGEST = 5
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,5}(?:-[A-Z0-9]+)*")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
# A single word that is alone in its capability may still be anybody's word.
_SHORTEST_WORD = 6


class Recogniser:
    """
    A list of capabilities made ready to be found in texts.

    Examples
    --------
    >>> from triplehelix.capabilities.listed import Capability
    >>> lamp = Capability("lamp-testing", "LAMP testing", synonyms=("LAMP", "saliva testing"))
    >>> ours = Recogniser(Capabilities((lamp,)))
    >>> ours.named(["Saliva testing line"]), ours.named(["Desk lamp"]), ours.named(["RT and LAMP"])
    (('lamp-testing',), (), ('lamp-testing',))
    """

    def __init__(self, capabilities: Capabilities) -> None:
        spoken = [
            (text, one.capability)
            for one in capabilities.entries
            for text in (one.label, *one.synonyms)
        ]
        self._acronyms = _alone((t, slug) for t, slug in spoken if _ACRONYM.fullmatch(t))
        phrases = ((_phrase(text), slug) for text, slug in spoken if not _ACRONYM.fullmatch(text))
        self._phrases = _alone((phrase, slug) for phrase, slug in phrases if _tells(phrase))

    def named(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Slugs of the capabilities that texts name, in the order they do; at most `MOST`."""
        found: dict[str, None] = {}
        for text in texts:
            for slug in self._in(text):
                found.setdefault(slug)
        return tuple(found)[:MOST]

    def _in(self, text: str) -> Iterable[str]:
        read = [word for word in words(text) if word not in ASKING]
        for start in range(len(read)):
            for length in range(min(_LONGEST, len(read) - start), 0, -1):
                slug = self._phrases.get(tuple(read[start : start + length]))
                if slug is not None:
                    yield slug
                    break
        for token in _TOKEN.findall(text):
            if token in self._acronyms:
                yield self._acronyms[token]


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(word for word in words(text) if word not in ASKING)


def _tells(phrase: tuple[str, ...]) -> bool:
    return len(phrase) > 1 or (len(phrase) == 1 and len(phrase[0]) >= _SHORTEST_WORD)


def _alone(said: Iterable[tuple[_Said, str]]) -> dict[_Said, str]:
    """What is said of one capability alone, and of which."""
    pairs = sorted(set(said), key=str)
    times = Counter(what for what, _ in pairs)
    return {what: slug for what, slug in pairs if times[what] == 1}

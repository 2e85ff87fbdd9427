"""A text in sentences, clauses and words, each with where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from triplehelix.capabilities.words import stem, unmarked

_BREAK = re.compile(
    r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9£€$•*–-])|\n\s*\n|\n\s*(?=[-•*–]\s|\(?\w{1,3}[.)]\s)"
)
_NOT_AN_END = re.compile(
    r"\b(?:e\.g|i\.e|approx|no|nos|dr|prof|st|vs|ca|incl|max|min|fig|al)\.$", re.I
)
# A new clause may turn what is said round: "we have beds, but need nurses".
_CLAUSE = re.compile(
    r"[;:()]|\s[–—-]\s|,?\s+(?:but|although|though|whereas|while|because|unless|so that|so)\b"
    r"|,\s+(?=(?:and|or)\s+(?:we|they|it|our|the|is|are|has|have|will|would|can|could|"
    r"now|need|require|seek|want|look|lack)\b)|\s(?=and now\b)"
    r"|,\s+(?=(?:which|who|where|as|we|they|our)\b)",
    re.I,
)
# What is no sentence, a table perhaps, is read in pieces.
LONGEST = 1_500
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_JOINT = "-–"


@dataclass(frozen=True, slots=True)
class Word:
    """
    A word where it stands: `stems` are what it is compared by, more than one for a compound.

    `clause` counts the clauses of the whole text.
    """

    text: str
    start: int
    end: int
    stems: tuple[str, ...]
    clause: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence that says one thing."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its clauses and words in their order; `listed`: an item below "we need:"."""

    start: int
    end: int
    text: str
    clauses: tuple[Clause, ...]
    words: tuple[Word, ...]
    listed: bool = False


def sentences(text: str) -> list[Sentence]:
    """
    The sentences of a text, without the empty ones.

    Examples
    --------
    >>> [one.text for one in sentences("We need beds. Nurses, e.g. retired ones, would do.")]
    ['We need beds.', 'Nurses, e.g. retired ones, would do.']
    >>> [c.text for c in sentences("We have beds, but lack nurses.")[0].clauses]
    ['We have beds', ', but lack nurses.']
    """
    found: list[Sentence] = []
    clauses, heading = 0, False
    for start, end in _spans(text):
        own = tuple(_clauses(text, start, end, clauses))
        clauses += len(own)
        item = re.match(r"[-•*–]\s|\(?\w{1,3}[.)]\s", text[start:end]) is not None
        found.append(
            Sentence(start, end, text[start:end], own, tuple(_words(text, own)), heading and item)
        )
        heading = text[start:end].endswith(":") or (heading and item)
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BREAK.finditer(text):
        if _NOT_AN_END.search(text, max(start, gap.start() - 8), gap.start()):
            continue
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        blank = max(
            text.rfind(" ", start, start + LONGEST), text.rfind("\n", start, start + LONGEST)
        )
        cut = blank if blank > start else start + LONGEST
        yield from _trimmed(text, start, cut)
        start = cut
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    end = start + len(part.strip())
    if start < end:
        yield start, end


def _clauses(text: str, start: int, end: int, number: int) -> Iterator[Clause]:
    cuts = [start, *(gap.start() for gap in _CLAUSE.finditer(text, start, end)), end]
    for here, there in zip(cuts, cuts[1:], strict=False):
        if text[here:there].strip(" ,;:()\n"):
            yield Clause(number, here, there, text[here:there])
            number += 1


def _words(text: str, clauses: tuple[Clause, ...]) -> Iterator[Word]:
    for clause in clauses:
        for found in _WORD.finditer(text, clause.start, clause.end):
            plain = unmarked(re.sub(r"['’]s$", "", found.group()))
            stems = [stem(plain)] if plain else []
            after = _WORD.match(text, found.end() + 1)
            if after and text[found.end()] in _JOINT and len(found.group() + after.group()) <= 14:
                stems.append(stem(plain + unmarked(after.group())))
            if stems:
                yield Word(found.group(), found.start(), found.end(), tuple(stems), clause.number)

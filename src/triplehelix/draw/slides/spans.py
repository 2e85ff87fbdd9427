"""Sentences as the spans of a slide: texts, with where each leads."""

from collections.abc import Iterable
from dataclasses import dataclass

from triplehelix.draw.numbers import interval, shown
from triplehelix.draw.said import hint
from triplehelix.offer.document import Document
from triplehelix.offer.figures import Figure
from triplehelix.offer.wording import Name, Runs

_LONG = 16


@dataclass(frozen=True, slots=True)
class Span:
    """
    A text in one manner.

    `path` leads into the atlas (from `/`) or to a slide (`#` and its key); `hint` is what stands
    beside the pointer.
    """

    text: str
    path: str = ""
    hint: str = ""
    strong: bool = False


def spans(runs: Runs, document: Document) -> tuple[Span, ...]:
    """The spans of a sentence: every figure with its interval, its note and its evidence."""
    found: list[Span] = []
    for run in runs:
        if isinstance(run, str):
            found.append(Span(run))
        elif isinstance(run, Figure):
            found.extend(_figure(run, document))
        else:
            found.extend(_name(run))
    return tuple(found)


def _name(name: Name) -> Iterable[Span]:
    """LibreOffice breaks a link within its words: a long name is one link for each of them."""
    words = name.text.split(" ") if name.path and len(name.text) > _LONG else [name.text]
    for at, word in enumerate(words):
        yield from (Span(" "),) if at else ()
        yield Span(word, name.path)


def _figure(figure: Figure, document: Document) -> Iterable[Span]:
    told, language = hint(figure, document), document.language
    yield Span(shown(figure, language), figure.evidence.path, told, strong=True)
    between = interval(figure, language)
    if between:
        yield Span("\u00a0(")
        yield Span(between, figure.evidence.path, told)
        yield Span(")")


def text_of(runs: Runs, document: Document) -> str:
    """A sentence as it is read."""
    return "".join(span.text for span in spans(runs, document))

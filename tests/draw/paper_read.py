"""Paper read back: the text of a PDF, and which of its numbers no figure accounts for."""

import re
from collections.abc import Iterable
from io import BytesIO

from pypdf import PdfReader

from triplehelix.draw.numbers import interval, number, shown
from triplehelix.offer.document import Document
from triplehelix.offer.figures import figures_in
from triplehelix.offer.wording import Name

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def text_of(pdf: bytes) -> str:
    """All of its text, page after page."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def numbers_without_a_source(pdf: bytes, document: Document) -> list[str]:
    """
    Numbers of the text that are in no figure of the document.

    Those in names, in the words of figures, of the edition, and of pages are accounted for.
    """
    known: set[str] = set()
    for text in _told(document):
        known |= set(_NUMBER.findall(text))
    known |= {str(page + 1) for page in range(len(PdfReader(BytesIO(pdf)).pages))}
    return [one for one in _NUMBER.findall(text_of(pdf)) if one not in known]


def _told(document: Document) -> Iterable[str]:
    yield "95 %"
    for _, figure in document.figures():
        yield shown(figure, document.language)
        yield interval(figure, document.language)
        yield figure.says
        yield from (figure.period.replace("/", " to "), figure.period, figure.doubt.words)
        yield from figure.period.split("/")
        yield from (figure.sample.of, *figure.source)
        if figure.sample.n is not None:
            yield number(figure.sample.n, "pieces", document.language)
    yield from _names(document)
    for runs in document.about:
        yield from (run if isinstance(run, str) else run.text for run in runs)
    # A trend is told by spans of years, which stand as labels beside their figures.
    for figure in figures_in(document):
        yield figure.period.replace("/", "–")


def _names(value: object) -> Iterable[str]:
    if isinstance(value, Name):
        yield value.text
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _names(each)
    elif hasattr(value, "__dataclass_fields__"):
        for field in value.__dataclass_fields__:
            yield from _names(getattr(value, field))

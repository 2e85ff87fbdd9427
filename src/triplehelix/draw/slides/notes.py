"""What the speaker sees: every figure of a slide, what it rests on, and where it can be opened."""

from collections.abc import Iterable
from typing import Any

from triplehelix.draw.said import grounds
from triplehelix.draw.slides.look import SOFT
from triplehelix.draw.slides.pen import Pen
from triplehelix.draw.slides.pieces import Slide
from triplehelix.draw.slides.words import Line
from triplehelix.offer.document import Document
from triplehelix.offer.figures import Figure
from triplehelix.offer.wording import Runs, filled

_SIZE = 12.0


def write_notes(drawn: Any, planned: Slide, pen: Pen) -> None:
    """The notes of a slide; none where no figure stands on it."""
    lines = notes(planned.figures(), pen.document)
    if lines:
        page = drawn.notes_slide
        pen.write(page.notes_text_frame._txBody, lines, page.part)


def notes(figures: Iterable[Figure], document: Document) -> list[Line]:
    """Figures that rest on the same stand together, and under them what that is."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(grounds(figure, document), []).append(figure)
    lines: list[Line] = []
    for said, together in groups.items():
        lines.extend(
            Line(_told(figure, document), _SIZE, bullet=True, after=1) for figure in together
        )
        lines.append(Line((said,), _SIZE, SOFT, after=8))
    return lines


def _told(figure: Figure, document: Document) -> Runs:
    return filled(document.labels["told"], says=figure.says, value=figure)

"""Texts on slides: paragraphs with their sizes, measured, and cut into slides."""

from collections.abc import Sequence
from dataclasses import dataclass

from triplehelix.draw.slides.letters import BOLD, height
from triplehelix.draw.slides.look import INK, SOFT
from triplehelix.draw.slides.spans import text_of
from triplehelix.offer.document import Bullets, Document, Paragraph
from triplehelix.offer.wording import Runs

INDENT = 16.0
# A figure is bold, and its kin are wide: what is measured is taken as a little wider.
_CARE = 1.02


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph on a slide, its size in points; `after` is the gap that follows."""

    runs: Runs
    size: float
    colour: str = INK
    bold: bool = False
    bullet: bool = False
    after: float = 8.0


def lines_of(blocks: Sequence[Paragraph | Bullets], size: float) -> tuple[Line, ...]:
    """Paragraphs and lists at a size; what leads stands larger, what warns bold."""
    found: list[Line] = []
    for block in blocks:
        if isinstance(block, Bullets):
            found.extend(Line(item, size, bullet=True) for item in block.items)
        elif block.style == "lead":
            found.append(Line(block.runs, size + 2, after=10))
        elif block.style == "note":
            found.append(Line(block.runs, max(size - 2, 12.0), SOFT))
        else:
            found.append(Line(block.runs, size, bold=block.style == "warning"))
    return tuple(found)


def tall(line: Line, room: float, document: Document) -> float:
    """How tall a paragraph stands where there is so much room, its gap with it, in points."""
    inner = room - (INDENT if line.bullet else 0)
    factor = BOLD if line.bold else _CARE
    return height(text_of(line.runs, document), line.size, inner, factor) + line.after


def together(lines: Sequence[Line], room: float, document: Document) -> float:
    """How tall paragraphs stand one under the other, in points."""
    return sum(tall(line, room, document) for line in lines)


def fitting(
    blocks: Sequence[Paragraph | Bullets], room: float, most: float, document: Document, *,
    sizes: Sequence[float],
) -> tuple[Line, ...] | None:  # fmt: skip
    """The paragraphs at the first of the sizes that is not taller than this; None if none is."""
    for size in sizes:
        lines = lines_of(blocks, size)
        if together(lines, room, document) <= most:
            return lines
    return None


def parted(
    lines: Sequence[Line], room: float, most: float, document: Document
) -> list[tuple[Line, ...]]:
    """Paragraphs over as many slides as they need, none of them cut."""
    slides: list[list[Line]] = [[]]
    left = most
    for line in lines:
        needed = tall(line, room, document)
        if needed > left and slides[-1]:
            slides.append([])
            left = most
        slides[-1].append(line)
        left -= needed
    return [tuple(slide) for slide in slides]

"""Tables on slides: how wide columns are, how tall rows, and how many rows a slide holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from triplehelix.draw.slides.letters import BOLD, height, longest_word, width
from triplehelix.draw.slides.look import LEAST
from triplehelix.draw.slides.spans import text_of
from triplehelix.offer.document import Cell, Document, Table
from triplehelix.offer.figures import Figure
from triplehelix.offer.wording import Runs

PAD_X, PAD_Y = 6.0, 4.0
# Between a figure at the end of its column and a text at the start of the next.
_APART = 18.0
SIZES = (14.0, 13.0, LEAST)
MARKS = {"direct": "●", "indirect": "○", "none": "·"}
# A column wider than this is better broken into lines than given the room of others.
_WIDEST, _STRETCH = 330.0, 1.3
_CARE = 1.03


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, or a part of its rows, with sizes in points; `heights` begins with the head."""

    table: Table
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float

    @property
    def tall(self) -> float:
        """How tall it stands, in points."""
        return sum(self.heights)


def numeric(table: Table, column: int) -> bool:
    """Whether a column holds figures, each alone, or nothing known."""
    runs = [row[column].runs for row in table.rows]
    alone = [each for each in runs if len(each) == 1 and isinstance(each[0], Figure)]
    return bool(alone) and all(each in alone or each in ((), ("–",)) for each in runs)


def before(table: Table, column: int) -> float:
    """The room before what stands in a column, in points."""
    apart = column and numeric(table, column - 1) and not numeric(table, column)
    return _APART if apart else PAD_X


def is_mark(cell: Cell) -> bool:
    """Whether a cell shows a mark instead of a text."""
    return not cell.runs and cell.mark in MARKS


def shown_in(cell: Cell) -> Runs:
    """What stands in a cell."""
    return (MARKS[cell.mark],) if is_mark(cell) else cell.runs or ("–",)


def grid(table: Table, room: float, document: Document, size: float) -> Grid | None:
    """
    The whole table at a size, as tall as it comes; None where a word would have to be broken.

    At the least size words are broken where they must.
    """
    texts = [[_text(cell, document) for cell in row] for row in table.rows]
    pads = [before(table, column) + PAD_X for column in range(len(table.columns))]
    widths = _widths(list(table.columns), texts, room, size, pads)
    if widths is None:
        return None
    rooms = [wide - pad for wide, pad in zip(widths, pads, strict=True)]
    head = _tall(list(table.columns), rooms, size, BOLD)
    heights = (head, *(_tall(row, rooms, size, _CARE) for row in texts))
    return Grid(table, table.rows, tuple(widths), heights, size)


def fitted(table: Table, room: float, most: float, document: Document) -> Grid | None:
    """The whole table, not taller than this, as large as it can be; None where it cannot."""
    for size in SIZES:
        found = grid(table, room, document, size)
        if found is not None and found.tall <= most:
            return found
    return None


def parted(table: Table, room: float, most: float, document: Document) -> list[Grid]:
    """The table over as many slides as it needs, each with its head, the rows shared out evenly."""
    whole = fitted(table, room, most, document)
    if whole is not None:
        return [whole]
    made = [grid(table, room, document, size) for size in SIZES[1:]]
    whole = next(found for found in made if found is not None)
    needed = len(_shared(whole, most))
    # The last slide would hold a row or two: even slides are easier to follow.
    least = next(
        (limit for limit in _limits(whole, most, needed) if len(_shared(whole, limit)) <= needed),
        most,
    )
    return _shared(whole, least)


def _limits(whole: Grid, most: float, needed: int) -> list[float]:
    even = whole.tall / needed
    return [even + (most - even) * step / 20 for step in range(20) if even < most]


def _shared(whole: Grid, most: float) -> list[Grid]:
    head, *tall = whole.heights
    parts: list[list[int]] = [[]]
    left = most - head
    for at, each in enumerate(tall):
        if each > left and parts[-1]:
            parts.append([])
            left = most - head
        parts[-1].append(at)
        left -= each
    return [
        Grid(whole.table, tuple(whole.rows[at] for at in part), whole.widths,
             (head, *(tall[at] for at in part)), whole.size)
        for part in parts
    ]  # fmt: skip


def _text(cell: Cell, document: Document) -> str:
    return text_of(shown_in(cell), document)


def _tall(texts: Sequence[str], rooms: Sequence[float], size: float, factor: float) -> float:
    return 2 * PAD_Y + max(
        height(text, size, room, factor) for text, room in zip(texts, rooms, strict=True)
    )


def _widths(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    room: float,
    size: float,
    pads: Sequence[float],
) -> list[float] | None:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(head)
    least, natural = [], []
    for title, cells, pad in zip(head, columns, pads, strict=True):
        words = [longest_word(title, size, BOLD), *(longest_word(c, size, BOLD) for c in cells)]
        whole = [width(title, size, BOLD), *(width(c, size, BOLD) for c in cells)]
        least.append(max(words) + pad + 1)
        natural.append(max(min(max(whole) + 1, _WIDEST) + pad, least[-1]))
    if sum(natural) <= room:
        stretch = min(room / sum(natural), _STRETCH)
        return [each * stretch for each in natural]
    if sum(least) > room:
        return [each * room / sum(least) for each in least] if size <= LEAST else None
    # What is over is shared out by what each column still lacks.
    part = (room - sum(least)) / (sum(natural) - sum(least))
    return [few + (much - few) * part for few, much in zip(least, natural, strict=True)]

"""What belongs together on a slide: texts, the picture or table they lead to, and its remarks."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from triplehelix.offer.document import Bars, Block, Bullets, Map, Paragraph, Section, Table
from triplehelix.offer.figures import figures_in
from triplehelix.offer.wording import Runs

Picture = Bars | Map


@dataclass
class Unit:
    """
    Blocks of a section that belong together.

    `table` beside a `picture` holds the same figures; `after` are paragraphs that go on from it.
    """

    texts: list[Paragraph | Bullets] = field(default_factory=list)
    picture: Picture | None = None
    table: Table | None = None
    after: list[Paragraph | Bullets] = field(default_factory=list)
    remarks: list[Runs] = field(default_factory=list)

    @property
    def caption(self) -> str:
        """The caption of the picture, else of the table; empty of texts alone."""
        shown = self.picture or self.table
        return shown.caption if shown else ""


def units(section: Section) -> list[Unit]:
    """The blocks of a section, without its inner sections, as they belong together."""
    found: list[Unit] = []
    waiting: list[Paragraph | Bullets] = []
    for block in section.blocks:
        if isinstance(block, Bullets | Paragraph) and _is_lead(block, found):
            waiting.append(block)
        elif isinstance(block, Paragraph):
            _goes_on(found[-1], block)
        elif isinstance(block, Table) and not waiting and _same_figures(found, block):
            found[-1].table = block
            found[-1].remarks.extend([block.note] if block.note else [])
        else:
            found.append(_unit(block, waiting))
            waiting = []
    return [*found, Unit(waiting)] if waiting else found


def _is_lead(block: Paragraph | Bullets, found: list[Unit]) -> bool:
    """A paragraph after a table goes on from it, and a note after a picture is a remark to it."""
    return (
        isinstance(block, Bullets)
        or not found
        or (block.style != "note" and found[-1].table is None)
    )


def _goes_on(unit: Unit, block: Paragraph) -> None:
    if block.style == "note":
        unit.remarks.append(block.runs)
    else:
        unit.after.append(block)


def _unit(block: Block, texts: list[Paragraph | Bullets]) -> Unit:
    if isinstance(block, Table):
        return Unit(texts, table=block, remarks=[block.note] if block.note else [])
    assert isinstance(block, Bars | Map)
    return Unit(texts, block)


def _same_figures(found: list[Unit], table: Table) -> bool:
    """Whether a table says again what the chart before it shows."""
    if not found or not isinstance(found[-1].picture, Bars) or found[-1].table is not None:
        return False
    return set(_keys(found[-1].picture)) <= set(_keys(table))


def _keys(block: Block) -> Iterator[str]:
    return (figure.key for figure in figures_in(block))

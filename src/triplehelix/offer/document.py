"""
An offer as a document: sections, paragraphs, tables, charts and maps as values.

Every output (page, PDF, slides, JSON, CSV) is made of this one value. Texts are in the language of
whoever reads; numbers stand in it as figures alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from triplehelix.offer.figures import Figure, figures_in
from triplehelix.offer.wording import Name, Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style` is `lead`, `text`, `note` or `warning`."""

    runs: Runs
    style: str = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `mark` is what a matrix shows in it: `direct`, `indirect`, `none`."""

    runs: Runs
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its head."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Runs = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, with its interval where the figure has one; `kind` tells its colour."""

    label: str
    figure: Figure
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars from 0, perhaps along time; `alt` says in words what it shows."""

    key: str
    caption: str
    alt: str
    bars: tuple[Bar, ...]
    over_time: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a map; `kind` is `first`, `second`, `third`, `other` or `partner`."""

    name: Name
    lat: float
    lon: float
    kind: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Map:
    """A map with marks whose size is their figure; its facts stand in a table as well."""

    key: str
    caption: str
    alt: str
    marks: tuple[Mark, ...]
    kinds: tuple[tuple[str, str], ...]
    countries: tuple[str, ...] = ()


Block = Paragraph | Bullets | Table | Bars | Map


@dataclass(frozen=True, slots=True)
class Section:
    """A section; `key` is its address in the document."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True)
class Document:
    """
    A document.

    `labels` are the words that an output adds of itself, such as the head of the contents, and
    patterns with fields to be filled, such as how a period is written. `path` is its own page in
    the atlas, if it has one.
    """

    title: str
    subtitle: str
    about: tuple[Runs, ...]
    language: str
    direction: str
    sections: tuple[Section, ...]
    labels: dict[str, str] = field(default_factory=dict)
    path: str = ""

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Each figure once, with the title of the section where it stands first."""
        seen: set[str] = set()
        for section in self.sections:
            for figure in figures_in(section):
                if figure.key not in seen:
                    seen.add(figure.key)
                    yield section.title, figure

"""The pieces of a planned slide."""

from collections.abc import Iterator
from dataclasses import dataclass

from triplehelix.draw.slides.grids import Grid
from triplehelix.draw.slides.look import Box
from triplehelix.draw.slides.words import Line
from triplehelix.offer.document import Bars, Map
from triplehelix.offer.figures import Figure, figures_in


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in a place: paragraphs, a table, a chart, a map."""

    box: Box
    shows: tuple[Line, ...] | Grid | Bars | Map


@dataclass(frozen=True, slots=True)
class Slide:
    """
    A slide: its title, what stands above the title, and its pieces in reading order.

    `key` is that of the section that begins here; `part` tells slides of one title apart.
    """

    key: str
    title: str
    kicker: str
    pieces: tuple[Piece, ...]
    part: str = ""

    def figures(self) -> Iterator[Figure]:
        """Each figure that stands on it, once."""
        seen: set[str] = set()
        for piece in self.pieces:
            shows = piece.shows.rows if isinstance(piece.shows, Grid) else piece.shows
            for figure in figures_in(shows):
                if figure.key not in seen:
                    seen.add(figure.key)
                    yield figure

"""A document planned as slides: what stands where, measured, before anything is drawn."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from triplehelix.draw.slides import grids
from triplehelix.draw.slides.grids import Grid
from triplehelix.draw.slides.layouts import arranged, joined
from triplehelix.draw.slides.look import BODY
from triplehelix.draw.slides.pieces import Piece, Slide
from triplehelix.draw.slides.units import units
from triplehelix.offer.document import Cell, Document, Section, Table
from triplehelix.offer.wording import Name


def planned(document: Document) -> list[Slide]:
    """
    The slides after the cover: the contents, then every section with all that it holds.

    Nothing is left out: what does not fit on a slide goes on over the next.
    """
    slides = [slide for section in document.sections for slide in _section(section, (), document)]
    return [*_contents(document, _counted(slides)), *_counted(slides)]


def _section(section: Section, above: tuple[str, ...], document: Document) -> Iterator[Slide]:
    trail = (*above, section.title)
    own = [
        slide
        for at, unit in enumerate(units(section))
        for slide in arranged(unit, section.title, document, first=at == 0)
    ]
    for at, (title, pieces) in enumerate(joined(own)):
        # A slide named as its section stands under what is above it.
        under = above if title == section.title else trail
        yield Slide("" if at else section.key, title, " · ".join(under), pieces)
    for inner in section.sections:
        yield from _section(inner, trail, document)


def _counted(slides: Sequence[Slide]) -> list[Slide]:
    """With the part told in a title that goes on over several slides, so that no two are alike."""
    times = Counter((slide.kicker, slide.title) for slide in slides)
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for slide in slides:
        name = (slide.kicker, slide.title)
        seen[name] += 1
        part = f"{seen[name]}/{times[name]}" if times[name] > 1 else ""
        found.append(replace(slide, part=part))
    return found


def _contents(document: Document, slides: Sequence[Slide]) -> list[Slide]:
    numbers = {slide.key: at for at, slide in enumerate(slides) if slide.key}
    entries = [
        (title, key, depth) for title, key, depth in _listed(document.sections) if key in numbers
    ]

    def table(before: int) -> Table:
        rows = tuple(
            (
                Cell((("\u2003" if depth else ""), Name(title, f"#{key}"))),
                Cell((str(numbers[key] + before + 1),)),
            )
            for title, key, depth in entries
        )
        return Table("contents", document.labels["contents"],
                     (document.labels["section"], document.labels["page"]), rows)  # fmt: skip

    room = BODY.width * 0.72
    many = len(grids.parted(table(0), room, BODY.height, document))
    # The cover and the contents themselves come before.
    made = grids.parted(table(1 + many), room, BODY.height, document)
    title = document.labels["contents"]
    return _counted([Slide("contents", title, "", (_wide(each, room),)) for each in made])


def _wide(made: Grid, room: float) -> Piece:
    widths = (room - 90.0, 90.0)
    return Piece(BODY._replace(width=room), replace(made, widths=widths))


def _listed(sections: Iterable[Section], depth: int = 0) -> Iterator[tuple[str, str, int]]:
    for section in sections:
        yield section.title, section.key, depth
        yield from _listed(section.sections, depth + 1)

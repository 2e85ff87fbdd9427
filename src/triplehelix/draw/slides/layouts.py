"""How the pieces of a slide are laid out: side by side where they fit, else one after another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from triplehelix.draw.slides import grids, words
from triplehelix.draw.slides.grids import Grid
from triplehelix.draw.slides.look import BODY, LEAST, SOFT, Box
from triplehelix.draw.slides.pieces import Piece
from triplehelix.draw.slides.units import Picture, Unit
from triplehelix.draw.slides.words import Line
from triplehelix.offer.document import (
    Bars,
    Bullets,
    Cell,
    Document,
    Map,
    Mark,
    Paragraph,
    Table,
)
from triplehelix.offer.wording import Runs

Planned = tuple[str, tuple[Piece, ...]]

# Text beside a picture takes so much of the width; a table beside a chart, so much.
_BESIDE, _TABLE = 0.42, 0.40
_TEXT_SIZES, _BESIDE_SIZES = (20.0, 18.0, 16.0), (18.0, 16.0, 15.0, 14.0)
# A few words above a table or a chart: more than this goes beside, or on a slide of its own.
_ABOVE, _GAP = 48.0, 10.0
_CAPTION, _UNDER = 20.0, 16.0
_TALLEST_BAR = 46.0


def arranged(unit: Unit, section: str, document: Document, *, first: bool) -> Iterator[Planned]:
    """
    The slides of a unit: for each its title and pieces.

    The first of a section bears the section's title, the further ones their captions.
    """
    if not unit.caption:
        yield from _texts(unit.texts, section, document)
        return
    remarks, body = _remarks(unit.remarks, document)
    title = section if first else unit.caption
    pieces = _on_one(unit, title, body, document)
    if pieces is None:
        yield from _on_several(unit, section, title, (body, remarks), document)
        return
    under = _under(unit, pieces, body, document)
    yield title, (*pieces, *under, *remarks)
    if unit.after and not under:
        yield from _texts(unit.after, section, document)


def _on_one(unit: Unit, title: str, body: Box, document: Document) -> tuple[Piece, ...] | None:
    """All of a unit on one slide, its caption over the first picture or table; None if too much."""
    inner = body.below(_CAPTION) if title != unit.caption else body
    for make in (_above, _beside):
        pieces = make(unit, inner, document)
        if pieces is None:
            continue
        lead, others = (pieces[:1], pieces[1:]) if unit.texts else ((), pieces)
        head = _caption(unit.caption, others[0].box) if title != unit.caption else ()
        return (*lead, *head, *others)
    return None


def joined(slides: Iterable[Planned]) -> list[Planned]:
    """The slides of a section, with a small table under the one before it where there is room."""
    found: list[Planned] = []
    for title, pieces in slides:
        if found and found[-1][0] != title:
            both = _both(found[-1][1], title, pieces)
            if both is not None:
                found[-1] = (found[-1][0], both)
                continue
        found.append((title, pieces))
    return found


def _both(
    upper: tuple[Piece, ...], title: str, lower: tuple[Piece, ...]
) -> tuple[Piece, ...] | None:
    """Pieces under others, their title as a caption between; charts and maps keep their slides."""
    if not all(isinstance(piece.shows, Grid | tuple) for piece in (*upper, *lower)):
        return None
    if not isinstance(lower[0].shows, Grid):
        return None
    move = max(map(_foot, upper)) + _UNDER + _CAPTION - BODY.top
    if max(map(_foot, lower)) + move > BODY.top + BODY.height:
        return None
    moved = [replace(p, box=p.box._replace(top=p.box.top + move)) for p in lower]
    return (*upper, *_caption(title, moved[0].box), *moved)


def _foot(piece: Piece) -> float:
    tall = piece.shows.tall if isinstance(piece.shows, Grid) else piece.box.height
    return piece.box.top + tall


def _caption(caption: str, over: Box) -> tuple[Piece, ...]:
    line = Line((caption,), 13.0, bold=True, after=0)
    return (Piece(Box(over.left, over.top - _CAPTION, over.width, _CAPTION), (line,)),)


def _under(unit: Unit, pieces: Sequence[Piece], body: Box, document: Document) -> tuple[Piece, ...]:
    """What goes on from a table, under it, where there is room."""
    last = pieces[-1]
    if not unit.after or not isinstance(last.shows, Grid):
        return ()
    top = last.box.top + last.shows.tall + _UNDER
    left = body.top + body.height - top
    lines = words.fitting(unit.after, BODY.width, left, document, sizes=(16.0, 14.0))
    if lines is None:
        return ()
    tall = words.together(lines, BODY.width, document)
    return (Piece(Box(BODY.left, top, BODY.width, tall), lines),)


def _texts(
    texts: Sequence[Paragraph | Bullets], title: str, document: Document
) -> Iterator[Planned]:
    whole = words.fitting(texts, BODY.width, BODY.height, document, sizes=_TEXT_SIZES)
    lines = whole or words.lines_of(texts, _TEXT_SIZES[-1])
    for part in words.parted(lines, BODY.width, BODY.height, document):
        yield title, (Piece(BODY, part),)


def _remarks(remarks: Sequence[Runs], document: Document) -> tuple[tuple[Piece, ...], Box]:
    """Remarks at the foot of the body, and what they leave of it."""
    if not remarks:
        return (), BODY
    lines = tuple(Line(each, LEAST, SOFT, after=2) for each in remarks)
    tall = words.together(lines, BODY.width, document)
    rest = BODY._replace(height=BODY.height - tall - _GAP)
    return (Piece(Box(BODY.left, BODY.top + BODY.height - tall, BODY.width, tall), lines),), rest


def _above(unit: Unit, body: Box, document: Document) -> tuple[Piece, ...] | None:
    """A few words, and under them the rest over the whole width."""
    if not unit.texts:
        return _shown(unit, body, document)
    if isinstance(unit.picture, Map):
        return None
    lines = words.fitting(unit.texts, body.width, _ABOVE, document, sizes=(16.0, 14.0))
    if lines is None:
        return None
    tall = words.together(lines, body.width, document)
    shows = _shown(unit, body.below(tall), document)
    top = Piece(Box(body.left, BODY.top, body.width, tall), lines)
    return None if shows is None else (top, *shows)


def _beside(unit: Unit, body: Box, document: Document) -> tuple[Piece, ...] | None:
    """Words in a column, and the rest in the one beside it."""
    if not unit.texts or (unit.picture and unit.table):
        return None
    own = BODY._replace(height=body.top + body.height - BODY.top)
    left, _ = own.columns(_BESIDE)
    _, right = body.columns(_BESIDE)
    lines = words.fitting(unit.texts, left.width, left.height, document, sizes=_BESIDE_SIZES)
    shows = _shown(unit, right, document)
    return None if lines is None or shows is None else (Piece(left, lines), *shows)


def _shown(unit: Unit, body: Box, document: Document) -> tuple[Piece, ...] | None:
    """The picture or the table, or both side by side; None where the table does not fit."""
    if unit.picture and unit.table:
        left, right = body.columns(1 - _TABLE)
        table = grids.fitted(unit.table, right.width, right.height, document)
        return table and (_picture(unit.picture, left), Piece(right, table))  # type: ignore[return-value]
    if isinstance(unit.picture, Map) and body.width > BODY.width * 0.9:
        left, right = body.columns(0.62)
        return (_picture(unit.picture, left), Piece(right, _largest(unit.picture, right, document)))
    if unit.picture:
        return (_picture(unit.picture, body),)
    assert unit.table is not None
    table = grids.fitted(unit.table, body.width, body.height, document)
    return table and (Piece(body, table),)  # type: ignore[return-value]


def _on_several(
    unit: Unit, section: str, title: str, place: tuple[Box, tuple[Piece, ...]], document: Document
) -> Iterator[Planned]:
    """Words, the picture, then the table over as many slides as it needs."""
    body, remarks = place
    lines = words.fitting(unit.texts, body.width, _ABOVE, document, sizes=(16.0, 14.0))
    if unit.texts and (lines is None or unit.picture):
        yield from _texts(unit.texts, section, document)
        lines, title = None, unit.caption
    if unit.picture:
        title = unit.table.caption if unit.table else title
        yield unit.caption, (_shown(Unit(picture=unit.picture), body, document) or ()) + remarks
    if unit.table:
        tall = words.together(lines, body.width, document) if lines else 0.0
        head = (Piece(body._replace(height=tall), lines),) if lines else ()
        over = body.below(tall)
        for at, part in enumerate(grids.parted(unit.table, over.width, over.height, document)):
            own = (Piece(body, part),) if at else (*head, Piece(over, part))
            yield title, (*own, *remarks)
    if unit.after:
        yield from _texts(unit.after, section, document)


def _picture(picture: Picture, body: Box) -> Piece:
    """A chart of few bars needs no more height than they do."""
    if isinstance(picture, Bars):
        most = max(len(picture.bars), 3) * _TALLEST_BAR + 24
        return Piece(body._replace(height=min(body.height, most)), picture)
    return Piece(body, picture)


def _largest(drawn: Map, body: Box, document: Document) -> grids.Grid:
    """The marks with the largest figures, as many as stand beside the map."""

    def large(mark: Mark) -> tuple[float, str]:
        return -(mark.figure.value or 0), mark.name.text

    rows = tuple((Cell((m.name,)), Cell((m.figure,))) for m in sorted(drawn.marks, key=large))
    table = Table(f"{drawn.key}-largest", drawn.caption, ("", document.labels["value"]), rows)
    return grids.parted(table, body.width, body.height, document)[0]

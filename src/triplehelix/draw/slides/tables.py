"""Tables as PowerPoint's own: rules instead of boxes, figures to the end of their column."""

from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from triplehelix.draw.slides.grids import PAD_X, PAD_Y, Grid, before, is_mark, numeric, shown_in
from triplehelix.draw.slides.look import ACCENT, INK, LINES, SOFT, Box
from triplehelix.draw.slides.pen import Pen
from triplehelix.draw.slides.shapes import describe
from triplehelix.draw.slides.words import Line
from triplehelix.offer.document import Cell

# PowerPoint's "No Style, No Grid": what is drawn stands on the cells.
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def draw_table(slide: Any, made: Grid, box: Box, pen: Pen) -> None:
    """A planned table in its place."""
    place = box._replace(width=sum(made.widths), height=made.tall)
    rows, columns = len(made.rows) + 1, len(made.widths)
    if pen.rtl:  # it begins at the other side of its place
        place = place._replace(left=box.left)
    frame = slide.shapes.add_table(rows, columns, *pen.place(place))
    describe(frame, made.table.caption, made.table.caption)
    table = frame.table
    _unstyled(table, pen.rtl)
    for at, wide in enumerate(made.widths):
        table.columns[at].width = _points(wide)
    for at, tall in enumerate(made.heights):
        table.rows[at].height = _points(tall)
    _fill(list(table.iter_cells()), made, slide.part, pen)


def _points(value: float) -> Emu:
    return Emu(round(Pt(1) * value))


def _unstyled(table: Any, rtl: bool) -> None:
    manner = table._tbl.tblPr
    for name in list(manner.attrib):
        del manner.attrib[name]
    manner.set("firstRow", "1")
    manner.set("firstCol", "1")
    if rtl:
        manner.set("rtl", "1")
    manner.find(qn("a:tableStyleId")).text = _NO_STYLE


def _fill(cells: list[Any], made: Grid, part: Any, pen: Pen) -> None:
    columns = len(made.widths)
    ends = [_end(made, column) for column in range(columns)]
    heads = [Cell((title,)) for title in made.table.columns]
    for at, (place, cell) in enumerate(zip(cells, _row_by_row(heads, made), strict=True)):
        row, column = divmod(at, columns)
        line = Line(shown_in(cell), made.size, _colour(cell), bold=row == 0, after=0)
        body = place._tc.get_or_add_txBody()
        pen.write(body, [line], part, align=ends[column])
        _ruled(place._tc, before(made.table, column), pen.rtl, head=row == 0)


def _row_by_row(heads: list[Cell], made: Grid) -> list[Cell]:
    return [*heads, *(cell for row in made.rows for cell in row)]


def _end(made: Grid, column: int) -> str:
    if numeric(made.table, column) or (made.table.key == "contents" and column):
        return "end"
    return "center" if all(is_mark(row[column]) for row in made.table.rows) else "start"


def _colour(cell: Cell) -> str:
    if is_mark(cell):
        return SOFT if cell.mark == "none" else ACCENT
    return INK


def _ruled(cell: Any, room_before: float, rtl: bool, *, head: bool) -> None:
    """One dark rule under the head, hairlines under rows, and nothing else."""
    manner = cell.get_or_add_tcPr()
    first, last = ("marR", "marL") if rtl else ("marL", "marR")
    manner.set(first, str(_points(room_before)))
    manner.set(last, str(_points(PAD_X)))
    for side in ("marT", "marB"):
        manner.set(side, str(_points(PAD_Y - 0.5)))
    none = "".join(f'<a:ln{side} {nsdecls("a")} w="0"><a:noFill/></a:ln{side}>|' for side in "LRT")
    colour = f'<a:schemeClr val="{INK}"/>' if head else f'<a:srgbClr val="{LINES}"/>'
    under = (
        f'<a:lnB {nsdecls("a")} w="{Pt(1.25 if head else 0.75)}"><a:solidFill>{colour}'
        f"</a:solidFill></a:lnB>"
    )
    for xml in (*none.split("|")[:-1], under, f"<a:noFill {nsdecls('a')}/>"):
        manner.append(parse_xml(xml))

"""A QR code on a slide, as one shape: from a printed slide back to the atlas."""

from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from triplehelix.draw.codes import QUIET, leads_somewhere, modules, runs
from triplehelix.draw.slides.look import Box
from triplehelix.draw.slides.pen import Pen
from triplehelix.draw.slides.shapes import about, decorative, describe, paint


def draw_code(slide: Any, path: str, says: str, box: Box, pen: Pen) -> None:
    """The code of a page of the atlas, that leads there too; none where nobody could reach it."""
    if not leads_somewhere(pen.base):
        return
    rows = modules(pen.base + path)
    ground = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *pen.place(box))
    paint(ground, "FFFFFF")
    decorative(ground, says)
    edge = box.width * QUIET / (len(rows) + 2 * QUIET)
    inner = Box(box.left + edge, box.top + edge, box.width - 2 * edge, box.height - 2 * edge)
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *pen.place(inner))
    plain = shape._element.spPr.find(qn("a:prstGeom"))
    plain.getparent().replace(plain, _geometry(rows))
    paint(shape, "000000")
    describe(shape, says, says)
    pen.link(about(shape), path, says, slide.part)


def _geometry(rows: Any) -> Any:
    """Its dark modules as contours of one path."""
    contours = "".join(
        f'<a:moveTo><a:pt x="{x}" y="{y}"/></a:moveTo>'
        f'<a:lnTo><a:pt x="{x + wide}" y="{y}"/></a:lnTo>'
        f'<a:lnTo><a:pt x="{x + wide}" y="{y + 1}"/></a:lnTo><a:lnTo><a:pt x="{x}" y="{y + 1}"/>'
        f"</a:lnTo><a:close/>"
        for x, y, wide in runs(rows)
    )
    return parse_xml(
        f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{len(rows)}" h="{len(rows)}">'
        f"{contours}</a:path></a:pathLst></a:custGeom>"
    )

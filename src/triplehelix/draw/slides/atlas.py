"""A laid out map drawn as shapes in one group, and what its colours mean under it."""

from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from triplehelix.draw.maps import Rings
from triplehelix.draw.numbers import shown
from triplehelix.draw.said import hint
from triplehelix.draw.slides.letters import width
from triplehelix.draw.slides.look import LAND, LEADING, LEAST, SHORE, WATER, Box
from triplehelix.draw.slides.maps import Circle, Label, Laid, laid_out
from triplehelix.draw.slides.pen import Pen, measures
from triplehelix.draw.slides.shapes import about, colour_of, decorative, describe, paint, rgb
from triplehelix.draw.slides.words import Line
from triplehelix.offer.document import Map

_LEGEND_LINE, _DOT, _GAP = LEAST * LEADING + 2, 9.0, 18.0


def draw_map(slide: Any, drawn: Map, land: Rings, box: Box, pen: Pen) -> None:
    """A map in its place: one group of land, circles that lead to evidence, and names."""
    keys = _legend(drawn, box)
    tall = max((place.top + place.height for _, _, place in keys), default=0.0)
    place = box._replace(height=box.height - tall - 6)
    # The map itself is never mirrored, only where it stands.
    laid = laid_out(drawn, land, place.mirrored() if pen.rtl else place)
    label = pen.document.labels
    shapes = [_water(slide, laid.water, label["water"]), *_land(slide, laid, label["land"])]
    shapes += [_circle(slide, circle, pen) for circle in laid.circles]
    shapes += [_label(slide, label, pen) for label in laid.labels]
    group = slide.shapes.add_group_shape(shapes)
    describe(group, drawn.caption, drawn.alt)
    for kind, text, at in keys:
        top = place.top + laid.water.height + 6 + at.top
        _key(slide, kind, text, at._replace(left=box.left + at.left, top=top), pen)


def _water(slide: Any, box: Box, name: str) -> Any:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *measures(box))
    paint(shape, WATER)
    decorative(shape, name)
    return shape


def _land(slide: Any, laid: Laid, name: str) -> list[Any]:
    """All land as one shape of many contours: it is recoloured at a touch."""
    if not laid.land:
        return []
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *measures(laid.water))
    outline = shape._element.spPr.find(qn("a:prstGeom"))
    outline.getparent().replace(outline, _outline(laid))
    paint(shape, LAND)
    shape.line.color.rgb, shape.line.width = rgb(SHORE), Pt(0.5)
    decorative(shape, name)
    return [shape]


def _outline(laid: Laid) -> Any:
    """A custom geometry in hundredths of a point, from the corner of the map."""
    left, top, wide, tall = laid.water
    contours = []
    for ring in laid.land:
        first, *others = (
            f'<a:pt x="{round((x - left) * 100)}" y="{round((y - top) * 100)}"/>' for x, y in ring
        )
        lines = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in others)
        contours.append(f"<a:moveTo>{first}</a:moveTo>{lines}<a:close/>")
    return parse_xml(
        f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{round(wide * 100)}" '
        f'h="{round(tall * 100)}">{"".join(contours)}</a:path></a:pathLst></a:custGeom>'
    )


def _circle(slide: Any, circle: Circle, pen: Pen) -> Any:
    r, mark = circle.radius, circle.mark
    box = Box(circle.x - r, circle.y - r, 2 * r, 2 * r)
    shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, *measures(box))
    paint(shape, colour_of(mark.kind))
    shape.line.color.rgb, shape.line.width = rgb(LAND), Pt(0.75)
    value = shown(mark.figure, pen.document.language)
    said = pen.document.labels["told"].format(says=mark.name.text, value=value)
    describe(shape, mark.name.text, said)
    pen.link(about(shape), mark.figure.evidence.path, hint(mark.figure, pen.document), slide.part)
    return shape


def _label(slide: Any, label: Label, pen: Pen) -> Any:
    shape = slide.shapes.add_textbox(*measures(label.box))
    written(shape, [Line((label.text,), LEAST, after=0)], pen, slide.part, align="center")
    shape._element.find(qn("p:txBody")).find(qn("a:bodyPr")).set("wrap", "none")
    describe(shape, label.text, label.text)
    return shape


def written(shape: Any, lines: list[Line], pen: Pen, part: Any, *, align: str = "start") -> None:
    """Write into a shape, to its very edges."""
    body = shape._element.find(qn("p:txBody"))
    manner = body.find(qn("a:bodyPr"))
    for name in ("lIns", "tIns", "rIns", "bIns"):
        manner.set(name, "0")
    manner.set("wrap", "square")
    if pen.rtl:
        manner.set("rtlCol", "1")
    pen.write(body, lines, part, align=align)


def _legend(drawn: Map, box: Box) -> list[tuple[str, str, Box]]:
    """What each colour means, one after the other, and on the next line where it must be."""
    found, left, top = [], 0.0, 0.0
    for kind, text in drawn.kinds:
        wide = _DOT + 6 + width(text, LEAST, 1.05) + 2
        if left and left + wide > box.width:
            left, top = 0.0, top + _LEGEND_LINE
        found.append((kind, text, Box(left, top, wide, _LEGEND_LINE)))
        left += wide + _GAP
    return found


def _key(slide: Any, kind: str, text: str, box: Box, pen: Pen) -> None:
    dot = Box(box.left, box.top + (LEAST * LEADING - _DOT) / 2, _DOT, _DOT)
    shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, *pen.place(dot))
    paint(shape, colour_of(kind))
    decorative(shape, text)
    words = slide.shapes.add_textbox(
        *pen.place(Box(box.left + _DOT + 6, box.top, box.width - _DOT - 6, box.height))
    )
    written(words, [Line((text,), LEAST, after=0)], pen, slide.part)
    describe(words, text, text)

"""A laid out map drawn as shapes in one group, and what its colours mean under it."""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from triplehelix.draw.maps import Rings
from triplehelix.draw.numbers import shown
from triplehelix.draw.slides.charts import _COLOURS
from triplehelix.draw.slides.letters import width
from triplehelix.draw.slides.look import KINDS, LAND, LEADING, LEAST, SHORE, Box
from triplehelix.draw.slides.maps import Circle, Label, Laid, laid_out
from triplehelix.draw.slides.pen import Pen, describe, measures, plain
from triplehelix.draw.slides.spans import note
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
    shapes = [_water(slide, laid.water), *_land(slide, laid)]
    shapes += [_circle(slide, circle, pen) for circle in laid.circles]
    shapes += [_label(slide, label, pen) for label in laid.labels]
    group = slide.shapes.add_group_shape(shapes)
    describe(group, drawn.caption, drawn.alt)
    for kind, text, at in keys:
        top = place.top + laid.water.height + 6 + at.top
        _key(slide, kind, text, at._replace(left=box.left + at.left, top=top), pen)


def _water(slide: Any, box: Box) -> Any:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *measures(box))
    _painted(shape, None)
    shape.fill.fore_color.theme_color = 16  # the second background
    describe(shape, "Water", "Water")
    _decorative(shape)
    return shape


def _land(slide: Any, laid: Laid) -> list[Any]:
    """All land as one shape of many contours: it is recoloured at a touch."""
    if not laid.land:
        return []
    (x, y), *_ = laid.land[0]
    builder = slide.shapes.build_freeform(round(x * 100), round(y * 100), scale=Pt(1) / 100)
    for at, ring in enumerate(laid.land):
        points = [(round(px * 100), round(py * 100)) for px, py in ring]
        if at:
            builder.move_to(*points[0])
        builder.add_line_segments(points[1:], close=True)
    shape = builder.convert_to_shape()
    _painted(shape, LAND)
    shape.line.color.rgb, shape.line.width = RGBColor.from_string(SHORE), Pt(0.5)
    describe(shape, "Land", "Land")
    _decorative(shape)
    return [shape]


def _circle(slide: Any, circle: Circle, pen: Pen) -> Any:
    r, mark = circle.radius, circle.mark
    box = Box(circle.x - r, circle.y - r, 2 * r, 2 * r)
    shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, *measures(box))
    _painted(shape, None)
    shape.fill.fore_color.theme_color = _COLOURS[KINDS.get(mark.kind, KINDS["other"])]
    shape.line.color.rgb, shape.line.width = RGBColor.from_string(LAND), Pt(0.75)
    value = shown(mark.figure, pen.document.language)
    describe(shape, mark.name.text, f"{mark.name.text}: {value}")
    about = shape._element.xpath(".//p:cNvPr")[0]
    pen.link(about, mark.figure.evidence.path, note(mark.figure, pen.document), slide.part)
    return shape


def _label(slide: Any, label: Label, pen: Pen) -> Any:
    shape = slide.shapes.add_textbox(*measures(label.box))
    written(shape, [Line((label.text,), LEAST, after=0)], pen, slide.part, align="center")
    shape._element.find(qn("p:txBody")).find(qn("a:bodyPr")).set("wrap", "none")
    describe(shape, label.text, label.text)
    return shape


def written(
    shape: Any, lines: list[Line], pen: Pen, part: Any, *, align: str = "start"
) -> None:
    """Write into a shape, to its very edges."""
    body = shape._element.find(qn("p:txBody"))
    manner = body.find(qn("a:bodyPr"))
    for name in ("lIns", "tIns", "rIns", "bIns"):
        manner.set(name, "0")
    manner.set("wrap", "square")
    if pen.rtl:
        manner.set("rtlCol", "1")
    pen.write(body, lines, part, align=align)


def _painted(shape: Any, colour: str | None) -> None:
    plain(shape)
    shape.fill.solid()
    shape.line.fill.background()
    if colour:
        shape.fill.fore_color.rgb = RGBColor.from_string(colour)


def _decorative(shape: Any) -> None:
    """The group's text says what it shows."""
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("descr", "")
    about.append(_extension())


def _extension() -> Any:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    return parse_xml(
        f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
        ' val="1"/></a:ext></a:extLst>'
    )


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
    _painted(shape, None)
    shape.fill.fore_color.theme_color = _COLOURS[KINDS.get(kind, KINDS["other"])]
    describe(shape, text, text)
    _decorative(shape)
    words = slide.shapes.add_textbox(
        *pen.place(Box(box.left + _DOT + 6, box.top, box.width - _DOT - 6, box.height))
    )
    written(words, [Line((text,), LEAST, after=0)], pen, slide.part)
    describe(words, text, text)

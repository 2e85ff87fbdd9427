"""Planned slides drawn: title, pieces, sources, footer and number of each, in reading order."""

from collections.abc import Sequence
from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from triplehelix.draw.maps import Rings
from triplehelix.draw.said import noted
from triplehelix.draw.slides import look
from triplehelix.draw.slides.atlas import draw_map, written
from triplehelix.draw.slides.blank import COVER, PLAIN
from triplehelix.draw.slides.charts import draw_chart
from triplehelix.draw.slides.code import draw_code
from triplehelix.draw.slides.grids import Grid
from triplehelix.draw.slides.letters import HEADING, cut, height, lines
from triplehelix.draw.slides.look import Box
from triplehelix.draw.slides.notes import write_notes
from triplehelix.draw.slides.pen import Pen, measures
from triplehelix.draw.slides.pieces import Piece, Slide
from triplehelix.draw.slides.shapes import describe
from triplehelix.draw.slides.tables import draw_table
from triplehelix.draw.slides.words import Line
from triplehelix.offer.document import Bars, Bullets, Document, Map
from triplehelix.offer.wording import Runs

# Fixed, as all else: the field that shows a slide's number.
_NUMBER_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"


def draw_cover(deck: Any, document: Document, pen: Pen) -> None:
    """The first slide: title, to whom, from which edition."""
    slide = deck.slides.add_slide(deck.slide_layouts[COVER])
    title, subtitle = slide.shapes.title, slide.placeholders[1]
    size = next(
        (s for s in (44.0, 38.0, 32.0)
         if height(document.title, s, look.COVER_TITLE.width, HEADING) <= look.COVER_TITLE.height),
        28.0,
    )  # fmt: skip
    _placed(title, look.COVER_TITLE, pen)
    _placed(subtitle, look.COVER_SUBTITLE, pen)
    written(title, [Line((document.title,), size, bold=True, after=0)], pen, slide.part)
    written(subtitle, [Line((document.subtitle,), 20, look.SOFT, after=0)], pen, slide.part)
    about = [Line(runs, 14.0, look.SOFT, after=6) for runs in document.about]
    _text(slide, look.COVER_ABOUT, about, pen, document.labels["source"])
    if document.path:
        draw_code(slide, document.path, document.labels["code"], look.COVER_CODE, pen)


def draw_slides(deck: Any, planned: Sequence[Slide], land: Rings, pen: Pen) -> None:
    """All further slides; links from one to another need all of them to be there."""
    made = [deck.slides.add_slide(deck.slide_layouts[PLAIN]) for _ in planned]
    for slide, plan in zip(made, planned, strict=True):
        if plan.key:
            pen.slides.setdefault(plan.key, slide.part)
    for at, (slide, plan) in enumerate(zip(made, planned, strict=True), start=2):
        _draw(slide, plan, at, land, pen)


def _draw(slide: Any, plan: Slide, number: int, land: Rings, pen: Pen) -> None:
    _title(slide, plan, pen)
    if plan.kicker:
        text = cut(plan.kicker, 12, look.KICKER.width, 1)
        _text(slide, look.KICKER, [Line((text,), 12, look.SOFT, after=0)], pen, text)
    for piece in plan.pieces:
        _piece(slide, piece, land, pen)
    _sources(slide, plan, pen)
    _footer(slide, number, pen)
    write_notes(slide, plan, pen)


def _title(slide: Any, plan: Slide, pen: Pen) -> None:
    text = f"{plan.title} ({plan.part})" if plan.part else plan.title
    sizes = look.TITLE_SIZES
    room, tall = look.TITLE.width, look.TITLE.height
    fits = [s for s in sizes if lines(text, s, room, HEADING) * s * look.LEADING <= tall]
    size = fits[0] if fits else sizes[-1]
    shape = slide.shapes.title
    _placed(shape, look.TITLE, pen)
    short = cut(plan.title, size, room, int(tall // (size * look.LEADING)), HEADING)
    written(
        shape, [Line((text if fits else short,), size, bold=True, after=0)], pen, slide.part
    )  # fmt: skip


def _placed(shape: Any, box: Box, pen: Pen) -> None:
    shape.left, shape.top, shape.width, shape.height = pen.place(box)


def _piece(slide: Any, piece: Piece, land: Rings, pen: Pen) -> None:
    shows = piece.shows
    if isinstance(shows, Grid):
        draw_table(slide, shows, piece.box, pen)
    elif isinstance(shows, Bars):
        draw_chart(slide, shows, piece.box, pen)
    elif isinstance(shows, Map):
        draw_map(slide, shows, land, piece.box, pen)
    else:
        _text(slide, piece.box, list(shows), pen, "")


def _text(slide: Any, box: Box, said: list[Line], pen: Pen, name: str) -> None:
    shape = slide.shapes.add_textbox(*pen.place(box))
    written(shape, said, pen, slide.part)
    text = shape.text_frame.text
    describe(shape, name or text[:40], text)


def _sources(slide: Any, plan: Slide, pen: Pen) -> None:
    """What the figures of the slide rest on, as far as two lines hold it; all is in the notes."""
    figures: Runs = tuple(plan.figures())
    if figures:
        said = noted(Bullets((figures,)), pen.document)
        text = cut(said, look.SOURCE_SIZE, look.SOURCES.width, 2)
        line = Line((text,), look.SOURCE_SIZE, look.SOFT, after=0)
        _text(slide, look.SOURCES, [line], pen, pen.document.labels["source"])


def _footer(slide: Any, number: int, pen: Pen) -> None:
    title = cut(pen.document.title, look.LEAST, look.FOOTER.width, 1)
    foot = _placeholder(slide, "ftr", 11, look.FOOTER, pen)
    foot_line = Line((title,), look.LEAST, look.SOFT, after=0)
    pen.write(foot.find(qn("p:txBody")), [foot_line], slide.part)
    place = _placeholder(slide, "sldNum", 12, look.NUMBER, pen)
    body = place.find(qn("p:txBody"))
    pen.write(body, [Line((str(number),), look.LEAST, look.SOFT, after=0)], slide.part, align="end")
    run = body.find(qn("a:p")).find(qn("a:r"))
    run.tag = qn("a:fld")
    run.set("id", _NUMBER_FIELD)
    run.set("type", "slidenum")


def _placeholder(slide: Any, kind: str, index: int, box: Box, pen: Pen) -> Any:
    left, top, wide, tall = measures(box.mirrored() if pen.rtl else box)
    tree = slide.shapes._spTree
    name = {"ftr": "Footer", "sldNum": "Slide number"}[kind]
    shape = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{tree.max_shape_id + 1}" name="{name}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" '
        f'idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{wide}" cy="{tall}"/></a:xfrm></p:spPr><p:txBody><a:bodyPr lIns="0" tIns="0" '
        f'rIns="0" bIns="0"/><a:lstStyle/><a:p/></p:txBody></p:sp>'
    )
    tree.append(shape)
    return shape

"""An empty presentation in our look: theme, master and two layouts, without a date or a trace."""

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from triplehelix.draw.slides import look
from triplehelix.draw.slides.look import Box
from triplehelix.draw.slides.pen import clean, locale_tag, measures
from triplehelix.offer.document import Document

COVER, PLAIN = 0, 1
_LONGEST = 255
_KEPT = {"Title Slide": COVER, "Title Only": PLAIN}
# Of the template's author and screen, and so wrong here.
_UNWANTED = (RT.PRINTER_SETTINGS, RT.EXTENDED_PROPERTIES, RT.THUMBNAIL)


def blank(document: Document) -> Any:
    """A presentation without slides; its layouts are the cover's and that of all others."""
    made = Presentation()
    made.slide_width, made.slide_height = Pt(look.WIDTH), Pt(look.HEIGHT)
    made.part._element.find(qn("p:sldSz")).attrib.pop("type", None)
    for layout in list(made.slide_layouts):
        if layout.name not in _KEPT:
            made.slide_layouts.remove(layout)
    for owner in (made.part, made.part.package):
        for key, relation in list(owner._rels.items()):
            if relation.reltype in _UNWANTED:
                owner._rels.pop(key)
    _theme(made, document.language)
    _master(made.slide_master)
    for layout in made.slide_layouts:
        _layout(layout, document.direction == "rtl")
    _properties(made, document)
    return made


def _theme(made: Any, language: str) -> None:
    part = made.slide_master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    for name, colour in look.THEME.items():
        place = theme.find(f".//{qn('a:clrScheme')}/{qn(f'a:{name}')}")
        place.clear()
        etree.SubElement(place, qn("a:srgbClr"), val=colour)
    wide = look.EAST_ASIAN.get(language.split("_")[0], "")
    for name, font in (
        ("majorFont", look.TEXT if wide else look.HEADINGS),
        ("minorFont", look.TEXT),
    ):
        fonts = theme.find(f".//{qn(f'a:{name}')}")
        fonts.find(qn("a:latin")).set("typeface", font)
        fonts.find(qn("a:ea")).set("typeface", wide)
        fonts.find(qn("a:cs")).set("typeface", look.TEXT)
        for each in fonts.findall(qn("a:font")):
            if (own := look.SCRIPTS.get(each.get("script"))) is not None:
                each.set("typeface", look.EAST_ASIAN[own])
    theme.set("name", "Triple Helix")
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _master(master: Any) -> None:
    _undated(master)
    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", str(round(look.TITLE_SIZES[0] * 100)))
    title.find(qn("a:defRPr")).set("b", "1")
    places = {"title": look.TITLE, "body": look.BODY, "ftr": look.FOOTER, "sldNum": look.NUMBER}
    _placed(master, places)
    _rule(master, Box(look.MARGIN, 506, look.WIDTH - 2 * look.MARGIN, 0.75), look.LINES)


def _layout(layout: Any, rtl: bool) -> None:
    _undated(layout)
    if layout.name == "Title Slide":
        _placed(layout, {"ctrTitle": look.COVER_TITLE, "subTitle": look.COVER_SUBTITLE})
        side = Box(look.MARGIN, look.COVER_TITLE.top, 5, 200)
        _rule(layout, side.mirrored() if rtl else side, look.THEME["accent1"])


def _undated(page: Any) -> None:
    for shape in list(page.placeholders):
        if _kind(shape) == "dt":
            shape._element.getparent().remove(shape._element)


def _kind(shape: Any) -> str:
    return str(shape._element.xpath(".//p:ph")[0].get("type", "body"))


def _placed(page: Any, places: dict[str, Box]) -> None:
    for shape in page.placeholders:
        if (place := places.get(_kind(shape))) is not None:
            shape.left, shape.top, shape.width, shape.height = measures(place)
            body = shape._element.find(qn("p:txBody")).find(qn("a:bodyPr"))
            for side in ("lIns", "tIns", "rIns", "bIns"):
                body.set(side, "0")
            body.set("anchor", "b" if _kind(shape) == "ctrTitle" else "t")


def _rule(page: Any, box: Box, colour: str) -> None:
    left, top, wide, tall = measures(box)
    page.shapes._spTree.append(parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Rule"/><p:cNvSpPr/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{tall}"/>'
        f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        f'<a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    ))  # fmt: skip


def _properties(made: Any, document: Document) -> None:
    """Title and language; no author's name and no date, which the template brings along."""
    properties = made.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title = clean(document.title)[:_LONGEST]
    properties.subject = clean(document.subtitle)[:_LONGEST]
    properties.author, properties.language = "Triple Helix", locale_tag(document.language)

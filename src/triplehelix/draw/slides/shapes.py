"""Shapes painted, named, and told in words for whoever does not see them."""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from triplehelix.draw.slides.look import KINDS
from triplehelix.draw.slides.pen import clean

_THEME = {
    "accent1": MSO_THEME_COLOR.ACCENT_1, "accent2": MSO_THEME_COLOR.ACCENT_2,
    "accent3": MSO_THEME_COLOR.ACCENT_3, "accent4": MSO_THEME_COLOR.ACCENT_4,
    "accent5": MSO_THEME_COLOR.ACCENT_5, "bg2": MSO_THEME_COLOR.BACKGROUND_2,
}  # fmt: skip
# Of Office since 2019: a shape that a screen reader passes over.
_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"


def about(shape: Any) -> Any:
    """The element that names a shape."""
    return shape._element.xpath(".//p:cNvPr")[0]


def describe(shape: Any, name: str, alt: str) -> None:
    """Name a shape, and say in words what it shows."""
    about(shape).set("name", clean(name))
    about(shape).set("descr", clean(alt))


def decorative(shape: Any, name: str) -> None:
    """Name a shape that tells nothing of itself: its group or the text beside it does."""
    describe(shape, name, "")
    about(shape).append(parse_xml(
        f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
        f'<adec:decorative xmlns:adec="{_DECORATIVE}" val="1"/></a:ext></a:extLst>'
    ))  # fmt: skip


def paint(shape: Any, colour: str) -> None:
    """Fill a shape with a colour of the theme or RGB, without line, shadow, or what else it had."""
    for style in shape._element.findall(qn("p:style")):
        shape._element.remove(style)
    shape.line.fill.background()
    paint_fill(shape.fill, colour)


def paint_fill(fill: Any, colour: str) -> None:
    """One colour, of the theme by its name or as RGB."""
    fill.solid()
    if colour in _THEME:
        fill.fore_color.theme_color = _THEME[colour]
    else:
        fill.fore_color.rgb = rgb(colour)


def rgb(colour: str) -> RGBColor:
    """A colour that no theme changes, from six hexadecimal digits."""
    return RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]


def colour_of(kind: str, otherwise: str = "other") -> str:
    """The theme's colour for a kind of mark or bar."""
    return KINDS.get(kind, KINDS[otherwise])

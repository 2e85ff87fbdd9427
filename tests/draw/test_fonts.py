"""Fonts on paper, made with fontTools and read back by it."""

from io import BytesIO

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from triplehelix.draw.fonts import cut_out, unpacked

MODIFIED = 3_600_000_000


@pytest.fixture
def woff():
    """Two letters, each a triangle, packed as WOFF."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((250, 500))
    pen.lineTo((500, 0))
    pen.closePath()
    triangle = pen.glyph()
    built = FontBuilder(1000, isTTF=True)
    built.setupGlyphOrder([".notdef", "a", "b"])
    built.setupCharacterMap({ord("a"): "a", ord("b"): "b"})
    built.setupGlyf(dict.fromkeys((".notdef", "a", "b"), triangle))
    built.setupHorizontalMetrics(dict.fromkeys((".notdef", "a", "b"), (600, 0)))
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable({"familyName": "Triangles", "styleName": "Regular"})
    built.setupOS2()
    built.setupPost()
    built.font["head"].modified = MODIFIED
    built.font.recalcTimestamp = False
    built.font.flavor = "woff"
    made = BytesIO()
    built.save(made)
    return made.getvalue()


def _read(font):
    return TTFont(BytesIO(font), recalcTimestamp=False)


def test_an_unpacked_font_has_all_letters_and_its_own_date(woff):
    assert woff.startswith(b"wOFF")
    plain = unpacked(woff)
    assert plain.startswith(b"\x00\x01\x00\x00")
    assert _read(plain).getBestCmap() == {ord("a"): "a", ord("b"): "b"}
    assert _read(plain)["head"].modified == MODIFIED


def test_a_font_cut_out_has_the_letters_of_the_text_alone_and_its_own_date(woff):
    cut = cut_out(woff, "au")
    assert _read(cut).getBestCmap() == {ord("a"): "a"}
    assert _read(cut)["head"].modified == MODIFIED
    assert cut_out(woff, "aaa") == cut

"""Fonts unpacked for paper: the font that was packed, and the same bytes at any hour."""

from io import BytesIO

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from triplehelix.draw.fonts import unpacked


@pytest.fixture
def packed():
    """A font of one square letter, as WOFF, made long ago."""
    pen = TTGlyphPen(None)
    for at, point in enumerate([(0, 0), (0, 500), (500, 500), (500, 0)]):
        (pen.lineTo if at else pen.moveTo)(point)
    pen.closePath()
    built = FontBuilder(1000, isTTF=True)
    built.setupGlyphOrder([".notdef", "A"])
    built.setupCharacterMap({65: "A"})
    built.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    built.setupHorizontalMetrics({".notdef": (500, 0), "A": (600, 0)})
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable({"familyName": "Square"})
    built.setupOS2()
    built.setupPost()
    font = built.font
    font["head"].created = font["head"].modified = 3_000_000_000
    font.recalcTimestamp = False
    font.flavor = "woff"
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def test_the_font_is_the_one_that_was_packed(packed):
    plain = TTFont(BytesIO(unpacked(packed)), recalcTimestamp=False)
    assert plain.flavor is None
    assert plain["head"].modified == 3_000_000_000
    assert plain.getBestCmap() == {65: "A"}
    assert plain["hmtx"]["A"] == (600, 0)


def test_the_same_bytes_each_time(packed):
    assert unpacked(packed) == unpacked.__wrapped__(packed)

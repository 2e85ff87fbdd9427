"""Fonts cut down to the letters of a text, and papers whose language no font has."""

from base64 import b64decode
from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from tests import needed
from tests.draw.slides_documents import SMALL
from triplehelix.draw.fonts import FONTS, LATIN, cut_out, faces, fonts_for, unpacked
from triplehelix.draw.html import paper
from triplehelix.errors import TripleHelixError

LONG_AGO = 3_000_000_000


def font(letters: str, flavor: str | None = "woff") -> bytes:
    """A font of boxes, one of its own width for each letter."""
    glyphs = [".notdef", *(f"u{ord(letter):x}" for letter in letters)]
    built = FontBuilder(1000)
    built.setupGlyphOrder(glyphs)
    built.setupCharacterMap({ord(letter): f"u{ord(letter):x}" for letter in letters})
    built.setupGlyf({name: _box(500 + at) for at, name in enumerate(glyphs)})
    built.setupHorizontalMetrics({name: (600 + at, 0) for at, name in enumerate(glyphs)})
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    built.setupOS2()
    built.setupPost()
    built.font.flavor = flavor
    made = BytesIO()
    built.font.save(made)
    return made.getvalue()


def _box(width: int):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (width, 700), (width, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def opened(content: bytes) -> TTFont:
    return TTFont(BytesIO(content))


def test_a_font_is_cut_down_to_the_letters_of_the_text():
    cut = opened(cut_out(font("あいう日本"), "日あ日x"))
    assert sorted(map(chr, cut.getBestCmap())) == ["あ", "日"]
    whole = opened(font("あいう日本"))
    for letter in "日あ":
        name, own = whole.getBestCmap()[ord(letter)], cut.getBestCmap()[ord(letter)]
        assert cut["hmtx"][own] == whole["hmtx"][name]
        assert cut["glyf"][own].xMax == whole["glyf"][name].xMax


def test_the_same_letters_in_any_order_give_the_same_bytes():
    whole = font("あいう日本")
    assert cut_out(whole, "日本あ") == cut_out(whole, "あああ本日") != cut_out(whole, "日本")


def test_the_small_fonts_stay_whole():
    """Of those a paper has most letters anyway."""
    rules = faces({"sans": font("ab"), "ja": font("日本", None)}, "日")
    sans, ja = rules.strip().splitlines()
    assert 'font-family: "Source Sans 3"' in sans
    assert set(opened(_carried(sans)).getBestCmap()) == {ord("a"), ord("b")}
    assert 'font-family: "Noto Sans JP"; font-weight: 400' in ja and "data:font/ttf;" in ja


def _carried(rule: str) -> bytes:
    return b64decode(rule.partition("base64,")[2].partition(")")[0])


def test_no_font_on_paper_has_the_time_of_its_making():
    packed = TTFont(BytesIO(font("ab")), recalcTimestamp=False)
    packed["head"].modified = LONG_AGO
    made = BytesIO()
    packed.save(made)
    assert made.getvalue().startswith(b"wOFF")
    for plain in (unpacked(made.getvalue()), cut_out(made.getvalue(), "a")):
        assert plain.startswith(b"\x00\x01\x00\x00")
        assert opened(plain)["head"].modified == LONG_AGO


def test_letters_of_pictures_are_cut_out_too():
    """Charts are images, their texts coded: what they say is in the font all the same."""
    fonts = {"ja": font("㊙日")}
    chart = next(b for s in SMALL.sections for b in s.blocks if hasattr(b, "bars"))
    [section] = [s for s in SMALL.sections if chart in s.blocks]
    bars = replace(chart, bars=(replace(chart.bars[0], label="㊙"),))
    document = replace(SMALL, sections=(replace(section, blocks=(bars,)),))
    assert "㊙" not in paper(document, "https://atlas.test")
    assert len(paper(document, "https://atlas.test", (), fonts)) > len(
        paper(replace(SMALL, sections=()), "https://atlas.test", (), fonts)
    )


def test_languages_without_fonts_of_their_own_are_set_in_those_of_all():
    assert fonts_for("en") == fonts_for("he") == LATIN
    assert set(fonts_for("ja")) <= set(FONTS)


def test_letters_that_no_font_has_are_told_instead_of_drawn_as_boxes():
    """A letter for private use stands for those of a script that this machine has no font of."""
    needed.pango()
    from triplehelix.draw.pdf import pdf_bytes

    strange = replace(
        SMALL, labels=SMALL.labels | {"contents": "\U000f0123\U000f0124"}, language="ko"
    )
    with pytest.raises(TripleHelixError, match=(
        "PDF cannot be made in 'ko': no font here has \U000f0123 \U000f0124; build the fonts .*"
        "or install one of this script, as in `apt-get install fonts-noto-cjk`"
    )):  # fmt: skip
        pdf_bytes(strange, "https://atlas.test")


def test_a_name_in_a_rare_script_does_not_stop_the_paper():
    needed.pango()
    from triplehelix.draw.pdf import pdf_bytes

    assert pdf_bytes(replace(SMALL, title="\U000f0123"), "https://atlas.test").startswith(b"%PDF-")

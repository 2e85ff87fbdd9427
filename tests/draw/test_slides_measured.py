"""Texts fit into their places, measured by a font instead of by our table of widths."""

import re
import subprocess
from functools import lru_cache

import pytest
from PIL import ImageFont
from pptx.oxml.ns import qn
from pptx.util import Emu

from tests import needed
from tests.draw.slides_documents import HARD, SMALL
from tests.draw.slides_read import about, deck
from triplehelix.draw.slides.letters import cut, lines, longest_word, width

_FONTS = {"regular": "Liberation Sans", "bold": "Liberation Sans:bold"}


@lru_cache
def font(weight, size):
    """Liberation Sans, whose letters are as wide as Arial's; skips where it is not installed."""
    try:
        path = subprocess.run(["fc-match", "-f", "%{file}", _FONTS[weight]], capture_output=True,
                              text=True, check=True).stdout  # fmt: skip
    except OSError:
        path = ""
    if "Liberation" not in path:
        needed.lacking("the font Liberation Sans is not installed (Debian: fonts-liberation)")
    return ImageFont.truetype(path, size)


def measured(text, weight, size):
    return font(weight, 1000).getlength(text) * size / 1000


@pytest.mark.parametrize("letter", [chr(code) for code in range(32, 127)] + list("–—…£€éüßÅ"))
def test_letters_are_as_wide_as_the_font_has_them(letter):
    told = width(letter, 1000)
    assert told == pytest.approx(measured(letter, "regular", 1000), rel=0.02, abs=40)


def test_bold_text_is_not_wider_than_taken():
    text = "Organisations at work in the theme, by sector: 1,939 of 2,214 (87.6%)"
    assert measured(text, "bold", 14) <= width(text, 14, 1.09)


def stood(text, weight, size, room):
    """Lines of a text, broken at spaces as an office program does, by the font."""
    found, at = 1, 0.0
    for word in re.findall(r"\S+\s*", text):
        bare = measured(word.rstrip(), weight, size)
        if at and at + bare > room:
            found, at = found + 1, 0.0
        at += measured(word, weight, size)
    return found


def paragraphs(body):
    for paragraph in body.iter(qn("a:p")):
        text = "".join(t.text or "" for t in paragraph.iter(qn("a:t")))
        sizes = [int(r.get("sz")) / 100 for r in paragraph.iter(qn("a:rPr"))]
        bold = any(r.get("b") == "1" for r in paragraph.iter(qn("a:rPr")))
        manner = paragraph.find(qn("a:pPr"))
        indent = Emu(int(manner.get("marL", 0))).pt
        gap = sum(int(s.get("val")) for s in manner.iterfind(f"{qn('a:spcAft')}/*")) / 100
        leading = int(manner.find(f"{qn('a:lnSpc')}/{qn('a:spcPts')}").get("val")) / 100
        if text:
            yield text, "bold" if bold else "regular", max(sizes), indent, leading, gap


def tall(body, room):
    return sum(
        stood(text, weight, size, room - indent) * leading + gap
        for text, weight, size, indent, leading, gap in paragraphs(body)
    )


@pytest.mark.parametrize("document", [SMALL, HARD], ids=["small", "hard"])
def test_no_text_runs_over_its_place(document):
    checked = 0
    for slide in deck(document).slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                # Headings stand in Georgia, which is wider: 1.12 of the bold letters of Arial.
                room = shape.width.pt / (1.12 if shape == slide.shapes.title else 1)
                need = tall(shape._element, room)
                assert need <= shape.height.pt + 0.5, (shape.text_frame.text, need)
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("document", [SMALL, HARD], ids=["small", "hard"])
def test_no_cell_runs_over_its_row(document):
    for slide in deck(document).slides:
        for shape in slide.shapes:
            if not shape.has_table:
                continue
            total = 0.0
            for row in shape.table.rows:
                for column, cell in zip(shape.table.columns, row.cells, strict=True):
                    room = column.width.pt - cell.margin_left.pt - cell.margin_right.pt
                    need = tall(cell._tc, room) + cell.margin_top.pt + cell.margin_bottom.pt
                    assert need <= row.height.pt + 0.5, cell.text
                total += row.height.pt
            # Above the sources, and the remarks where there are any.
            assert shape.top.pt + total <= 468, about(shape).get("descr")


def test_lines_by_hand():
    """At size 10 an `m` is 8.33 wide and a space 2.78: two stand in 20, three need 27.77."""
    assert lines("m m", 10, 20) == 1
    assert lines("m m m", 10, 20) == 2
    assert lines("mmmm", 10, 20) == 2  # 33.32, broken where it must be
    assert lines("", 10, 20) == 1
    assert lines("日本語", 10, 20) == 2  # each 10 wide, breaks anywhere
    assert longest_word("m mm", 10) == pytest.approx(16.66)


def test_a_text_is_cut_at_a_word():
    assert cut("one two three", 10, 1000, 1) == "one two three"
    assert cut("mmm mmm mmm", 10, 63, 1) == "mmm mmm…"  # 24.99 + 2.78 + 24.99 + 10
    assert cut("mmm mmm mmm", 10, 62, 1) == "mmm…"
    assert cut("mmmmmmmmmm", 10, 20, 1) == "…"

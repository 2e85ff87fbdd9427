"""QR codes: what is drawn is the code of the address, and none leads nowhere."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from pptx.oxml.ns import qn

from tests.draw.slides_documents import SMALL
from tests.draw.slides_read import deck
from tests.offer.small_material import material
from triplehelix.draw.codes import QUIET, code_svg, leads_somewhere, modules, runs
from triplehelix.draw.html import fragment, paper
from triplehelix.offer.compose import compose
from triplehelix.offer.writing import written

ADDRESS = "https://atlas.example/offer?theme=advanced-therapies&partner=JP#summary"
DOCUMENT = written(compose(material()))
# The finder pattern of ISO/IEC 18004: in three corners of every code.
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def corner(rows, top, left):
    return ["".join(str(int(m)) for m in row[left : left + 7]) for row in rows[top : top + 7]]


def test_a_code_has_its_three_finders_and_its_timing():
    rows = modules(ADDRESS)
    far = len(rows) - 7
    assert corner(rows, 0, 0) == corner(rows, 0, far) == corner(rows, far, 0) == FINDER
    assert [rows[6][x] for x in range(8, far - 1)] == [x % 2 == 0 for x in range(8, far - 1)]


def test_every_dark_module_is_drawn_once_and_no_light_one():
    rows = modules(ADDRESS)
    drawn = [(left + x, top) for left, top, wide in runs(rows) for x in range(wide)]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {
        (x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    }
    tree = ET.fromstring(code_svg(ADDRESS))
    assert tree.get("viewBox") == f"0 0 {len(rows) + 2 * QUIET} {len(rows) + 2 * QUIET}"


@pytest.mark.parametrize(
    "base", ["http://localhost:8000", "http://127.0.0.1", "", "http://[::1]:80"]
)
def test_no_code_leads_nowhere(base):
    assert not leads_somewhere(base)
    assert 'class="code"' not in paper(DOCUMENT, base)


def test_each_section_on_paper_has_one_and_a_page_has_none():
    html = paper(DOCUMENT, "https://atlas.example")
    assert html.count('<p class="code">') == len(DOCUMENT.sections)
    images = re.findall(r'<p class="code"><img src="([^"]+)"', html)
    assert len(set(images)) == len(images)
    assert 'class="code"' not in fragment(DOCUMENT)
    assert 'class="code"' not in paper(replace(DOCUMENT, path=""), "https://atlas.example")


def test_the_cover_of_slides_has_one_that_leads_there():
    document = replace(SMALL, path="/offer?theme=cells", labels={**SMALL.labels, "code": "A code"})
    cover = deck(document).slides[0]
    [shape] = [s for s in cover.shapes if s._element.findall(f".//{qn('a:custGeom')}")]
    [link] = shape._element.iter(qn("a:hlinkClick"))
    address = cover.part.rels[link.get(qn("r:id"))].target_ref
    assert address.endswith("/offer?theme=cells")
    assert len(shape._element.findall(f".//{qn('a:moveTo')}")) == len(runs(modules(address)))

"""Charts, maps and paper: what is drawn is what the figures say."""

import re
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from io import BytesIO

import pytest

from tests import needed
from tests.offer.small_material import material
from triplehelix.draw.bars import bars_svg
from triplehelix.draw.html import fragment, paper
from triplehelix.draw.maps import box_of, map_svg
from triplehelix.draw.numbers import number
from triplehelix.offer.compose import compose
from triplehelix.offer.document import Bars, Map
from triplehelix.offer.writing import written
from triplehelix.read.coast import silhouettes

DOCUMENT = written(compose(material()))
SVG = "{http://www.w3.org/2000/svg}"


def blocks(kind):
    return [b for s in DOCUMENT.sections for b in s.blocks if isinstance(b, kind)]


def test_bars_are_as_long_as_their_figures():
    [chart] = [one for one in blocks(Bars) if one.key == "reach"]
    drawn = ET.fromstring(bars_svg(chart))
    widths = {bar.label: float(rect.get("width"))
              for bar, rect in zip(chart.bars, drawn.iter(f"{SVG}rect"), strict=True)}  # fmt: skip
    assert widths["York"] == widths["Leeds"] > 0  # 600,000 each
    assert widths["Hull"] == 0  # unknown


def test_a_map_has_a_mark_for_each_cluster_within_its_frame():
    [drawn] = blocks(Map)
    tree = ET.fromstring(map_svg(drawn, silhouettes(box_of(drawn), 0.02)))
    *_, width, height = map(float, tree.get("viewBox").split())
    circles = list(tree.iter(f"{SVG}circle"))
    assert len(circles) == len(drawn.marks) == 3
    for circle in circles:
        assert 0 < float(circle.get("cx")) < width
        assert 0 < float(circle.get("cy")) < height
    assert {text.text for text in tree.iter(f"{SVG}text")} == {"York", "Leeds", "Hull"}
    # Hull lies east of York, and York north of Leeds.
    place = {m.name.text: m for m in drawn.marks}
    assert place["Hull"].lon > place["York"].lon
    assert place["York"].lat > place["Leeds"].lat


def test_names_on_a_map_do_not_overlap():
    [drawn] = blocks(Map)
    crowded = replace(drawn, marks=tuple(
        replace(mark, lat=53.9 + n / 1000, lon=-1.0) for n, mark in enumerate(drawn.marks * 5)
    ))  # fmt: skip
    tree = ET.fromstring(map_svg(crowded, ()))
    at = [(float(t.get("x")), float(t.get("y")), len(t.text) * 6.2)
          for t in tree.iter(f"{SVG}text")][::2]  # fmt: skip
    for n, (x, y, wide) in enumerate(at):
        for x2, y2, wide2 in at[n + 1 :]:
            assert abs(y - y2) >= 14 or x + wide <= x2 or x2 + wide2 <= x


def test_land_is_drawn_where_land_is():
    """York is on land; the middle of the Irish Sea is not."""
    from shapely import Point, Polygon

    land = [Polygon(ring) for ring in silhouettes((-7, 50, 2, 56))]
    assert any(one.contains(Point(-1.08, 53.96)) for one in land)
    assert not any(one.contains(Point(-5.0, 53.5)) for one in land)


def test_numbers_by_locale():
    assert number(1234567, "people", "de") == "1.234.567"
    assert number(0.425, "share", "fr") == "42,5\xa0%"


def test_names_cannot_break_the_page():
    hostile = '<script>alert("1")</script>'
    seen = material().clusters
    offer = compose(material(clusters=(seen[0]._replace(name=hostile), *seen[1:])))
    for html in (fragment(written(offer)), paper(written(offer), "http://atlas")):
        assert "<script" not in html


def test_paper_lists_every_figure_with_its_evidence():
    html = paper(DOCUMENT, "http://atlas")
    annex = html[html.index('id="every-figure"') :]
    for _, figure in DOCUMENT.figures():
        assert f'href="http://atlas{figure.evidence.path.replace("&", "&amp;")}"' in annex
    rows = re.findall("<li>.*?<a href", annex)
    assert len(rows) == len(list(DOCUMENT.figures()))


@pytest.fixture(scope="module")
def pdf():
    needed.pango()
    from triplehelix.draw.pdf import pdf_bytes

    return pdf_bytes(DOCUMENT, "http://atlas")


def test_the_pdf_is_tagged_and_says_its_language(pdf):
    whole = pdf + b"".join(
        zlib.decompress(stream)
        for stream in re.findall(rb"FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    )
    assert b"/Marked true" in whole
    assert b"/StructTreeRoot" in whole
    assert b"pdfuaid:part" in whole
    assert b"/Lang (en)" in whole
    assert whole.count(b"/S /Figure") >= 2  # the map and the charts, each with its text
    assert b"CreationDate" not in whole


def test_the_pdf_is_the_same_each_time(pdf):
    from triplehelix.draw.pdf import pdf_bytes

    assert pdf_bytes(DOCUMENT, "http://atlas") == pdf
    assert BytesIO(pdf).read(5) == b"%PDF-"

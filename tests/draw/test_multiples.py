"""Small multiples: where values and intervals stand on each scale."""

import xml.etree.ElementTree as ET

import pytest

from triplehelix.draw.multiples import WIDTH, Row, multiple_svg

SVG = "{http://www.w3.org/2000/svg}"


def places(scale, values, most=None):
    rows = [Row("York", value, None, None, "") for value in values]
    tree = ET.fromstring(multiple_svg(rows, scale, "what it shows", most))
    return [float(dot.get("cx")) for dot in tree.iter(f"{SVG}circle")]


def test_ratios_are_even_in_doublings_about_one():
    half, one, two, four, far = places("ratios", [0.5, 1, 2, 4, 99])
    assert one - half == pytest.approx(two - one, abs=0.11)
    assert four - two == pytest.approx(two - one, abs=0.11)
    assert far == places("ratios", [8])[0] < WIDTH


def test_shares_have_one_scale_whatever_is_drawn():
    assert places("shares", [0.5]) == places("shares", [0.5, 0.9])[:1]
    assert places("shares", [0.2], 0.4) == places("shares", [0.5])


def test_counts_end_at_the_largest():
    nothing, most = places("counts", [0, 7])
    assert places("counts", [7], 14)[0] == pytest.approx((nothing + most) / 2)


def test_unknown_is_written_and_not_drawn():
    tree = ET.fromstring(multiple_svg([Row("York", None, None, None, "–")], "shares", "unknown"))
    assert not list(tree.iter(f"{SVG}circle"))
    assert [text.text for text in tree.iter(f"{SVG}text")] == ["York", "–"]


def test_names_cannot_break_the_page():
    drawn = multiple_svg([Row('<b>"&', 1.0, 0.5, 2.0, "1")], "ratios", '"><script>')
    assert "<script" not in drawn and "<b>" not in drawn
    ET.fromstring(drawn)

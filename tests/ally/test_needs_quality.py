"""Quality on the judged texts, against what is required: F1 0.65 on the half for reporting."""

import pytest
import yaml

from benchmarks.needs_quality import TEXTS, amounts_right, judged, measure, phrases
from triplehelix.ally.needs_in_text import suggest_needs
from triplehelix.capabilities.listed import read_unit
from triplehelix.capabilities.spotting import Spotter
from triplehelix.read.capabilities import read_capabilities

LISTED = read_capabilities()
SPOTTER = Spotter(LISTED)


@pytest.mark.parametrize("half", ["tuning", "reporting"])
def test_needs_are_found_and_the_plain_way_does_not(half):
    texts = judged(half)
    ours = measure(
        texts, lambda text, day: {n.capability for n in suggest_needs(text, SPOTTER, day)}
    )
    plain = measure(texts, phrases(LISTED))
    assert ours.f1 >= 0.65
    assert plain.f1 <= 0.45, "the texts would be too easy"


def test_amounts_are_mostly_right():
    right, told, _ = amounts_right(judged("reporting"), SPOTTER)
    assert right / told >= 0.65


def test_the_texts_are_well_formed():
    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    assert len(texts) >= 48
    assert len({one["id"] for one in texts}) == len(texts)
    for one in texts:
        assert 1 <= len(one["needs"]) <= 6, one["id"]
        for need in one["needs"]:
            assert need["capability"] in LISTED, one["id"]
            if "unit" in need:
                unit = read_unit(need["unit"])
                worth = LISTED[need["capability"]].worth(unit.unit)
                words = {each.unit for each in LISTED[need["capability"]].units}
                assert worth is not None or unit.unit in words, one["id"]


def test_measure_by_hand():
    texts = [
        {"text": "a", "as_of": None, "needs": [{"capability": "x"}, {"capability": "y"}]},
        {"text": "b", "as_of": None, "needs": [{"capability": "x"}]},
    ]
    got = measure(texts, lambda text, day: {"x", "z"} if text == "a" else set())
    assert (got.right, got.wrong, got.missed) == (1, 1, 2)
    assert got.f1 == pytest.approx(2 / 5)

"""The list of capabilities: its order, its units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.capabilities.listed import Capabilities, Capability, Unit, read_unit
from triplehelix.capabilities.units import DAYS, one_word
from triplehelix.errors import InputError, UnknownName


def listed(*pairs: tuple[str, str | None]) -> Capabilities:
    return Capabilities(tuple(Capability(slug, slug, broader=above) for slug, above in pairs))


def test_closures_by_hand():
    tree = listed(("tests", None), ("pcr", "tests"), ("qpcr", "pcr"), ("mri", None))
    assert tree.broader("qpcr") == ("pcr", "tests")
    assert tree.narrower("tests") == ("pcr", "qpcr", "tests")
    assert tree.narrower("mri") == ("mri",)
    assert ("pcr" in tree, "pc" in tree, len(tree)) == (True, False, 4)


def test_narrower_is_the_other_way_round_of_broader():
    tree = listed(*((f"c{n}", f"c{(n - 1) // 3}" if n else None) for n in range(40)))
    for one in tree:
        for other in tree:
            above = other.capability == one.capability or one.capability in tree.broader(
                other.capability
            )
            assert (other.capability in tree.narrower(one.capability)) == above


@pytest.mark.parametrize(("pairs", "said"), [
    ([("a", "b"), ("b", "a")], "a -> b -> a; take one `broader`"),
    ([("a", "a")], "a -> a"),
    ([("a", None), ("a", None)], "stands there twice"),
    ([("pcr", None), ("b", "pcx")], "did you mean 'pcr'"),
])  # fmt: skip
def test_what_is_refused(pairs, said):
    with pytest.raises(InputError, match=said):
        listed(*pairs)


def test_an_unknown_name():
    with pytest.raises(UnknownName, match="did you mean 'pcr-testing'"):
        listed(("pcr-testing", None))["pcr-test"]


def test_units():
    ours = Capabilities(
        (Capability("pcr", "PCR", units=(Unit("tests", "day"),)), Capability("x", "X"))
    )
    assert ours.require_unit("pcr", "tests", "day").text == "tests/day"
    assert ours.require_unit("x", "anything") == Unit("anything")
    with pytest.raises(InputError, match="not counted in 'tests'; use tests/day"):
        ours.require_unit("pcr", "tests")
    assert read_unit("samples per month") == Unit("samples", "month")
    assert read_unit("litres/minute") == Unit("litres/minute")


def test_more_of_them_take_the_place_of_others():
    more = listed(("a", None), ("b", "a")).with_more(
        [Capability("b", "Bee"), Capability("c", "C", broader="b")]
    )
    assert [one.label for one in more] == ["a", "Bee", "C"]
    assert more.broader("c") == ("b",)
    with pytest.raises(InputError, match="broader than themselves"):
        more.with_more([Capability("b", "Bee", broader="c")])


PCR = Capabilities((
    Capability("pcr", "PCR", units=(Unit("tests", "day"), Unit("samples", "day"), Unit("plates")),
               equals=(("plates", 96.0), ("samples", 1.0))),
    Capability("mass", "Mass", units=(Unit("grams"), Unit("mg")), equals=(("mg", 0.001),)),
    Capability("beds", "Beds", units=(Unit("beds"), Unit("rooms"))),
    Capability("anything", "Anything"),
))  # fmt: skip


@pytest.mark.parametrize(("slug", "amount", "given", "wanted", "is_"), [
    ("pcr", 700, "samples/week", "tests/day", 100), ("pcr", 10, "Test/day", "tests/week", 70),
    ("pcr", 2, "plates", "samples", 192), ("pcr", 96, "sample", "plate", 1),
    ("pcr", 12, "tests/year", "tests/month", 1), ("pcr", 1461, "tests/year", "tests/week", 28),
    ("mass", 2500, "mg", "grams", 2.5), ("beds", 3, "bed", "Beds", 3),
    ("anything", 3, "GPU-hours/day", "gpu hour/week", 21),
])  # fmt: skip
def test_conversion_by_hand(slug, amount, given, wanted, is_):
    found = PCR.convert(slug, amount, read_unit(given), read_unit(wanted))
    assert found == pytest.approx(is_)


@pytest.mark.parametrize(("slug", "given", "wanted", "said"), [
    ("beds", "rooms", "beds", "'rooms' does not convert to 'beds'; write both in the same unit"),
    ("pcr", "boxes/day", "tests/day", "use tests or samples or plates, or write both in the same"),
    ("pcr", "tests", "tests/day", "a count is no rate; give both with a period"),
    ("pcr", "tests/day", "tests", "a count is no rate"),
])  # fmt: skip
def test_what_does_not_convert_is_refused(slug, given, wanted, said):
    with pytest.raises(InputError, match=said):
        PCR.convert(slug, 1, read_unit(given), read_unit(wanted))


@given(st.sampled_from(["tests", "samples", "plates"]), st.sampled_from(["tests", "samples", "plates"]),
       st.sampled_from(list(DAYS)), st.sampled_from(list(DAYS)), st.floats(0.001, 1e6))  # fmt: skip
def test_there_and_back(one, other, per, per_other, amount):
    here, there = Unit(one, per), Unit(other, per_other)
    back = PCR.convert("pcr", PCR.convert("pcr", amount, here, there), there, here)
    assert back == pytest.approx(amount)


def test_what_is_made_and_what_is_there():
    made = Capability(
        "made", "Made", units=(Unit("devices", "week"), Unit("doses"), Unit("litres")),
        in_all=("doses",),
    )  # fmt: skip
    counted = {unit: made.counts_in_all(unit) for unit in ("device", "Doses", "litres", "beds")}
    assert counted == {"device": True, "Doses": True, "litres": False, "beds": False}


@pytest.mark.parametrize(("one", "other"), [
    ("tests", "test"), ("GPU-hours", "GPU hour"), ("batches", "batch"), ("studies", "Study"),
    ("people", "person"), ("sq m", "m²"), ("glasses", "glass"), ("boxes", "box"), ("viruses", "virus"),
])  # fmt: skip
def test_one_word(one, other):
    assert one_word(one) == one_word(other)


def test_words_that_stay_apart():
    words = ("beds", "rooms", "tests", "samples", "mg", "grams", "gas", "genomes", "sera")
    assert len({one_word(word) for word in words}) == len(words)

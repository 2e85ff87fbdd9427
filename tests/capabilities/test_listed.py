"""The list of capabilities: its order, its units."""

import pytest

from triplehelix.capabilities.listed import Capabilities, Capability, Unit, read_unit
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

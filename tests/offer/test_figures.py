"""No number stands in an offer without where it is from."""

from dataclasses import replace

import pytest

from tests.offer.small_material import material
from triplehelix.errors import InputError
from triplehelix.offer.compose import compose
from triplehelix.offer.figures import (
    Doubt,
    Evidence,
    Figure,
    Sample,
    bare_numbers_in,
    figures_in,
)

GOOD = Figure("n", "activities", 3, "activities", ("table",), "2015/2018", Sample(3, "activities"),
              Doubt(None, None, "counted"), Evidence("/themes/cells", ("a1",)))  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"source": ()}, "figure 'n' has no source; say it"),
        ({"source": ("",)}, "figure 'n' has no source; say it"),
        ({"period": ""}, "has no period"),
        ({"unit": ""}, "has no unit"),
        ({"says": ""}, "has no says"),
        ({"sample": Sample(3, "")}, "has no sample"),
        ({"doubt": Doubt(1, 2, "")}, "has no doubt"),
        ({"evidence": Evidence("")}, "give a path in the atlas, from /"),
        ({"evidence": Evidence("https://example.org")}, "give a path in the atlas, from /"),
        ({"value": float("nan")}, "is nan; give None for unknown"),
    ],
)
def test_a_figure_without_one_of_these_cannot_be_made(changed, message):
    with pytest.raises(InputError, match=message):
        replace(GOOD, **changed)


def test_bare_numbers_are_found_at_any_depth():
    hidden = {"a": [GOOD, {"b": ("text", 3)}], "lat": 1.5, "ok": True}
    assert list(bare_numbers_in(hidden)) == ["a.1.b.1"]
    assert list(figures_in(hidden)) == [GOOD]


def test_an_offer_holds_no_bare_number():
    offer = compose(material())
    assert list(bare_numbers_in(offer)) == []


def test_each_figure_is_named_apart_and_opens_somewhere():
    """Where the same thing is told twice it is the same figure, with the same key."""
    told = {}
    for figure in figures_in(compose(material())):
        assert told.setdefault(figure.key, figure) == figure
    assert len(told) > 50

"""Missing links: the planted pair first, its reasons by hand, shuffled."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from triplehelix.errors import InputError
from triplehelix.link import collaboration, missing_links, past
from triplehelix.link.missing import REASONS
from triplehelix.link.past import Traits


def world(chance=None):
    """
    Twelve nodes of like size that work with all others but one: a and b never meet.

    Both work in themes that go together elsewhere: a in x, b in y, the others in both.
    """
    names = "abcdefghijkl"
    pairs = [(p, q) for k, p in enumerate(names) for q in names[k + 1 :] if (p, q) != ("a", "b")]
    rows = [(f"{p}{q}", o) for p, q in pairs for o in (p, q)]
    themes = [
        (f"{p}{q}", t)
        for p, q in pairs
        for t in ("xy" if p not in "ab" else {"a": "x", "b": "y"}[p])
    ]
    if chance is not None:
        rows, themes = ([r[k] for k in chance.permutation(len(r))] for r in (rows, themes))
    traits = Traits(
        list(names), [50.0] * 12, [float(k) for k in range(12)], ["GB"] * 12, ["unknown"] * 12
    )
    activity, node = (list(c) for c in zip(*rows, strict=True))
    so_far = past(activity, node, traits, themes=tuple(list(c) for c in zip(*themes, strict=True)))
    ties = collaboration(activity, node)
    apart = ties.first != ties.second
    at = [np.searchsorted(so_far.node, e[apart]) for e in (ties.first, ties.second)]
    return so_far, (*at, ties.weight[apart])


def test_the_pair_that_never_met_comes_first_with_its_reasons():
    so_far, weight = world()
    mix = np.ones((12, 3))
    mix[0], mix[1] = [4, 0, 0], [0, 4, 0]
    found = missing_links(so_far, weight, helix_mix=mix)
    assert (found.first[0], found.second[0]) == (0, 1)
    value = dict(zip(REASONS, found.values[0], strict=True))
    assert found.n_common[0] == 10
    # Each of the ten common partners works with all eleven others.
    assert value["common_partners"] == pytest.approx(10 / np.log(11))
    assert value["shortfall"] == pytest.approx(found.expected[0])
    assert found.weight[0] == 0
    assert value["helix_balance"] == pytest.approx(1)  # two pure halves: one bit
    assert (found.expected > found.weight).all()
    assert (np.diff(found.score) <= 0).all()


def test_balance_is_scipys_divergence():
    so_far, weight = world()
    mix = np.random.default_rng(0).integers(1, 9, (12, 4)).astype(float)
    found = missing_links(so_far, weight, helix_mix=mix)
    for i, j, value in zip(found.first, found.second, found.values[:, 4], strict=True):
        assert value == pytest.approx(jensenshannon(mix[i], mix[j], base=2) ** 2)


def test_order_changes_nothing_and_without_helices_the_reason_is_not_told():
    one, other = (missing_links(*world(c)) for c in (None, np.random.default_rng(1)))
    assert np.isnan(one.values[:, 4]).all()
    assert np.isfinite(one.score).all()
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)
    np.testing.assert_array_equal(one.first, other.first)


def test_nothing_to_learn_from_is_said():
    so_far, _ = world()
    with pytest.raises(InputError, match="nothing was observed"):
        missing_links(so_far, ([], [], []))

"""Backbones: by hand, against numerical derivatives and SciPy's beta, planted truth, by law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from triplehelix.errors import InputError
from triplehelix.link import backbone

NETWORK = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]),
    st.floats(0.5, 50), min_size=1, max_size=28,
)  # fmt: skip


def columns(network):
    return [*map(list, zip(*network, strict=True)), list(network.values())]


def test_disparity_by_hand():
    """Hub of weight 10 with three ties: (1 - 8/10)^2 = 0.04 and (1 - 1/10)^2 = 0.81."""
    found = backbone(["h", "h", "h"], ["x", "y", "z"], [8, 1, 1], method="disparity")
    np.testing.assert_allclose(found.p_value, [0.04, 0.81, 0.81])
    assert found.kept.tolist() == [True, False, False]


def test_disparity_takes_the_end_for_which_the_tie_matters_more():
    """a-b: of a 9 out of 10 with two ties (p = 0.1), of b 9 out of 12 with three (p = 0.0625)."""
    found = backbone(["a", "a", "b", "b"], ["b", "c", "d", "e"], [9, 1, 1, 2], method="disparity")
    assert found.p_value[0] == pytest.approx(0.0625)


def reference(w, s, t, total):
    """
    The paper's steps one by one, the derivative taken numerically, the prior from its moments.
    """

    def score(extra):
        lift = (total + extra) * (w + extra) / ((s + extra) * (t + extra))
        return (lift - 1) / (lift + 1)

    slope = (score(1e-4) - score(-1e-4)) / 2e-4
    mean = s * t / total**2
    variance = s * t * (total - s) * (total - t) / (total**4 * (total - 1))
    both = mean * (1 - mean) / variance - 1
    prior = stats.beta(mean * both, (1 - mean) * both)
    assert prior.mean() == pytest.approx(mean)
    assert prior.var() == pytest.approx(variance)
    posterior = stats.beta(mean * both + w, (1 - mean) * both + total - w)
    p = posterior.mean()
    return score(0), np.sqrt(total * p * (1 - p)) * abs(slope)


@settings(deadline=None)
@given(NETWORK)
def test_noise_corrected_agrees_with_the_steps_of_the_paper(network):
    first, second, weight = columns(network)
    found = backbone(first, second, weight)
    strength = np.bincount(first, weight, 8) + np.bincount(second, weight, 8)
    total = strength.sum()
    for k, (i, j) in enumerate(network):
        s, t = strength[i], strength[j]
        # Ends that hold everything leave the prior no variance.
        if total > 3 and max(s, t) < 0.98 * total:
            score, deviation = reference(weight[k], s, t, total)
            assert found.score[k] == pytest.approx(score, abs=1e-9)
            assert found.deviation[k] == pytest.approx(deviation, rel=1e-4, abs=1e-9)


def test_prior_is_that_of_drawing_without_replacement():
    """SciPy's hypergeometric: of 40 draws 12 are of one end, 10 of the other."""
    s, t, total = 12, 10, 40
    exact = stats.hypergeom(total, s, t).var() / total**2
    assert s * t * (total - s) * (total - t) / (total**4 * (total - 1)) == pytest.approx(exact)


@pytest.mark.parametrize("method", ["noise-corrected", "disparity"])
def test_planted_ties_stand_out_from_noise(method):
    """A random network of 40 nodes, with ten ties of fifteen times the weight."""
    rng = np.random.default_rng(2)
    first, second = np.triu_indices(40, 1)
    weight = rng.poisson(4, len(first)).astype(float)
    planted = rng.choice(len(first), 10, replace=False)
    weight[planted] += 60
    there = weight > 0
    found = backbone(first[there], second[there], weight[there], method=method, level=0.001)
    planted = np.isin(np.flatnonzero(there), planted)
    assert found.kept[planted].all()
    assert found.kept[~planted].mean() < 0.05


@settings(deadline=None)
@given(
    NETWORK, st.randoms(use_true_random=False), st.sampled_from(["noise-corrected", "disparity"])
)
def test_order_and_direction_of_pairs_do_not_matter(network, chance, method):
    rows = [(i, j, w) for (i, j), w in network.items()]
    mixed = [(j, i, w) if chance.random() < 0.5 else (i, j, w) for i, j, w in rows]
    order = chance.sample(range(len(rows)), len(rows))
    one = backbone(*map(list, zip(*rows, strict=True)), method=method)
    other = backbone(*map(list, zip(*(mixed[k] for k in order), strict=True)), method=method)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a[order], b)


def test_less_than_one_draw_and_a_single_tie_surprise_nobody():
    assert backbone(["a", "a"], ["b", "c"], [0.4, 0.01]).kept.tolist() == [False, False]
    assert backbone(["a"], ["b"], [9.0], method="disparity").kept.tolist() == [False]
    assert backbone([], [], []).kept.tolist() == []


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((["a"], ["a"], [1]), {}, r"'a'\)? is paired with itself \(1 such"),
        ((["a", "b"], ["b", "a"], [1, 1]), {}, "comes twice .*add the two up first"),
        ((["a"], ["b"], [0]), {}, r"weight\[0\] is 0.0 .*leave out pairs"),
        ((["a"], ["b", "c"], [1]), {}, "give one entry per pair"),
        ((["a"], ["b"], [1]), {"method": "salience"}, "method is 'salience'; give one of noise"),
        ((["a"], ["b"], [1]), {"level": 5}, "level is 5; give a share such as 0.05"),
    ],
)
def test_wrong_use_is_named(arguments, options, words):
    with pytest.raises(InputError, match=words):
        backbone(*arguments, **options)

"""Themes in clusters against random labelling: all labellings looked at, drawing, planted truth."""

from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.stats import false_discovery_control, fisher_exact

from triplehelix.detect.significance import evidence, q_over_themes, theme_concentration
from triplehelix.errors import InputError

NAN = float("nan")


def counted(members, themes):
    """Arguments for `theme_concentration` from (clusters x activities), (activities x themes)."""
    return members @ themes, members.sum(axis=1), themes.sum(axis=0), themes.shape[0]


def test_p_values_are_shares_of_all_relabellings():
    """Six activities in two overlapping clusters; themes move together, as they do in life."""
    members = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1]])
    themes = np.array([[1, 1], [1, 0], [0, 1], [1, 0], [0, 0], [0, 1]])
    truth = members @ themes
    relabelled = np.array([members @ themes[list(order)] for order in permutations(range(6))])
    expected = (relabelled >= truth).mean(axis=0)
    found = theme_concentration(*counted(members, themes))
    np.testing.assert_allclose(found.p_value, expected, rtol=1e-12)
    np.testing.assert_allclose(found.cluster_p_value, np.minimum(1, 2 * expected.min(axis=1)))


def test_agrees_with_fisher_s_exact_test():
    rng = np.random.default_rng(2)
    members, themes = rng.integers(0, 2, (5, 60)), rng.integers(0, 2, (60, 3))
    both, group, themed, n = counted(members, themes)
    found = theme_concentration(both, group, themed, n)
    for c, t in np.ndindex(both.shape):
        k, outside = both[c, t], themed[t] - both[c, t]
        table = [[k, group[c] - k], [outside, n - group[c] - outside]]
        np.testing.assert_allclose(found.p_value[c, t], fisher_exact(table, "greater").pvalue)
    q = false_discovery_control(found.p_value, axis=None)
    np.testing.assert_allclose(found.q_value.ravel(), q)
    q = false_discovery_control(found.cluster_p_value)
    np.testing.assert_allclose(found.cluster_q_value, q)


def test_planted_concentration_is_found_and_an_even_spread_is_not():
    """Ten clusters of 100 activities; theme 0 makes 30 of the first and 10 of each other."""
    both = np.full((10, 2), 10)
    both[0, 0] = 30
    found = theme_concentration(both, np.full(10, 100), [120, 100], 1_000)
    assert found.cluster_q_value[0] < 1e-4
    assert found.q_value[0, 0] < 1e-4
    assert (found.cluster_q_value[1:] > 0.5).all()
    assert (np.delete(found.q_value.ravel(), 0) > 0.5).all()


def themes_of(rng, n, dependence):
    """Themes of n activities: one each at most, or a narrow one within a wide one, or free."""
    if dependence == "exclusive":
        return np.eye(6, dtype=int)[rng.integers(0, 6, n)][:, :5]
    wide = rng.random(n) < 0.3
    if dependence == "nested":
        return np.c_[wide, wide & (rng.random(n) < 0.6)].astype(int)
    return (rng.random((n, 5)) < 0.2).astype(int)


@pytest.mark.parametrize("dependence", ["exclusive", "nested", "free"])
def test_chance_alone_is_seldom_called(dependence):
    """Of 600 random labellings of 12 clusters that share activities, at most 5 % call any."""
    rng = np.random.default_rng(20)
    n, runs = 400, 600
    members = (rng.random((12, n)) < np.linspace(0.02, 0.3, 12)[:, None]).astype(int)
    themes = themes_of(rng, n, dependence)
    p, any_called, any_pair = [], 0, 0
    for _ in range(runs):
        found = theme_concentration(*counted(members, rng.permutation(themes)))
        p.append(found.cluster_p_value)
        any_called += (found.cluster_q_value <= 0.05).any()
        any_pair += (found.q_value <= 0.05).any()
    error = 3 * np.sqrt(0.05 * 0.95 / runs)
    assert np.mean(np.array(p) <= 0.05) <= 0.05
    assert any_called / runs <= 0.05 + error
    assert any_pair / runs <= 0.05 + error


def test_a_theme_of_all_tells_nothing_and_a_theme_of_one_little():
    found = theme_concentration([[4, 1], [6, 0]], [4, 6], [10, 1], 10)
    np.testing.assert_allclose(found.p_value, [[1, 0.4], [1, 1]])


def test_what_cannot_be_tested_is_not_counted():
    """The second theme and the third cluster have no activity; the other two are as if alone."""
    found = theme_concentration([[5, 0], [1, 0], [0, 0]], [5, 5, 0], [6, 0], 20)
    alone = theme_concentration([[5], [1]], [5, 5], [6], 20)
    np.testing.assert_array_equal(found.p_value[:2, :1], alone.p_value)
    np.testing.assert_array_equal(found.q_value[:2, :1], alone.q_value)
    np.testing.assert_array_equal(found.cluster_p_value, [*alone.cluster_p_value, NAN])
    np.testing.assert_array_equal(found.cluster_q_value, [*alone.cluster_q_value, NAN])
    assert np.isnan(found.p_value[2]).all()
    assert np.isnan(found.p_value[:, 1]).all()


def test_no_clusters_no_themes_one_cluster():
    assert theme_concentration(np.empty((0, 2)), [], [3, 4], 9).q_value.shape == (0, 2)
    without = theme_concentration(np.empty((2, 0)), [3, 4], [], 9)
    assert np.isnan(without.cluster_q_value).all()
    one = theme_concentration([[2]], [2], [2], 5)
    np.testing.assert_allclose([one.p_value[0, 0], one.cluster_q_value[0]], 0.1)


def test_clusters_in_any_order():
    rng = np.random.default_rng(4)
    members, themes = rng.integers(0, 2, (30, 90)), rng.integers(0, 2, (90, 7))
    order = rng.permutation(30)
    straight = theme_concentration(*counted(members, themes))
    shuffled = theme_concentration(*counted(members[order], themes))
    for one, other in zip(straight, shuffled, strict=True):
        np.testing.assert_array_equal(one[order], other)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match=r"n_both has shape \(2,\).*clusters x themes"):
        theme_concentration([1, 2], [3, 3], [4], 9)
    with pytest.raises(InputError, match="cannot be counts of the same things"):
        theme_concentration([[4]], [3], [4], 9)


def called_by_the_paper(p, theme, n_themes, bound):
    """Benjamini and Bogomolov's procedure, as they describe it, at one bound."""
    least = np.ones(n_themes)
    for each, value in zip(theme, p, strict=True):
        least[each] = min(least[each], value)
    selected = false_discovery_control(least) <= bound
    return selected[theme] & (p <= bound * selected.sum() / n_themes)


def test_q_over_themes_calls_what_the_procedure_calls():
    rng = np.random.default_rng(9)
    for _ in range(150):
        n_themes = int(rng.integers(1, 8))
        theme = rng.integers(0, n_themes, size=rng.integers(1, 20))
        p = rng.random(len(theme)) ** 3
        q = q_over_themes(p, theme, n_themes=n_themes)
        for bound in rng.random(10) ** 2:
            assert ((q <= bound) == called_by_the_paper(p, theme, n_themes, bound)).all()


def test_q_over_one_theme_is_p_and_none_is_empty():
    np.testing.assert_array_equal(q_over_themes([0.2, 0.01], ["a", "a"], n_themes=1), [0.2, 0.01])
    assert q_over_themes([], [], n_themes=3).shape == (0,)


def test_themes_without_a_cluster_count():
    np.testing.assert_allclose(q_over_themes([0.01], ["a"], n_themes=5), [0.05])


def test_q_over_themes_refuses_what_it_cannot_use():
    with pytest.raises(InputError, match="clusters of 2 themes are given"):
        q_over_themes([0.1, 0.2], ["a", "b"], n_themes=1)
    with pytest.raises(InputError, match="leave out what was not tested"):
        q_over_themes([NAN], ["a"], n_themes=1)


@pytest.mark.parametrize(
    ("stability", "q", "word"),
    [
        (0.75, 0.05, "strong"), (1.0, 0.0, "strong"),
        (0.75, 0.0501, "moderate"), (0.9, NAN, "moderate"), (0.5, 0.05, "moderate"),
        (0.7499, 0.0, "moderate"),
        (0.7, 0.06, "weak"), (0.7, NAN, "weak"), (0.49, 0.0, "weak"), (0.0, 1.0, "weak"),
        (NAN, 0.0, "untested"), (NAN, NAN, "untested"),
    ],
)  # fmt: skip
def test_evidence_by_the_published_rule(stability, q, word):
    assert evidence([stability], [q]) == [word]


def test_more_stability_or_less_chance_never_weakens_the_word():
    rank = {"weak": 0, "moderate": 1, "strong": 2}
    grid = [0, 0.05, 0.3, 0.5, 0.6, 0.75, 1]
    for (s, more), q in [(pair, q) for pair in combinations(grid, 2) for q in grid]:
        assert rank[evidence([more], [q])[0]] >= rank[evidence([s], [q])[0]]
        assert rank[evidence([q], [s])[0]] >= rank[evidence([q], [more])[0]]


def test_evidence_refuses_what_is_no_share():
    assert evidence([], []) == []
    with pytest.raises(InputError, match=r"stability\[1\] is 75.0.*between 0 and 1"):
        evidence([0.5, 75], [0.1, 0.1])
    with pytest.raises(InputError, match=r"q_value\[0\] is -0.1"):
        evidence([0.5], [-0.1])
    with pytest.raises(InputError, match="one of each for each cluster"):
        evidence([0.5], [0.1, 0.2])


def test_a_theme_of_large_activities_has_no_head_start():
    """
    Forty large activities at ten of twenty sites each, 400 at one; half of the large and a
    twentieth of the small have the theme, wherever they are. As one kind the theme is beyond
    chance at most sites; within sizes at none.
    """
    rng = np.random.default_rng(11)
    size = np.repeat([0, 1], [40, 400])
    members = np.zeros((20, 440), dtype=bool)
    for a in range(440):
        members[rng.choice(20, 10 if size[a] == 0 else 1, replace=False), a] = True
    has = np.concatenate([np.arange(40) % 2 == 0, np.arange(400) % 20 == 0])
    both = (members & has).sum(axis=1)[:, None]
    plain = theme_concentration(both, members.sum(axis=1), [has.sum()], 440)
    by_size = [np.array([(row & (size == k)).sum() for k in (0, 1)]) for row in [*members, has]]
    within = theme_concentration(both, by_size[:20], [by_size[20]], [40, 400])
    assert (plain.q_value <= 0.05).mean() > 0.5
    assert (within.q_value > 0.05).all()

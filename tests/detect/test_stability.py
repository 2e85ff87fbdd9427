"""Oracles: similarities worked by hand, the definition in plain Python, planted truth, laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.detect import stability
from triplehelix.detect.dbscan import clustering, finder
from triplehelix.detect.stability import activity_weights, certainty, organisation_weights
from triplehelix.detect.stability_runs import bootstrap, figures_of, work_of
from triplehelix.errors import InputError


def small_world(organisation, pairs, by_activities=True, shape=None):
    site, activity = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shape = shape or (max(organisation) + 1, max(activity, default=-1) + 1)
    return work_of(
        np.array(organisation), site, activity, shape=shape, by_activities=by_activities
    )  # fmt: skip


def found_as(*runs):
    """A method that finds what it is told: labels for each run's weights, whatever the order."""
    told = {tuple(weight): np.array([labels]) for weight, labels in runs}
    return lambda weight: told[tuple(weight.tolist())]


def weights(rows):
    return np.array(rows, dtype=np.uint8)


def test_hand_worked():
    """Six organisations with a site each, listed without activity; clusters abc and def."""
    work = small_world(range(6), [])
    find = found_as(
        ((1, 1, 1, 1, 1, 1), [1, 1, 1, 1, 0, 0]),
        ((2, 1, 0, 0, 0, 3), [1, 1, -1, -1, -1, 0]),
        ((0, 0, 0, 1, 1, 1), [-1, -1, -1, -1, -1, -1]),
    )
    (runs,) = bootstrap(
        np.array([[0, 0, 0, 1, 1, 1]]), work, find,
        organisation_weights=weights([[1] * 6, [2, 1, 0, 0, 0, 3], [0, 0, 0, 1, 1, 1]]),
        activity_weights=np.zeros((3, 0), dtype=np.uint8),
    )  # fmt: skip
    # abc and abcd share 3 of 4; def and ef 2 of 3. Then ab is found whole, and so is f.
    np.testing.assert_allclose(runs.jaccard, [[3 / 4, 2 / 3], [1, 1], [0, 0]])
    np.testing.assert_array_equal(runs.figures.weight, [[4, 2], [3, 3], [0, 0]])
    np.testing.assert_array_equal(runs.figures.n_organisations, [[4, 2], [3, 3], [0, 0]])
    # Equals share the better rank; without a counterpart, one past the last of none.
    np.testing.assert_array_equal(runs.figures.rank, [[1, 2], [1, 1], [1, 1]])
    # c was drawn once, with its cluster; d twice, never with it; e and f twice.
    np.testing.assert_allclose(runs.probability, [1, 1, 1, 0, 1 / 2, 2 / 3])


def test_of_equal_likeness_the_heavier_and_then_the_one_numbered_lower():
    work = small_world(range(4), [])
    for drawn, expected in [([1, 1, 2, 3], 5), ([2, 3, 1, 1], 5), ([1, 1, 1, 1], 2)]:
        (runs,) = bootstrap(
            np.zeros((1, 4), dtype=np.int64), work, lambda weight: np.array([[0, 0, 1, 1]]),
            organisation_weights=weights([drawn]), activity_weights=np.zeros((1, 0), np.uint8),
        )  # fmt: skip
        assert runs.jaccard.tolist() == [[0.5]]
        assert runs.figures.weight.tolist() == [[expected]]
    # The last of them went to cluster 0, which is what its sites say.
    assert runs.probability.tolist() == [1, 1, 0, 0]


def test_what_was_not_drawn_keeps_its_place():
    """
    One organisation with sites 0 and 1, and another with site 2; each site its activity.

    Activity 0 is not drawn, so site 0 is not there, yet its organisation is, once. Activity 2
    is drawn twice and its organisation three times.
    """
    work = small_world([0, 0, 1], [(0, 0), (1, 1), (2, 2)])
    (runs,) = bootstrap(
        np.array([[0, 0, 0]]), work, found_as(((0, 1, 6), [-1, 0, 0])),
        organisation_weights=weights([[1, 3]]), activity_weights=weights([[0, 1, 2]]),
    )  # fmt: skip
    assert runs.figures.n_organisations.tolist() == [[1 + 3]]
    assert runs.figures.n_activities.tolist() == [[1 * 1 + 2 * 3]]
    assert runs.figures.weight.tolist() == [[7]]
    np.testing.assert_array_equal(runs.probability, [np.nan, 1, 1])


def test_an_activity_counts_by_the_mean_of_its_organisations():
    work = small_world([0, 1, 2], [(0, 0), (1, 0), (2, 0)])
    (runs,) = bootstrap(
        np.array([[0, 0, 0]]), work, lambda weight: np.array([[0, 0, 0]]),
        organisation_weights=weights([[0, 2, 2]]), activity_weights=weights([[3]]),
    )  # fmt: skip
    np.testing.assert_allclose(runs.figures.n_activities, [[3 * (0 + 2 + 2) / 3]])


def plain_runs(
    labels, organisation, pairs, find, drawn_organisations, drawn_activities, by_activities
):
    """The definition, in plain Python over sets, for one level and one run."""
    acts = {s: {a for t, a in pairs if t == s} for s in range(len(organisation))}
    weight = [
        int(drawn_organisations[o])
        * (sum(int(drawn_activities[a]) for a in acts[s]) if by_activities and acts[s] else 1)
        for s, o in enumerate(organisation)
    ]
    found = find(np.array(weight))[0]
    drawn = {s for s in range(len(weight)) if weight[s]}
    run = {}
    for s in drawn:
        if found[s] >= 0:
            run.setdefault(found[s], set()).add(s)
    mass = {f: sum(weight[s] for s in sites) for f, sites in run.items()}
    whole = [set(np.flatnonzero(labels == c)) for c in range(labels.max() + 1)]
    best = []
    for sites in whole:
        sites = sites & drawn
        rivals = [
            (-len(sites & run[f]) / len(sites | run[f]), -mass[f], f) for f in run if sites & run[f]
        ]
        best.append(min(rivals) if rivals else None)
    place = {
        s: found[s]
        if s in drawn
        else best[labels[s]][2]
        if labels[s] >= 0 and best[labels[s]]
        else -1
        for s in range(len(weight))
    }
    rows = []
    for match in best:
        if match is None:
            rows.append((0.0, 0, 0, 0, len(run) + 1))
            continue
        here = [s for s in place if place[s] == match[2]]
        n_organisations = sum(int(drawn_organisations[o]) for o in {organisation[s] for s in here})
        n_activities = 0.0
        for a in {a for s in here for a in acts[s]}:
            owners = [int(drawn_organisations[organisation[s]]) for s in here if a in acts[s]]
            n_activities += int(drawn_activities[a]) * sum(owners) / len(owners)
        rank = 1 + sum(other > -match[1] for other in mass.values())
        rows.append((-match[0], -match[1], n_organisations, n_activities, rank))
    inside = [
        s in drawn and labels[s] >= 0 and best[labels[s]] is not None
        and found[s] == best[labels[s]][2]
        for s in range(len(weight))
    ]  # fmt: skip
    return rows, [s in drawn for s in range(len(weight))], inside


@pytest.mark.parametrize("by_activities", [True, False])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_agrees_with_the_definition_in_plain_python(by_activities, seed):
    rng = np.random.default_rng(seed)
    n, n_organisations, n_activities, n_runs = rng.integers(1, [25, 12, 15, 12])
    organisation = rng.integers(0, n_organisations, n)
    pairs = [tuple(pair) for pair in rng.integers(0, [n, n_activities], (rng.integers(0, 40), 2))]
    lat, lon = rng.uniform(50, 50.5, (2, n)).round(1)
    find = finder(lat, lon, radius_km=[12.0], min_weight=3)
    work = small_world(organisation, pairs, by_activities, (n_organisations, n_activities))
    labels = find(rng.integers(1, 4, n)).labels
    drawn = [rng.poisson(1, (n_runs, k)).astype(np.uint8) for k in (n_organisations, n_activities)]
    (runs,) = bootstrap(
        labels, work, lambda weight: find(weight).labels,
        organisation_weights=drawn[0], activity_weights=drawn[1],
    )  # fmt: skip
    plain = [
        plain_runs(
            labels[0], organisation.tolist(), pairs, lambda w: find(w).labels, *each, by_activities
        )
        for each in zip(*drawn, strict=True)
    ]
    expected = np.array([rows for rows, _, _ in plain], dtype=float).reshape(n_runs, -1, 5)
    ours = np.stack([runs.jaccard, *runs.figures], axis=-1)
    np.testing.assert_allclose(ours, expected, rtol=1e-12)
    times, inside = (np.sum([each[k] for each in plain], axis=0) for k in (1, 2))
    share = np.where((labels[0] >= 0) & (times > 0), inside / np.maximum(times, 1), np.nan)
    np.testing.assert_allclose(runs.probability, share)


def test_the_figures_of_the_whole_count_each_thing_once():
    """Sites 0 and 1 of one organisation share an activity; site 3 is only listed; 4 is noise."""
    work = small_world([0, 0, 1, 2, 3], [(0, 0), (0, 1), (1, 0), (2, 0), (4, 2), (0, 1)])
    figures = figures_of(np.array([0, 0, 0, 1, -1]), work)
    assert figures.weight.tolist() == [4, 1]
    assert figures.n_organisations.tolist() == [2, 1]
    assert figures.n_activities.tolist() == [2, 0]
    assert figures.rank.tolist() == [1, 2]


def test_drawing_everything_once_finds_the_clusters_themselves():
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(50, 51, (2, 80))
    find = finder(lat, lon, radius_km=[5.0, 10.0, 30.0], min_weight=4)
    labels = find(None).labels
    work = small_world(range(80), [])
    levels = bootstrap(
        labels, work, lambda weight: find(weight).labels,
        organisation_weights=np.ones((9, 80), np.uint8), activity_weights=np.ones((9, 0), np.uint8),
    )  # fmt: skip
    for own, runs in zip(labels, levels, strict=True):
        assert (runs.jaccard == 1).all()
        np.testing.assert_array_equal(runs.probability, np.where(own >= 0, 1, np.nan))
        for figure, of_whole in zip(runs.figures, figures_of(own, work), strict=True):
            assert (figure == of_whole).all()


def town(lat, lon, spread_km, n, rng):
    north, east = rng.normal(0, spread_km, (2, n)) / 111.2
    return lat + north, lon + east / np.cos(np.radians(lat))


def test_more_runs_keep_those_of_fewer_whatever_thread_worked_them_off():
    rng = np.random.default_rng(6)
    lat, lon = rng.uniform(50, 51, (2, 150))
    find = finder(lat, lon, radius_km=[8.0], min_weight=5)
    ids = [f"o{i}" for i in range(150)]

    def first_runs(n_runs):
        (runs,) = bootstrap(
            find(None).labels, small_world(range(150), []), lambda weight: find(weight).labels,
            organisation_weights=organisation_weights(ids, n_runs=n_runs, seed=2),
            activity_weights=activity_weights([], n_runs=n_runs, seed=2),
        )  # fmt: skip
        return [each[:13] for each in (runs.jaccard, *runs.figures)]

    for few, many in zip(first_runs(13), first_runs(70), strict=True):
        np.testing.assert_array_equal(few, many)


def test_two_tight_far_towns_are_stable_and_a_thin_scatter_is_not():
    rng = np.random.default_rng(5)
    one, other = town(52, 0, 1, 60, rng), town(45, 9, 1, 40, rng)
    scatter = rng.uniform([39, -6], [41, -3], (400, 2)).T
    lat, lon = np.concatenate([one, other, scatter], axis=1)
    found = stability(
        lat, lon, organisation=[f"o{i}" for i in range(500)], radius_km=15, min_weight=6
    )
    assert (found.labels[:60] == found.labels[0]).all()
    assert (found.labels[60:100] == found.labels[60]).all()
    towns = found.labels[[0, 60]]
    assert (found.stability[towns] > 0.95).all()
    assert (found.probability[:100] > 0.95).all()
    loose = np.setdiff1d(found.labels[100:], [-1])
    assert len(loose) > 3
    # With 5.0 of weight in reach on average and 6 to be core, they percolate by chance.
    assert (found.stability[loose] < 0.75).mean() > 0.75
    assert found.stability[loose].max() < found.stability[towns].min()
    assert np.isnan(found.probability[found.labels < 0]).all()
    # A count of organisations drawn one by one varies as Poisson's does.
    low, high = found.n_organisations.low[towns[0]], found.n_organisations.high[towns[0]]
    assert 40 <= low <= 49
    assert 71 <= high <= 80
    assert found.rank.low[towns[0]] <= 1 < found.rank.high[towns[0]] <= 3


def test_an_interval_holds_its_figure():
    rng = np.random.default_rng(8)
    lat, lon = rng.uniform(50, 52, (2, 300))
    found = stability(
        lat, lon, organisation=[f"o{i}" for i in rng.integers(0, 90, 300)],
        activity=[f"a{i}" for i in rng.integers(0, 50, 300)], radius_km=12, min_weight=5, n_runs=30,
    )  # fmt: skip
    assert len(found.stability) > 3
    for value, low, high in found[2:6]:
        assert (low <= value).all()
        assert (value <= high).all()


def test_order_of_rows_and_copies_of_rows_do_not_matter():
    rng = np.random.default_rng(9)
    lat, lon = rng.uniform(50, 51, (2, 200)).round(1)
    rows = np.c_[lat, lon], rng.integers(0, 40, 200), rng.integers(0, 30, 200)
    order = np.r_[rng.permutation(200), rng.integers(0, 200, 50)]

    def of(places, organisation, activity):
        return stability(
            *places.T, organisation=[f"o{i}" for i in organisation],
            activity=[f"a{i}" if i else None for i in activity],
            radius_km=12, min_weight=9, n_runs=25,
        )  # fmt: skip

    here, there = of(*rows), of(*(each[order] for each in rows))
    np.testing.assert_array_equal(here.labels[order], there.labels)
    np.testing.assert_array_equal(here.probability[order], there.probability)
    for one, other in zip(here[1:6], there[1:6], strict=True):
        np.testing.assert_array_equal(one, other)


def test_labels_are_those_of_dbscan_on_sites_weighed_by_distinct_activities():
    """Three organisations at one place: two activities, the same twice, and only listed."""
    found = stability(
        [50] * 5 + [60], [0] * 5 + [9], organisation=list("AABBCD"),
        activity=["x", "y", "x", "x", None, float("nan")], radius_km=1, min_weight=4, n_runs=5,
    )  # fmt: skip
    assert found.labels.tolist() == [0] * 5 + [-1]
    assert [each.value.tolist() for each in found[2:6]] == [[2 + 1 + 1], [3], [2], [1]]
    weighed = clustering(
        [50, 50, 50, 60], [0, 0, 0, 9], radius_km=1, min_weight=4, weight=[2, 1, 1, 1]
    )
    assert weighed.labels.tolist() == [0, 0, 0, -1]


def test_one_organisation_is_there_as_often_as_it_is_drawn():
    """The cluster rests on one organisation: Poisson draws it in 1 - 1/e of the runs."""
    found = stability([50], [0], organisation=["A"], radius_km=1, min_weight=1, n_runs=2000)
    np.testing.assert_allclose(found.stability, 1 - np.exp(-1), atol=0.04)
    assert found.probability.tolist() == [1]
    assert [tuple(int(x[0]) for x in each) for each in found[2:6]] == [
        (1, 0, 3), (1, 0, 3), (0, 0, 0), (1, 1, 1),
    ]  # fmt: skip


def test_no_cluster_and_no_rows():
    found = stability([50, 60], [0, 0], organisation=["A", "B"], radius_km=1, min_weight=2)
    assert found.labels.tolist() == [-1, -1]
    assert found.stability.shape == found.rank.low.shape == (0,)
    assert np.isnan(found.probability).all()
    empty = stability([], [], organisation=[], radius_km=1, min_weight=2)
    assert empty.labels.shape == empty.stability.shape == empty.rank.value.shape == (0,)


def test_a_level_without_clusters_beside_one_with():
    find = finder([50, 50.05], [0, 0], radius_km=[1, 10], min_weight=2)
    labels = find(None).labels
    levels = certainty(
        labels, small_world([0, 1], []), lambda weight: find(weight).labels,
        organisations=["A", "B"], activities=[], n_runs=20, seed=1,
    )  # fmt: skip
    assert [len(level.stability) for level in levels] == [0, 1]


def test_an_organisation_and_an_activity_of_one_id_are_drawn_apart():
    ids = [f"{i}" for i in range(50)]
    one, other = (each(ids, n_runs=16, seed=0) for each in (organisation_weights, activity_weights))
    assert (one != other).any()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organisation": ["A"]}, "organisation has 1 ids, but there are 2 rows"),
        ({"organisation": ["A", None]}, r"organisation\[1\] is missing .*one of its own"),
        ({"activity": ["x"]}, "activity has 1 ids, but there are 2 rows"),
        ({"activity": ["x", 1.5]}, r"activity\[1\] is 1.5; give ids as texts or whole numbers"),
        ({"n_runs": 0}, "n_runs is 0; give at least 1"),
        ({"seed": 1.5}, "seed is 1.5; give a whole number"),
        ({"radius_km": -1}, "radius_km"),
        ({"min_weight": 0}, "min_weight is 0"),
        ({"lat": [1, 91]}, "latitude and longitude swapped"),
    ],
)
def test_bad_input_is_explained(changes, words):
    given = {
        "lat": [1, 2], "lon": [1, 2], "organisation": ["A", "B"], "radius_km": 1, "min_weight": 1,
    } | changes  # fmt: skip
    with pytest.raises(InputError, match=words):
        stability(given.pop("lat"), given.pop("lon"), **given)


def test_shapes_that_do_not_fit_are_explained():
    with pytest.raises(InputError, match=r"site\[1\] is 7 .*numbered from 0 to 1"):
        small_world([0, 1], [(0, 0), (7, 0)])
    work = small_world([0, 1], [(0, 0)])
    labels, fine = np.array([[0, 0]]), np.ones((1, 2), np.uint8)
    with pytest.raises(
        InputError, match=r"activity_weights has shape \(1, 2\), and the sites have 1"
    ):
        bootstrap(labels, work, None, organisation_weights=fine, activity_weights=fine)
    with pytest.raises(InputError, match=r"find returned labels of shape \(2,\)"):
        bootstrap(
            labels, work, lambda weight: np.array([0, 0]),
            organisation_weights=fine, activity_weights=fine[:, :1],
        )  # fmt: skip

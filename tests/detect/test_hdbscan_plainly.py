"""Oracle: the definition of HDBSCAN*, written down in plain Python without a thought for speed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.detect import hdbscan
from triplehelix.sphere import distance_km


def reachability(lat, lon, weight, min_weight):
    """
    Mutual reachability in km, between two places and (on the diagonal) of each with itself.

    To the millimetre, so that what is equally long is equal here too.
    """
    apart = np.round(distance_km(lat[:, None], lon[:, None], lat, lon), 6)
    core = np.full(len(lat), np.inf)
    for i, row in enumerate(apart):
        enough = [d for d in row if weight[row <= d].sum() >= min_weight - 1e-9]
        core[i] = min(enough, default=np.inf)
    return np.maximum(apart, np.maximum(core[:, None], core))


def parts(members, closer):
    """What hangs together among `members`; who is not close to himself is in no part."""
    left, found = {i for i in members if closer[i, i]}, []
    while left:
        part, new = set(), {min(left)}
        while new:
            part |= new
            left -= new
            new = {j for j in left if any(closer[i, j] for i in new)}
        found.append(frozenset(part))
    return found


def nodes_by_definition(reach, weight, least, floor, limit):
    """Each cluster from its birth down: {members: [birth, death, parent, {leaver: distance}]}."""
    reach = np.where(reach <= limit, np.maximum(reach, floor), np.inf)
    levels = sorted(set(reach[np.isfinite(reach)].tolist()), reverse=True)

    def heavy(members, closer):
        return [p for p in parts(members, closer) if weight[list(p)].sum() >= least - 1e-9]

    nodes = {}
    waiting = [(p, limit, None) for p in heavy(range(len(weight)), np.isfinite(reach))]
    while waiting:
        born, birth, parent = waiting.pop()
        members, leavers = born, {}
        for level in levels:
            stay = heavy(members, reach < level)
            gone = members - frozenset().union(*stay)
            leavers |= dict.fromkeys(gone, level)
            if len(stay) != 1:
                nodes[born] = [birth, level, parent, leavers]
                waiting += [(p, level, born) for p in stay]
                break
            members = stay[0]
    return nodes


def density(km):
    return 1.0 / km if km else np.inf


def excess(node, nodes, weight):
    birth, death, _, leavers = nodes[node]
    return sum(
        weight[p] * (density(leavers.get(p, death)) - density(birth)) for p in node if weight[p]
    )


def chosen(nodes, weight, selection):
    """The clusters selected, and which of those that were born are better than their parts."""
    children = {node: [c for c in nodes if nodes[c][2] == node] for node in nodes}

    def best(node):
        below = [best(c) for c in children[node]]
        inside = sum(value for value, _ in below)
        own = excess(node, nodes, weight)
        better = not children[node] if selection == "leaf" else inside <= own * (1 + 1e-9)
        if better and np.isfinite(nodes[node][0]):
            return own, [node]
        return inside, [each for _, some in below for each in some]

    return [each for top in nodes if nodes[top][2] is None for each in best(top)[1]]


def plainly(lat, lon, weight, *, min_cluster_weight, min_weight, selection, floor, limit):
    """Labels and probabilities by place, and the nodes."""
    reach = reachability(lat, lon, weight, min_weight)
    nodes = nodes_by_definition(reach, weight, min_cluster_weight, floor, limit)
    selected = chosen(nodes, weight, selection)
    first = {node: min(node, key=lambda i: (lat[i], lon[i])) for node in selected}
    selected.sort(key=lambda c: (-round(weight[list(c)].sum(), 9), lat[first[c]], lon[first[c]]))
    labels, depth = np.full(len(lat), -1), np.zeros(len(lat))
    for number, cluster in enumerate(selected):
        _, death, _, leavers = nodes[cluster]
        for p in cluster:
            leaves = leavers.get(p, death)
            labels[p], depth[p] = number, 1.0 if leaves <= death else death / leaves
    return labels, depth, nodes


def nodes_found(tree):
    """Our tree in the same words."""
    n = len(tree.parent)
    members = [set(np.flatnonzero(tree.row_node == v).tolist()) for v in range(n)]
    own = [dict.fromkeys(m) for m in members]
    for v in range(n - 1, 0, -1):
        if tree.parent[v] >= 0:
            assert tree.parent[v] < v
            members[tree.parent[v]] |= members[v]
    named = [frozenset(m) for m in members]
    return {
        named[v]: [
            tree.birth_km[v], tree.death_km[v],
            named[tree.parent[v]] if tree.parent[v] >= 0 else None,
            {p: tree.row_km[p] for p in own[v]},
        ]
        for v in range(n)
    }  # fmt: skip


def assert_as_defined(
    lat, lon, weight, selection="excess_of_mass", floor=0.0, limit=None, **bounds
):
    found = hdbscan(
        lat, lon, weight=weight, selection=selection, min_distance_km=floor,
        max_distance_km=limit, **bounds,
    )  # fmt: skip
    labels, depth, nodes = plainly(
        lat, lon, weight, selection=selection, floor=floor,
        limit=np.inf if limit is None else limit, **bounds,
    )  # fmt: skip
    ours = nodes_found(found.tree)
    assert set(ours) == set(nodes)
    for members, (birth, death, parent, leavers) in nodes.items():
        np.testing.assert_allclose(ours[members][:2], [birth, death], atol=1e-5)
        assert ours[members][2] == parent
        stay = {p for child in nodes if nodes[child][2] == members for p in child}
        assert set(ours[members][3]) == set(members) - stay
        for p in set(members) - stay:
            np.testing.assert_allclose(ours[members][3][p], leavers[p], atol=1e-5)
    by_members = dict(zip(nodes_found(found.tree), range(len(nodes)), strict=True))
    for members, v in by_members.items():
        np.testing.assert_allclose(found.tree.weight[v], weight[list(members)].sum())
        np.testing.assert_allclose(
            found.tree.excess_of_mass[v], excess(members, nodes, weight), rtol=1e-5, atol=1e-9
        )
    np.testing.assert_array_equal(found.labels, labels)
    np.testing.assert_allclose(found.probabilities, depth, rtol=1e-6)
    for number in range(labels.max(initial=-1) + 1):
        v = np.flatnonzero(found.tree.label == number)[0]
        assert ours_at(found.tree, v) == set(np.flatnonzero(labels == number).tolist())


def ours_at(tree, v):
    return set(list(nodes_found(tree))[v])


def distinct_places(rng, n, side):
    cells = rng.choice(side * side, n, replace=False)
    return (cells // side).astype(float), (cells % side).astype(float)


@pytest.mark.parametrize("selection", ["excess_of_mass", "leaf"])
@pytest.mark.parametrize("seed", range(25))
def test_as_defined_on_a_grid_where_ties_abound(seed, selection):
    """Whole degrees and small whole weights; every fifth town is heavy by itself."""
    rng = np.random.default_rng(seed)
    lat, lon = distinct_places(rng, int(rng.integers(2, 40)), 9)
    weight = np.where(rng.random(len(lat)) < 0.2, 8.0, rng.integers(0, 4, len(lat)))
    assert_as_defined(
        lat, lon, weight, selection,
        min_cluster_weight=float(rng.integers(1, 10)), min_weight=float(rng.integers(1, 14)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_as_defined_anywhere(seed):
    """No ties but those of core distances; weights that are not whole."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    lat, lon = rng.normal(50, 1, n), rng.normal(0, 1, n)
    assert_as_defined(
        lat, lon, rng.lognormal(0, 1, n),
        min_cluster_weight=rng.uniform(1, 12), min_weight=rng.uniform(0.5, 12),
    )  # fmt: skip


@pytest.mark.parametrize("selection", ["excess_of_mass", "leaf"])
@pytest.mark.parametrize("seed", range(15))
def test_as_defined_between_two_distances(seed, selection):
    rng = np.random.default_rng(seed)
    lat, lon = distinct_places(rng, 30, 12)
    weight = np.where(rng.random(30) < 0.2, 8.0, rng.integers(1, 4, 30))
    floor, limit = rng.choice([0.0, 50.0, 112.0, 160.0]), rng.choice([160.0, 225.0, 400.0])
    assert_as_defined(
        lat, lon, weight, selection, floor, limit,
        min_cluster_weight=float(rng.integers(1, 9)), min_weight=float(rng.integers(1, 9)),
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.integers(1, 5)), min_size=1),
    st.integers(1, 12),
    st.integers(1, 12),
)
@settings(deadline=None, max_examples=40)
def test_a_weight_is_as_many_rows(rows, min_cluster_weight, min_weight):
    lat, lon, weight = np.array(rows, dtype=float).T
    times = weight.astype(int)
    bounds = {"min_cluster_weight": min_cluster_weight, "min_weight": min_weight}
    weighted = hdbscan(lat, lon, weight=weight, **bounds)
    repeated = hdbscan(np.repeat(lat, times), np.repeat(lon, times), **bounds)
    np.testing.assert_array_equal(np.repeat(weighted.labels, times), repeated.labels)
    np.testing.assert_array_equal(np.repeat(weighted.probabilities, times), repeated.probabilities)
    np.testing.assert_array_equal(weighted.persistence, repeated.persistence)
    for ours, theirs in zip(weighted.tree[:6], repeated.tree[:6], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(np.repeat(weighted.tree.row_node, times), repeated.tree.row_node)
    np.testing.assert_array_equal(np.repeat(weighted.tree.row_km, times), repeated.tree.row_km)

"""Brokers: against NetworkX on random networks, pairs of partners taken singly, by hand."""

from importlib import import_module
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.link import bridging, brokerage, gateways

NETWORK = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda p: p[0] < p[1]),
    st.sampled_from([1.0, 2.0, 4.0]), min_size=2, max_size=30,
)  # fmt: skip
KIND = {str(k): ("academia", "health", "industry")[k % 3] for k in range(9)}


def columns(network):
    return [*([str(v) for v in e] for e in zip(*network, strict=True)), list(network.values())]


@settings(deadline=None)
@given(NETWORK)
def test_betweenness_and_constraint_are_those_of_networkx(network):
    first, second, weight = columns(network)
    graph = nx.Graph()
    for i, j, w in zip(first, second, weight, strict=True):
        graph.add_edge(i, j, weight=w, length=1 / w)
    found = brokerage(first, second, weight)
    between = nx.betweenness_centrality(graph, weight="length")
    constraint = nx.constraint(graph, weight="weight")
    for k, node in enumerate(found.node.tolist()):
        assert found.betweenness[k] == pytest.approx(between[node], abs=1e-9)
        assert found.constraint[k] == pytest.approx(constraint[node], abs=1e-9)


def test_large_networks_are_worked_on_otherwise_with_the_same_answer(monkeypatch):
    rng = np.random.default_rng(8)
    first, second = np.triu_indices(40, 1)
    weight = rng.gamma(0.5, 1, len(first)) + 1e-6
    as_tables = brokerage(first, second, weight)
    monkeypatch.setattr(import_module("triplehelix.link.brokerage"), "_AS_TABLE", 0)
    as_graphs = brokerage(first, second, weight)
    np.testing.assert_allclose(as_tables.betweenness, as_graphs.betweenness, atol=1e-12)
    np.testing.assert_allclose(as_tables.constraint, as_graphs.constraint, atol=1e-12)


@settings(deadline=None)
@given(NETWORK)
def test_bridging_is_a_count_of_open_pairs_of_unlike_partners(network):
    first, second, _ = columns(network)
    graph = nx.Graph(zip(first, second, strict=True))
    nodes, share = bridging(first, second, KIND)
    for node, value in zip(nodes.tolist(), share, strict=True):
        pairs = list(combinations(graph[node], 2))
        if not pairs:
            assert np.isnan(value)
            continue
        open_ = [p for p in pairs if KIND[p[0]] != KIND[p[1]] and not graph.has_edge(*p)]
        assert value == pytest.approx(len(open_) / len(pairs))


def test_gateways_by_hand():
    """d is reached through b or c, e through c alone: b half of one, c one and a half, of two."""
    found = gateways(
        "a", ["a", "a", "b", "c", "c", "b"], ["b", "c", "d", "d", "e", "c"], {"b": "FR", "c": "DE"}
    )
    assert found.country.tolist() == ["DE", "FR"]
    assert found.share.tolist() == [0.75, 0.25]
    assert found.n_reached == 2


@settings(deadline=None)
@given(NETWORK, st.randoms(use_true_random=False))
def test_order_of_pairs_changes_nothing(network, chance):
    rows = list(zip(*columns(network), strict=True))
    one, other = (
        brokerage(*map(list, zip(*r, strict=True))) for r in (rows, chance.sample(rows, len(rows)))
    )
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_nothing_in_nothing_out_and_wrong_use_is_named():
    assert len(brokerage([], [], []).node) == 0
    with pytest.raises(InputError, match="'z' has no tie"):
        gateways("z", ["a"], ["b"], {})
    with pytest.raises(InputError, match=r"no kind for 'a' \(2 such\)"):
        bridging(["a"], ["b"], {})

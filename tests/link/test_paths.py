"""Products of rows, ways of three ties: against NumPy and against every way taken singly."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from triplehelix.link.paths import row_products, three_steps

EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24)


def matrix(edges):
    table = np.zeros((8, 8))
    for a, b in edges:
        if a != b:
            table[a, b] = table[b, a] = 1
    return sparse.csr_array(table)


def ways(tied, a, b):
    """Each way a, u, v, b by itself, over the root of the partners of u and v."""
    graph = nx.from_scipy_sparse_array(tied)
    return sum(
        (graph.degree[u] * graph.degree[v]) ** -0.5
        for u in graph[a]
        for v in graph[u]
        if graph.has_edge(v, b)
    )


@settings(deadline=None)
@given(EDGES)
def test_ways_of_three_ties_are_those_counted_one_by_one(edges):
    tied = matrix(edges)
    i, j = np.triu_indices(8, 1)
    found = three_steps(tied, i, j)
    np.testing.assert_allclose(
        found, [ways(tied, a, b) for a, b in zip(i, j, strict=True)], atol=1e-12
    )


def test_of_two_that_are_not_tied_no_way_comes_back():
    """A way of three ties between them never uses one tie twice: all four nodes differ."""
    tied = matrix([(0, 1), (1, 2), (2, 3), (1, 3), (0, 3)])
    assert ways(tied, 0, 2) == pytest.approx(three_steps(tied, np.array([0]), np.array([2]))[0])
    # Over 1 and 3, and over 3 and 1: three partners each, twice a third.
    assert three_steps(tied, np.array([0]), np.array([2]))[0] == pytest.approx(2 / 3)


def test_row_products_are_those_of_the_whole_table():
    rng = np.random.default_rng(0)
    left, right = rng.random((700, 3)), rng.random((700, 3))
    i, j = rng.integers(0, 700, (2, 5000))
    whole = left @ right.T
    np.testing.assert_allclose(row_products(left, right, i, j), whole[i, j])
    found = row_products(sparse.csr_array(left), sparse.csr_array(right), i, j)
    np.testing.assert_allclose(found, whole[i, j])

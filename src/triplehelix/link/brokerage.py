"""Who stands between others: betweenness, structural holes, bridges, gateway countries."""

from typing import NamedTuple

import igraph
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.link.pairs import Pairs, checked_pairs

Reals = NDArray[np.float64]
Names = NDArray[np.generic]

# Networks of up to so many nodes are worked on as whole tables: faster where most are tied.
_AS_TABLE = 1000


class Brokerage(NamedTuple):
    """
    How each node stands between others; `node` is sorted.

    `betweenness`, 0 to 1: share of the shortest paths between other nodes that lead through
    it, a tie being as long as 1 / weight. `constraint` (Burt): about 1 where all partners
    know each other, low where it alone joins them; NaN without a partner.
    """

    node: Names
    betweenness: Reals
    constraint: Reals


class Gateways(NamedTuple):
    """Through which countries a node reaches those that it has no tie with."""

    country: Names
    share: Reals
    n_reached: int


def brokerage(first: ArrayLike, second: ArrayLike, weight: ArrayLike) -> Brokerage:
    """
    Betweenness and constraint of every node in a weighted network.

    Parameters
    ----------
    first, second : the two ends; a pair comes once.
    weight : above 0.

    Returns
    -------
    Brokerage
        Whatever the order of the pairs, to rounding at the 12th decimal.

    Raises
    ------
    InputError
        If the pairs are faulty.

    References
    ----------
    Freeman (1977), Sociometry 40(1), 35-41. doi:10.2307/3033543
    Opsahl, Agneessens and Skvoretz (2010), Social Networks 32(3), 245-251: lengths from
    weights. doi:10.1016/j.socnet.2010.03.006
    Burt (1992), Structural Holes, Harvard University Press, equation 2.4.

    Examples
    --------
    The middle of a chain of three lies on the one path there is:

    >>> found = brokerage(["a", "b"], ["b", "c"], [1, 1])
    >>> found.betweenness.tolist(), found.constraint.tolist()
    ([0.0, 1.0, 0.0], [1.0, 0.5, 1.0])
    """
    pairs = checked_pairs(first, second, weight)
    n = len(pairs.names)
    if not n:
        return Brokerage(pairs.names, np.zeros(0), np.zeros(0))
    ways = max((n - 1) * (n - 2) / 2, 1)
    return Brokerage(
        pairs.names, np.round(_between(pairs) / ways, 12), np.round(_constraint(pairs), 12)
    )


def bridging(first: ArrayLike, second: ArrayLike, kind: dict[str, str]) -> tuple[Names, Reals]:
    """
    Open pairs of each node's partners that are of different kinds: what it alone joins.

    Parameters
    ----------
    first, second : the two ends; a pair comes once.
    kind : the helix, or the country, of each node.

    Returns
    -------
    nodes : sorted
    share : shape (n_nodes,)
        0 to 1: of all pairs of its partners, those of two kinds without a tie between them.
        NaN with fewer than two partners.

    Raises
    ------
    InputError
        If the pairs are faulty or a node has no kind.

    References
    ----------
    Gould and Fernandez (1989), Sociological Methodology 19, 89-126: brokers by the kinds of
    those they join; here all their roles in which the two outer nodes differ.
    doi:10.2307/270949

    Examples
    --------
    >>> kinds = {"hub": "academia", "a": "health", "b": "industry", "c": "industry"}
    >>> nodes, share = bridging(["hub"] * 3, ["a", "b", "c"], kinds)
    >>> dict(zip(nodes.tolist(), share.round(3).tolist()))["hub"]
    0.667
    """
    pairs = checked_pairs(first, second)
    missing = [str(name) for name in pairs.names if str(name) not in kind]
    if missing:
        raise InputError(f"no kind for {missing[0]!r} ({len(missing)} such); give one to each")
    tied = _matrix(pairs)
    _, number = np.unique([kind[str(name)] for name in pairs.names], return_inverse=True)
    degree = np.asarray(tied.sum(axis=1)).ravel()
    of_kind = np.asarray((tied @ _one_hot(number)).todense())
    unlike = (degree**2 - (of_kind**2).sum(axis=1)) / 2
    apart = tied.tocoo()
    crossing = sparse.csr_array(
        ((number[apart.row] != number[apart.col]).astype(float), (apart.row, apart.col)),
        shape=tied.shape,
    )
    closed = np.asarray(((tied @ crossing) * tied).sum(axis=1)).ravel() / 2
    possible = degree * (degree - 1) / 2
    share = np.full(len(degree), np.nan)
    np.divide(unlike - closed, possible, out=share, where=possible > 0)
    return pairs.names, share


def gateways(node: str, first: ArrayLike, second: ArrayLike, country: dict[str, str]) -> Gateways:
    """
    The countries through whose nodes a node reaches those two steps away.

    Parameters
    ----------
    node : whose.
    first, second : the two ends; a pair comes once. Give the backbone, or all is one step away.
    country : of each node.

    Returns
    -------
    Gateways
        `share` per country of partners, the largest first (equal ones by code); they sum to 1
        if anything is reached. A node reached through several partners counts in equal parts
        for each of them.

    Raises
    ------
    InputError
        If the pairs are faulty, or `node` is in none.

    Examples
    --------
    >>> found = gateways("a", ["a", "a", "b", "b"], ["b", "c", "d", "e"],
    ...                  {"b": "FR", "c": "DE"})
    >>> found.country.tolist(), found.share.tolist(), found.n_reached
    (['FR', 'DE'], [1.0, 0.0], 2)
    """
    pairs = checked_pairs(first, second)
    here = np.flatnonzero(pairs.names == node)
    if not len(here):
        raise InputError(f"{node!r} has no tie; gateways are those of a node in the network")
    tied = _matrix(pairs)
    partners = tied[[here[0]]].nonzero()[1]
    steps = np.asarray(tied[partners].todense())
    steps[:, partners] = 0
    steps[:, here[0]] = 0
    ways = steps.sum(axis=0)
    reached = int((ways > 0).sum())
    each = np.divide(steps, ways, out=np.zeros_like(steps), where=ways > 0).sum(axis=1)
    codes, number = np.unique(
        [country.get(str(pairs.names[p]), "") for p in partners], return_inverse=True
    )
    share = np.round(np.bincount(number, each) / max(reached, 1), 12)
    order = np.lexsort((codes, -share))
    return Gateways(codes[order], share[order], reached)


def _between(pairs: Pairs) -> Reals:
    lengths = 1 / pairs.weight
    if len(pairs.names) <= _AS_TABLE:
        kept = _on_shortest(pairs, lengths)
        pairs = pairs._replace(first=pairs.first[kept], second=pairs.second[kept])
        lengths = lengths[kept]
    return np.asarray(_graph(pairs).betweenness(directed=False, weights=lengths.tolist()))


def _on_shortest(pairs: Pairs, lengths: Reals) -> NDArray[np.bool_]:
    """Ties that a way over one other node does not undercut: no other is on a shortest path."""
    # Numba is slow to import: only where brokers are looked for.
    from triplehelix.link.undercutting import over_one_node

    shortest = over_one_node(_table(pairs, lengths, np.inf))
    return lengths <= shortest[pairs.first, pairs.second] * (1 + 1e-9)


def _constraint(pairs: Pairs) -> Reals:
    if len(pairs.names) > _AS_TABLE:
        return np.asarray(_graph(pairs).constraint(weights=pairs.weight.tolist()))
    tied = _table(pairs, pairs.weight, 0.0)
    part = tied / tied.sum(axis=1, keepdims=True)
    invested = np.where(tied > 0, (part + part @ part) ** 2, 0.0)
    return np.asarray(invested.sum(axis=1))


def _table(pairs: Pairs, values: Reals, without: float) -> Reals:
    """Nodes x nodes: the value of each tie; `without` where there is none."""
    table = np.full((len(pairs.names),) * 2, without)
    table[pairs.first, pairs.second] = table[pairs.second, pairs.first] = values
    return table


def _graph(pairs: Pairs) -> igraph.Graph:
    edges = np.column_stack([pairs.first, pairs.second]).tolist()
    return igraph.Graph(n=len(pairs.names), edges=edges)


def _matrix(pairs: Pairs) -> sparse.csr_array:
    n = len(pairs.names)
    row, column = (np.concatenate(e) for e in ((pairs.first, pairs.second),
                                               (pairs.second, pairs.first)))  # fmt: skip
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(n, n))


def _one_hot(number: NDArray[np.int64]) -> sparse.csr_array:
    n = len(number)
    return sparse.csr_array((np.ones(n), (np.arange(n), number)), shape=(n, number.max() + 1))

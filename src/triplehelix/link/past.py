"""What is known of organisations by a day, and nothing later: the ground of a forecast."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.link.affinity import affinity
from triplehelix.link.numbered import numbered_text

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Names = NDArray[np.generic]


class Traits(NamedTuple):
    """
    What does not depend on the time, one entry per node.

    lat, lon : degrees; NaN where the place is unknown.
    country : ISO 3166-1 alpha-2; empty where unknown.
    helix : as in the glossary; `unknown` where it is.
    languages : the official languages of each country, by its code.
    """

    node: ArrayLike
    lat: ArrayLike
    lon: ArrayLike
    country: ArrayLike
    helix: ArrayLike
    languages: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, eq=False)
class Past:
    """
    Nodes with an activity so far, sorted, and what they have done.

    `size` is 1 + how many activities shared with others, `themes` nodes x themes how many of
    each, `near` themes x themes the proximity of themes, `tied` which nodes have shared an
    activity (1), `part` nodes x activities who took part (1).
    """

    node: Names
    size: Reals
    themes: Reals
    theme: Names
    near: Reals
    tied: sparse.csr_array
    lat: Reals
    lon: Reals
    country: NDArray[np.str_]
    helix: NDArray[np.str_]
    languages: Mapping[str, tuple[str, ...]]
    part: sparse.csr_array

    @cached_property
    def degree(self) -> Reals:
        """How many partners each node has had."""
        return np.asarray(np.diff(self.tied.indptr), dtype=float)

    @cached_property
    def seats(self) -> Reals:
        """How many others sat beside each node, once per activity."""
        beside = np.asarray(self.part.sum(axis=0)).ravel() - 1
        return np.asarray(self.part @ beside)

    @cached_property
    def helix_ties(self) -> tuple[Wholes, Reals]:
        """The number of each node's helix; log of how much two helices meet, over chance."""
        return affinity(self.part, self.helix)


def past(
    activity: ArrayLike,
    node: ArrayLike,
    traits: Traits,
    *,
    themes: tuple[ArrayLike, ArrayLike] = ((), ()),
) -> Past:
    """
    What has been done so far, from the participations that began before a day.

    Parameters
    ----------
    activity, node : shape (n_participants,)
        Who took part in what, as text; a pair may come again. Give no later row.
    traits : of every node; others in it do not matter.
    themes : activity and theme, one entry per activity and theme; others do not matter.

    Returns
    -------
    Past
        The order of no argument matters.

    Raises
    ------
    InputError
        If columns differ in length, a node has no traits, or its traits come twice.

    Examples
    --------
    >>> traits = Traits(["a", "b"], [51.5, 53.8], [-0.1, -1.5], ["GB"] * 2, ["academia"] * 2)
    >>> so_far = past(["p", "p", "q"], ["a", "b", "a"], traits, themes=(["p"], ["health"]))
    >>> so_far.size.tolist(), so_far.degree.tolist(), so_far.themes.tolist()
    ([2.0, 2.0], [1.0, 1.0], [[1.0], [1.0]])
    """
    did, who = np.asarray(activity), np.asarray(node)
    if did.ndim != 1 or did.shape != who.shape:
        raise InputError(
            f"activity and node have shapes {did.shape} and {who.shape}; give one entry each "
            "per participant"
        )
    activities, rows = numbered_text(did)
    nodes, columns = numbered_text(who)
    part = sparse.csr_array(
        (np.ones(len(rows)), (columns, rows)), shape=(len(nodes), len(activities))
    )
    part.data[:] = 1
    # Work done alone tells nothing of partners: grants of one holder are many.
    shared = np.asarray(part.sum(axis=0)).ravel() > 1
    counts, names = _themes(part, activities, themes)
    at = _places(nodes, np.asarray(traits.node, dtype=str))
    lat, lon = (np.asarray(v, dtype=float)[at] for v in (traits.lat, traits.lon))
    country, helix = (np.asarray(v, dtype=str)[at] for v in (traits.country, traits.helix))
    return Past(
        nodes, 1 + part @ shared.astype(float), counts, names, _proximity(counts),
        _tied(part), lat, lon, country, helix, traits.languages, part,
    )  # fmt: skip


def new_ties(so_far: Past, activity: ArrayLike, node: ArrayLike) -> tuple[Wholes, Wholes]:
    """
    The pairs of nodes of the past that share an activity now and never did.

    Parameters
    ----------
    so_far : Past
    activity, node : the later participations; nodes not in the past do not matter.

    Returns
    -------
    first, second : indices of nodes, first < second, sorted.

    Examples
    --------
    >>> traits = Traits(list("abc"), [0.0] * 3, [0.0] * 3, ["GB"] * 3, ["academia"] * 3)
    >>> so_far = past(["p", "p", "q"], ["a", "b", "c"], traits)
    >>> first, second = new_ties(so_far, ["r", "r", "r", "s", "s"], ["a", "b", "c", "c", "new"])
    >>> so_far.node[first].tolist(), so_far.node[second].tolist()
    (['a', 'b'], ['c', 'c'])
    """
    did, who = np.asarray(activity, dtype=str), np.asarray(node, dtype=str)
    known = np.isin(who, so_far.node)
    rows = np.unique(did[known], return_inverse=True)[1]
    columns = np.searchsorted(so_far.node, who[known])
    shape = (len(so_far.node), int(rows.max(initial=-1)) + 1)
    part = sparse.csr_array((np.ones(len(rows)), (columns, rows)), shape=shape)
    part.data[:] = 1
    now = _tied(part)
    fresh = sparse.triu(now - now.multiply(so_far.tied), 1).tocoo()
    order = np.lexsort((fresh.col, fresh.row))[: len(fresh.data)]
    kept = order[fresh.data[order] > 0]
    return fresh.row[kept].astype(np.int64), fresh.col[kept].astype(np.int64)


def untied(
    so_far: Past, *, at_once: int = 1_000_000, among: ArrayLike | None = None
) -> Iterator[tuple[Wholes, Wholes]]:
    """
    All pairs of nodes that have never shared an activity, in portions of about `at_once`.

    Parameters
    ----------
    so_far : Past
    at_once : pairs.
    among : indices of the nodes to pair, sorted; by default all.

    Examples
    --------
    >>> traits = Traits(list("abc"), [0.0] * 3, [0.0] * 3, ["GB"] * 3, ["academia"] * 3)
    >>> [(i.tolist(), j.tolist()) for i, j in untied(past(["p", "p", "q"], list("abc"), traits))]
    [([0, 1], [2, 2])]
    """
    nodes = np.arange(len(so_far.node)) if among is None else np.asarray(among, dtype=np.int64)
    tied = so_far.tied if among is None else so_far.tied[nodes][:, nodes]
    n = len(nodes)
    n_rows = max(at_once // max(n, 1), 1)
    for start in range(0, n, n_rows):
        rows = np.arange(start, min(start + n_rows, n))
        open_ = tied[rows].toarray() == 0
        open_ &= np.arange(n) > rows[:, None]
        first, second = np.nonzero(open_)
        if len(first):
            yield nodes[rows[first]], nodes[second]


def _tied(part: sparse.csr_array) -> sparse.csr_array:
    together = sparse.csr_array(part @ part.T)
    together.setdiag(0)
    together.eliminate_zeros()
    together.data[:] = 1
    together.sort_indices()
    return together


def _themes(
    part: sparse.csr_array, activities: Names, themes: tuple[ArrayLike, ArrayLike]
) -> tuple[Reals, Names]:
    did, theme = (np.asarray(each, dtype=str) for each in themes)
    known = np.isin(did, activities)
    names, number = np.unique(theme[known], return_inverse=True)
    if not len(names):
        return np.zeros((part.shape[0], 0)), names
    rows = np.searchsorted(activities, did[known])
    of = sparse.csr_array((np.ones(len(rows)), (rows, number)), shape=(len(activities), len(names)))
    of.data[:] = 1
    return (part @ of).toarray(), names


def _proximity(counts: Reals) -> Reals:
    """Cosine of themes over nodes, each node counting whether it does the theme at all."""
    does = (counts > 0).astype(float)
    length = np.sqrt(does.sum(axis=0))
    size = np.outer(length, length)
    return np.asarray(np.divide(does.T @ does, size, out=np.zeros_like(size), where=size > 0))


def _places(nodes: Names, given: Names) -> Wholes:
    order = np.argsort(given, kind="stable")
    kept = given[order]
    twice = np.flatnonzero(kept[1:] == kept[:-1])
    if len(twice):
        raise InputError(f"traits hold {kept[twice[0]]!r} twice; give each node once")
    missing = nodes[~np.isin(nodes, given)]
    if len(missing):
        raise InputError(
            f"no traits for {missing[0]!r} ({len(missing)} such); give each node's place, "
            "country and helix, NaN and empty where unknown"
        )
    return order[np.searchsorted(kept, nodes)]

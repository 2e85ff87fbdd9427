"""The ties that activities make, added up by Numba; imported when first needed."""

from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from triplehelix.compiling import compiled, part
from triplehelix.link.cells import Cells, clear, count_both, count_in, empty_cells, largest
from triplehelix.tables import SHARE_PARTS

Wholes = NDArray[np.int64]
Naturals = NDArray[np.uint64]

# Of each tie: its weight in parts of parts, and the squares of its parts, both as numbers of 128
# bits (the lower half, then the upper); the largest part of an activity; how many activities.
WEIGHT, _WEIGHT_UPPER, SQUARES, _SQUARES_UPPER, LARGEST, COUNT = range(6)
_N_SUMS = 6
_FEW = 1024


class Blocks(NamedTuple):
    """Participants activity by activity: cluster (0 outside) and country (0 unknown) of each."""

    start: Wholes
    cluster: Wholes
    country: Wholes


class _Sums(NamedTuple):
    """A table of ties by key: slots (-1 free) say in which row of keys and sums each stands."""

    slots: Wholes
    keys: Wholes
    sums: Naturals
    n: Wholes


_WHOLE, _TABLE, _INT, _FLAG = types.int64[::1], types.uint64[:, ::1], types.int64, types.boolean
_FOUND = types.Tuple((_WHOLE, _TABLE))  # type: ignore[no-untyped-call]
_BLOCKS = types.NamedUniTuple(_WHOLE, 3, Blocks)  # type: ignore[no-untyped-call]


@part
def _slot(slots: Wholes, keys: Wholes, key: int) -> int:
    """Where a key stands among the slots, or the free one that it is to take."""
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    mask = len(slots) - 1
    at = np.int64(mixed >> np.uint64(20)) & mask
    while slots[at] >= 0 and keys[slots[at]] != key:
        at = (at + 1) & mask
    return int(at)


@part
def _with_room(found: _Sums, more: int) -> _Sums:
    """The same with room for so many more keys, and two slots or more for each."""
    n, room = found.n[0], len(found.keys)
    if n + more <= room:
        return found
    while room < n + more:
        room *= 2
    keys, sums = np.empty(room, np.int64), np.zeros((room, _N_SUMS), np.uint64)
    keys[:n], sums[:n] = found.keys[:n], found.sums[:n]
    slots = np.full(2 * room, -1)
    for k in range(n):
        slots[_slot(slots, keys, keys[k])] = k
    return _Sums(slots, keys, sums, found.n)


@part
def _add_to(total: Naturals, number: np.uint64) -> None:
    """Add to a number of 128 bits."""
    total[0] += number
    if total[0] < number:
        total[1] += np.uint64(1)


@part
def _add(found: _Sums, key: int, parts: int, weight: int) -> None:
    """Add what an activity of this weight gives a tie."""
    at = _slot(found.slots, found.keys, key)
    if found.slots[at] < 0:
        found.slots[at] = found.n[0]
        found.keys[found.n[0]] = key
        found.n[0] += 1
    sums = found.sums[found.slots[at]]
    weighted = np.uint64(parts) * np.uint64(weight)
    whole = np.uint64(parts)
    if weight != SHARE_PARTS:
        whole = weighted // np.uint64(SHARE_PARTS)
    _add_to(sums[WEIGHT : WEIGHT + 2], weighted)
    _add_to(sums[SQUARES : SQUARES + 2], whole * whole)
    sums[LARGEST] = max(sums[LARGEST], whole)
    sums[COUNT] += np.uint64(1)


@part
def _nearest(pairs: int, n: int) -> int:
    """Of a weight of one, spread over the n (n - 1) / 2 pairs, the parts that `pairs` have."""
    of_all = n * (n - 1)
    return (2 * SHARE_PARTS * pairs + of_all // 2) // of_all


@part
def _among(found: _Sums, cells: Cells, n: int, weight: int, offset: int, base: int) -> None:
    """The ties between groups, and inside each."""
    for i in range(cells.n[0]):
        a = cells.group[i]
        inside = cells.size[a] * (cells.size[a] - 1) // 2
        if inside > 0:
            _add(found, (offset + a) * base + offset + a, _nearest(inside, n), weight)
        for j in range(i + 1, cells.n[0]):
            b = cells.group[j]
            key = (offset + min(a, b)) * base + offset + max(a, b)
            _add(found, key, _nearest(cells.size[a] * cells.size[b], n), weight)


@part
def _beyond(
    found: _Sums, clusters: Cells, countries: Cells, both: Wholes, n: int, weight: int,
    offset: int, base: int,
) -> None:  # fmt: skip
    """The ties of each cluster with those of each country that are not in it."""
    for i in range(clusters.n[0]):
        a = clusters.group[i]
        for j in range(countries.n[0]):
            b = countries.group[j]
            outside = countries.size[b] - both[i, j]
            if outside > 0:
                parts = _nearest(clusters.size[a] * outside, n)
                _add(found, a * base + offset + b, parts, weight)


@compiled(_FOUND(_BLOCKS, _WHOLE, _WHOLE, _INT, _INT, _FLAG))
def tally(
    blocks: Blocks, activities: Wholes, weight: Wholes, n_clusters: int, n_countries: int,
    of_countries: bool,
) -> tuple[Wholes, Naturals]:  # fmt: skip
    """
    The sums of each tie of some activities: keys, and a row of sums each, in no order.

    A key is from * (1 + n_clusters + n_countries) + to, an end being a cluster's number or
    n_clusters + a country's. Ties are between clusters, inside a cluster, and of a cluster with
    each country's participants outside of it; or, `of_countries`, between and inside countries.

    Activity k has the rows start[k] to start[k + 1] and counts weight[k] parts. Of its n
    participants each of the n (n - 1) / 2 pairs is worth the same; the parts of a tie are
    rounded to the nearest.
    """
    base, most = 1 + n_clusters + n_countries, largest(blocks.start, activities)
    clusters, countries = empty_cells(n_clusters, most), empty_cells(n_countries, most)
    both = np.zeros((min(most, n_clusters) + 1, min(most, n_countries) + 1), np.int64)
    found = _Sums(np.full(2 * _FEW, -1), np.empty(_FEW, np.int64),
                  np.zeros((_FEW, _N_SUMS), np.uint64), np.zeros(1, np.int64))  # fmt: skip
    for k in range(len(activities)):
        first, last = blocks.start[activities[k]], blocks.start[activities[k] + 1]
        n = last - first
        if n < 2:
            continue
        for row in range(first, last):
            count_in(clusters, blocks.cluster[row])
            count_in(countries, blocks.country[row])
        found = _with_room(found, (clusters.n[0] + countries.n[0]) ** 2)
        if of_countries:
            _among(found, countries, n, weight[k], n_clusters, base)
        else:
            count_both(both, clusters, countries, blocks.cluster, blocks.country, first, last)
            _among(found, clusters, n, weight[k], 0, base)
            _beyond(found, clusters, countries, both, n, weight[k], n_clusters, base)
        clear(clusters)
        clear(countries)
    return found.keys[: found.n[0]].copy(), found.sums[: found.n[0]].copy()


@compiled(types.void(_BLOCKS, _WHOLE, _WHOLE, _WHOLE, _WHOLE))
def count_ends(
    blocks: Blocks, activities: Wholes, last: Wholes, of_cluster: Wholes, of_country: Wholes
) -> None:
    """
    Count for each cluster and country the shared activities it is in, among some.

    `last` holds -1 for each cluster, then for each country; the counts 0.
    """
    n_clusters = len(of_cluster)
    for k in range(len(activities)):
        first, end = blocks.start[activities[k]], blocks.start[activities[k] + 1]
        for row in range(first, end if end - first > 1 else first):
            a, b = blocks.cluster[row], blocks.country[row]
            if last[a] != k:
                last[a] = k
                of_cluster[a] += 1
            if last[n_clusters + b] != k:
                last[n_clusters + b] = k
                of_country[b] += 1


def as_real(sums: Naturals, column: int) -> NDArray[np.float64]:
    """`WEIGHT` or `SQUARES` in units, from numbers of 128 bits in parts of parts."""
    low, high = sums[:, column].astype(float), sums[:, column + 1].astype(float)
    return np.asarray((high * 2.0**64 + low) / (float(SHARE_PARTS) * SHARE_PARTS))

"""Rows merged into distinct places, and clusters of places numbered by what they hold."""

from typing import NamedTuple

import numpy as np

from triplehelix.detect import kernels
from triplehelix.detect.kernels import Short
from triplehelix.errors import InputError
from triplehelix.sphere import Floats, Whole


class Places(NamedTuple):
    """Distinct places sorted by (lat, lon), their weights, and the place each row is at."""

    lat: Floats
    lon: Floats
    weight: Floats
    of_row: Whole


def merged(lat: Floats, lon: Floats, weight: Floats | None) -> Places:
    """
    The distinct places of n >= 1 rows; weights of one place are added up, 1 each if None.

    Coordinates are as `sphere.checked_degrees` writes them. The places are the same, to the
    last bit of their weights, whatever the order of the rows.
    """
    place, first = _distinct(lat, lon)
    order = _by_latitude(lat[first], lon[first])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    of_row = rank[place]
    total = weight_of_places(of_row, weight, len(order))
    return Places(lat[first[order]], lon[first[order]], total, of_row)


def weight_of_places(of_row: Whole, weight: Floats | None, n_places: int) -> Floats:
    """The weight at each place, 1 for each row if None: the same in any order of the rows."""
    if weight is None:
        return np.bincount(of_row, minlength=n_places).astype(np.float64)
    # The kernel takes whole arrays that may be written; slices and read-only ones are copied.
    return kernels.add_up_in_any_order(
        of_row, np.require(weight, requirements=["C", "W"]), n_places
    )


def totals(group: Whole, weight: Floats, n_groups: int) -> Floats:
    """Sums by group in two parts, shape (2, n_groups): together they are the rounded total."""
    total = np.zeros((2, n_groups))
    kernels.add_up(group, weight, total)
    return total


def numbered(component: Whole, places: Places) -> Whole:
    """
    Labels by content: the heaviest cluster is 0; of equals, that with the least (lat, lon).

    Parameters
    ----------
    component : shape (n_places,)
        A number from 0 to n_places - 1 that the places of one cluster share; -1 is noise.
    places : the places so numbered
    """
    labels = np.full(len(component), -1, dtype=np.int64)
    member = np.flatnonzero(component >= 0)
    # Places are sorted by (lat, lon). Written backwards, the first place of each stays; one of
    # no weight decides nothing.
    first = np.full(len(component), -1, dtype=np.int64)
    heavy = member[places.weight[member] > 0][::-1]
    first[component[heavy]] = heavy
    found = np.flatnonzero(first >= 0)
    total = totals(component[member], places.weight[member], len(component)).sum(axis=0)
    rank = np.empty(len(component), dtype=np.int64)
    rank[found[np.lexsort((first[found], -total[found]))]] = np.arange(len(found))
    labels[member] = rank[component[member]]
    return labels


def _distinct(lat: Floats, lon: Floats) -> tuple[Short, Short]:
    """A number for each row's place, in order of appearance, and where each appeared first."""
    n = len(lat)
    if n > np.iinfo(np.int32).max:
        raise InputError(f"there are {n} rows; at most 2,147,483,647 can be merged at once")
    place, first = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    table = np.full(1 << (2 * n).bit_length(), -1, dtype=np.int32)
    n_places = kernels.distinct(lat.view(np.int64), lon.view(np.int64), table, place, first)
    return place, first[:n_places]


def _by_latitude(lat: Floats, lon: Floats) -> Whole:
    """The order by (lat, lon) of distinct places: lexsort at a third of its time."""
    order = np.argsort(lat)
    in_order = lat[order]
    same = np.concatenate([[False], in_order[1:] == in_order[:-1], [False]])
    tied = np.flatnonzero(same[1:] | same[:-1])
    rows = order[tied]
    order[tied] = rows[np.lexsort((lon[rows], lat[rows]))]
    return order

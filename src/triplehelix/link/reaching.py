"""How far each group's joint work reaches, added up by Numba; imported when first needed."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from triplehelix.compiling import compiled, part
from triplehelix.link.cells import Cells, clear, count_both, count_in, empty_cells, largest

Wholes = NDArray[np.int64]
Reals = NDArray[np.float64]

_WHOLE, _REAL, _INT = types.int64[::1], types.float64[::1], types.int64
_TABLE = types.float64[:, ::1]
_ROWS = types.Tuple((_WHOLE, _REAL))  # type: ignore[no-untyped-call]
_LOCAL, _NATIONAL, _ABROAD, _UNSURE = range(4)


@part
def _add_ends(totals: Reals, n_here: int, here: Wholes, countries: Cells, n: int) -> None:
    """Those of one group with `n_here` of the n participants, `here` of them by country."""
    national, placed, known = 0, 0, 0
    for j in range(countries.n[0]):
        there = countries.size[countries.group[j]]
        national += here[j] * (there - here[j])
        placed += here[j]
        known += there
    unplaced = n_here - placed
    # Of somebody whose own country is unknown, nobody else can be said to be near or far.
    unsure = unplaced * (n - n_here) + placed * (n - known - unplaced)
    worth = 1 / (n * (n - 1))
    totals[_LOCAL] += n_here * (n_here - 1) * worth
    totals[_NATIONAL] += national * worth
    totals[_ABROAD] += (n_here * (n - n_here) - national - unsure) * worth
    totals[_UNSURE] += unsure * worth


@compiled(types.void(_WHOLE, _WHOLE, _WHOLE, _INT, _TABLE, _REAL, _REAL, _WHOLE))
def reach(
    start: Wholes, group: Wholes, country: Wholes, n_countries: int, totals: Reals,
    part_of: Reals, squares: Reals, n_activities: Wholes,
) -> None:  # fmt: skip
    """
    Add up each group's ends of pairs: local, national, international, of an unknown country.

    Activity k has the rows start[k] to start[k + 1]; group 0 is outside of all, country 0
    unknown. Each of the n (n - 1) / 2 pairs of an activity has two ends, worth 1 / (n (n - 1))
    each. `part_of` and `squares` are the sums of the group's part of each activity and of its
    square. All four are 0 before.
    """
    every = np.arange(len(start) - 1)
    most, n_groups = largest(start, every), len(part_of) - 1
    groups, countries = empty_cells(n_groups, most), empty_cells(n_countries, most)
    both = np.zeros((min(most, n_groups) + 1, min(most, n_countries) + 1), np.int64)
    for k in every:
        n = start[k + 1] - start[k]
        if n < 2:
            continue
        for row in range(start[k], start[k + 1]):
            count_in(groups, group[row])
            count_in(countries, country[row])
        count_both(both, groups, countries, group, country, start[k], start[k + 1])
        for i in range(groups.n[0]):
            g = groups.group[i]
            _add_ends(totals[g], groups.size[g], both[i], countries, n)
            share = groups.size[g] / n
            part_of[g] += share
            squares[g] += share * share
            n_activities[g] += 1
        clear(groups)
        clear(countries)


@compiled(_ROWS(_WHOLE, _WHOLE, _WHOLE, _INT, _INT))
def per_organisation(
    start: Wholes, organisation: Wholes, group: Wholes, n_organisations: int, n_groups: int
) -> tuple[Wholes, Reals]:
    """
    Each organisation in each of its groups: one of its rows, and how much it does there.

    It does 1 / n of an activity that n share, nothing of one that it does alone.
    """
    worth = np.zeros(len(organisation))
    first = np.zeros(n_organisations + 1, np.int64)
    for k in range(len(start) - 1):
        n = start[k + 1] - start[k]
        for row in range(start[k], start[k + 1]):
            worth[row] = 1 / n if n > 1 else 0.0
            first[organisation[row] + 1] += 1
    first = np.cumsum(first)
    free, by_organisation = first.copy(), np.empty(len(organisation), np.int64)
    for row in range(len(organisation)):
        by_organisation[free[organisation[row]]] = row
        free[organisation[row]] += 1
    rows, done = np.empty(len(organisation), np.int64), np.zeros(len(organisation))
    place, n_found = np.full(n_groups, -1), 0
    for k in range(n_organisations):
        before = n_found
        for row in by_organisation[first[k] : first[k + 1]]:
            at = place[group[row]]
            if at < before:
                at = n_found
                place[group[row]], rows[at] = at, row
                n_found += 1
            done[at] += worth[row]
    return rows[:n_found].copy(), done[:n_found].copy()

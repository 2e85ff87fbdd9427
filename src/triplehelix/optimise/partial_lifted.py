"""
Linear conditions that every partially robust choice keeps.

Let U be requirements that together weigh d > 0 more than may be lost, and v(a), up to d, the
weight of those of U that member a covers. After any k losses the members who stay bring d at
least of U. Then, over all chosen,

    sum of (k + 1) v(a) / (k v(a) + d)  >=  k + 1.

For, f(v) = v / (k v + d) is concave and f(0) = 0. Lose the k members of the largest v, and let m
be the largest v that stays: each of the lost adds f(m) at least, and those who stay, whose v sum
to d or more and are m at most, add f(m) d / m; together k f(m) + f(m) d / m = 1. (With nobody
left, nothing is brought; so somebody is.) Where each that covers any of U brings d, it says that
more than k members must cover one of U.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triplehelix.optimise.covering import Floats, Ints
from triplehelix.optimise.partial import Partial, worst_losses
from triplehelix.optimise.steps import step_of

Bools = NDArray[np.bool_]

# How much of a relaxed choice is mixed into a choice before its conditions are strengthened.
MIXES = (0.0, 0.5, 0.8)
# By how much a condition must be broken to count.
BROKEN = 1e-3
MOST_MOVES = 60
MOST_BROKEN = 60
MOST_LOSSES = 30


@dataclass(frozen=True, slots=True)
class Weights:
    """
    A problem as weights.

    `brought` has shape (n_requirements, n_members): the requirement's weight where the member
    covers it, else 0. `spare` is what may be lost, rounded down to what sums of weights can be.
    """

    brought: Floats
    weight: Floats
    spare: float
    losses: int


def weights_of(problem: Partial) -> Weights:
    """The weights that each member brings."""
    brought = np.zeros((len(problem.weight), len(problem.cover.cost)))
    for at, who in enumerate(problem.cover.who):
        brought[at, who] = problem.weight[at]
    step = step_of(problem.weight)
    spare = problem.may_be_lost
    if step:
        spare = step * np.floor(spare / step)
    return Weights(brought, problem.weight, float(spare), problem.losses)


def coefficients(weights: Weights, requirements: Bools) -> Floats:
    """
    Those of the condition of a set of requirements: summed over the chosen, `losses` + 1 or more.

    Parameters
    ----------
    requirements : shape (n_requirements,), of more weight together than may be lost.

    Examples
    --------
    >>> brought = np.array([[2.0, 0, 2], [0, 2, 2]])
    >>> coefficients(Weights(brought, np.array([2.0, 2]), 0, 1), np.array([True, True]))
    array([0.66666667, 0.66666667, 1.        ])
    """
    more = weights.weight[requirements].sum() - weights.spare
    return _coefficients(weights.brought[requirements].sum(axis=0), more, weights.losses)


def _coefficients(brought: Floats, more: Floats | float, losses: int) -> Floats:
    share: Floats = np.minimum(brought / more, 1.0)
    return (losses + 1) * share / (losses * share + 1)


def lowered(weights: Weights, requirements: Bools, values: Floats) -> Bools:
    """
    Take in and leave out single requirements while that lowers the sum of a (fractional) choice.

    Of equal moves the first requirement's is made.
    """
    support = np.flatnonzero(values > 1e-9)
    brought, chosen = weights.brought[:, support], values[support]
    requirements = requirements.copy()
    least = float(coefficients(weights, requirements)[support] @ chosen)
    for _ in range(MOST_MOVES):
        sign = np.where(requirements, -1.0, 1.0)
        more = weights.weight[requirements].sum() + sign * weights.weight - weights.spare
        can = more > 1e-9 * max(1.0, weights.spare)
        more = np.where(can, more, 1.0)[:, None]
        # Sums of decimals that cancel can fall below 0 by a rounding error.
        with_each = np.maximum(brought[requirements].sum(axis=0) + sign[:, None] * brought, 0.0)
        sums = np.where(can, _coefficients(with_each, more, weights.losses) @ chosen, np.inf)
        best = int(np.argmin(sums))
        if sums[best] >= least - 1e-9:
            break
        requirements[best] = not requirements[best]
        least = float(sums[best])
    return requirements


def violated(weights: Weights, values: Floats) -> list[Floats]:
    """
    Conditions that a fractional choice breaks, the most broken first: not all that there are.

    From each requirement on, those are taken in whose further members are chosen least for their
    weight, until all weigh too much; then single ones are taken in or left out.
    """
    found: dict[bytes, tuple[float, Floats]] = {}
    for first in range(len(weights.weight)):
        if (start := _heavy(weights, first, values)) is not None:
            row = coefficients(weights, lowered(weights, start, values))
            found[row.tobytes()] = (float(row @ values), row)
    broken = [one for one in found.values() if one[0] < weights.losses + 1 - BROKEN]
    return [row for _, row in sorted(broken, key=lambda one: (one[0], one[1].tobytes()))][
        :MOST_BROKEN
    ]


def _heavy(weights: Weights, first: int, values: Floats) -> Bools | None:
    """Requirements of too much weight whose members are chosen little; None if there are none."""
    inside = np.zeros(len(weights.weight), dtype=bool)
    inside[first] = True
    has = weights.brought > 0
    members = has[first].copy()
    while weights.weight[inside].sum() <= weights.spare:
        more = (has & ~members) @ values + 1e-6
        worth = np.where(inside, -1.0, weights.weight / more)
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            return None
        inside[best] = True
        members |= has[best]
    return inside if weights.weight[inside].sum() > weights.spare else None


def broken_by(problem: Partial, weights: Weights, chosen: Ints, relaxed: Floats) -> list[Floats]:
    """
    Conditions that a choice breaks; none if and only if it is partially robust.

    Of the sets that losses leave uncovered the smallest say most. Each is strengthened for the
    choice mixed with the `relaxed` one, so that its condition bites there as well.
    """
    there = np.zeros(len(relaxed))
    there[chosen] = 1.0
    found: dict[bytes, Floats] = {}
    sets = sorted(worst_losses(problem, chosen), key=lambda one: (one.sum(), one.tobytes()))
    for uncovered in sets[:MOST_LOSSES]:
        for mix in MIXES:
            mixed = (1 - mix) * there + mix * relaxed
            row = coefficients(weights, lowered(weights, uncovered, mixed))
            if row @ there > weights.losses + 1 - BROKEN:
                row = coefficients(weights, uncovered)
            found[row.tobytes()] = row
    return list(found.values())

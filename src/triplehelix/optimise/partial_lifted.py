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
# Numbers looked at in one piece: of some megabytes.
AT_ONCE = 1_000_000
# How often sets are grown again, from values changed by such a (logarithmic) spread.
MORE_STARTS = 3
SPREAD = 0.7


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
    Those of the conditions of sets of requirements: summed over the chosen, `losses` + 1 or more.

    Parameters
    ----------
    requirements : shape (..., n_requirements)
        Each set of more weight than may be lost.

    Returns
    -------
    shape (..., n_members)

    Examples
    --------
    >>> brought = np.array([[2.0, 0, 2], [0, 2, 2]])
    >>> coefficients(Weights(brought, np.array([2.0, 2]), 0, 1), np.array([True, True]))
    array([0.66666667, 0.66666667, 1.        ])
    """
    inside = requirements.astype(float)
    more = inside @ weights.weight - weights.spare
    return _coefficients(inside @ weights.brought, more, weights.losses)


def _coefficients(brought: Floats, more: Floats, losses: int) -> Floats:
    share: Floats = np.minimum(brought / np.asarray(more)[..., None], 1.0)
    return (losses + 1) * share / (losses * share + 1)


def lowered(weights: Weights, requirements: Bools, values: Floats) -> Bools:
    """
    Take in and leave out single requirements while that lowers the sum of a (fractional) choice.

    Of equal moves the first requirement's is made.

    Parameters
    ----------
    requirements : shape (n_sets, n_requirements)
        Each set of more weight than may be lost; so are those returned.
    """
    support = np.flatnonzero(values > 1e-9)
    brought, chosen = weights.brought[:, support], values[support]
    size = max(1, AT_ONCE // max(1, brought.size))
    pieces = [
        _lowered(weights, requirements[at : at + size], brought, chosen)
        for at in range(0, len(requirements), size)
    ]
    return np.concatenate(pieces) if pieces else requirements


def _lowered(weights: Weights, requirements: Bools, brought: Floats, chosen: Floats) -> Bools:
    sets = requirements.copy()
    more = sets @ weights.weight - weights.spare
    sums = sets.astype(float) @ brought
    least = _coefficients(sums, more, weights.losses) @ chosen
    moving = np.arange(len(sets))
    for _ in range(MOST_MOVES):
        sign = np.where(sets[moving], -1.0, 1.0)
        then = more[moving][:, None] + sign * weights.weight
        can = then > 1e-9 * max(1.0, weights.spare)
        # Sums of decimals that cancel can fall below 0 by a rounding error.
        with_each = np.maximum(sums[moving][:, None, :] + sign[:, :, None] * brought, 0.0)
        tried = _coefficients(with_each, np.where(can, then, 1.0), weights.losses) @ chosen
        tried = np.where(can, tried, np.inf)
        best, row = tried.argmin(axis=1), np.arange(len(moving))
        lower = tried[row, best] < least[moving] - 1e-9
        moving, best, row = moving[lower], best[lower], row[lower]
        if not len(moving):
            break
        sets[moving, best] ^= True
        more[moving] = then[row, best]
        sums[moving] = with_each[row, best]
        least[moving] = tried[row, best]
    return sets


def violated(
    weights: Weights, values: Floats, rng: np.random.Generator | None = None
) -> list[Floats]:
    """
    Conditions that a fractional choice breaks, the most broken first: not all that there are.

    From each requirement on, those are taken in whose further members are chosen least for their
    weight, until all weigh too much; then single ones are taken in or left out. With `rng` this is
    done `MORE_STARTS` times more, as if members were chosen a little more or less.
    """
    factors = [np.ones(len(values))]
    if rng is not None:
        factors += [np.exp(SPREAD * rng.normal(size=len(values))) for _ in range(MORE_STARTS)]
    starts = [_heavy(weights, values * factor) for factor in factors]
    sets = lowered(weights, np.unique(np.concatenate(starts), axis=0), values)
    rows = np.unique(coefficients(weights, sets), axis=0)
    sums = rows @ values
    order = np.lexsort((np.arange(len(rows)), sums))
    return [rows[at] for at in order if sums[at] < weights.losses + 1 - BROKEN][:MOST_BROKEN]


def _heavy(weights: Weights, values: Floats) -> Bools:
    """Sets of requirements of too much weight whose members are chosen little, a row each."""
    support = np.flatnonzero(values > 1e-9)
    has, chosen = (weights.brought[:, support] > 0).astype(float), values[support]
    inside, outside = np.eye(len(has), dtype=bool), 1.0 - has
    growing = np.arange(len(has))
    while True:
        growing = growing[inside[growing] @ weights.weight <= weights.spare]
        more = (outside[growing] * chosen) @ has.T + 1e-6
        worth = np.where(inside[growing], -1.0, weights.weight / more)
        best = worth.argmax(axis=1)
        # What weighs nothing does not help.
        grows = worth[np.arange(len(growing)), best] > 0
        growing, best = growing[grows], best[grows]
        if not len(growing):
            return inside[inside @ weights.weight > weights.spare]
        inside[growing, best] = True
        outside[growing] *= 1.0 - has[best]


def broken_by(problem: Partial, weights: Weights, chosen: Ints, relaxed: Floats) -> list[Floats]:
    """
    Conditions that a choice breaks; none if and only if it is partially robust.

    Of the sets that losses leave uncovered the smallest say most. Each is strengthened for the
    choice mixed with the `relaxed` one, so that its condition bites there as well.
    """
    there = np.zeros(len(relaxed))
    there[chosen] = 1.0
    worst = sorted(worst_losses(problem, chosen), key=lambda one: (one.sum(), one.tobytes()))
    sets = np.array(worst[:MOST_LOSSES], dtype=bool).reshape(-1, len(problem.weight))
    found: dict[bytes, Floats] = {}
    for mix in MIXES:
        rows = coefficients(weights, lowered(weights, sets, (1 - mix) * there + mix * relaxed))
        kept = rows @ there > weights.losses + 1 - BROKEN
        rows[kept] = coefficients(weights, sets[kept])
        found |= {row.tobytes(): row for row in rows}
    return list(found.values())

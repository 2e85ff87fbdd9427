"""Whether a pooling makes sense at all, told in words before any solver sees it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.optimise.pooling import Bools, Extra, Floats, Ints, Pooling, Row


def checked(problem: Pooling) -> Pooling:
    """
    The same pooling, its arrays of the types the solvers want.

    A demand that no arc reaches and a supply that gives nothing are no errors: they may make the
    problem infeasible, which the solver tells.

    Raises
    ------
    InputError
        If arrays do not fit each other, an amount or a cost is negative or NaN, an arc or a side
        condition names what is not there, or bounds contradict each other.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> checked(small(demand=[2], capacity=[3], owner=[0], partner_cost=[1],
    ...               arcs=[(0, 0, 5)])).arc_most
    array([2.])
    """
    made = _typed(problem)
    _fit(made)
    _amounts(made)
    _indices("arc_demand", made.arc_demand, len(made.demand), "demand")
    _indices("arc_supply", made.arc_supply, len(made.capacity), "capacity")
    _indices("owner", made.owner, len(made.partner_cost), "partner_cost")
    _no_pair_twice(made)
    _partner_bounds(made)
    for row in made.rows:
        _row(row, made)
    for e, extra in enumerate(made.extras):
        _extra(e, extra)
    return made


def _typed(problem: Pooling) -> Pooling:
    return Pooling(
        demand=_floats(problem.demand),
        short_cost=_floats(problem.short_cost),
        whole=np.ascontiguousarray(problem.whole, dtype=np.bool_),
        capacity=_floats(problem.capacity),
        owner=_ints(problem.owner),
        partner_cost=_floats(problem.partner_cost),
        arc_demand=_ints(problem.arc_demand),
        arc_supply=_ints(problem.arc_supply),
        arc_cost=_floats(problem.arc_cost),
        arc_most=_floats(problem.arc_most),
        at_least=_ints(problem.at_least),
        at_most=_ints(problem.at_most),
        rows=tuple(problem.rows),
        extras=tuple(problem.extras),
    )


def _floats(values: ArrayLike) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def _ints(values: ArrayLike) -> Ints:
    return np.ascontiguousarray(values, dtype=np.int64)


def _fit(problem: Pooling) -> None:
    groups = (
        "demand short_cost whole",
        "capacity owner",
        "partner_cost at_least at_most",
        "arc_demand arc_supply arc_cost arc_most",
    )
    for names in groups:
        first, *others = names.split()
        shape = getattr(problem, first).shape
        if len(shape) != 1:
            raise InputError(f"{first} has the shape {shape}; give it one value for each row")
        for other in others:
            if (found := getattr(problem, other).shape) != shape:
                raise InputError(
                    f"{other} has the shape {found} and {first} {shape}; give one value for each"
                )


def _amounts(problem: Pooling) -> None:
    _each("demand", problem.demand, problem.demand > 0, "a number > 0; leave out what is not asked")
    for name in ("partner_cost", "arc_cost"):
        values = getattr(problem, name)
        _each(name, values, (values >= 0) & np.isfinite(values), "finite and >= 0")
    _each("short_cost", problem.short_cost, problem.short_cost >= 0, ">= 0, or infinite for a must")
    _each("capacity", problem.capacity, problem.capacity >= 0, ">= 0, or infinite where shared")
    _each("arc_most", problem.arc_most, problem.arc_most >= 0, ">= 0")
    _each("demand", problem.demand, np.isfinite(problem.demand), "finite")


def _each(name: str, values: Floats, good: Bools, wanted: str) -> None:
    bad = np.flatnonzero(~good)
    if len(bad):
        raise InputError(
            f"{name}[{bad[0]}] is {values[bad[0]]:g} ({len(bad)} such values); it must be {wanted}"
        )


def _indices(name: str, values: Ints, n: int, of: str) -> None:
    bad = np.flatnonzero((values < 0) | (values >= n))
    if len(bad):
        raise InputError(
            f"{name}[{bad[0]}] is {values[bad[0]]}, but {of} has {n} rows; "
            "indices count from 0: leave the row out, or add what it names"
        )


def _no_pair_twice(problem: Pooling) -> None:
    pairs = problem.arc_demand * max(1, len(problem.capacity)) + problem.arc_supply
    order = np.argsort(pairs, kind="stable")
    twice = np.flatnonzero(np.diff(pairs[order]) == 0)
    if len(twice):
        arc = order[twice[0] + 1]
        raise InputError(
            f"supply {problem.arc_supply[arc]} and demand {problem.arc_demand[arc]} are joined "
            f"by two arcs ({len(twice)} such pairs); keep one of them, or make two supplies"
        )


def _partner_bounds(problem: Pooling) -> None:
    allowed = (problem.at_least >= 0) & (problem.at_most <= 1)
    bad = np.flatnonzero(~allowed | (problem.at_least > problem.at_most))
    if len(bad):
        p = bad[0]
        raise InputError(
            f"partner {p} is bounded by ({problem.at_least[p]}, {problem.at_most[p]}); "
            "use (1, 1) for one that must be in, (0, 0) for one that must not, else (0, 1)"
        )


def _row(row: Row, problem: Pooling) -> None:
    if not row.low <= row.high or row.low == np.inf or row.high == -np.inf:
        raise InputError(f"condition {row.name!r} asks for {row.low:g} to {row.high:g}; swap them")
    for what, n in (
        ("partners", len(problem.partner_cost)),
        ("arcs", len(problem.arc_demand)),
        ("short", len(problem.demand)),
        ("extras", len(problem.extras)),
    ):
        named = getattr(row, what)
        bad = [i for i, value in named.items() if not (0 <= i < n and np.isfinite(value))]
        if bad:
            raise InputError(
                f"condition {row.name!r} gives {what} {bad[0]} the coefficient "
                f"{named[bad[0]]:g}, but there are {n} of them and coefficients must be finite"
            )


def _extra(e: int, extra: Extra) -> None:
    numbers: NDArray[np.float64] = np.array([extra.cost, extra.low, extra.high])
    if np.isnan(numbers).any() or not np.isfinite(extra.cost) or extra.low > extra.high:
        raise InputError(
            f"extra {e} costs {extra.cost:g} and goes from {extra.low:g} to {extra.high:g}; "
            "give it a finite cost and a lower bound that is not above the upper one"
        )

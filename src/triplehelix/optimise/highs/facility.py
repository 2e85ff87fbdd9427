"""
Capacitated facility location by HiGHS, in its strong formulation.

With x[j, i] the share of customer j that warehouse i serves and y[i] whether it is open: besides
the capacities, x[j, i] <= y[i] for each pair, and enough capacity open for the whole demand. The
weaker form without these has far looser bounds. HiGHS, since amounts are continuous and CP-SAT
knows whole numbers alone.
"""

from dataclasses import replace

import numpy as np
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.optimise.highs.mip import Programme, run
from triplehelix.optimise.instances.facility import FacilityLocation
from triplehelix.optimise.instances.numbers import Floats, Ints
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.watch import Clock, OnProgress, Watch

# Shares are clean to this, relative to the demand of a customer or the capacity of a warehouse.
CLEAN = 1e-6
# Pairs up to which all links are written down, and new ones for which it is worth another round.
ALL_LINKS = 10_000
FEW = 5
# Share of the time that the rounds may take.
LINKING = 0.4


def solve_facility_location(
    instance: FacilityLocation, limits: Limits, *, clock: Clock,
    on_progress: OnProgress | None = None,
) -> Outcome:  # fmt: skip
    """
    Find the warehouses to open at least cost, with proof; `chosen` are the open ones, from 0.

    Examples
    --------
    >>> from time import perf_counter
    >>> one = FacilityLocation(np.array([9.0, 9.0]), np.array([5.0, 1.0]), np.array([4.0]),
    ...                        np.array([[2.0, 3.0]]))
    >>> outcome = solve_facility_location(one, Limits(), clock=perf_counter)
    >>> outcome.chosen, outcome.objective
    ((1,), 4.0)
    """
    watch = Watch(clock, limits, on_progress)
    linked = links(instance, watch)
    ran = run(
        programme(instance, linked), watch.left(), on_progress=watch.inner(feasible=True),
        options={"mip_allow_restart": False},
    )  # fmt: skip
    watch.infeasible = ran.status == "infeasible"
    watch.proved(ran.bound)
    _keep(instance, ran.values, watch)
    return watch.outcome()


def _keep(instance: FacilityLocation, values: Floats | None, watch: Watch) -> None:
    """Tell of the plan that the values of all variables stand for."""
    if values is not None:
        n = len(instance.capacity)
        shares = cleaned(values[n:].reshape(len(instance.demand), n))
        watch.found(*cost_of(instance, values[:n] > 0.5, shares))


def _rounded(instance: FacilityLocation, opened: Floats, watch: Watch) -> None:
    """A first plan: the warehouses that the relaxation opens most, until there is room for all."""
    order = np.argsort(-opened, kind="stable")
    enough = np.cumsum(instance.capacity[order]) < instance.demand.sum() * 1.05
    there = np.zeros(len(opened))
    there[order[: int(enough.sum()) + 1]] = 1.0
    there[opened >= 0.5] = 1.0
    model = programme(instance, np.zeros(0, dtype=np.int64), whole=False)
    low, high = model.low.copy(), model.high.copy()
    low[: len(opened)] = high[: len(opened)] = there
    _keep(instance, run(replace(model, low=low, high=high), watch.left()).values, watch)


def cleaned(shares: Floats) -> Floats:
    """Shares without rounding errors: none below `CLEAN`, each customer's sum to 1."""
    shares = np.where(shares < CLEAN, 0.0, shares)
    cleaned_: Floats = shares / np.maximum(shares.sum(axis=1, keepdims=True), CLEAN)
    return cleaned_


def cost_of(
    instance: FacilityLocation, open_: np.ndarray, shares: Floats
) -> tuple[float, tuple[int, ...]]:
    """
    What a plan costs, and the warehouses it opens; InputError if it is no plan.

    A warehouse is open if it serves anybody, whatever the solver says.
    """
    load = instance.demand @ shares
    open_ = open_ | (shares.sum(axis=0) > 0)
    if not np.allclose(shares.sum(axis=1), 1):
        raise InputError("a customer is not served whole")
    if (load > instance.capacity * (1 + CLEAN) + CLEAN).any():
        raise InputError("a warehouse serves more than its capacity")
    cost = float(instance.fixed_cost[open_].sum() + (instance.cost * shares).sum())
    return cost, tuple(np.flatnonzero(open_).tolist())


def links(instance: FacilityLocation, watch: Watch) -> Ints:
    """
    The pairs, as positions in x, whose x[j, i] <= y[i] is written down.

    All pairs of a small instance. Of a large one those that the linear relaxation breaks, round by
    round: the others would not move its bound, and without them each run is far quicker. For whole
    y the capacities imply them, except for customers without demand, whose are all written down.
    """
    n, m = len(instance.capacity), len(instance.demand)
    if n * m <= ALL_LINKS:
        return np.arange(n * m)
    # Each customer's cheapest warehouses are where it is broken first.
    near = np.argsort(instance.cost, axis=1, kind="stable")[:, :2] + n * np.arange(m)[:, None]
    free = np.flatnonzero(np.repeat(instance.demand == 0, n))
    linked = np.union1d(near, free)
    opened = None
    while watch.seconds() < watch.limits.seconds * LINKING and not watch.stopped:
        relaxed = run(programme(instance, linked, whole=False), watch.left())
        if relaxed.values is None:
            break
        watch.proved(relaxed.bound)
        opened = relaxed.values[:n]
        excess = relaxed.values[n:] - np.tile(relaxed.values[:n], m)
        broken = np.setdiff1d(np.flatnonzero(excess > 1e-4), linked)
        if len(broken) < FEW:
            break
        linked = np.union1d(linked, broken)
    if opened is not None:
        _rounded(instance, opened, watch)
    return linked


def programme(instance: FacilityLocation, linked: Ints, *, whole: bool = True) -> Programme:
    """The formulation with some links; variables are y by warehouse, then x by customer and it."""
    n, m = len(instance.capacity), len(instance.demand)
    pairs = n * m
    eye, ones = sparse.eye_array, np.ones
    served = sparse.kron(eye(m), ones((1, n)))
    load = sparse.kron(instance.demand[None, :], eye(n))
    at = np.arange(len(linked))
    shape = (len(linked), n), (len(linked), pairs)
    to_y = sparse.csr_array((-ones(len(linked)), (at, linked % n)), shape=shape[0])
    to_x = sparse.csr_array((ones(len(linked)), (at, linked)), shape=shape[1])
    matrix = sparse.block_array([
        [None, served],
        [-sparse.diags_array(instance.capacity), load],
        [to_y, to_x],
        [sparse.csr_array(instance.capacity[None, :]), None],
    ])  # fmt: skip
    low = np.r_[ones(m), np.full(n + len(linked), -np.inf), instance.demand.sum()]
    high = np.r_[ones(m), np.zeros(n + len(linked)), np.inf]
    integer = np.r_[np.full(n, whole), np.zeros(pairs, dtype=bool)]
    cost = np.r_[instance.fixed_cost, instance.cost.ravel()]
    return Programme(
        cost, np.zeros(n + pairs), ones(n + pairs), integer, sparse.csr_array(matrix), low, high
    )  # fmt: skip

"""
Capacitated facility location by HiGHS, in its strong formulation.

With x[j, i] the share of customer j that warehouse i serves and y[i] whether it is open: besides
the capacities, x[j, i] <= y[i] for each pair, and enough capacity open for the whole demand. The
weaker form without these has far looser bounds. HiGHS, since amounts are continuous and CP-SAT
knows whole numbers alone.
"""

import numpy as np
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.optimise.highs.mip import Programme, run
from triplehelix.optimise.instances.facility import FacilityLocation
from triplehelix.optimise.instances.numbers import Floats
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.watch import Clock, OnProgress, Watch

# Shares are clean to this, relative to the demand of a customer or the capacity of a warehouse.
CLEAN = 1e-6


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
    ran = run(
        programme(instance), watch.left(), on_progress=watch.inner(feasible=True),
        options={"mip_allow_restart": False},
    )  # fmt: skip
    watch.infeasible = ran.status == "infeasible"
    watch.proved(ran.bound)
    if ran.values is not None:
        n = len(instance.capacity)
        shares = cleaned(ran.values[n:].reshape(len(instance.demand), n))
        watch.found(*cost_of(instance, ran.values[:n] > 0.5, shares))
    return watch.outcome()


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


def programme(instance: FacilityLocation) -> Programme:
    """The strong formulation; variables are y by warehouse, then x by customer and warehouse."""
    n, m = len(instance.capacity), len(instance.demand)
    pairs = n * m
    eye, ones = sparse.eye_array, np.ones
    served = sparse.kron(eye(m), ones((1, n)))
    load = sparse.kron(instance.demand[None, :], eye(n))
    linked = sparse.kron(ones((m, 1)), eye(n))
    matrix = sparse.block_array([
        [None, served],
        [-sparse.diags_array(instance.capacity), load],
        [-linked, eye(pairs)],
        [sparse.csr_array(instance.capacity[None, :]), None],
    ])  # fmt: skip
    low = np.r_[ones(m), np.full(n + pairs, -np.inf), instance.demand.sum()]
    high = np.r_[ones(m), np.zeros(n + pairs), np.inf]
    whole = np.r_[ones(n, dtype=bool), np.zeros(pairs, dtype=bool)]
    cost = np.r_[instance.fixed_cost, instance.cost.ravel()]
    return Programme(
        cost, np.zeros(n + pairs), ones(n + pairs), whole, sparse.csr_array(matrix), low, high
    )  # fmt: skip

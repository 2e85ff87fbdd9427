"""Whether demands could be met if supplies gave to nobody else: a flow, and cheaply told."""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from triplehelix.optimise.pooling import Floats, Ints, Pooling
from triplehelix.optimise.pooling_rest import LITTLE

# Flows are of whole units: amounts are cut into so many of the sum of all demands.
UNITS = 1_000_000_000


def could_be_met(problem: Pooling, demands: Ints) -> bool:
    """
    Whether some demands could be met together by what all supplies have; False proves they cannot.

    Other demands, side conditions and pieces are left out of account, so True proves nothing.
    Demands that may stay unmet count as met.

    Parameters
    ----------
    demands : indices of some demands.

    References
    ----------
    Ford and Fulkerson (1956), Maximal flow through a network, Canadian Journal of Mathematics 8,
    399-404. doi:10.4153/CJM-1956-045-5

    Examples
    --------
    Both supplies together have 5. Either demand could be met by them, both could not.

    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[4, 4], capacity=[3, 2], owner=[0, 1], partner_cost=[1, 1],
    ...                 arcs=[(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)])
    >>> could_be_met(problem, np.array([0])), could_be_met(problem, np.array([0, 1]))
    (True, False)
    """
    wanted = np.zeros(len(problem.demand), dtype=bool)
    wanted[demands] = True
    wanted &= np.isinf(problem.short_cost)
    if not wanted.any():
        return True
    asked = problem.demand * (1 - 2 * LITTLE)
    most = _most(problem)
    alone = np.bincount(problem.arc_demand, most, len(asked))
    if (alone < asked)[wanted].any():
        return False
    return _together(problem, np.flatnonzero(wanted), asked, most)


def _most(problem: Pooling) -> Floats:
    """What each arc could carry at best, nothing where its partner may not be in."""
    there = problem.at_most[problem.owner[problem.arc_supply]] > 0
    most = np.minimum(problem.arc_most, problem.capacity[problem.arc_supply])
    return np.where(there, np.minimum(most, problem.demand[problem.arc_demand]), 0.0)


def _together(problem: Pooling, wanted: Ints, asked: Floats, most: Floats) -> bool:
    arcs = np.flatnonzero(np.isin(problem.arc_demand, wanted) & (most > 0))
    supplies, supply = np.unique(problem.arc_supply[arcs], return_inverse=True)
    demand = np.searchsorted(wanted, problem.arc_demand[arcs])
    unit = asked[wanted].sum() / UNITS
    # Rounded so that what could be met still can: demands down, all that carries up.
    need = np.floor(asked[wanted] / unit)
    room = np.ceil(np.minimum(problem.capacity[supplies] / unit, UNITS))
    carried = np.ceil(most[arcs] / unit)
    n, m = len(supplies), len(wanted)
    source, sink = n + m, n + m + 1
    tail = np.r_[np.full(n, source), supply, n + np.arange(m)]
    head = np.r_[np.arange(n), n + demand, np.full(m, sink)]
    limits = np.r_[room, carried, need].astype(np.int32)
    network = sparse.csr_array((limits, (tail, head)), shape=(n + m + 2, n + m + 2))
    network.indices, network.indptr = (
        network.indices.astype(np.int32), network.indptr.astype(np.int32)
    )  # fmt: skip
    return bool(maximum_flow(network, source, sink).flow_value >= need.sum())

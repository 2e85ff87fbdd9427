"""
Weighted covering: a bound, who is left out by it, exchanges, and a proof from below.

Of the 1,000 to 4,000 columns of OR-Library's set covering files, 100 to 500 can be in a solution
as good as the best. On these cores branch and cut (`branching`) mostly took less processor time
than HiGHS (scpb1 0.5 s, not 1.6; scpd1 1.7, not 5.1; scpc1 as long; scpd4 12, not 8), and CP-SAT
far more (scp61: no proof in 20 s). Small coverings go to HiGHS as they stand.
"""

import numpy as np
from scipy import sparse

from triplehelix.optimise.covering import Covering, Floats, Ints, can_be, cost_of, in_order
from triplehelix.optimise.covering_search import cheap
from triplehelix.optimise.highs.mip import Programme, run
from triplehelix.optimise.highs.rising import rise
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.steps import raised, step_of
from triplehelix.optimise.watch import Clock, OnProgress, Watch

# Below this a core is not worth the linear programme that finds it.
SMALL = 150
# Members for each requirement, by reduced cost, that are likely to be in a good covering; steps of
# the search for one among them, and of a second one where the first ends so far from the bound.
LIKELY = 2
EXCHANGES = (500, 2_000)
FAR = 0.03


def solve_covering(
    cover: Covering, limits: Limits, *, clock: Clock, on_progress: OnProgress | None = None
) -> Outcome:
    """
    Find the cheapest covering, with proof.

    First the linear programme gives each member a reduced cost r >= 0 and the whole a bound L: a
    solution with that member costs L + r at least (Beasley 1987, section 3). Whether there is a
    solution of cost up to t is asked over the members with L + r up to t, for rising t.

    References
    ----------
    Beasley (1987), An algorithm for set covering problems, European Journal of Operational
    Research 31(1), 85-93. doi:10.1016/0377-2217(87)90141-X

    Examples
    --------
    >>> from time import perf_counter
    >>> from triplehelix.optimise.covering import Covering
    >>> rows = (np.array([0, 2]), np.array([1, 2]))
    >>> cover = Covering(np.array([2.0, 2.0, 3.0]), rows, np.array([1, 1]))
    >>> solve_covering(cover, Limits(), clock=perf_counter).chosen
    (2,)
    """
    watch = Watch(clock, limits, on_progress)
    search(in_order(cover)[0], watch)
    return watch.outcome()


def search(cover: Covering, watch: Watch) -> None:
    """Look for the cheapest covering; what is found and proven goes to `watch`."""
    if not can_be(cover):
        watch.infeasible = True
    elif not cover.times.any():
        watch.proved(0.0)
        watch.found(0.0, ())
    elif len(cover.cost) <= SMALL:
        _whole(cover, watch)
    else:
        _by_cores(cover, watch)


def _by_cores(cover: Covering, watch: Watch) -> None:
    relaxed = run(programme(cover, whole=False), watch.left())
    if relaxed.duals is None:
        watch.infeasible = relaxed.status == "infeasible"
        return
    bound, reduced = lagrangian(cover, relaxed.duals)
    step = step_of(cover.cost)
    watch.proved(raised(bound, step))
    likely = float(np.sort(reduced)[min(len(reduced), LIKELY * len(cover.who)) - 1])
    if not cover.apart and (cover.cost > 0).all():
        _exchange(cover, _core(cover, reduced, likely), watch)

    def asked(most: float) -> tuple[Programme, Ints, None]:
        core = np.flatnonzero(reduced <= most - bound + 1e-6 * max(1.0, abs(bound)))
        return programme(part(cover, core)), core, None

    rise(watch, asked, first=bound + likely / LIKELY, step=step, total=float(cover.cost.sum()))


def _exchange(cover: Covering, core: Ints, watch: Watch) -> None:
    """Look for a cheap covering among a few members; for longer where the bound is far."""
    among = part(cover, core)
    for turn, steps in enumerate(EXCHANGES):
        rng = np.random.default_rng(turn)
        found = cheap(among, steps=steps, rng=rng, over=watch.over)
        if found is not None:
            watch.found(cost_of(among, found), core[found])
        if watch.objective is None or watch.bound is None or watch.over():
            return
        if watch.objective - watch.bound <= FAR * watch.objective:
            return


def _core(cover: Covering, reduced: Floats, most: float) -> Ints:
    """The members of reduced cost up to `most`, and enough of each requirement in any case."""
    keep = reduced <= most + 1e-9
    for who, times in zip(cover.who, cover.times, strict=True):
        keep[who[np.argsort(reduced[who], kind="stable")[: times + 1]]] = True
    return np.flatnonzero(keep)


def lagrangian(cover: Covering, duals: Floats) -> tuple[float, Floats]:
    """
    A lower bound from multipliers of the conditions, and each member's reduced cost (0 or more).

    It holds for any multipliers of the right sign, so it does not hang on how exactly the linear
    programme was solved.
    """
    matrix, low, _ = conditions(cover)
    n = len(cover.who)
    multipliers = np.r_[np.maximum(duals[:n], 0), np.minimum(duals[n:], 0)]
    sides = np.r_[low[:n], np.ones(len(cover.apart))]
    reduced = cover.cost - matrix.T @ multipliers
    bound = float(multipliers @ sides + np.minimum(reduced, 0).sum())
    return bound, np.maximum(reduced, 0)


def conditions(cover: Covering) -> tuple[sparse.csr_array, Floats, Floats]:
    """The matrix, low and high sides of: enough of each requirement; at most one of each set."""
    sets = [*cover.who, *cover.apart]
    ends = np.cumsum([0] + [len(each) for each in sets])
    members = np.concatenate(sets)
    shape = (len(sets), len(cover.cost))
    matrix = sparse.csr_array((np.ones(len(members)), members, ends), shape=shape)
    n, n_apart = len(cover.who), len(cover.apart)
    low = np.r_[cover.times.astype(float), np.full(n_apart, -np.inf)]
    return matrix, low, np.r_[np.full(n, np.inf), np.ones(n_apart)]


def programme(cover: Covering, *, whole: bool = True) -> Programme:
    """The covering as a mixed-integer programme, or as its linear relaxation."""
    n = len(cover.cost)
    matrix, low, high = conditions(cover)
    return Programme(
        cover.cost, np.zeros(n), np.ones(n), np.full(n, whole), matrix, low, high
    )  # fmt: skip


def part(cover: Covering, core: Ints) -> Covering:
    """The covering with the members of `core` alone, by their position in it."""
    place = np.full(len(cover.cost), -1)
    place[core] = np.arange(len(core))
    who = tuple(place[one][place[one] >= 0] for one in cover.who)
    apart = tuple(place[one][place[one] >= 0] for one in cover.apart)
    return Covering(
        cover.cost[core], who, cover.times, tuple(one for one in apart if len(one) > 1)
    )  # fmt: skip


def options(step: float) -> dict[str, object]:
    """How HiGHS is set: it may stop when the bound, raised to the next step, meets the best."""
    return {
        "mip_abs_gap": max(1e-7, 0.999 * step),
        "mip_allow_restart": False,
        # Without them a quarter less processor time: scpb2 4.1 s, not 5.5; scpc3 4.9, not 7.1.
        "mip_allow_cut_separation_at_nodes": False,
    }


def _whole(cover: Covering, watch: Watch) -> None:
    """Solve as it stands."""
    step = step_of(cover.cost)
    ran = run(
        programme(cover), watch.left(), options=options(step),
        on_progress=watch.inner(feasible=True),
    )  # fmt: skip
    watch.stopped = watch.stopped or ran.stopped
    watch.infeasible = ran.status == "infeasible"
    if ran.bound is not None:
        watch.proved(raised(ran.bound, step))
    if ran.values is not None:
        chosen = np.flatnonzero(ran.values > 0.5)
        watch.found(cost_of(cover, chosen), chosen)

"""
What an edition's own earlier years teach of who comes to work with whom, and how well it held.

Weights are learned on the ties that came in one stretch of time, on what was known before it;
they are tested on the stretch after it, on what was known then. The first of both stretches
begins when a quarter, the second when half of the dated shared activities had begun: the same
rule for every edition, so that no date is chosen by its result.
"""

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.evidence import evidence
from triplehelix.link.forecast import Lesson, learn, lesson
from triplehelix.link.joining import Work, work
from triplehelix.link.partners import BETWEEN_CLUSTERS, BETWEEN_ORGANISATIONS, ranked_by
from triplehelix.link.past import Past, Traits, new_ties, past
from triplehelix.link.shortfall import MOST_NODES, expectation, short_of
from triplehelix.stats import wilson_interval

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Days = NDArray[np.datetime64]

# Fewer than this and what came is a handful of consortia, not a habit.
LEAST_ACTIVITIES = 200
# More participations than this would take memory that a machine may not have.
MOST_ROWS = 3_000_000
MOST_CAME = 300_000
FIRST = 5
# Nodes that are asked in the test, per class of size; organisations by shared activities.
TESTED_PER_CLASS = 40
CLASSES = {"small": (0, 1), "middle": (2, 9), "large": (10, 10**9)}
_AT_ONCE = 20
_OTHERS = 100_000


class Stretches(NamedTuple):
    """Learned on ties from `learned_from` until `known`, tested on those from then on."""

    learned_from: np.datetime64
    known: np.datetime64


class Rows(NamedTuple):
    """
    Who took part in what, and since when; one entry each.

    `start` is the activity's first day, NaT where it is unknown: then the row is left out.
    """

    activity: NDArray[np.str_]
    node: NDArray[np.str_]
    start: Days

    def kept(self, these: NDArray[np.bool_]) -> "Rows":
        """Some of the rows."""
        return Rows(self.activity[these], self.node[these], self.start[these])


class Held(NamedTuple):
    """Of so many pairs that were named first, how many came true; by chance; in equal parts."""

    n_asked: int
    n_named: int
    n_came: int
    chance: float
    n_came_equal: int

    @property
    def precision(self) -> float:
        """The share that came true; NaN if nothing was named."""
        return self.n_came / self.n_named if self.n_named else np.nan

    @property
    def bounds(self) -> tuple[float, float]:
        """Its 95 % interval, as if the pairs were drawn one by one."""
        low, high = wilson_interval(self.n_came, max(self.n_named, 1))
        return float(low), float(high)


class Taught(NamedTuple):
    """
    Weights per column of evidence, when they were learned, how they held per class of size.

    `why_not` says why they should not be used; None if they should.
    """

    weights: dict[str, float]
    stretches: Stretches | None
    held: dict[str, Held]
    why_not: str | None


def stretches(start: Days) -> Stretches | None:
    """
    From when to learn, and from when to test; None if the years do not allow both.

    Parameters
    ----------
    start : first days of activities; NaT does not count.

    Examples
    --------
    >>> days = np.array(["2014-05-01", "2015-02-01", "2015-03-01", "2016-07-01"], "datetime64[D]")
    >>> [str(day) for day in stretches(days)]
    ['2015-01-01', '2016-01-01']
    """
    known = np.sort(start[~np.isnat(start)])
    if not len(known):
        return None
    years = np.unique(known.astype("datetime64[Y]")).astype("datetime64[D]")
    begun = np.searchsorted(known, years) / len(known)
    first, second = (years[begun >= part] for part in (0.25, 0.5))
    second = second[second > first[0]] if len(first) else first
    return Stretches(first[0], second[0]) if len(second) else None


def taught(
    rows: Rows, traits: Traits, *, themes: tuple[ArrayLike, ArrayLike], eligible: ArrayLike,
    few: bool = False,
) -> Taught:  # fmt: skip
    """
    What the rows teach.

    Parameters
    ----------
    rows : Rows
    traits : of every node.
    themes : activity and theme.
    eligible : nodes that may be named to another.
    few : nodes are few and most are tied (clusters): learned is how many activities any two
        share, and asked who comes to work with whom though they hardly did.

    Returns
    -------
    Taught
        No weights where there is too little to learn from or to test on.
    """
    if len(rows.node) > MOST_ROWS:
        return Taught({}, None, {}, f"{len(rows.node):,} participations are too many to learn from")
    shared = rows.kept(_shared(rows) & ~np.isnat(rows.start))
    first = np.unique(shared.activity, return_index=True)[1]
    found = stretches(shared.start[first])
    if found is None:
        return Taught({}, None, {}, "its activities do not span enough years")
    days = shared.start[first]
    for name, n in (
        ("to learn from", ((days >= found.learned_from) & (days < found.known)).sum()),
        ("to test on", (days >= found.known).sum()),
    ):
        if n < LEAST_ACTIVITIES:
            return Taught({}, found, {}, f"{n:,} shared activities {name}, "
                          f"and {LEAST_ACTIVITIES} are needed")  # fmt: skip
    try:
        weights = _weights(shared, traits, themes, found, few)
    except InputError as err:
        return Taught({}, found, {}, f"nothing could be learned: {err}")
    held = _tested(shared, traits, themes, found, (weights, np.asarray(eligible, str), few))
    better = sum(each.n_came - each.n_came_equal for each in held.values()) > 0
    why_not = None if better else "in the test the reasons in equal parts held as well"
    return Taught(weights, found, held, why_not)


def _shared(rows: Rows) -> NDArray[np.bool_]:
    did, number, n = np.unique(rows.activity, return_inverse=True, return_counts=True)
    return np.asarray(n[number] > 1)


def _weights(
    rows: Rows, traits: Traits, themes: tuple[ArrayLike, ArrayLike], at: Stretches, few: bool
) -> dict[str, float]:
    before, then = rows.start < at.learned_from, rows.start < at.known
    so_far = past(rows.activity[before], rows.node[before], traits, themes=themes)
    now = rows.kept(then & ~before)
    given = _all_pairs(so_far, now) if few else _drawn_lesson(so_far, now)
    how = learn(given)
    return dict(zip(how.columns, map(float, how.fit.coefficients), strict=True))


def _drawn_lesson(so_far: Past, now: Rows) -> Lesson:
    """The lesson of the new ties; of very many a sample, each standing for several."""
    first, second = new_ties(so_far, now.activity, now.node)
    n = len(first)
    if n <= MOST_CAME:
        return lesson(so_far, first, second, n_others=_OTHERS)
    kept = np.sort(np.random.default_rng(0).choice(n, MOST_CAME, replace=False))
    given = lesson(so_far, first[kept], second[kept], n_others=_OTHERS)
    return given._replace(weight=np.where(given.came > 0, n / MOST_CAME, given.weight))


def _all_pairs(so_far: Past, now: Rows) -> Lesson:
    """Of all pairs, tied or not, how many activities they came to share."""
    n = len(so_far.node)
    if n > MOST_NODES:
        raise InputError(f"{n:,} nodes make too many pairs; at most {MOST_NODES:,} are looked at")
    i, j = np.triu_indices(n, 1)
    return Lesson(evidence(so_far, i, j), _together(so_far, now)[i, j], np.ones(len(i)))


def _together(so_far: Past, now: Rows) -> Reals:
    """Nodes x nodes of the past: activities shared now."""
    done = work(now.activity, now.node)
    known = np.isin(done.node, so_far.node)
    at = np.searchsorted(so_far.node, done.node[known])
    table = np.zeros((len(so_far.node), len(so_far.node)))
    part = done.part[known]
    table[np.ix_(at, at)] = (part @ part.T).toarray()
    return table


def _tested(
    rows: Rows, traits: Traits, themes: tuple[ArrayLike, ArrayLike], at: Stretches,
    how: tuple[dict[str, float], NDArray[np.str_], bool],
) -> dict[str, Held]:  # fmt: skip
    weights, eligible, few = how
    before = rows.start < at.known
    so_far = past(rows.activity[before], rows.node[before], traits, themes=themes)
    done = work(rows.activity[before], rows.node[before])
    later = rows.kept(~before)
    may = np.isin(so_far.node, eligible)
    if few:
        asked = {"all": _drawn(so_far, may, 2 * TESTED_PER_CLASS)}
    else:
        n = so_far.size - 1
        asked = {
            name: _drawn(so_far, may & (n >= least) & (n <= most), TESTED_PER_CLASS)
            for name, (least, most) in CLASSES.items()
        }
    came = _Later(so_far, later)
    hardly = _Hardly(so_far, done, few)
    return {
        name: _held(so_far, nodes, (weights, may, few), hardly, came)
        for name, nodes in asked.items()
    }


def _drawn(so_far: Past, these: NDArray[np.bool_], n: int) -> Wholes:
    """Some nodes, drawn by a hash of their id: the same ones in any order of rows."""
    here = np.flatnonzero(these)
    key = [hashlib.sha256(str(so_far.node[k]).encode()).digest() for k in here]
    order = sorted(range(len(here)), key=key.__getitem__)
    return np.sort(here[order[:n]])


class _Later:
    """Which pairs of the past came to share an activity."""

    def __init__(self, so_far: Past, later: Rows) -> None:
        known = np.isin(later.node, so_far.node)
        self.n = len(so_far.node)
        done = work(later.activity[known], later.node[known])
        self.part, self.at = done.part, np.searchsorted(so_far.node, done.node)

    def of(self, node: int) -> NDArray[np.bool_]:
        """Per node of the past, whether it came to share one with this node."""
        came = np.zeros(self.n, dtype=bool)
        here = np.flatnonzero(self.at == node)
        if len(here):
            row = np.asarray((self.part @ self.part[here].T).toarray()).ravel()
            came[self.at[row > 0]] = True
        came[node] = False
        return came


class _Hardly:
    """Whom each node shares nothing with; or, of few nodes, hardly anything."""

    def __init__(self, so_far: Past, done: Work, few: bool) -> None:
        self.so_far, self.few = so_far, few
        self.fit = expectation(so_far, done) if few else None
        self.together = (done.part @ done.part.T).toarray() if few else None

    def of(self, node: int) -> tuple[Wholes, Reals]:
        """The candidates of a node, and by how much each falls short."""
        if self.together is not None:
            found = short_of(self.so_far, self.together[node], node, self.fit)
            return found.node, found.expected - found.shared
        row = self.so_far.tied[[node]].toarray()[0]
        row[node] = 1
        nobody = np.flatnonzero(row == 0)
        return nobody, np.full(len(nobody), np.nan)


def _held(
    so_far: Past, nodes: Wholes, how: tuple[dict[str, float], NDArray[np.bool_], bool],
    hardly: _Hardly, came: _Later,
) -> Held:  # fmt: skip
    weights, may, few = how
    n_asked = n_named = n_came = n_equal = 0
    chances = []
    reasons = BETWEEN_CLUSTERS[:-1] if few else BETWEEN_ORGANISATIONS
    for start in range(0, len(nodes), _AT_ONCE):
        block = nodes[start : start + _AT_ONCE]
        found = [hardly.of(int(node)) for node in block]
        kept = [(j[may[j]], short[may[j]]) for j, short in found]
        sizes = [len(j) for j, _ in kept]
        if not sum(sizes):
            continue
        rows = evidence(so_far, np.repeat(block, sizes), np.concatenate([j for j, _ in kept]))
        ends = np.cumsum(sizes)
        for node, (j, short), end in zip(block, kept, ends, strict=True):
            if not len(j):
                continue
            columns, true = rows[end - len(j) : end], came.of(int(node))
            best = ranked_by(j, columns, weights=weights).node[:FIRST]
            equal = ranked_by(j, columns, reasons=reasons, given={"shortfall": short}).node[:FIRST]
            n_asked, n_named = n_asked + 1, n_named + len(best)
            n_came, n_equal = n_came + int(true[best].sum()), n_equal + int(true[equal].sum())
            chances.append(true[j].mean())
    return Held(n_asked, n_named, n_came, float(np.mean(chances)) if chances else np.nan, n_equal)

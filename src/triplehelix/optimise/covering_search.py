"""A search by exchanges for a cheap covering, in which requirements often left open weigh more."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from triplehelix.optimise.covering import Covering, Ints


def cheap(
    cover: Covering, *, steps: int, rng: np.random.Generator, over: Callable[[], bool]
) -> Ints | None:
    """
    Look for a cheap covering, for one without sets apart; None if nothing covers.

    From a greedy covering on, the member goes whom weights need least for the cost; then, as long
    as something is open, somebody comes who covers one such requirement and most weight for the
    cost, if all stays cheaper than the best known. What is still open weighs one more. Who has
    just come stays; of equal ones whoever has not moved for longest goes or comes.

    Parameters
    ----------
    cover : with cost > 0 of each member.
    over : whether to end now.

    References
    ----------
    Gao, Weise and Li (2015), An efficient local search heuristic with row weighting for the
    unicost set covering problem, European Journal of Operational Research 246(3), 750-761.
    doi:10.1016/j.ejor.2015.05.038

    Examples
    --------
    >>> rows = (np.array([0, 2]), np.array([1, 2]))
    >>> three = Covering(np.array([2.0, 2.0, 3.0]), rows, np.array([1, 1]))
    >>> cheap(three, steps=10, rng=np.random.default_rng(0), over=lambda: False)
    array([2])
    """
    search = _Search(cover, rng)
    if not search.greedy():
        return None
    for step in range(1, steps + 1):
        if step % 100 == 0 and over():
            break
        search.step(step)
    search.keep()
    return np.flatnonzero(search.best)


class _Search:
    """
    Who is in, how often each requirement is covered, and what each move would change.

    A requirement that lacks two members counts twice. `score` is the weight that a member in would
    leave open by going, and that one outside would close by coming.
    """

    def __init__(self, cover: Covering, rng: np.random.Generator) -> None:
        n, m = len(cover.cost), len(cover.who)
        self.cost, self.times, self.rng = cover.cost, cover.times, rng
        self.has = np.zeros((m, n))
        for at, who in enumerate(cover.who):
            self.has[at, who] = 1.0
        self.who = cover.who
        self.covers = [np.flatnonzero(column) for column in self.has.T]
        self.there = np.zeros(n, dtype=bool)
        self.best, self.least, self.total = self.there, np.inf, 0.0
        self.count = np.zeros(m, dtype=np.int64)
        self.weight = np.ones(m)
        self.score = (self.count < self.times) @ self.has
        self.moved, self.came = np.zeros(n, dtype=np.int64), -1

    def greedy(self) -> bool:
        """Add whoever covers most for the cost until all is covered; False if that cannot be."""
        while (self.count < self.times).any():
            worth = np.where(self.there, -1.0, self.score / self.cost)
            at = int(np.argmax(worth))
            if worth[at] <= 0:
                return False
            self.enter(at)
        self.keep()
        return True

    def keep(self) -> None:
        """Who is in is the best known if all is covered at less."""
        if self.total < self.least - 1e-9 and not (self.count < self.times).any():
            self.best, self.least = self.there.copy(), self.total

    def step(self, now: int) -> None:
        """Out with members until something is open, and one more; in with others until nothing."""
        self.thin(now)
        inside = np.flatnonzero(self.there)
        self.out(now, inside[inside != self.came])
        while len(open_ := np.flatnonzero(self.count < self.times)):
            who = self.who[open_[self.rng.integers(len(open_))]]
            who = who[~self.there[who] & (self.moved[who] < now)
                      & (self.total + self.cost[who] < self.least - 1e-9)]  # fmt: skip
            if not len(who):
                return
            at = int(who[np.lexsort((self.moved[who], -self.score[who] / self.cost[who]))[0]])
            self.enter(at)
            self.moved[at], self.came = now, at
            self.heavier()

    def thin(self, now: int) -> None:
        """As long as all is covered: remember it, and somebody goes."""
        while not (self.count < self.times).any():
            self.keep()
            self.out(now, np.flatnonzero(self.there))

    def out(self, now: int, inside: Ints) -> None:
        if len(inside):
            order = np.lexsort((self.moved[inside], self.score[inside] / self.cost[inside]))
            at = int(inside[order[0]])
            self.leave(at)
            self.moved[at] = now

    def heavier(self) -> None:
        """What is open weighs one more."""
        open_ = self.count < self.times
        self.weight[open_] += 1
        self.score += self.has[open_].sum(axis=0)

    def enter(self, at: int) -> None:
        rows, own = self.covers[at], self.score[at]
        spare = self.count[rows] - self.times[rows]
        self.shift(rows[spare == 0], self.there, -1.0)
        self.shift(rows[spare == -1], ~self.there, -1.0)
        self.move(at, own, 1)

    def leave(self, at: int) -> None:
        rows, own = self.covers[at], self.score[at]
        spare = self.count[rows] - self.times[rows]
        self.shift(rows[spare == 1], self.there, 1.0)
        self.shift(rows[spare == 0], ~self.there, 1.0)
        self.move(at, own, -1)

    def shift(self, rows: Ints, whose: NDArray[np.bool_], sign: float) -> None:
        if len(rows):
            self.score += sign * (self.weight[rows] @ self.has[rows]) * whose

    def move(self, at: int, own: float, by: int) -> None:
        # What it would close by coming is what it would leave open by going again.
        self.score[at] = own
        self.there[at] = by > 0
        self.count[self.covers[at]] += by
        self.total += by * float(self.cost[at])

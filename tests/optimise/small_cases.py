"""Small random coverings, and their answers by trying every subset."""

from itertools import chain, combinations

import numpy as np

from triplehelix.optimise.covering import Covering

RANDOM_CASES = 120


def some_covering(seed, most=9):
    """A covering of 2 to `most` members, its weights and its repair costs; many are infeasible."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, most + 1)), int(rng.integers(1, 6))
    has = rng.random((m, n)) < rng.uniform(0.3, 0.9)
    apart = [
        np.sort(rng.choice(n, size=int(rng.integers(2, min(n, 3) + 1)), replace=False))
        for _ in range(int(rng.integers(0, 4)))
    ]
    cover = Covering(
        rng.integers(0, 9, n).astype(float), tuple(np.flatnonzero(row) for row in has),
        np.ones(m, dtype=np.int64), tuple(apart),
    )  # fmt: skip
    weight = rng.integers(0, 10, m).astype(float)
    repair = np.where(rng.random(n) < 0.3, np.inf, rng.integers(0, 9, n).astype(float))
    return cover, weight, repair


def subsets(members):
    members = list(members)
    return chain.from_iterable(combinations(members, k) for k in range(len(members) + 1))


def keeps_apart(cover, team):
    return all(len(set(group.tolist()) & set(team)) <= 1 for group in cover.apart)


def covers(cover, team):
    return all(set(who.tolist()) & set(team) for who in cover.who)


def teams(cover):
    """Every choice that covers all and keeps the exclusions, with its cost."""
    for team in subsets(range(len(cover.cost))):
        if covers(cover, team) and keeps_apart(cover, team):
            yield team, float(sum(cover.cost[at] for at in team))


def after_losses(team, losses):
    """What is left of a team after each loss of up to so many members."""
    for k in range(min(losses, len(team)) + 1):
        for lost in combinations(team, k):
            yield tuple(at for at in team if at not in lost), lost


def least_robust(cover, losses):
    return min(
        (cost for team, cost in teams(cover)
         if all(covers(cover, left) for left, _ in after_losses(team, losses))),
        default=None,
    )  # fmt: skip


def least_partial(cover, weight, losses, percent):
    def enough(left):
        kept = sum(w for w, who in zip(weight, cover.who, strict=True)
                   if set(who.tolist()) & set(left))  # fmt: skip
        return 100 * kept >= percent * weight.sum()

    return min(
        (cost for team, cost in teams(cover)
         if all(enough(left) for left, _ in after_losses(team, losses))),
        default=None,
    )  # fmt: skip


def least_recoverable(cover, repair, losses):
    def cheapest(left, team):
        free = [at for at in range(len(repair)) if at not in team and np.isfinite(repair[at])]
        return min(
            (float(sum(repair[at] for at in new)) for new in subsets(free)
             if covers(cover, left + new) and keeps_apart(cover, left + new)),
            default=np.inf,
        )  # fmt: skip

    totals = (
        cost + max(cheapest(left, team) for left, _ in after_losses(team, losses))
        for team, cost in teams(cover)
    )
    least = min(totals, default=np.inf)
    return least if np.isfinite(least) else None

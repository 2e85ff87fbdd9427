"""How far the figures of a forecast would differ had there been other organisations."""

from typing import NamedTuple

import numpy as np

# Of the pairs whose tie did not come, one in so many is drawn; the figures' spread needs no more.
_ONE_IN = 40
_BEST = 4000


class Spread(NamedTuple):
    """95 % bounds of this forecast's figure less a peer's, per peer."""

    average_precision: dict[str, tuple[float, float]]
    first_hundred: dict[str, tuple[float, float]]
    first_thousand: dict[str, tuple[float, float]]


class Drawn:
    """
    A sample of judged pairs with their scores, to draw organisations from anew.

    Organisations are drawn with replacement, as many as there are; a pair then counts as often
    as both its ends were drawn, multiplied. All scorers are judged on the same draws, so that
    what they have in common falls out of their difference.
    """

    def __init__(self, names: list[str], seed: int = 0) -> None:
        self.names, self._rng = names, np.random.default_rng(seed)
        self._some: list[tuple[np.ndarray, ...]] = []
        self._best = {name: (np.zeros(0),) + (np.zeros(0, int),) * 2 + (np.zeros(0, bool),)
                      for name in names}  # fmt: skip

    def add(
        self, ends: tuple[np.ndarray, np.ndarray], came: np.ndarray, scores: dict[str, np.ndarray]
    ) -> None:
        """Further pairs, in the order of their ids."""
        i, j = ends
        kept = np.flatnonzero(came | (self._rng.random(len(came)) < 1 / _ONE_IN))
        table = np.column_stack([scores[n][kept] for n in self.names]).astype(np.float32)
        self._some.append((i[kept].astype(np.int32), j[kept].astype(np.int32), came[kept], table))
        for name in self.names:
            self._keep(name, (scores[name], i, j, came))

    def _keep(self, name: str, rows: tuple[np.ndarray, ...]) -> None:
        if len(self._best[name][0]) == _BEST:
            rows = tuple(each[rows[0] > self._best[name][0][-1]] for each in rows)
        score = rows[0]
        if len(score) > _BEST:
            least = np.partition(score, -_BEST)[-_BEST]
            rows = tuple(each[score >= least] for each in rows)
        together = [np.concatenate(each) for each in zip(self._best[name], rows, strict=True)]
        order = np.argsort(-together[0], kind="stable")[:_BEST]
        self._best[name] = tuple(each[order] for each in together)  # type: ignore[assignment]

    def spread(self, n_nodes: int, n_draws: int = 200) -> Spread:
        """Of the first scorer less each other one."""
        i, j, came, table = (np.concatenate(each) for each in zip(*self._some, strict=True))
        sizes = np.where(came, 1.0, float(_ONE_IN))
        orders = [np.argsort(-table[:, k], kind="stable") for k in range(len(self.names))]
        ap, hundred, thousand = (np.zeros((n_draws, len(self.names))) for _ in range(3))
        for draw in range(n_draws):
            times = np.bincount(self._rng.integers(0, n_nodes, n_nodes), minlength=n_nodes)
            weight = sizes * times[i] * times[j]
            for k, name in enumerate(self.names):
                ap[draw, k] = _average_precision(weight[orders[k]], came[orders[k]])
                hundred[draw, k] = _first(self._best[name], times, 100)
                thousand[draw, k] = _first(self._best[name], times, 1000)
        return Spread(self._bounds(ap), self._bounds(hundred), self._bounds(thousand))

    def _bounds(self, drawn: np.ndarray) -> dict[str, tuple[float, float]]:
        found = {}
        for k, name in enumerate(self.names[1:], 1):
            low, high = np.nanquantile(drawn[:, 0] - drawn[:, k], [0.025, 0.975])
            found[name] = float(low), float(high)
        return found


def _average_precision(weight: np.ndarray, came: np.ndarray) -> float:
    true = weight * came
    so_far, at = np.cumsum(true), np.cumsum(weight)
    here = np.flatnonzero(true)
    return float(np.sum(true[here] * so_far[here] / at[here]) / so_far[-1])


def _first(best: tuple[np.ndarray, ...], times: np.ndarray, n: float) -> float:
    """The share that came of the first so many, each pair as often as it was drawn."""
    _, i, j, came = best
    weight = (times[i] * times[j]).astype(float)
    before = np.cumsum(weight) - weight
    weight = np.clip(n - before, 0.0, weight)
    return float(np.sum(weight * came) / np.sum(weight))

"""A split that groups have the least reason to leave, with those reasons in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

from triplehelix.ally.least_core import Worst, least_core
from triplehelix.ally.nucleolus import prenucleolus
from triplehelix.ally.shapley import Value, remembered

ALL_GROUPS_TO = 10
MOST_GRIEVANCES = 5
_NEAR = 1e-7
Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Grievance:
    """
    A group beside all others: what it is worth by itself and what it gets.

    `beyond` is the difference, above 0 where it could leave and do better; of costs, what it
    saves by leaving.
    """

    group: tuple[str, ...]
    alone: float
    gets: float
    beyond: float
    said: str


@dataclass(frozen=True)
class Split:
    """
    Shares that add up to what all are worth together.

    `method` is the nucleolus (in truth the prenucleolus) where every group could be looked at,
    else the least core. `excess` is the greatest that a group could gain by leaving, as small as
    any split can make it; the split is `stable` where that is nothing. `grievances` are the groups
    nearest to leaving, the nearest first.
    """

    method: Literal["nucleolus", "least core"]
    shares: Mapping[str, float]
    excess: float
    stable: bool
    grievances: tuple[Grievance, ...]
    said: str


class _Told(NamedTuple):
    words: Words
    sign: float


def stable_split(
    players: Sequence[str],
    value: Value,
    worst: Worst,
    *,
    near: Mapping[str, float],
    words: Words,
    sign: float = 1.0,
) -> Split:
    """
    The prenucleolus to ten players, a split of the least core beyond.

    Parameters
    ----------
    players : distinct, in any order.
    value : what a group is worth; that of nobody is 0.
    worst : exactly the group that is worth the most beyond what a split gives it.
    near : shares that one of the least core is to be near to.
    words : writes an amount.
    sign : -1 where the game is of costs, told as worths below 0: shares are then what each pays.

    Raises
    ------
    SolverError
        If a linear program finds no answer.
    """
    worth = remembered(value)
    method: Literal["nucleolus", "least core"] = "nucleolus"
    if len(players) <= ALL_GROUPS_TO:
        shares = prenucleolus(players, worth)
        names = sorted(players)
        groups = [frozenset(g) for k in range(1, len(names)) for g in combinations(names, k)]
    else:
        found = least_core(players, worth, worst, near=near)
        method, shares = "least core", found.shares
        groups = list(found.groups)
    grievances = _grievances(groups, worth, shares, _Told(words, sign))
    excess = max((one.beyond for one in grievances), default=0.0)
    stable = excess <= _NEAR * max(1.0, abs(worth(frozenset(players))))
    return Split(
        method, {name: sign * share for name, share in shares.items()}, excess, stable,
        grievances[:MOST_GRIEVANCES], _said(stable, excess, grievances, _Told(words, sign)),
    )  # fmt: skip


def _grievances(
    groups: Iterable[frozenset[str]], worth: Value, shares: Mapping[str, float], told: _Told
) -> tuple[Grievance, ...]:
    found = []
    for group in groups:
        names, alone = tuple(sorted(group)), worth(group)
        gets = sum(shares[name] for name in names)
        beyond, alone, gets = alone - gets, told.sign * alone, told.sign * gets
        said = f"{', '.join(names)}: {told.words(alone)} alone, {told.words(gets)} here"
        found.append(Grievance(names, alone, gets, beyond, said))
    # Rounding must not decide who comes first.
    return tuple(sorted(found, key=lambda one: (-round(one.beyond, 9), len(one.group), one.group)))


def _said(stable: bool, excess: float, grievances: Sequence[Grievance], told: _Told) -> str:
    if not grievances:
        return "There is nobody to share with."
    first = ", ".join(grievances[0].group)
    if stable:
        return f"Stable: no group does better by itself. The nearest to leaving: {first}."
    much = "more" if told.sign > 0 else "less to pay"
    return (
        f"No split is stable: by itself {first} would have {told.words(excess)} {much} than here, "
        "and no split makes the greatest such difference smaller."
    )

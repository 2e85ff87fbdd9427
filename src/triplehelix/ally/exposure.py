"""How often each member, or region, could have been chosen, was proposed, invited, and joined."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal, NamedTuple

import numpy as np

from triplehelix.errors import InputError
from triplehelix.stats import (
    benjamini_hochberg,
    stratified_hypergeometric_tail,
    wilson_interval,
)

Stage = Literal["candidate", "proposed", "invited", "accepted"]
STAGES: tuple[Stage, ...] = ("candidate", "proposed", "invited", "accepted")
UNKNOWN = "unknown"


class Seen(NamedTuple):
    """A member that reached a stage in a call; saying it twice changes nothing."""

    call: str
    member: str
    region: str | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the bounds of its 95 % interval (Wilson); NaN of none."""

    n: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """
    How a member, or the members of a region, came off over some calls.

    Each member counts once in each call. `proposed` and `invited` are out of the times that it was
    a candidate, `accepted` out of its invitations. `expected` is how often it would have been
    proposed if all candidates of a call had been equally likely; `p_value` twice how often chance
    would then bring about as many, or as few; at most 1. `q_value` is the same corrected for all
    that are looked at (Benjamini and Hochberg).
    """

    who: str
    calls: int
    candidate: int
    proposed: Share
    invited: Share
    accepted: Share
    expected: float
    p_value: float
    q_value: float


def exposure(
    rows: Iterable[Seen], *, by: Literal["member", "region"] = "member"
) -> tuple[Exposure, ...]:
    """
    The exposure of each member, or of each region, by id; rows in any order.

    Whoever was proposed, invited or accepted was a candidate, and whoever accepted was invited,
    whether or not a row says so. A region that is not known is `unknown`.

    Raises
    ------
    InputError
        If a stage is not one of the four, or a member stands in two regions in one call.

    Examples
    --------
    >>> rows = [Seen("c", name, "north", "candidate") for name in ("a", "b")]
    >>> one, other = exposure([*rows, Seen("c", "a", "north", "proposed")])
    >>> one.who, one.proposed.n, one.expected, other.proposed.n
    ('a', 1, 0.5, 0)
    """
    region: dict[tuple[str, str], str] = {}
    reached: dict[tuple[str, str], set[Stage]] = defaultdict(set)
    for row in sorted(rows, key=lambda row: (row.call, row.member, row.region or UNKNOWN)):
        _add(row, reached, region)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in sorted(reached):
        groups[pair[1] if by == "member" else region[pair]].append(pair)
    chances = _Chances(reached)
    found = {who: _counts(pairs, reached) for who, pairs in sorted(groups.items())}
    p_values = [chances.p_value(groups[who], counts["proposed"]) for who, counts in found.items()]
    q_values = benjamini_hochberg(p_values).tolist() if found else list[float]()
    return tuple(
        Exposure(
            who, len({call for call, _ in groups[who]}), counts["candidate"],
            _share(counts["proposed"], counts["candidate"]),
            _share(counts["invited"], counts["candidate"]),
            _share(counts["accepted"], counts["invited"]),
            chances.expected(groups[who]), p, q,
        )
        for (who, counts), p, q in zip(found.items(), p_values, q_values, strict=True)
    )  # fmt: skip


def _add(
    row: Seen, reached: dict[tuple[str, str], set[Stage]], region: dict[tuple[str, str], str]
) -> None:
    if row.stage not in STAGES:
        raise InputError(f"{row.member} is {row.stage!r} in {row.call}; use {', '.join(STAGES)}")
    pair, here = (row.call, row.member), row.region or UNKNOWN
    if region.setdefault(pair, here) != here:
        raise InputError(
            f"{row.member} is in {region[pair]} and in {here} in the call {row.call}; keep one"
        )
    reached[pair] |= {"candidate", row.stage}
    if row.stage == "accepted":
        reached[pair].add("invited")


def _counts(
    pairs: Iterable[tuple[str, str]], reached: Mapping[tuple[str, str], set[Stage]]
) -> Counter[Stage]:
    return Counter(stage for pair in pairs for stage in reached[pair])


def _share(n: int, of: int) -> Share:
    low, high = wilson_interval(n, of)
    return Share(n, of, n / of if of else float("nan"), float(low), float(high))


class _Chances:
    """Proposals of each call given to its candidates at random, as many as there were."""

    def __init__(self, reached: Mapping[tuple[str, str], set[Stage]]) -> None:
        self._candidates = Counter(call for call, _ in reached)
        self._proposed = Counter(call for (call, _), s in reached.items() if "proposed" in s)

    def expected(self, pairs: Sequence[tuple[str, str]]) -> float:
        return fsum(self._proposed[call] / self._candidates[call] for call, _ in pairs)

    def p_value(self, pairs: Sequence[tuple[str, str]], proposed: int) -> float:
        mine = Counter(call for call, _ in pairs)
        calls = sorted(mine)
        group = np.array([mine[call] for call in calls])
        marked = np.array([self._proposed[call] for call in calls])
        every = np.array([self._candidates[call] for call in calls])
        as_many = stratified_hypergeometric_tail([proposed], [group], [marked], every)
        # As few proposals are as many without one.
        without = group.sum() - proposed
        as_few = stratified_hypergeometric_tail([without], [group], [every - marked], every)
        return min(1.0, 2 * float(min(as_many[0], as_few[0])))

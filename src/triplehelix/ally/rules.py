"""The rules of a call as side conditions of a pooling, each under the name it is told by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from triplehelix.ally.assets import Member
from triplehelix.ally.caps import capped
from triplehelix.ally.meeting import counts, meeting_rows, ways_between
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.parts import Parts
from triplehelix.optimise.pooling import Extra, Row

# Whoever counts for a mix of partners gives at least this share of a need, or all that it can.
LEAST_SHARE = 0.01


@dataclass
class RuleRows:
    """
    The side conditions of a call.

    `at_least`, `at_most` and `partner_cost` are by partner, `most` by arc; `broken` are rules
    that no choice can keep, in words.
    """

    at_least: Ints
    at_most: Ints
    partner_cost: Floats
    most: Floats
    rows: list[Row] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def row(
        self, name: str, low: float = -np.inf, high: float = np.inf, *,
        partners: Mapping[int, float] | None = None, arcs: Mapping[int, float] | None = None,
        extras: Mapping[int, float] | None = None,
    ) -> None:  # fmt: skip
        """Add a side condition."""
        self.rows.append(Row(name, low, high, partners or {}, arcs or {}, {}, extras or {}))

    def extra(self, cost: float = 0.0, *, whole: bool = False) -> int:
        """Add a variable from 0 to 1; its index."""
        self.extras.append(Extra(cost, 0.0, 1.0, whole))
        return len(self.extras) - 1


def rule_rows(parts: Parts) -> RuleRows:
    """Every rule of the question's call, as bounds and rows."""
    n = len(parts.partners)
    cost = np.full(n, parts.question.call.weights.partners, float)
    out = RuleRows(np.zeros(n, np.int64), np.ones(n, np.int64), cost, parts.most.copy())
    held = held_by(parts.partners, parts.question.offers.members)
    _include(parts, out)
    _fix(parts, out)
    out.most, caps = capped(parts)
    out.rows += caps
    _keep_apart(parts, held, out)
    _count(parts, out)
    mixed = _mix(parts, out)
    tied = _unfamiliar(parts, held, out)
    if mixed or tied:
        _each_gives(parts, out)
    _budget(parts, out)
    _meet(parts, out)
    return out


def held_by(partners: Iterable[str], members: Mapping[str, Member]) -> list[set[str]]:
    """For each partner its own id and those of its parts, at any remove."""
    found = []
    for name in partners:
        seen, ahead = set(), [name]
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                ahead += members[one].parts if one in members else ()
        found.append(seen)
    return found


def _include(parts: Parts, out: RuleRows) -> None:
    for name in sorted(parts.question.call.rules.include):
        if name in parts.place:
            out.at_least[parts.place[name]] = 1
            continue
        arcs = parts.arcs_of(name)
        if not len(arcs):
            out.broken.append(f"include: {name} can serve none of the needs")
            continue
        can = float(parts.portion[arcs] @ parts.most[arcs])
        out.row(f"include {name}", min(LEAST_SHARE, can), arcs=_over(arcs, parts.portion[arcs]))


def _fix(parts: Parts, out: RuleRows) -> None:
    names = [one.need.need for one in parts.question.asked]
    for one in sorted(parts.question.call.rules.fixed, key=lambda one: (one.need, one.asset)):
        of_asset = parts.arcs_of(one.asset)
        n = names.index(one.need)
        demands = [d for d, each in enumerate(parts.laid.demands) if each.n == n]
        for d in demands:
            demand = parts.laid.demands[d]
            arcs = of_asset[parts.laid.demand[of_asset] == d]
            can = float(parts.most[arcs].sum())
            low = LEAST_SHARE * demand.volume
            if one.amount is not None:
                low = one.amount / demand.per_volume
            if low > can * (1 + 1e-9):
                out.broken.append(
                    f"fixed: {one.asset} has {can * demand.per_volume:g} left for {one.need}, "
                    f"not {low * demand.per_volume:g}"
                )
            if len(arcs) and (low := min(low, can, demand.volume)) > 0:
                out.row(f"fixed {one.asset} for {one.need}", low, arcs=_over(arcs, 1.0))


def _keep_apart(parts: Parts, held: list[set[str]], out: RuleRows) -> None:
    for group in parts.question.call.rules.never_together:
        for k, one in enumerate(names := sorted(set(group))):
            for other in names[k + 1 :]:
                _never_both(parts, held, out, one, other)


def _never_both(
    parts: Parts, held: list[set[str]], out: RuleRows, one: str, other: str
) -> None:  # fmt: skip
    title = f"never_together {one}, {other}"
    firsts, seconds = (_presence(parts, held, out, name) for name in (one, other))
    for a in firsts:
        for b in seconds:
            if a == b:
                out.at_most[a[1]] = 0
                continue
            partners = {p: 1.0 for kind, p in (a, b) if kind == "partner"}
            extras = {e: 1.0 for kind, e in (a, b) if kind == "extra"}
            out.row(title, high=1.0, partners=partners, extras=extras)


def _presence(
    parts: Parts, held: list[set[str]], out: RuleRows, name: str
) -> list[tuple[str, int]]:  # fmt: skip
    """What is 1 when a member or an asset takes part: partners, or a variable made for it."""
    partners = [("partner", p) for p, names in enumerate(held) if name in names]
    if partners or not len(parts.arcs_of(name)):
        return partners
    arcs = parts.arcs_of(name)
    used = out.extra(whole=True)
    for a in arcs:
        most = float(parts.most[a])
        out.row(f"whether {name} is used", high=0.0, arcs={int(a): 1.0}, extras={used: -most})
    return [("extra", used)]


def _count(parts: Parts, out: RuleRows) -> None:
    most = parts.question.call.rules.most_partners
    if most is not None:
        everyone = dict.fromkeys(range(len(parts.partners)), 1.0)
        out.row("most_partners", high=float(most), partners=everyone)


def _mix(parts: Parts, out: RuleRows) -> bool:
    rules = parts.question.call.rules
    for helix, n in sorted(rules.helices.items()):
        those = alike(parts, "helix").get(helix, [])
        _at_least(out, f"helices: {n} of {helix}", those, n)
    if rules.entities_from_countries:
        entities, countries = rules.entities_from_countries
        _at_least(
            out,
            f"entities_from_countries: {entities} entities",
            range(len(parts.partners)),
            entities,
        )
        _different(parts, out, "country", countries, "entities_from_countries: countries")
    for one in rules.spread:
        _different(parts, out, one.of, one.at_least, f"spread: {one.of}")
    return bool(rules.helices or rules.entities_from_countries or rules.spread)


def _at_least(out: RuleRows, name: str, partners: Iterable[int], n: int) -> None:
    those = dict.fromkeys(partners, 1.0)
    if len(those) < n:
        out.broken.append(f"{name}, and {len(those)} can serve")
    out.row(name, low=float(min(n, len(those))), partners=those)


def _different(parts: Parts, out: RuleRows, of: str, n: int, name: str) -> None:
    groups = alike(parts, of)
    told = []
    for value in sorted(groups):
        there = out.extra()
        told.append(there)
        out.row(
            f"{name} {value}", high=0.0,
            partners=dict.fromkeys(groups[value], -1.0), extras={there: 1.0},
        )  # fmt: skip
    if len(told) < n:
        out.broken.append(f"{name}: at least {n} different ones, and {len(told)} can serve")
    out.row(name, low=float(min(n, len(told))), extras=dict.fromkeys(told, 1.0))


def alike(parts: Parts, of: str) -> dict[str, list[int]]:
    """Partners by a known value; those of whom it is not known are left out."""
    members = parts.question.offers.members
    groups: dict[str, list[int]] = defaultdict(list)
    for p, name in enumerate(parts.partners):
        value = getattr(members[name], of) if name in members else None
        if value and value != "unknown":
            groups[value].append(p)
    return groups


def _unfamiliar(parts: Parts, held: list[set[str]], out: RuleRows) -> bool:
    """Whoever has worked with no partner costs more; where there is an edition to tell."""
    weight, pairs = parts.question.call.weights.unfamiliarity, parts.question.familiar
    if not weight or not pairs:
        return False
    holders: dict[str, list[int]] = defaultdict(list)
    for p, names in enumerate(held):
        for name in names:
            holders[name].append(p)
    knows: dict[int, set[int]] = defaultdict(set)
    for (one, other), n in pairs.items():
        for p in holders.get(one, ()) if n > 0 else ():
            for q in holders.get(other, ()):
                knows[p].add(q)
                knows[q].add(p)
    for p in range(len(parts.partners)):
        others = sorted(knows.get(p, set()) - {p})
        if not others:
            out.partner_cost[p] += weight
            continue
        alone = out.extra(weight)
        known = {p: 1.0, **dict.fromkeys(others, -1.0)}
        out.row("unfamiliarity", high=0.0, partners=known, extras={alone: -1.0})
    return True


def _each_gives(parts: Parts, out: RuleRows) -> None:
    """No partner in name only: a mix is of those who give something."""
    order = np.argsort(parts.owner, kind="stable")
    bounds = np.searchsorted(parts.owner[order], np.arange(len(parts.partners) + 1))
    for p in range(len(parts.partners)):
        arcs = order[bounds[p] : bounds[p + 1]]
        if len(arcs) and not out.at_least[p]:
            least = min(LEAST_SHARE, float((parts.portion[arcs] * out.most[arcs]).max()))
            out.row(
                "every partner gives", 0.0,
                partners={p: -least}, arcs=_over(arcs, parts.portion[arcs]),
            )  # fmt: skip


def _budget(parts: Parts, out: RuleRows) -> None:
    budget = parts.question.call.rules.budget
    if budget is not None:
        paid = np.flatnonzero(parts.money)
        out.row("budget", high=budget, arcs=_over(paid, parts.money[paid]))


def _meet(parts: Parts, out: RuleRows) -> None:
    """What partners travel to meet, where the call counts it."""
    question = parts.question
    if counts(question.call.weights):
        members, rules = question.offers.members, question.call.rules
        ways = ways_between(parts.partners, question.spots, members, rules)
        rows, extras = meeting_rows(ways.weighed(question.call.weights), len(out.extras))
        out.rows += rows
        out.extras += extras


def _over(arcs: Ints, each: Floats | float) -> dict[int, float]:
    return dict(zip(arcs.tolist(), np.broadcast_to(each, len(arcs)).tolist(), strict=True))

"""
Truly different answers to one call: cheapest, soonest, fewest partners, most spread.

Each is the best by its own measure first, and by the weights of the call among those.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.build import SAME, alliance_of
from triplehelix.ally.call import Call
from triplehelix.ally.check import check
from triplehelix.ally.extremes import Extremes
from triplehelix.ally.measures import Measures, measures_of, places_of, trade_said
from triplehelix.ally.model import Model, compile_model
from triplehelix.ally.question import put
from triplehelix.ally.solver import Solver, in_process
from triplehelix.ally.timing import Clock, Within
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling

ENOUGH = 3
ANOTHER = "another group"
_MEASURES: tuple[tuple[str, Callable[[Extremes], Pooled | None]], ...] = (
    ("balanced", Extremes.balanced), ("cheapest", Extremes.cheapest),
    ("soonest", Extremes.soonest), ("fewest", Extremes.fewest),
    ("most spread", Extremes.most_spread),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alternative:
    """
    An answer that is best in one way; `same_as` names an earlier one with the same plan.

    `measures` are comparable between alternatives; `trade` says what it gives up for what, beside
    the balanced one. `proven`: none is better by its measure; otherwise it is the best found in the
    time given.
    """

    name: str
    alliance: Alliance
    measures: Measures
    same_as: str | None
    trade: str
    proven: bool = True


def alternatives(
    call: Call, landscape: Landscape, capabilities: Capabilities, *, today: date,
    limits: Limits | None = None, solver: Solver = in_process, clock: Clock | None = None,
) -> tuple[Alternative, ...]:  # fmt: skip
    """
    Three to five answers to a call, the balanced one first; fewer where there are no more.

    `balanced` is best by the call's weights, `cheapest` in money, `soonest` in the day when the
    last partner is ready, `fewest` in partners, `most spread` in the share of its largest place.
    Where fewer than three differ, the best other groups follow. Empty where the call cannot be
    met. Their `objective` is by the call's weights, `bound` that of the balanced one.

    With a clock the limit holds for all of them together; those that there was no time for are
    named in a note of the balanced one.

    Raises
    ------
    InputError, UnknownName, SolverError
        As `solve`.
    """
    limits = limits or Limits()
    timed = Within(solver, limits.seconds, clock)
    model = compile_model(put(call, landscape, capabilities, today=today))
    search = _Search(model, places_of(landscape), timed, limits)
    found: list[Alternative] = []
    for name, plan, proven in search.plans() if not model.broken else ():
        if name == ANOTHER and len(_different(found)) >= ENOUGH:
            break
        alliance = _bounded(alliance_of(model, plan), search.seen[0], name, proven)
        problems = check(alliance, landscape, capabilities, today=today)
        alliance = replace(alliance, checked=not problems, problems=problems)
        measures = measures_of(alliance, landscape)
        trade = trade_said(measures, found[0].measures) if found else ""
        same = _same(alliance, found)
        found.append(Alternative(name, alliance, measures, same, trade, proven))
    return _with_note(found, search.missed)


@dataclass
class _Search:
    """The plans one after another, each in its share of the time; `missed`: there was none left."""

    model: Model
    places: Mapping[str, str]
    timed: Within
    limits: Limits
    seen: list[Pooled] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def plans(self) -> Iterator[tuple[str, Pooled, bool]]:
        """Name, plan, and whether it is proven to be best by its measure."""
        for k, (name, find) in enumerate(_MEASURES):
            if self.seen and self.timed.over():
                self.missed.append(name)
            elif (told := self._told(find, len(_MEASURES) - k)) is not None:
                yield name, *told
            elif not self.seen:
                return
        for k in range(ENOUGH - 1):
            if self.timed.over():
                return
            told = self._told(self._another, ENOUGH - 1 - k)
            if told is None:
                return
            yield ANOTHER, *told

    def _another(self, extremes: Extremes) -> Pooled | None:
        return extremes.other_than([one.partners for one in self.seen])

    def _told(
        self, find: Callable[[Extremes], Pooled | None], n: int
    ) -> tuple[Pooled, bool] | None:  # fmt: skip
        statuses: list[str] = []

        def solver(
            problem: Pooling, limits: Limits, *, losses: int = 0, **more: Any
        ) -> Pooled:  # fmt: skip
            found = self.timed(problem, limits, losses=losses, **more)
            statuses.append(found.status)
            return found

        # Most measures take two solves: the least of the measure, and the best among those.
        share = self.timed.shared(self.limits, 2 * n)
        plan = find(Extremes(self.model, self.places, solver, share))
        if plan is None:
            return None
        self.seen.append(plan)
        return plan, set(statuses) <= {"optimal", "infeasible"}


def _with_note(found: list[Alternative], missed: list[str]) -> tuple[Alternative, ...]:
    if missed and found:
        note = f"Time ended before these were looked for: {', '.join(missed)}."
        first = found[0]
        alliance = replace(first.alliance, notes=(*first.alliance.notes, note))
        found[0] = replace(first, alliance=alliance)
    return tuple(found)


def _different(found: list[Alternative]) -> list[Alternative]:
    return [one for one in found if one.same_as is None]


def _same(alliance: Alliance, found: list[Alternative]) -> str | None:
    plan = [(one.need, one.asset, one.member, one.starts, one.amount)
            for one in alliance.contributions]  # fmt: skip
    for other in found:
        if plan == [(one.need, one.asset, one.member, one.starts, one.amount)
                    for one in other.alliance.contributions]:  # fmt: skip
            return other.name
    return None


def _bounded(alliance: Alliance, balanced: Pooled, name: str, proven: bool) -> Alliance:
    """With the bound of the balanced one, which is a bound of every plan."""
    objective, bound = alliance.objective, balanced.bound
    if objective is None:
        return alliance
    near = bound is not None and objective <= bound + SAME * max(1.0, abs(objective))
    said = {**alliance.said, "alternative": name}
    if not proven:
        said["measure"] = "Best found in the time given: another may be better by this measure."
    return replace(
        alliance, status="optimal" if near else "feasible", said=said,
        bound=None if bound is None else min(bound, objective),
    )  # fmt: skip

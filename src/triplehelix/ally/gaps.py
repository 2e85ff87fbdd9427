"""
What is missing where no alliance meets every need: how much, when, why, and what would close it.

What can be covered is covered all the same, so that the answer is of use.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from triplehelix.ally.additions import addition, in_words
from triplehelix.ally.alliance import Alliance, Gap
from triplehelix.ally.asked import FOREVER, day, past_said
from triplehelix.ally.build import alliance_of
from triplehelix.ally.call import Call, Rules
from triplehelix.ally.elastic import Shortage, at_least_shortage, least_shortage, shortage
from triplehelix.ally.model import Model, compile_model
from triplehelix.ally.offers import Floats
from triplehelix.ally.question import Question
from triplehelix.ally.relaxing import RULES, Relaxed, relaxed, with_rule
from triplehelix.ally.said import day_said
from triplehelix.ally.solver import Solver, nothing
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling
from triplehelix.optimise.pooling_rest import rest_of

# Rules that can be in the way even with every need unmet.
_CONFLICTING = (
    "include", "fixed", "never_together", "most_partners", "helices", "entities_from_countries",
    "spread", "member_caps", "budget",
)  # fmt: skip


@dataclass(frozen=True)
class Explaining:
    """
    How a changed call is put to the same landscape, and who solves it within which limits.

    `over` tells that the time is gone, and nothing more is to be tried. `kept`: what of a model
    is agreed and stands, volumes of shape (n_arcs,).
    """

    put: Callable[[Call], Question]
    solver: Solver
    limits: Limits
    over: Callable[[], bool] = lambda: False
    kept: Callable[[Model], Floats] | None = None

    def tried(self, call: Call) -> tuple[Model, Shortage | None]:
        """A changed call with its least shortage; None where its rules cannot be kept."""
        model = compile_model(self.put(call))
        return model, least_shortage(model, self.beside(model), self.limits)

    def beside(self, model: Model) -> Solver:
        """Who solves what is left of a model beside what stands."""
        return self.solver if self.kept is None else _Beside(self.solver, self.kept(model))


@dataclass(frozen=True)
class _Beside:
    """Solves poolings in which some volumes stand: only what these leave unmet is looked at."""

    solver: Solver
    kept: Floats

    def __call__(
        self, problem: Pooling, limits: Limits, *, losses: int = 0, **more: Any
    ) -> Pooled:  # fmt: skip
        rest = rest_of(problem, self.kept)
        found = self.solver(rest.problem, limits, losses=losses, **more)
        return found if found.objective is None else rest.whole_of(found)


def partly(model: Model, explaining: Explaining) -> Alliance:
    """What can be covered of a call that cannot be met, with its gaps and their remedies."""
    call = model.parts.question.call
    notes = [f"Cannot be kept: {one}." for one in model.broken]
    base, least = model, least_shortage(model, explaining.beside(model), explaining.limits)
    if least is None:
        notes += _conflict(call, explaining)
        base, least = explaining.tried(call.model_copy(update={"rules": _without(call.rules)}))
    if least is None:
        return replace(alliance_of(model, nothing("infeasible")), notes=tuple(notes))
    covered = alliance_of(
        base, at_least_shortage(base, least, explaining.beside(base), explaining.limits)
    )
    short = missing_of(base, least.short)
    closing = _closing(base.parts.question, short, explaining)
    if explaining.over():
        notes.append("Time ended before every condition was looked at; give it longer for more.")
    gaps = tuple(
        _gap(base, n, short[n], least, [one for one, met in closing if n in met]) for n in short
    )
    if not short:
        notes += [f"Giving up one rule would do: {one.words}." for one, _ in closing]
    return replace(
        covered, call=call, status="infeasible", objective=None, bound=None, gaps=gaps,
        notes=(*notes, *covered.notes),
    )  # fmt: skip


def unmet_wishes(model: Model, pooled: Pooled) -> tuple[Gap, ...]:
    """The gaps of needs that need not be met and are not, for an alliance that meets the rest."""
    least = Shortage(shortage(model, pooled), 0.0)
    short = missing_of(model, least.short, must=False)
    return tuple(_gap(model, n, short[n], least, []) for n in short)


def _conflict(call: Call, explaining: Explaining) -> Iterator[str]:
    """Which rule, given up alone, lets the others be kept."""
    yield "The rules contradict each other, whatever is chosen; needs were covered without them."
    for name in _CONFLICTING:
        default = getattr(Rules(), name)
        if getattr(call.rules, name) != default:
            _, least = explaining.tried(with_rule(call, name, default))
            if least is not None:
                yield f"The other rules can be kept without {RULES[name]} ({name})."


def _without(rules: Rules) -> Rules:
    return rules.model_copy(update={name: getattr(Rules(), name) for name in _CONFLICTING})


def missing_of(model: Model, short: Floats, *, must: bool = True) -> dict[int, float]:
    """
    The amount missing on its weakest day of each need (by place) that must be met, or need not.

    Needs of which nothing is missing are left out.
    """
    found: dict[int, float] = {}
    for d, one in enumerate(model.parts.laid.demands):
        asked = model.parts.question.asked[one.n]
        missing = float(short[d]) * one.per_volume
        if asked.need.must == must and missing > 0:
            found[one.n] = max(found.get(one.n, 0.0), missing)
    for n, asked in enumerate(model.parts.question.asked):
        if asked.past and asked.need.must and must:
            found.setdefault(n, asked.amount)
    return dict(sorted(found.items()))


def _closing(
    question: Question, short: dict[int, float], explaining: Explaining
) -> list[tuple[Relaxed, set[int]]]:  # fmt: skip
    """The conditions that, given up alone, close gaps, each with the needs that it lets meet."""
    found = []
    for one in relaxed(question, short):
        if explaining.over():
            break
        model, least = explaining.tried(one.call)
        if least is None:
            continue
        met = set(short) - set(missing_of(model, least.short))
        if met if short else not model.broken:
            found.append((one, met))
    return found


def _gap(
    model: Model, n: int, missing: float, least: Shortage, closing: Sequence[Relaxed]
) -> Gap:  # fmt: skip
    question = model.parts.question
    one, asked = question.candidates[n], question.asked[n]
    days = [
        demand.stretch
        for d, demand in enumerate(model.parts.laid.demands)
        if demand.n == n and demand.stretch and least.short[d] > 0
    ]
    starts = min((each.first for each in days), default=asked.first)
    ends = max((each.last for each in days), default=asked.last)
    missing = round(missing, 6)
    wanted = addition(question, n, missing)
    return Gap(
        need=asked.need.need, missing=missing, unit=asked.need.unit,
        why=_why(model, n, starts, ends), cheapest=in_words(question, n, wanted),
        relax=_each_once(n, question, closing), starts=day(starts),
        ends=None if ends >= FOREVER else day(ends), reasons=one.reasons(), addition=wanted,
    )  # fmt: skip


def _each_once(n: int, question: Question, closing: Sequence[Relaxed]) -> tuple[str, ...]:
    """The need's own conditions and the rules; the weaker change where one is enough."""
    name = question.asked[n].need.need
    return tuple(one.words for one in closing if one.need in (None, name))


def _why(model: Model, n: int, starts: int, ends: int) -> str:
    question = model.parts.question
    one, asked = question.candidates[n], question.asked[n]
    if asked.past:
        return past_said(asked, question.as_of)
    rows = one.rows[one.able]
    able = len({question.offers.rows[i].asset.asset for i in rows})
    last, first = day(ends), day_said(date.fromordinal(starts))
    until = f" to {day_said(last)}" if last else " on"
    when = "" if asked.kind == "whole" else f"from {first}{until}: "
    told = "; ".join(f"{count} {words}" for words, count in one.reasons().items())
    serving = f"{able} can serve, all in all too little" if able else "nobody can serve"
    return f"{when}{serving}" + (f"; {told}" if told else "")

"""What each partner adds: what it would cost to do without it, worked out by doing without it."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.elastic import least_shortage
from triplehelix.ally.gaps import missing_of
from triplehelix.ally.model import Model, compile_model
from triplehelix.ally.question import put
from triplehelix.ally.said import number_said
from triplehelix.ally.solver import Solver, in_process
from triplehelix.ally.timing import Clock, Within
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled


@dataclass(frozen=True, slots=True)
class Worth:
    """
    What a partner adds.

    `costs` is by how much the objective rises without it, 0 or more; None where the needs cannot
    be met without it, and then `missing` has the amount of each need on its weakest day.
    `proven`: both sides of the comparison are optimal. `said`: the same in words.
    """

    member: str
    costs: float | None
    missing: tuple[tuple[str, float], ...]
    proven: bool
    said: str


def worth(
    alliance: Alliance, landscape: Landscape, capabilities: Capabilities, *, today: date,
    limits: Limits | None = None, solver: Solver = in_process, clock: Clock | None = None,
) -> tuple[Worth, ...]:  # fmt: skip
    """
    What each partner of an alliance adds, by member id.

    The best alliance without the partner is compared with this one. Empty where the alliance
    does not meet its call.

    Parameters
    ----------
    limits, solver, clock : as for `solve`. With a clock the limit is shared by all partners alike;
        of whom there was no time for, that is said.
    """
    if alliance.objective is None:
        return ()
    limits = limits or Limits()
    timed = Within(solver, limits.seconds, clock)
    model = compile_model(put(alliance.call, landscape, capabilities, today=today))
    found, partners = list[Worth](), alliance.partners
    for k, name in enumerate(partners):
        if timed.over():
            said = "Not looked at: the time given was over before."
            found.append(Worth(name, None, (), False, said))
            continue
        share = timed.shared(limits, len(partners) - k)
        found.append(_worth(model, alliance, name, timed, share))
    return tuple(found)


def _worth(model: Model, alliance: Alliance, name: str, solver: Solver, limits: Limits) -> Worth:
    without = _without(model, model.parts.place[name])
    pooled = solver(without.pooling, limits)
    if pooled.status == "infeasible":
        return _needed(without, name, solver, limits)
    if pooled.objective is None or alliance.objective is None:
        return Worth(name, None, (), False, "Not known: nothing was found in the time given.")
    # What mending might cost is a fear, not a cost: both sides are compared without it.
    mending = alliance.terms.get("mending")
    costs = max(0.0, pooled.objective - alliance.objective + (mending or 0.0))
    proven = "optimal" == pooled.status == alliance.status and mending is None
    return Worth(name, costs, (), proven, _in_words(costs, pooled, proven))


def _without(model: Model, p: int) -> Model:
    least, most = model.pooling.at_least.copy(), model.pooling.at_most.copy()
    least[p] = most[p] = 0
    return replace(model, pooling=replace(model.pooling, at_least=least, at_most=most))


def _needed(model: Model, name: str, solver: Solver, limits: Limits) -> Worth:
    least = least_shortage(model, solver, limits)
    asked = model.parts.question.asked
    if least is None:
        return Worth(name, None, (), True, "Without it the rules cannot be kept.")
    found = missing_of(model, least.short)
    missing = tuple((asked[n].need.need, float(np.round(found[n], 6))) for n in found)
    told = ", ".join(
        f"{number_said(much)} {asked[n].need.unit or 'asset'} of {asked[n].need.need}"
        for n, much in found.items()
    )
    said = f"Without it {told} would be missing." if told else "Without it a rule cannot be kept."
    return Worth(name, None, missing, True, said)


def _in_words(costs: float, pooled: Pooled, proven: bool) -> str:
    if costs <= 1e-6 * max(1.0, abs(pooled.objective or 0.0)):
        return "Others could do as well." if proven else "Others could do about as well."
    about = "" if proven else "about "
    return f"Doing without it costs {about}{number_said(costs)} more by the weights of the call."

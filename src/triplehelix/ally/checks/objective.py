"""The objective worked out again, term by term, from the published formulas."""

from collections.abc import Mapping
from math import fsum, isfinite

from triplehelix.ally.checks.case import Case, Problems, near, not_above
from triplehelix.ally.checks.coverage import MET, given_to
from triplehelix.ally.checks.meeting import meeting_terms
from triplehelix.ally.checks.price import assumed_cost


def objective_problems(case: Case) -> Problems:
    """Where terms, objective, bound and status do not agree with each other or with the answer."""
    alliance = case.alliance
    if alliance.objective is None:
        if alliance.status in MET:
            yield f"it is said to be {alliance.status}, and no objective is told"
        return
    again = terms(case)
    for name in sorted(alliance.terms.keys() | again.keys()):
        said, worked_out = alliance.terms.get(name, 0.0), again.get(name, 0.0)
        if not near(said, worked_out):
            yield f"the term {name} is told as {said:,.6g}; worked out anew it is {worked_out:,.6g}"
    whole = fsum(again.values())
    if not near(alliance.objective, whole):
        yield f"the objective is told as {alliance.objective:,.6g}; its terms make {whole:,.6g}"
    yield from _proof(case, alliance.objective)


def terms(case: Case) -> Mapping[str, float]:
    """Each weighted term of the objective by name, as `Weights` publishes them."""
    weights = case.alliance.call.weights
    return {
        "cost": weights.cost * _cost(case),
        "lead_days": weights.lead_days * _lead_days(case),
        "travel_km": weights.travel_km * _travel_km(case),
        "partners": weights.partners * len(case.alliance.partners),
        "unfamiliarity": weights.unfamiliarity * unfamiliar(case),
        "unmet": weights.unmet * _unmet(case),
        **meeting_terms(case),
        **_mending(case),
    }


def _mending(case: Case) -> Mapping[str, float]:
    """The dearest mending as it is told: what it costs is not worked out again here."""
    told = case.alliance.terms.get("mending")
    return {} if told is None or "recoverable" not in case.alliance.said else {"mending": told}


def unfamiliar(case: Case) -> int:
    """How many partners have worked with no other; 0 where there is no edition to tell."""
    familiar = {frozenset(pair) for pair, n in case.landscape.familiar.items() if n > 0}
    if not case.landscape.familiar:
        return 0
    held = {name: case.held(name) for name in case.alliance.partners}
    return sum(
        not any(
            frozenset((a, b)) in familiar
            for other, names in held.items()
            if other != name
            for a in own
            for b in names
        )
        for name, own in held.items()
    )


def _cost(case: Case) -> float:
    return fsum(
        one.cost if one.cost is not None else assumed_cost(case, one)
        for one in case.alliance.contributions
    )


def _lead_days(case: Case) -> float:
    return fsum(
        case.periods[one.need].share(one) * one.lead_days for one in case.alliance.contributions
    )


def _travel_km(case: Case) -> float:
    """Where neither the need nor the call names a place, there is no way to it."""
    somewhere = case.alliance.call.place is not None
    return fsum(
        case.periods[one.need].share(one) * (case.rules.unknown_km if one.km is None else one.km)
        for one in case.alliance.contributions
        if somewhere or case.periods[one.need].need.place is not None
    )


def _unmet(case: Case) -> float:
    """The missing shares of the needs that may stay unmet, each times its need's weight."""
    total = []
    for period in case.periods.values():
        if period.need.must:
            continue
        total.append(period.need.weight * max(0.0, 1.0 - _share(case, period.need.need)))
    return fsum(total)


def _share(case: Case, need: str) -> float:
    """Which share of a need is met over its days."""
    period = case.periods[need]
    if period.kind == "whole":
        return given_to(case, period)
    return fsum(period.share(one) for one in case.of_need(need))


def _proof(case: Case, objective: float) -> Problems:
    status, bound = case.alliance.status, case.alliance.bound
    if bound is None:
        if status == "optimal":
            yield "it is said to be optimal, and no bound proves it"
        return
    if not isfinite(bound):
        yield f"the bound is {bound}"
    elif not not_above(bound, objective):
        yield f"the bound {bound:,.6g} is above the objective {objective:,.6g}"
    elif status == "optimal" and not near(bound, objective):
        yield f"it is said to be optimal, and the bound proves only {bound:,.6g}"

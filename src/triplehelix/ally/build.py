"""An alliance from a model and what a solver found for it, its objective worked out anew."""

from triplehelix.ally.alliance import Alliance, Status
from triplehelix.ally.answer import contributions_of, coverage_of, unmet_of
from triplehelix.ally.model import Model
from triplehelix.ally.terms import terms_of
from triplehelix.ally.tidy import tidied
from triplehelix.ally.words import notes_of, standby_said
from triplehelix.optimise.pooling import Pooled

# How far the objective of rounded amounts may lie from the solver's and still be the same.
SAME = 1e-6


def alliance_of(
    model: Model, pooled: Pooled, *, robust: int | None = None, mending: float | None = None
) -> Alliance:  # fmt: skip
    """
    The alliance that a solver found; without members where it found none.

    `robust`: after how many losses it holds. `mending`: what the dearest mending after losses
    costs, a term of its own; what is free for that is then left as it is.
    """
    question = model.parts.question
    if pooled.objective is None:
        return Alliance(
            question.call, pooled.status, None, pooled.bound, {}, (), (), (),
            notes=notes_of(question, ()), seconds=pooled.seconds,
        )  # fmt: skip
    waits = bool(robust) or mending is not None
    if mending is None:
        pooled = tidied(model, pooled, standby=waits)
    partners = tuple(sorted(model.parts.partners[p] for p in pooled.partners))
    contributions = contributions_of(model, pooled)
    terms = terms_of(question, partners, contributions, unmet_of(model, pooled))
    if mending is not None:
        terms["mending"] = round(mending, 6)
    objective = sum(terms.values())
    waiting = sorted(set(partners) - {one.member for one in contributions}) if waits else []
    return Alliance(
        question.call, proven(pooled, objective), objective, _bound(pooled, objective), terms,
        partners, contributions, coverage_of(model, pooled), robust=robust,
        notes=(*standby_said(waiting), *notes_of(question, partners)), seconds=pooled.seconds,
    )  # fmt: skip


def proven(pooled: Pooled, objective: float) -> Status:
    """`optimal` only where the bound proves the objective that was worked out anew."""
    if pooled.status != "optimal":
        return pooled.status
    near = pooled.bound is not None and abs(objective - pooled.bound) <= _slack(objective)
    return "optimal" if near else "feasible"


def _bound(pooled: Pooled, objective: float) -> float | None:
    """The bound; rounding alone may not lift it above the objective, anything else is shown."""
    if pooled.bound is None or pooled.bound > objective + _slack(objective):
        return pooled.bound
    return min(pooled.bound, objective)


def _slack(objective: float) -> float:
    return SAME * max(1.0, abs(objective))

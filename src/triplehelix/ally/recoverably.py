"""Alliances whose own sum and dearest mending after losses together are least."""

from dataclasses import replace
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.build import alliance_of
from triplehelix.ally.model import Model
from triplehelix.ally.robustly import any_of
from triplehelix.ally.said import number_said
from triplehelix.ally.solver import Solver, nothing
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled
from triplehelix.optimise.pooling_value import cost_of, plan_of


def recoverable(model: Model, losses: int, solver: Solver, limits: Limits) -> Pooled:
    """
    The plan whose cost plus dearest mending after any so many losses is least.

    What those who stay give is kept, every rule holds again, and mending costs what is added by the
    weights of the call: partners, prices, lead days, travel. Unfamiliarity and needs that may stay
    unmet do not count in it.
    """
    if model.broken:
        return nothing("infeasible")
    more: dict[str, Any] = {"goes_with": model.holder} if (model.holder >= 0).any() else {}
    return solver(model.pooling, limits, losses=losses, recoverable=True, **more)


def recoverable_alliance(model: Model, pooled: Pooled, losses: int) -> Alliance:
    """The alliance that `recoverable` found, the dearest mending as a term of its own."""
    if pooled.objective is None:
        none = alliance_of(model, pooled)
        told = "Time ended before one group was tried against every loss."
        return replace(none, said={**none.said, "recoverable": told})
    own = cost_of(model.pooling, plan_of(model.pooling, pooled))
    mending = max(0.0, pooled.objective - own)
    told = (
        f"If {any_of(losses)} drops out, mending costs at most {number_said(round(mending, 6))} "
        "by the weights of the call."
    )
    found = alliance_of(model, pooled, mending=mending)
    return replace(found, said={**found.said, "recoverable": told})


def less_recoverable(
    model: Model, losses: int, solver: Solver, limits: Limits
) -> Alliance | None:  # fmt: skip
    """What can be mended after as many losses as can be, where those asked for cannot."""
    for fewer in range(losses - 1, 0, -1):
        pooled = recoverable(model, fewer, solver, limits)
        if pooled.objective is not None:
            found = recoverable_alliance(model, pooled, fewer)
            return _weaker(found, losses, f"can be mended if {any_of(fewer)} drops out")
    pooled = solver(model.pooling, limits)
    if pooled.objective is None:
        return None
    return _weaker(alliance_of(model, pooled), losses, "meets the call while all stay")


def _weaker(found: Alliance, losses: int, this_one: str) -> Alliance:
    told = (
        f"Proven: no alliance can be mended whenever {any_of(losses)} drops out. This one "
        f"{this_one}."
    )
    return replace(
        found, status="infeasible", objective=None, bound=None,
        said={**found.said, "status": told},
    )  # fmt: skip

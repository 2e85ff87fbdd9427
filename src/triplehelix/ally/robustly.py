"""Alliances that survive losses, in whole or in part, and what can be had where none does."""

from dataclasses import replace
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.build import alliance_of
from triplehelix.ally.elastic import share_of
from triplehelix.ally.mix_after import bearing
from triplehelix.ally.model import Model
from triplehelix.ally.solver import Solver
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled


def survives(
    model: Model, losses: int, solver: Solver, limits: Limits, *, share: float = 1.0
) -> Pooled:
    """
    The cheapest plan that bears any so many losses; 0: that meets the call as it is.

    After a loss every need that must be met, or a share of their weight, is covered by those who
    stay, with all that they have free; the mix of partners is as the call asks; and what a network
    brings of a member's is gone with that member, if it is a partner itself.
    """
    if not losses:
        return solver(model.pooling, limits)
    more: dict[str, Any] = {}
    if share < 1:
        more |= {"share": share, "weights": share_of(model) * model.pooling.demand}
    if (model.holder >= 0).any():
        more["goes_with"] = model.holder
    return solver(bearing(model, losses), limits, losses=losses, **more)


def partly_robust(alliance: Alliance, losses: int, share: float) -> Alliance:
    """An alliance that says which share it keeps, and not that it keeps everything."""
    told = (
        f"If {any_of(losses)} drops out, at least {share * 100:.4g} % of the weight of all needs "
        "stays covered."
    )
    return replace(alliance, robust=None, said={**alliance.said, "robust": told})


def any_of(losses: int) -> str:
    """
    So many members, whichever they are.

    Examples
    --------
    >>> any_of(1), any_of(3)
    ('any one member', 'any group of 3 members')
    """
    return "any one member" if losses == 1 else f"any group of {losses} members"


def less_robust(
    model: Model, robust: int, solver: Solver, limits: Limits, share: float
) -> Alliance | None:  # fmt: skip
    """What survives as many losses as can be, where those asked for cannot be survived."""
    for losses in range(robust - 1, -1, -1):
        pooled = survives(model, losses, solver, limits, share=share)
        if pooled.objective is not None:
            found = alliance_of(model, pooled, robust=losses or None)
            covered = "every need" if share >= 1 else f"{share * 100:.4g} % of the needs' weight"
            told = (
                f"Proven: no alliance still covers {covered} if {any_of(robust)} drops out. This "
                f"one does {f'if {any_of(losses)} drops out' if losses else 'while all stay'}."
            )
            robust_to = losses if losses and share >= 1 else None
            return replace(found, status="infeasible", objective=None, bound=None,
                           robust=robust_to, said={**found.said, "status": told})  # fmt: skip
    return None

"""Alliances that survive losses, in whole or in part, and what can be had where none does."""

from dataclasses import replace
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.build import alliance_of
from triplehelix.ally.elastic import share_of
from triplehelix.ally.model import Model
from triplehelix.ally.solver import Solver
from triplehelix.optimise.outcome import Limits


def kept_after(model: Model, share: float) -> dict[str, Any]:
    """What a solver is told where only a share of the weight must be covered after losses."""
    return {} if share >= 1 else {"share": share, "weights": share_of(model) * model.pooling.demand}


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
    more = kept_after(model, share)
    for losses in range(robust - 1, -1, -1):
        pooled = solver(model.pooling, limits, losses=losses, **(more if losses else {}))
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

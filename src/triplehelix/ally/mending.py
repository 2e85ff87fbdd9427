"""The plan that keeps all that is agreed and adds what is missing."""

from dataclasses import replace

import numpy as np

from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats
from triplehelix.ally.solver import Solver
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling
from triplehelix.optimise.pooling_rest import giving, rest_of

# What a new partner weighs beside the objective: docs/methods/alliances.md, "Repair".
NEW_PARTNER = 1_000.0


def added(model: Model, kept: Floats, solver: Solver, limits: Limits) -> Pooled:
    """The plan that keeps volumes on arcs, shape (n_arcs,), and adds least; often there is none."""
    rest = rest_of(dearer(model.pooling, kept), kept)
    found = solver(rest.problem, limits)
    return found if found.objective is None else rest.whole_of(found)


def dearer(problem: Pooling, kept: Floats) -> Pooling:
    """The pooling with new partners weighing more."""
    new = np.where(giving(problem, kept), 0.0, NEW_PARTNER)
    return replace(problem, partner_cost=problem.partner_cost + new)

"""
The independent check of an answer: everything it claims, held against the facts and the rules.

It shares no code with what makes alliances (no candidates, no model, no solver): it starts from
the answer, and works out anew what the answer says.
"""

from datetime import date

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.checks.capacity import capacity_problems
from triplehelix.ally.checks.case import Case, Problems
from triplehelix.ally.checks.coverage import coverage_problems
from triplehelix.ally.checks.facts import fact_problems
from triplehelix.ally.checks.objective import objective_problems
from triplehelix.ally.checks.robustness import MOST_LOSSES, robustness_problems
from triplehelix.ally.checks.rules import rule_problems
from triplehelix.capabilities.listed import Capabilities


def check(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    *,
    today: date,
    most_losses: int = MOST_LOSSES,
) -> tuple[str, ...]:
    """
    What an alliance claims and is not so, in plain words; empty where all is kept.

    Parameters
    ----------
    landscape : what the solve could look at.
    today : the day it is looked at from where the call names no `as_of`.
    most_losses : how many groups of lost partners are tried at most; where a claim of robustness
        would need more, that is told as a problem.

    Returns
    -------
    One sentence for each problem, in a fixed order: facts of contributions, capacities, needs,
    rules, objective, robustness. Where a contribution names what does not exist, only that is told.

    Raises
    ------
    SolverError
        If the linear program behind robustness finds no answer.
    """
    case = Case(alliance, landscape, capabilities, alliance.call.as_of or today)
    strange = tuple(_strange(case))
    if strange:
        return strange
    return (
        *fact_problems(case),
        *capacity_problems(case),
        *coverage_problems(case),
        *rule_problems(case),
        *objective_problems(case),
        *robustness_problems(case, most_losses),
    )


def _strange(case: Case) -> Problems:
    for one in case.alliance.contributions:
        if one.need not in case.periods:
            yield f"{one.asset} gives to {one.need!r}, which the call does not ask for"
        elif one.asset not in case.assets:
            yield f"{one.asset} gives to {one.need}, and no such asset may be seen"
    for asset in case.landscape.assets:
        if asset != case.assets[asset.asset]:
            yield f"{asset.asset} stands in the landscape twice, with different facts"

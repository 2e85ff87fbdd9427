"""Whether every need is still covered after any losses, by trying every group that may be lost."""

from itertools import combinations
from math import comb

from triplehelix.ally.checks.case import Case, Problems
from triplehelix.ally.checks.mix import mix_problems
from triplehelix.ally.coverable import Coverable

MOST_LOSSES = 20_000
_NEAR = 1e-6


def robustness_problems(case: Case, most_losses: int = MOST_LOSSES) -> Problems:
    """
    The first group of partners without whom the rest cannot cover a need that must be met, or
    are not of the mix that the call asks for.

    The rest may give all that they have free, wherever it helps. More than `most_losses` groups
    are not tried, and that is told as a problem: what was not checked is not proven.
    """
    losses, partners = case.alliance.robust, case.alliance.partners
    if not losses:
        return
    mixed = any(mix_problems(case, ()))
    if not mixed and not any(period.need.must for period in case.periods.values()):
        return
    if losses >= len(partners):
        yield f"it is said to survive {losses} losses, and has {len(partners)} partners"
        return
    number = comb(len(partners), losses)
    if number > most_losses:
        yield (
            f"it is said to survive {losses} losses; {number:,} groups of partners could be lost, "
            f"more than the {most_losses:,} that are tried"
        )
        return
    able = Coverable(case, partners, strictly=True)
    for lost in combinations(partners, losses):
        rest = set(partners) - set(lost)
        for words in mix_problems(case, rest):
            gone = ", ".join(lost)
            yield f"it is said to survive {losses} losses; without {gone} there are {words}"
            return
        left = able.shares(rest)
        short = sorted(need for need, share in left.items() if share < 1 - _NEAR)
        if short:
            yield (
                f"it is said to survive {losses} losses; without {', '.join(lost)} "
                f"{short[0]} is not covered on every day"
            )
            return

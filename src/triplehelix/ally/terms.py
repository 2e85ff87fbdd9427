"""The published objective, worked out anew from an alliance as it is given out."""

from collections.abc import Iterable, Mapping, Sequence

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.asked import FOREVER
from triplehelix.ally.meeting import counts, travelled
from triplehelix.ally.prices import assumed_price
from triplehelix.ally.question import Question
from triplehelix.ally.rules import held_by

NAMES = ("cost", "lead_days", "travel_km", "partners", "unfamiliarity", "unmet")


def terms_of(
    question: Question, partners: Sequence[str], contributions: Iterable[Contribution],
    unmet: Mapping[str, float],
) -> dict[str, float]:  # fmt: skip
    """
    The parts of the objective by name, each with its weight; their sum is the objective.

    Each contribution counts by its share of its need: its amount over the amount asked, times
    the share of the need's days that it is for. `unmet`: the share that is missing of each need.
    """
    call = question.call
    rules, weights = call.rules, call.weights
    asked = {one.need.need: one for one in question.asked}
    money = lead = travel = 0.0
    for one in contributions:
        need = asked[one.need]
        portion = need.portion(one.amount, one.starts.toordinal(), _last(one))
        assumed = assumed_price(need, rules) * need.amount * portion
        money += assumed if one.cost is None else one.cost
        lead += one.lead_days * portion
        if need.need.place or call.place:
            travel += (rules.unknown_km if one.km is None else one.km) * portion
    short = sum(
        one.need.weight * unmet.get(name, 0.0) for name, one in asked.items() if not one.need.must
    )
    values = (
        weights.cost * money, weights.lead_days * lead, weights.travel_km * travel,
        weights.partners * len(partners),
        weights.unfamiliarity * unfamiliar(question, partners), weights.unmet * short,
    )  # fmt: skip
    terms = dict(zip(NAMES, (round(value, 6) for value in values), strict=True))
    if counts(weights):
        members, spots = question.offers.members, question.spots
        within, between = travelled(partners, spots, members, rules, weights)
        terms["within_km"] = round(weights.within_km * within, 6)
        terms["between_km"] = round(weights.between_km * between, 6)
    return terms


def unfamiliar(question: Question, partners: Sequence[str]) -> int:
    """How many partners have worked with no other of them; 0 where no edition tells."""
    pairs = {pair for pair, n in question.familiar.items() if n > 0}
    if not question.familiar:
        return 0
    held = held_by(partners, question.offers.members)
    return sum(
        not any(_know(mine, other, pairs) for other in held if other is not mine) for mine in held
    )


def _know(mine: set[str], others: set[str], pairs: set[tuple[str, str]]) -> bool:
    return any((a, b) in pairs or (b, a) in pairs for a in mine for b in others)


def _last(one: Contribution) -> int:
    return one.ends.toordinal() if one.ends else FOREVER

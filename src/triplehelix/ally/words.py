"""What an alliance says of itself in plain words: how good it is, and what it took as given."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.candidates import Candidates
from triplehelix.ally.offers import Offer
from triplehelix.ally.question import Question
from triplehelix.ally.reasons import Reason
from triplehelix.ally.said import day_said, gap_said


def status_said(alliance: Alliance) -> str:
    """
    How good an alliance is known to be, as one sentence.

    Only what the bound proves is called proven.
    """
    mended = ", its dearest mending counted" if "recoverable" in alliance.said else ""
    if alliance.status == "optimal":
        return (
            "Proven: no alliance that keeps these rules does better by the weights of this "
            f"call{mended}."
        )
    if alliance.status == "feasible":
        gap = alliance.gap
        if gap is None:
            return "Every need is met; how far it is from the best possible is not known."
        return (
            f"Best found in the time given: at most {gap_said(gap)} from the best possible"
            f"{mended}. More time may find a better one, or prove this one the best."
        )
    if alliance.status == "infeasible":
        if alliance.contributions:
            return (
                "Proven: no alliance meets every need and keeps every rule. This one covers as "
                "much as can be covered; see what is missing."
            )
        return "Proven: no alliance meets every need and keeps every rule; see what is missing."
    if mended:
        return "Nothing was found in the time given; give it more time, or ask for fewer losses."
    return "Nothing was found in the time given; give it more time, or fewer needs."


def notes_of(question: Question, partners: tuple[str, ...]) -> tuple[str, ...]:
    """What was assumed, labelled wherever the answer is shown."""
    return tuple(_notes(question, set(partners)))


def standby_said(waiting: list[str]) -> tuple[str, ...]:
    """Who gives only once another partner is lost."""
    return (f"On standby, to give once another is lost: {', '.join(waiting)}.",) if waiting else ()


def _notes(question: Question, partners: set[str]) -> Iterator[str]:
    rules = question.call.rules
    if question.prices.unclear:
        yield (
            f"Prices are in {', '.join(question.prices.unclear)} and none was counted; name "
            "rules.currency to have those in it counted."
        )
    if not question.familiar and question.call.weights.unfamiliarity:
        yield "Who has worked with whom is not known here, so unfamiliarity was not counted."
    theirs = question.offers.column(lambda one: one.member in partners).astype(bool)
    timed = question.offers.column(_states_lead, np.flatnonzero(theirs)).astype(bool)
    untimed = theirs.copy()
    untimed[theirs] = ~timed
    told = [_unstated(one, theirs, untimed) for one in question.candidates]
    if any(price for price, _, _ in told):
        yield f"Some prices are not stated; such a unit was taken to cost {rules.unknown_price:g}."
    if any(lead for _, lead, _ in told):
        yield f"Some lead times are not stated; taken as {rules.unknown_lead_days:g} days."
    if any(km for _, _, km in told):
        yield f"Some positions are not known; taken as {rules.unknown_km:g} km away."
    for one in question.asked:
        if one.past:
            today = day_said(question.as_of)
            yield f"{one.need.need}: its first day is before {today}, the day of this."
    asked = sum(int((one.fails == int(Reason.NO_AMOUNT)).sum()) for one in question.candidates)
    if asked and question.narrowed is None:
        yield f"{asked} offers have the capability but state no amount: they could be asked."


def _states_lead(one: Offer) -> bool:
    return one.capacity is not None and one.capacity.lead_days is not None


def _unstated(
    one: Candidates, theirs: NDArray[np.bool_], untimed: NDArray[np.bool_]
) -> tuple[bool, bool, bool]:  # fmt: skip
    """Whether a price, a lead time, a distance is not stated among offers of the partners."""
    found = one.able & theirs[one.rows]
    price = bool(np.isnan(one.price[found]).any())
    lead = bool(untimed[one.rows[found]].any())
    return price, lead, one.place is not None and bool(np.isnan(one.km[found]).any())

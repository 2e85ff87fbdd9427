"""Which single condition, given up, would close a gap: each one tried, not guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from triplehelix.ally.call import Call, Need, Rules
from triplehelix.ally.candidates import Candidates
from triplehelix.ally.question import Question
from triplehelix.ally.reasons import Reason
from triplehelix.ally.said import day_said

# Rules that can be given up whole, with the words for it.
RULES = {
    "helices": "the mix of academia, industry and health", "spread": "the spread of partners",
    "entities_from_countries": "entities from so many countries",
    "member_caps": "the cap per member", "most_partners": "the most partners",
    "never_together": "who is never together", "include": "who must be in",
    "fixed": "what is promised already", "budget": "the budget", "exclude": "who is excluded",
    "countries": "the countries", "access": "the terms of access",
}  # fmt: skip
_RULE_BITS = {
    "exclude": Reason.EXCLUDED, "countries": Reason.COUNTRY, "access": Reason.ACCESS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A call with one condition given up, and that condition in words; `need` None: a rule's."""

    words: str
    call: Call
    need: str | None = None


def relaxed(question: Question, short: dict[int, float]) -> Iterator[Relaxed]:
    """
    The calls with one condition less that could close a gap.

    Parameters
    ----------
    short : needs that are not met (by place in the call), with the amount missing of each.
    """
    for n, missing in sorted(short.items()):
        for words, change in _of_need(question.candidates[n], missing, question):
            yield Relaxed(words, _with_need(question.call, n, change), change_name(question, n))
    alone = {
        bit for n in short for bit in Reason
        if np.any(question.candidates[n].fails == int(bit))
    }  # fmt: skip
    yield from _of_rules(question.call, alone)


def change_name(question: Question, n: int) -> str:
    """The need's name."""
    return question.asked[n].need.need


def _with_need(call: Call, n: int, change: dict[str, Any]) -> Call:
    needs = list(call.needs)
    needs[n] = needs[n].model_copy(update=change)
    return call.model_copy(update={"needs": tuple(needs)})


def _of_need(
    one: Candidates, missing: float, question: Question
) -> Iterator[tuple[str, dict[str, Any]]]:  # fmt: skip
    need = one.asked.need
    if need.within_km is not None and _any(one, Reason.FAR | Reason.NO_PLACE):
        km = _enough_within(one, missing, question)
        if km is not None:
            yield f"within {km:g} km instead of {need.within_km:g}", {"within_km": km}
        yield f"without the limit of {need.within_km:g} km", {"within_km": None}
    if need.containment and _any(one, Reason.CONTAINMENT):
        yield f"without the containment {need.containment}", {"containment": None}
    if need.accreditations and _any(one, Reason.ACCREDITATION):
        without = f"without the accreditation {', '.join(need.accreditations)}"
        yield without, {"accreditations": ()}
    if need.countries and _any(one, Reason.COUNTRY):
        yield f"countries other than {', '.join(need.countries)}", {"countries": ()}
    if need.nations and _any(one, Reason.NATION):
        yield f"nations other than {', '.join(need.nations)}", {"nations": ()}
    if need.by is not None and (later := _ready_by(one, missing, question)):
        yield f"by {day_said(later)} instead of {day_said(need.by)}", _moved(need, later)


def _any(one: Candidates, bits: Reason) -> bool:
    """Whether an offer fails for these reasons alone."""
    return bool(np.any((one.fails != 0) & (one.fails & ~int(bits) == 0)))


def _enough_within(one: Candidates, missing: float, question: Question) -> float | None:
    """The distance, in whole km, within which those that are only too far have enough."""
    far = np.flatnonzero(one.fails == int(Reason.FAR))
    amounts = question.offers.amount[one.rows[far]] * one.factor[far]
    return _first_enough(one.km[far], amounts, 0.5 if one.asked.kind == "whole" else missing)


def _first_enough(at: Any, amounts: Any, missing: float) -> float | None:
    order = np.argsort(at, kind="stable")
    reached = np.cumsum(np.nan_to_num(amounts, nan=1.0)[order]) >= missing * (1 - 1e-9)
    return float(np.ceil(at[order][np.argmax(reached)])) if reached.any() else None


def _ready_by(one: Candidates, missing: float, question: Question) -> date | None:
    """The day on which enough of those that come too late are ready, or the day of the answer."""
    ready = question.offers.ready[one.rows]
    first = max(one.asked.need.by or question.as_of, question.as_of).toordinal()
    others = int(Reason.LATE)
    late = np.flatnonzero((one.fails & ~others == 0) & (ready > first))
    amounts = question.offers.amount[one.rows[late]] * one.factor[late]
    found = _first_enough(
        ready[late].astype(float), amounts, 0.5 if one.asked.kind == "whole" else missing
    )
    if found is not None:
        return date.fromordinal(int(found))
    return question.as_of if one.asked.past else None


def _moved(need: Need, later: date) -> dict[str, Any]:
    """A later first day; the last day moves with it, so that the need is as long as before."""
    if need.until is None or need.by is None:
        return {"by": later}
    return {"by": later, "until": later + (need.until - need.by)}


def _of_rules(call: Call, alone: set[Reason]) -> Iterator[Relaxed]:
    rules, default = call.rules, Rules()
    for name, words in RULES.items():
        bit = _RULE_BITS.get(name)
        if getattr(rules, name) != getattr(default, name) and (bit is None or bit in alone):
            yield Relaxed(
                f"without {words} ({name})", with_rule(call, name, getattr(default, name))
            )
    if Reason.STATE in alone or Reason.STATUS in alone:
        for state in ("stated", "planned", "past"):
            if state not in rules.states:
                yield Relaxed(
                    f"counting capacities that are {state} (states)",
                    with_rule(call, "states", (*rules.states, state)),
                )
    if Reason.CLOSED in alone:
        yield Relaxed("counting assets that are closed (closed)", with_rule(call, "closed", True))
    if not rules.surge:
        yield Relaxed("counting surge amounts (surge)", with_rule(call, "surge", True))


def with_rule(call: Call, name: str, value: Any) -> Call:
    """A call with one of its rules changed."""
    return call.model_copy(update={"rules": call.rules.model_copy(update={name: value})})

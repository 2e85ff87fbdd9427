"""What would have to be added for a need to be met, and who could be asked for it."""

import numpy as np

from triplehelix.ally.alliance import Addition
from triplehelix.ally.candidates import Candidates
from triplehelix.ally.offers import Offer, Offers
from triplehelix.ally.question import Question
from triplehelix.ally.reasons import Reason, said
from triplehelix.ally.said import day_said

# What its holder could change by an answer, so that asking makes sense.
_ASKABLE = int(Reason.NO_AMOUNT | Reason.STATE | Reason.STATUS | Reason.ACCREDITATION)
_ASKABLE |= int(Reason.CONTAINMENT | Reason.ACCESS)
MOST_NAMED = 3


def addition(question: Question, n: int, missing: float) -> Addition:
    """The least single addition that closes a gap of so much on its weakest day."""
    one = question.candidates[n]
    need = one.asked.need
    return Addition(
        capability=need.capability, amount=missing, unit=need.unit, by=need.by, until=need.until,
        within_km=need.within_km, place=one.place.name if one.place else None,
        containment=need.containment, accreditations=need.accreditations,
        could_be_asked=tuple(_named(one, k, question.offers) for k in _nearest(one, question)),
    )  # fmt: skip


def in_words(question: Question, n: int, wanted: Addition) -> str:
    """The addition as one sentence."""
    said_amount = (
        "one more asset" if wanted.unit is None else f"{wanted.amount:,g} {wanted.unit} more"
    )
    parts = [f"{said_amount} of {wanted.capability}"]
    if wanted.within_km is not None:
        parts.append(f"within {wanted.within_km:g} km of {wanted.place or 'the place asked for'}")
    if wanted.by:
        parts.append(f"by {day_said(wanted.by)}")
    if wanted.until:
        parts.append(f"until {day_said(wanted.until)}")
    if wanted.containment or wanted.accreditations:
        conditions = [*filter(None, [wanted.containment]), *wanted.accreditations]
        parts.append(f"with {', '.join(conditions)}")
    ask = (
        "; who has the capability could not close it by an answer alone"
        if (question.candidates[n].fails != 0).any()
        else "; nobody else has the capability here"
    )  # fmt: skip
    if wanted.could_be_asked:
        ask = f"; could be asked: {'; '.join(wanted.could_be_asked)}"
    return " ".join(parts) + ask


def _nearest(one: Candidates, question: Question) -> list[int]:
    """Places among the candidates of those who could be asked, nearest first, each asset once."""
    rows = question.offers.rows
    stated = np.array([_states_lead(rows[i]) for i in one.rows], bool)
    askable = np.where(stated, _ASKABLE, _ASKABLE | int(Reason.LATE))
    open_to = np.flatnonzero((one.fails != 0) & (one.fails & ~askable == 0))
    order = sorted(open_to, key=lambda k: (
        np.nan_to_num(one.km[k], nan=np.inf), question.order.key(rows[one.rows[k]].asset.asset),
    ))  # fmt: skip
    found: dict[str, int] = {}
    for k in order:
        found.setdefault(rows[one.rows[k]].asset.asset, int(k))
        if len(found) == MOST_NAMED:
            break
    return list(found.values())


def _states_lead(offer: Offer) -> bool:
    return offer.capacity is not None and offer.capacity.lead_days is not None


def _named(one: Candidates, k: int, offers: Offers) -> str:
    offer: Offer = offers.rows[one.rows[k]]
    where = [] if np.isnan(one.km[k]) else [f"{one.km[k]:.0f} km"]
    town = [offer.asset.town] if offer.asset.town else []
    return f"{offer.asset.name} ({', '.join([*town, *where, *said(int(one.fails[k]))])})"


def number(amount: float) -> str:
    """
    An amount as people write it.

    Examples
    --------
    >>> number(20500.0), number(0.25)
    ('20,500', '0.25')
    """
    return f"{amount:,.6f}".rstrip("0").rstrip(".")

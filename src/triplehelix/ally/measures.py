"""What alternatives are compared by: money, days until all is ready, partners, concentration."""

from collections import defaultdict
from dataclasses import dataclass

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.said import number_said


@dataclass(frozen=True, slots=True)
class Measures:
    """
    `money` in the call's currency where prices are stated (the rest counts 0 here), `unpriced`
    contributions without one; `days` from the call's day until the last contribution is ready;
    `largest_share` of all that is given by one place: cluster, else town, else member, 0 to 1.
    """

    money: float
    unpriced: int
    days: float
    partners: int
    places: int
    largest_share: float


def measures_of(alliance: Alliance, landscape: Landscape) -> Measures:
    """The measures of an alliance that gives something; all 0 where it gives nothing."""
    given = alliance.contributions
    asked = {one.need: one.asked for one in alliance.coverage}
    where = places_of(landscape)
    shares: dict[str, float] = defaultdict(float)
    for one in given:
        shares[where.get(one.asset, one.member)] += one.amount / asked[one.need]
    whole = sum(shares.values())
    return Measures(
        money=sum(one.cost or 0.0 for one in given),
        unpriced=sum(one.cost is None for one in given),
        days=max((one.lead_days for one in given), default=0.0), partners=len(alliance.partners),
        places=len(shares), largest_share=max(shares.values()) / whole if whole else 0.0,
    )  # fmt: skip


def places_of(landscape: Landscape) -> dict[str, str]:
    """The place of each asset: its member's cluster, else its town, else its member."""
    clusters = {one.member: one.cluster for one in landscape.members}
    return {
        one.asset: clusters.get(one.member) or one.town or one.member for one in landscape.assets
    }


def trade_said(one: Measures, beside: Measures) -> str:
    """
    What one alternative has more and less of than another, in words.

    Examples
    --------
    >>> trade_said(Measures(900, 0, 12, 3, 3, 0.5), Measures(1000, 0, 10, 2, 2, 0.5))
    '100 less in money; 2 days later; 1 member more'
    """
    told = []
    if one.money != beside.money:
        more = "more" if one.money > beside.money else "less"
        told.append(f"{number_said(abs(one.money - beside.money))} {more} in money")
    if one.days != beside.days:
        days = abs(one.days - beside.days)
        told.append(f"{_count(days, 'day')} {'later' if one.days > beside.days else 'sooner'}")
    if one.partners != beside.partners:
        fewer = "more" if one.partners > beside.partners else "fewer"
        told.append(f"{_count(abs(one.partners - beside.partners), 'member')} {fewer}")
    if round(one.largest_share, 3) != round(beside.largest_share, 3):
        now, then = (f"{100 * each.largest_share:.0f} %" for each in (one, beside))
        told.append(f"{now} from one place instead of {then}")
    return "; ".join(told) or "the same by every measure"


def _count(n: float, word: str) -> str:
    return f"{n:g} {word}" if n == 1 else f"{n:g} {word}s"

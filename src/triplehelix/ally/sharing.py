"""How partners could share what an alliance brings, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum

import numpy as np

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.assets import Landscape
from triplehelix.ally.checks.case import Case
from triplehelix.ally.checks.price import assumed_cost, cost_of
from triplehelix.ally.coverable import Coverable
from triplehelix.ally.plan import day_one
from triplehelix.ally.said import number_said
from triplehelix.ally.shapley import Shapley, Value, remembered, shapley
from triplehelix.ally.sharing_game import SharingGame
from triplehelix.ally.stable_split import Split, Words, stable_split
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError


@dataclass(frozen=True)
class Sharing:
    """
    Two ways to share something among partners, by id: what each adds, and a stable split.

    `whole` is what is shared; the shares of each way add up to it.
    """

    whole: float
    shapley: Shapley
    split: Split


def share_benefit(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    *,
    today: date,
    rng: np.random.Generator,
) -> Sharing:
    """
    Shares of the benefit: of the weighted share of need that groups of partners can cover.

    A group covers what it can with all that its members have free and that fits. The whole is
    what all partners cover, 1 where that is every need; multiply by an amount to share it out.
    Exact to 10 partners; beyond, the Shapley value is sampled and the split is of the least core.

    Raises
    ------
    InputError
        If the alliance has no partners.
    SolverError
        If a program behind it finds no answer.
    """
    case = _case(alliance, landscape, capabilities, today)
    weight = {name: one.need.weight for name, one in case.periods.items()}
    total = fsum(weight.values())
    game = SharingGame(case, alliance.partners, lambda need, *_: weight[need] / total)
    able = Coverable(case, alliance.partners)
    return _shared(game, able.share, rng, lambda share: f"{share:.1%}")


def share_cost(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    outside: Mapping[str, float],
    *,
    today: date,
    rng: np.random.Generator,
) -> Sharing:
    """
    Shares of the cost of meeting all needs, where any group could do so by itself.

    A group uses what its members have free where that is cheaper, at its price (stated, or as the
    rules assume), and has the rest of each need met elsewhere for its part of `outside`: the
    price of the whole need, by need, in the call's currency. Shares may be below 0: such a
    partner brings more savings than costs, and the others owe it the difference.

    Raises
    ------
    InputError
        If the alliance has no partners, or a need has no price outside, or one below 0.
    SolverError
        If a program behind it finds no answer.
    """
    case = _case(alliance, landscape, capabilities, today)
    _require_prices(case, outside)

    def saved(need: str, asset: str, capacity: str | None) -> float:
        return outside[need] - _price(case, need, asset, capacity)

    game = SharingGame(case, alliance.partners, saved)
    whole = fsum(outside[name] for name in case.periods)

    def worth(group: frozenset[str]) -> float:
        return game.value(group) - whole if group else 0.0

    return _shared(game, worth, rng, number_said, sign=-1.0)


def _shared(
    game: SharingGame, value: Value, rng: np.random.Generator, words: Words, *, sign: float = 1.0
) -> Sharing:
    worth = remembered(value)
    added = shapley(game.players, worth, rng=rng)
    split = stable_split(game.players, worth, game.worst, near=added.values, words=words, sign=sign)
    return Sharing(
        sign * worth(frozenset(game.players)), added if sign > 0 else _turned(added), split
    )


def _turned(added: Shapley) -> Shapley:
    """What each adds to what is worth less than nothing, as what each pays."""
    values, low, high = (
        {name: -value for name, value in each.items()}
        for each in (added.values, added.high, added.low)
    )
    return Shapley(values, low, high, added.exact, added.n_orders)


def _case(
    alliance: Alliance, landscape: Landscape, capabilities: Capabilities, today: date
) -> Case:
    if not alliance.partners:
        raise InputError("the alliance has no partners, so there is nobody to share with")
    return Case(alliance, landscape, capabilities, day_one(alliance, today))


def _require_prices(case: Case, outside: Mapping[str, float]) -> None:
    for name, period in case.periods.items():
        if name not in outside:
            raise InputError(
                f"outside has no price for {name}; give what {number_said(period.amount)} "
                f"{period.need.unit or 'of it'} would cost elsewhere"
            )
        if not 0 <= outside[name] < float("inf"):
            raise InputError(f"outside[{name!r}] is {outside[name]}; give a price from 0 up")


def _price(case: Case, need: str, asset: str, capacity: str | None) -> float:
    """What the whole of a need would cost from an asset, over the days it is measured."""
    period, member = case.periods[need], case.assets[asset].member
    whole = Contribution(
        need, asset, member, capacity, period.amount, period.first, period.last, period.first,
        0.0, None, None,
    )  # fmt: skip
    cost = cost_of(case, whole)
    return assumed_cost(case, whole) if cost is None else cost

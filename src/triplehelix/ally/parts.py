"""The partners, demands and arcs of a question, each arc priced by the published formulas."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triplehelix.ally.demands import Laid, lay_out
from triplehelix.ally.offers import Floats, Ints, Offers
from triplehelix.ally.prices import assumed_price
from triplehelix.ally.question import Question


@dataclass(frozen=True)
class Parts:
    """
    What a model is made of. Columns run over arcs, shape (n_arcs,), each of one unit of volume.

    `partners` are member ids, by their first asset in the published order; `place` has their
    indices. `need`: the need's place in the call; `owner`: index of the partner; `money`: its
    price; `cost`: what it adds to the objective; `portion`: which share of its need it is.
    `most`: volume it may carry.
    """

    question: Question
    laid: Laid
    partners: tuple[str, ...]
    place: dict[str, int]
    need: Ints
    owner: Ints
    money: Floats
    cost: Floats
    portion: Floats
    most: Floats

    def arcs_of(self, asset: str) -> Ints:
        """The arcs of an asset."""
        rows = self.question.offers.rows
        return np.array(
            [a for a, i in enumerate(self.laid.row) if rows[i].asset.asset == asset], np.int64
        )


def parts_of(question: Question, also: Sequence[str] = ()) -> Parts:
    """
    Lay out a question and price every arc.

    `also`: members that are partners whether or not one of their assets can serve.
    """
    laid = lay_out(question.candidates, question.offers)
    offers = question.offers
    # By their first asset in the published order, so that owners of equal assets stand alike.
    first = dict.fromkeys(offers.rows[i].member for i in np.unique(laid.row))
    partners = tuple(dict.fromkeys([*first, *question.order.sorted(also)]))
    place = {name: p for p, name in enumerate(partners)}
    asked = np.array([one.volume for one in laid.demands], float)
    portion = np.array([one.portion for one in laid.demands], float)[laid.demand]
    need = np.array([one.n for one in laid.demands], np.int64)[laid.demand]
    money, cost = _prices(question, laid, need)
    return Parts(
        question, laid, partners, place, need,
        owner=_owners(offers, laid.row, place),
        money=money * portion, cost=cost * portion, portion=portion,
        most=np.minimum(laid.free, asked[laid.demand]),
    )  # fmt: skip


def _owners(offers: Offers, rows: Ints, place: dict[str, int]) -> Ints:
    """The partner of each arc."""
    of_number = np.zeros(int(offers.member_no.max(initial=-1)) + 1, np.int64)
    for i in np.unique(offers.member_no[rows], return_index=True)[1]:
        one = rows[i]
        of_number[offers.member_no[one]] = place[offers.rows[one].member]
    return np.asarray(of_number[offers.member_no[rows]])


def _prices(question: Question, laid: Laid, need: Ints) -> tuple[Floats, Floats]:
    """What each need would cost if one arc met all of it: in money, and in the objective."""
    money, cost = np.zeros(len(need)), np.zeros(len(need))
    rules, weights = question.call.rules, question.call.weights
    order = np.argsort(need, kind="stable")
    bounds = np.searchsorted(need[order], np.arange(len(question.candidates) + 1))
    for n, one in enumerate(question.candidates):
        arcs = order[bounds[n] : bounds[n + 1]]
        found = laid.found[arcs]
        assumed = assumed_price(one.asked, rules)
        price = np.where(np.isnan(one.price[found]), assumed, one.price[found])
        km = np.where(np.isnan(one.km[found]), rules.unknown_km, one.km[found])
        lead = question.offers.ready[laid.row[arcs]] - question.as_of.toordinal()
        money[arcs] = price * one.asked.amount
        cost[arcs] = weights.cost * money[arcs] + weights.lead_days * lead
        if one.place is not None:
            cost[arcs] += weights.travel_km * km
    return money, cost

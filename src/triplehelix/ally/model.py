"""
A question as a pooling: who is brought in, how much each asset gives to each need and when.

The objective is the published weighted sum of docs/methods/alliances.md, term by term.
"""

from dataclasses import dataclass

import numpy as np

from triplehelix.ally.asked import past_said
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.parts import Parts, parts_of
from triplehelix.ally.question import Question
from triplehelix.ally.rules import rule_rows
from triplehelix.ally.supplies import supplies_of
from triplehelix.optimise.pooling import Pooling


@dataclass(frozen=True)
class Model:
    """
    A pooling, the parts it was made from, and rules that no choice can keep, in words.

    `holder`, shape (n_supplies,): the partner whose asset another partner brings; -1: nobody.
    """

    parts: Parts
    pooling: Pooling
    broken: tuple[str, ...]
    holder: Ints


def compile_model(question: Question) -> Model:
    """
    The pooling of a question, with a row for every rule.

    Demands, arcs and partners stand in the published order; indices of `Parts` are its own.
    """
    members = question.offers.members
    include = [name for name in question.call.rules.include if name in members]
    parts = parts_of(question, include)
    rules, supplies = rule_rows(parts), supplies_of(parts)
    demands = parts.laid.demands
    pooling = Pooling(
        demand=np.array([one.volume for one in demands], float),
        short_cost=_short_cost(parts),
        whole=np.array([question.asked[one.n].kind == "whole" for one in demands], bool),
        capacity=supplies.capacity, owner=supplies.owner, partner_cost=rules.partner_cost,
        arc_demand=parts.laid.demand, arc_supply=supplies.of_arc, arc_cost=parts.cost,
        arc_most=rules.most, at_least=rules.at_least, at_most=rules.at_most,
        rows=(*supplies.rows, *rules.rows), extras=tuple(rules.extras),
    )  # fmt: skip
    broken = (*rules.broken, *_over_already(question))
    return Model(parts, pooling, broken, supplies.holder)


def _short_cost(parts: Parts) -> Floats:
    """Without end where a need must be met; else the share that is missing, weighed."""
    question = parts.question
    costs = []
    for one in parts.laid.demands:
        need = question.asked[one.n].need
        weight = question.call.weights.unmet * need.weight * one.portion
        costs.append(np.inf if need.must else weight)
    return np.array(costs, float)


def _over_already(question: Question) -> list[str]:
    return [
        f"{one.need.need}: {past_said(one, question.as_of)}"
        for one in question.asked
        if one.past and one.need.must
    ]

"""What is solved is found sound by the check, and each thing then made wrong is noticed."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ally.testing_call import AS_OF, CAPABILITIES
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member, Promised
from triplehelix.ally.call import Call
from triplehelix.ally.check import check
from triplehelix.ally.solve import solve

UNITS = {
    "pcr-testing": [("tests", "day"), ("samples", "week")],
    "device-manufacture": [("ventilators", "day"), ("ventilators", "week"), ("ventilators", None)],
    "regulatory-advice": [],
}


def _day(number: int) -> date:
    return AS_OF + timedelta(days=number)


def _asset(chance: random.Random, number: int, members: str) -> Asset:
    kind = chance.choice([*UNITS, "pcr-testing"])
    priced = chance.random() < 0.4 and kind != "regulatory-advice"
    fields: dict[str, Any] = {"price": 2.0, "currency": "GBP"} if priced else {}
    if priced:
        fields["price_unit"] = chance.choice(["test", "day", "ventilator", "hour"])
    capacities = ()
    if UNITS[kind]:
        unit, per = chance.choice(UNITS[kind])
        capacities = (_capacity(chance, f"c{number}", kind, unit, per),)
    return Asset(f"a{number}", "An asset", chance.choice(members), (kind,), capacities,
                 lat=51.5, lon=chance.random(), country=chance.choice(["GB", "FR"]), **fields)  # fmt: skip


def _capacity(chance: random.Random, name: str, kind: str, unit: str, per: str | None) -> Capacity:
    amount = chance.choice([40, 90, 150]) * (7 if per == "week" else 1)
    surge = chance.random() < 0.4
    promised = tuple(
        Promised(amount / 3, _day(chance.randint(-5, 20)), chance.choice([None, _day(30)]))
        for _ in range(chance.randint(0, 2))
    )
    return Capacity(
        name, kind, amount, unit, per, promised=promised,
        starts=chance.choice([None, None, _day(12)]), ends=chance.choice([None, None, _day(45)]),
        lead_days=chance.choice([0, 4, 9, None]), surge_amount=amount * 2 if surge else None,
        surge_lead_days=chance.choice([6, None]) if surge else None,
    )  # fmt: skip


def _world(seed: int) -> tuple[Call, Landscape]:
    chance = random.Random(seed)
    members = "abcdef"[: chance.randint(2, 6)]
    known = [Member(one, one, chance.choice(["academia", "health"]), "GB") for one in members]
    if chance.random() < 0.4:
        known.append(Member("net", "net", "nonprofit", "GB", parts=tuple(members[:2])))
    needs = []
    for number in range(chance.randint(1, 3)):
        kind = chance.choice(list(UNITS))
        need: dict[str, Any] = {
            "need": f"n{number}",
            "capability": kind,
            "by": _day(chance.randint(10, 25)),
        }
        if kind == "pcr-testing":
            need |= {"amount": chance.choice([50, 120]), "unit": "tests/day"}
            need |= {"until": _day(40)} if chance.random() < 0.5 else {}
        elif kind == "device-manufacture":
            need |= {"amount": chance.choice([60, 400]), "unit": "ventilators"}
        needs.append(need | {"must": chance.random() < 0.7})
    rules: dict[str, Any] = {"unknown_price": chance.choice([0, 1])}
    if chance.random() < 0.3 and any("amount" in need for need in needs):
        rules["member_caps"] = [{"share": 0.6}]
    if chance.random() < 0.3:
        rules["helices"] = {"health": 1}
    place = {"place": {"lat": 51.5, "lon": 0}} if chance.random() < 0.5 else {}
    asked = Call.model_validate(
        {"title": "T", "as_of": AS_OF, "needs": needs, "rules": rules, **place}
    )
    pairs = {(a, b): 1 for a in members for b in members if a < b and chance.random() < 0.3}
    assets = tuple(_asset(chance, n, members) for n in range(chance.randint(3, 8)))
    return asked, Landscape(tuple(known), assets, pairs)


def _made_wrong(answer: Alliance) -> dict[str, Alliance]:
    first, *rest = answer.contributions
    assert answer.objective is not None

    def other(**changes: Any) -> Alliance:
        return replace(answer, contributions=(replace(first, **changes), *rest))

    return {
        "more": other(amount=first.amount * 1.01),
        "less": other(amount=first.amount * 0.99),
        "sooner": other(ready=first.ready - timedelta(days=1)),
        "nearer": other(km=(first.km or 0.0) + 1.0),
        "cheaper": other(cost=(first.cost or 0.0) + 1.0),
        "another's": other(member="z"),
        "left out": replace(answer, contributions=tuple(rest)),
        "in name only": replace(answer, partners=(*answer.partners, "z")),
        "praised": replace(answer, objective=answer.objective - 1, bound=answer.objective - 1),
        "surely": replace(answer, bound=answer.objective + 1),
    }


@pytest.mark.parametrize("block", range(4))
def test_solved_is_sound_and_made_wrong_is_noticed(block: int) -> None:
    statuses = Counter[str]()
    for seed in range(block * 40, block * 40 + 40):
        asked, landscape = _world(seed)
        answer = solve(asked, landscape, CAPABILITIES, today=AS_OF)
        statuses[answer.status] += 1
        assert check(answer, landscape, CAPABILITIES, today=AS_OF) == (), seed
        if answer.status == "optimal" and answer.contributions:
            for name, wrong in _made_wrong(answer).items():
                assert check(wrong, landscape, CAPABILITIES, today=AS_OF), (seed, name)
    assert statuses["optimal"] > 5

"""What is missing, why, and what would close it: worked by hand."""

from datetime import date
from typing import Any

import pytest

from tests.ally.worlds import OURS, PLACE, TODAY, asset, call, landscape
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.ally.reasons import WORDS, Reason
from triplehelix.ally.solve import solve


def solved(asked: Call, offered: Landscape) -> Alliance:
    return solve(asked, offered, OURS, today=TODAY)


def test_what_can_be_covered_is_covered() -> None:
    found = solved(
        call({}, {"capability": "testing", "amount": 30}), landscape(asset("line", "a", 70))
    )
    assert found.status == "infeasible" and found.objective is None
    assert sum(one.amount for one in found.contributions) == pytest.approx(70)
    # By share of its need 40 of 100 weigh less than any of the 30.
    assert {gap.need: gap.missing for gap in found.gaps} == {"need-1": pytest.approx(60)}


def test_of_two_needs_the_weightier_share_is_covered() -> None:
    needs = ({"weight": 1}, {"capability": "testing", "weight": 3})
    found = solved(call(*needs), landscape(asset("line", "a", 100)))
    assert [gap.need for gap in found.gaps] == ["need-1"]


@pytest.mark.parametrize(
    ("need", "rules", "said", "words"),
    [
        ({"within_km": 50}, {}, {"lat": 52.5}, "within 112 km instead of 50"),
        ({"containment": "BSL-3"}, {}, {}, "without the containment BSL-3"),
        ({"accreditations": ["ISO 15189"]}, {}, {}, "without the accreditation ISO 15189"),
        ({"countries": ["FR"]}, {}, {}, "countries other than FR"),
        ({}, {}, {"lead_days": 20}, "by 21 March 2026 instead of 10 March 2026"),
        ({}, {"countries": ["FR"]}, {}, "without the countries (countries)"),
        ({}, {"exclude": ["a"]}, {}, "without who is excluded (exclude)"),
        ({}, {"access": ["anyone"]}, {}, "without the terms of access (access)"),
        ({}, {"member_caps": [{"share": 0.5}]}, {}, "without the cap per member (member_caps)"),
        (
            {},
            {"budget": 1},
            {"price": 1, "currency": "GBP", "price_unit": "test"},
            "without the budget (budget)",
        ),
        ({}, {}, {"state": "planned"}, "counting capacities that are planned (states)"),
        ({}, {}, {"status": "closed"}, "counting assets that are closed (closed)"),
    ],
)
def test_the_one_condition_in_the_way_is_named(
    need: dict, rules: dict, said: dict[str, Any], words: str
) -> None:
    """Alone among the remedies, and giving it up does meet the call."""
    asked = call({"until": "2026-03-12", **need}, rules=rules, place=PLACE)
    found = solved(asked, landscape(asset("line", "a", 500, **said)))
    assert found.status == "infeasible"
    (gap,) = found.gaps
    assert words in gap.relax
    assert all(one.split()[0] in words or "limit" in one for one in gap.relax)


def test_what_would_not_help_is_not_named() -> None:
    """Both too far and closed: giving up one of them alone closes nothing."""
    line = asset("line", "a", 500, lat=55.0, status="closed")
    (gap,) = solved(call({"within_km": 50}, place=PLACE), landscape(line)).gaps
    assert gap.relax == ()
    assert gap.reasons == {"closed": 1, "too far": 1}


def test_rules_that_no_choice_can_keep_are_told() -> None:
    found = solved(call(rules={"helices": {"industry": 2}}), landscape(asset("line", "a", 500)))
    assert found.status == "infeasible" and not found.gaps
    assert "Cannot be kept: helices: 2 of industry, and 0 can serve." in found.notes
    told = (
        "Giving up one rule would do: without the mix of academia, industry and health (helices)."
    )
    assert told in found.notes


def test_the_least_addition_closes_the_gap() -> None:
    """Adding what it says, and no less, meets the call."""
    asked = call({"until": "2026-03-12", "within_km": 80}, place=PLACE)
    lines = [asset("line", "a", 35), asset("silent", "b", town="Luton", lat=51.88)]
    (gap,) = solved(asked, landscape(*lines)).gaps
    assert gap.addition is not None and gap.addition.amount == 65
    assert gap.cheapest == (
        "65 tests/day more of pcr within 80 km of London by 10 March 2026 until 12 March 2026; could be "
        "asked: silent (Luton, 42 km, no capacity is stated; it could be asked, not ready in time)"
    )
    assert (gap.starts, gap.ends) == (date(2026, 3, 10), date(2026, 3, 12))
    assert solved(asked, landscape(*lines, asset("new", "c", 65))).status == "optimal"
    assert solved(asked, landscape(*lines, asset("new", "c", 64))).status == "infeasible"


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason) and len(set(WORDS.values())) == len(Reason)

"""Calls worked by hand: what is chosen, from when, at what cost, and every rule where it binds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.ally.worlds import OURS, PLACE, TODAY, asset, call, landscape
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member, Promised
from triplehelix.ally.solve import solve
from triplehelix.errors import InputError, UnknownName


def solved(asked: Any, offered: Landscape) -> Alliance:
    found = solve(asked, offered, OURS, today=TODAY)
    assert not found.problems
    return found


def test_hand_worked() -> None:
    """
    100 tests a day for ten days; near one gives 60 (ready in 2 days), far one the rest.

    Cost: near 60 x 10 days x 1 GBP = 600; far 40 x 10 x 2 = 800. Lead: 0.6 x 2 x 10 + 0.4 x 5 x 10
    = 32. Travel: far stands one degree of latitude away, 111.195 km x 0.4 = 44.478. Partners: 200.
    """
    near = asset("near", "a", 60, lead_days=2, price=1, currency="GBP", price_unit="test")
    far = asset("far", "b", 500, lead_days=5, price=2, currency="GBP", price_unit="tests", lat=52.5)
    asked = call({"until": "2026-03-19"}, place=PLACE)
    found = solved(asked, landscape(near, far))
    assert found.status == "optimal" and found.checked
    assert {one.asset: one.amount for one in found.contributions} == {"near": 60, "far": 40}
    assert found.terms["cost"] == pytest.approx(1400)
    assert found.terms["lead_days"] == pytest.approx(32)
    assert found.terms["travel_km"] == pytest.approx(0.4 * 111.195, abs=0.01)
    assert found.terms["partners"] == 200
    assert found.objective == pytest.approx(sum(found.terms.values()))
    assert found.gap == pytest.approx(0, abs=1e-6)
    assert "Proven" in found.said["status"]
    (far_one,) = [one for one in found.contributions if one.asset == "far"]
    assert (far_one.cost, far_one.lead_days) == (800, 5)
    assert (far_one.starts, far_one.ends, far_one.ready) == (
        date(2026, 3, 10), date(2026, 3, 19), date(2026, 3, 6))  # fmt: skip
    assert found.coverage[0].to_spare == 460


def test_a_narrower_capability_serves_and_a_broader_one_does_not() -> None:
    offered = landscape(asset("general", "a", 500, capability="testing"), asset("pcr", "b", 500))
    assert solved(call({"capability": "testing"}), offered).status == "optimal"
    assert solved(call(), offered).partners == ("b",)


def test_units_convert_or_are_told() -> None:
    weekly = asset("weekly", "a", 700, per="week", unit="samples")
    assert solved(call(), landscape(weekly)).contributions[0].amount == pytest.approx(100)
    beds = asset("rooms", "a", 700, per=None, unit="rooms")
    (gap,) = solved(call(), landscape(beds)).gaps
    assert "the unit does not convert to the need's" in gap.why


def test_an_asset_without_an_amount_cannot_be_counted_on_but_is_named() -> None:
    (gap,) = solved(call(), landscape(asset("silent", "a", town="Leeds"))).gaps
    assert gap.missing == 100
    assert gap.addition is not None
    (named,) = gap.addition.could_be_asked
    assert named.startswith("silent (Leeds") and "could be asked" in named
    assert (
        solved(
            call({"amount": None, "unit": None, "by": None}), landscape(asset("silent", "a"))
        ).status
        == "optimal"
    )


def test_only_free_capacity_counts_day_by_day() -> None:
    """80 of 120 are promised on 12 and 13 March, so another must give 60 on those days."""
    promised = (Promised(80, date(2026, 3, 12), date(2026, 3, 13)),)
    busy = asset("busy", "a", 120, promised=promised)
    helper = asset("helper", "b", 60, lead_days=3)
    found = solved(call({"until": "2026-03-16"}), landscape(busy, helper))
    on_the_12th = {
        one.asset: one.amount
        for one in found.contributions
        if one.starts <= date(2026, 3, 12) <= (one.ends or date.max)
    }
    assert found.status == "optimal"
    assert on_the_12th == {"busy": pytest.approx(40), "helper": pytest.approx(60)}
    alone = solved(call({"until": "2026-03-16"}), landscape(busy))
    (gap,) = alone.gaps
    assert (gap.missing, gap.starts, gap.ends) == (60, date(2026, 3, 12), date(2026, 3, 13))
    assert alone.coverage[0].given == 40


def test_a_surge_counts_from_its_own_day() -> None:
    line = asset("line", "a", 60, surge_amount=150, surge_lead_days=20, lead_days=0)
    found = solved(call({"by": "2026-03-21"}), landscape(line))
    assert [(one.amount, one.surge) for one in found.contributions] == [(60, False), (40, True)]
    early = solved(call({"by": "2026-03-20", "until": "2026-03-20"}), landscape(line))
    assert early.status == "infeasible"
    assert any("by 21 March 2026 instead of 20 March 2026" in one for one in early.gaps[0].relax)
    without = call({"by": "2026-03-21"}, rules={"surge": False})
    assert "counting surge amounts (surge)" in solved(without, landscape(line)).gaps[0].relax


def test_things_made_in_all_are_rate_times_days() -> None:
    """From 3 to 9 March are 7 days: 70 a week make 70, and not 71."""
    line = asset("line", "a", 70, capability="devices", unit="devices", per="week", lead_days=2)
    need = {"capability": "devices", "amount": 70, "unit": "devices", "by": "2026-03-09"}
    assert solved(call(need), landscape(line)).status == "optimal"
    (gap,) = solved(call({**need, "amount": 71}), landscape(line)).gaps
    assert gap.missing == pytest.approx(1)


def test_one_capacity_is_not_given_twice() -> None:
    """Two needs of 100 on one line of 150: 50 are missing; on a line of 200 nothing is."""
    two = ({}, {"capability": "testing"})
    assert solved(call(*two), landscape(asset("line", "a", 200))).status == "optimal"
    short = solved(call(*two), landscape(asset("line", "a", 150)))
    assert sum(one.missing for one in short.gaps) == pytest.approx(50)


def test_an_asset_offered_twice_is_one() -> None:
    one = asset("line", "a", 60)
    assert solved(call(), landscape(one, one)).status == "infeasible"
    with pytest.raises(InputError, match="'line' stands there twice with different facts"):
        solve(call(), landscape(one, replace(one, name="other")), OURS, today=TODAY)


def test_a_network_brings_the_assets_of_its_parts_once() -> None:
    """Three members of 40 would be three partners; the network is one, and has 120, not 240."""
    parts = [asset(f"line-{n}", name, 40) for n, name in enumerate("abc")]
    network = Member("net", "Net", "academia", "GB", parts=("a", "b", "c"))
    offered = landscape(*parts, members=(network,))
    assert solved(call(), offered).partners == ("net",)
    assert solved(call({"amount": 121}), offered).gaps[0].missing == pytest.approx(1)


def test_zero_capacity_and_nothing_at_all() -> None:
    for offered in (landscape(asset("idle", "a", 0)), landscape(), Landscape((), ())):
        found = solved(call(), offered)
        assert (found.status, found.gaps[0].missing) == ("infeasible", 100)
        assert "Proven" in found.said["status"]


RULES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ("big",)),
    ({"exclude": ["big"]}, ("far", "small")),
    ({"exclude": ["big-line"]}, ("far", "small")),
    ({"include": ["far"]}, ("big", "far")),
    ({"include": ["far-line"]}, ("big", "far")),
    ({"helices": {"health": 1}}, ("big", "small")),
    ({"helices": {"health": 1, "academia": 1}}, ("far", "small")),
    ({"spread": [{"of": "country", "at_least": 2}]}, ("big", "far")),
    ({"entities_from_countries": [3, 2]}, ("big", "far", "small")),
    ({"member_caps": [{"share": 0.5}]}, ("big", "small")),
    ({"member_caps": [{"need": "need-1", "amount": 350, "unit": "samples/week"}]}, ("big", "small")),
    ({"exclude": ["big"], "most_partners": 1}, ("far",)),
    ({"never_together": [["big", "small"]], "member_caps": [{"share": 0.5}]}, ("big", "far")),
    ({"never_together": [["big-line", "small-line"]], "member_caps": [{"share": 0.5}]}, ("big", "far")),
    ({"fixed": [{"need": "need-1", "asset": "far-line", "amount": 30}]}, ("big", "far")),
    ({"countries": ["FR"]}, ("far",)),
    ({"budget": 1000}, ("small", "far")),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "partners"), RULES, ids=lambda one: str(one)[:60])
def test_each_rule_where_it_binds(rules: dict[str, Any], partners: tuple[str, ...]) -> None:
    """
    Big could do it alone; small (60, near) and far (60, then 120) are only there for a rule.

    With `most_partners` 1 and without big, far must have it all, at its surge.
    """
    dear = {"price": 1, "currency": "GBP", "price_unit": "test"}
    big = asset("big-line", "big", 500, **dear)
    small = asset("small-line", "small", 60, lat=51.6)
    far = asset("far-line", "far", 60, lat=53.5, country="FR", surge_amount=120, surge_lead_days=0)
    everyone = (
        Member("big", "Big", "industry", "GB"), Member("small", "Small", "health", "GB"),
        Member("far", "Far", "academia", "FR"),
    )  # fmt: skip
    weights = {"cost": 0.0}
    asked = call(rules=rules, weights=weights, place=PLACE)
    found = solved(asked, landscape(big, small, far, members=everyone))
    assert found.status == "optimal"
    assert found.partners == tuple(sorted(partners))


def test_conditions_that_are_not_stated_do_not_count() -> None:
    plain = asset("plain", "a", 500)
    for need in ({"containment": "BSL-3"}, {"accreditations": ["ISO 15189"]}):
        assert solved(call(need), landscape(plain)).status == "infeasible"
    tagged = replace(plain, capabilities=("pcr", "bsl3", "iso-15189"))
    assert (
        solved(
            call({"containment": "BSL-2", "accreditations": ["ISO 15189"]}), landscape(tagged)
        ).status
        == "optimal"
    )
    stated = asset("stated", "a", 500, containment="BSL-3", accreditations=("ISO 15189",))
    assert (
        solved(
            call({"containment": "BSL-3", "accreditations": ["iso-15189"]}), landscape(stated)
        ).status
        == "optimal"
    )


@pytest.mark.parametrize(
    ("said", "rules", "why"),
    [
        ({"status": "closed"}, {"closed": True}, "closed"),
        ({"status": "planned"}, {"states": ["available", "planned"]}, "planned or not confirmed"),
        ({"state": "past"}, {"states": ["past"]}, "stated, planned or past"),
        ({"who": "staff only"}, {"access": ["Staff only"]}, None),
        ({"who": "staff only"}, {"access": ["anyone"]}, "terms of access"),
    ],
)
def test_what_does_not_count_unless_asked_for(
    said: dict[str, Any], rules: dict[str, Any], why: str | None
) -> None:
    line = asset("line", "a", 500, **said)
    if "access" not in rules:
        (gap,) = solved(call(), landscape(line)).gaps
        assert why is not None and why in gap.why
        assert solved(call(rules=rules), landscape(line)).status == "optimal"
    elif why is None:
        assert solved(call(rules=rules), landscape(line)).status == "optimal"
    else:
        (gap,) = solved(call(rules=rules), landscape(line)).gaps
        assert why in gap.why


def test_in_a_replay_a_later_year_does_not_count() -> None:
    line = asset("line", "a", 500, year=2027)
    assert solved(call(), landscape(line)).status == "infeasible"
    assert solved(call({"by": "2027-12-31"}), landscape(line)).status == "optimal"


def test_unfamiliarity_prefers_those_who_have_worked_together() -> None:
    """Equal lines of 60; b and c know each other, a knows nobody."""
    lines = [asset(f"{name}-line", name, 60) for name in "abc"]
    found = solved(call(), landscape(*lines, familiar={("b", "c"): 3}))
    assert (found.partners, found.terms["unfamiliarity"]) == (("b", "c"), 0)
    only = solved(call(), landscape(*lines[:2], familiar={("b", "c"): 3}))
    assert only.terms["unfamiliarity"] == 100


def test_a_need_that_may_stay_unmet_is_met_where_it_is_worth_it() -> None:
    """Meeting it costs a partner (100) and saves 1,000 times the weight."""
    line = asset("line", "a", 500)
    wish = {"capability": "design", "amount": None, "unit": None, "by": None, "must": False}
    offered = landscape(line, asset("desk", "b", capability="design"))
    assert solved(call({}, {**wish, "weight": 1}), offered).partners == ("a", "b")
    light = solved(call({}, {**wish, "weight": 0.1}), offered)
    assert (light.partners, light.terms["unmet"]) == (("a",), pytest.approx(100))
    assert [gap.need for gap in light.gaps] == ["need-2"]


def test_dates_past_are_answered_plainly() -> None:
    found = solved(call({"by": "2026-02-01"}), landscape(asset("line", "a", 500)))
    (gap,) = found.gaps
    assert found.status == "infeasible"
    assert "asked for by 1 February 2026, before 1 March 2026" in gap.why
    assert gap.relax == ("by 1 March 2026 instead of 1 February 2026",)


def test_contradictions_are_refused() -> None:
    offered = landscape(asset("line", "a", 500), asset("other", "b", 500))
    for rules, words in (
        ({"include": ["a"], "exclude": ["a"]}, "include and exclude 'a'"),
        ({"include": ["a", "b"], "never_together": [["a", "b"]]}, "never have them together"),
        (
            {"exclude": ["line"], "fixed": [{"need": "need-1", "asset": "line"}]},
            "promised to a need",
        ),
        ({"member_caps": [{"amount": 5, "unit": "beds"}]}, "fits no need that has an amount"),
    ):
        with pytest.raises(InputError, match=words):
            solve(call(rules=rules), offered, OURS, today=TODAY)
    with pytest.raises(UnknownName, match="no member or asset that may be seen is so named"):
        solve(call(rules={"include": ["ghost"]}), offered, OURS, today=TODAY)
    with pytest.raises(UnknownName, match="no capability is called"):
        solve(call({"capability": "pccr"}), offered, OURS, today=TODAY)
    with pytest.raises(InputError, match="not until when"):
        solve(call({"unit": "tests", "by": None}), offered, OURS, today=TODAY)
    with pytest.raises(InputError, match="robust is -1"):
        solve(call(), offered, OURS, today=TODAY, robust=-1)


def test_rules_in_each_others_way_are_named() -> None:
    lines = [asset(f"{name}-line", name, 500) for name in "abc"]
    rules = {"include": ["a", "b"], "most_partners": 1}
    found = solved(call(rules=rules), landscape(*lines))
    assert found.status == "infeasible"
    assert "The other rules can be kept without who must be in (include)." in found.notes
    assert "The other rules can be kept without the most partners (most_partners)." in found.notes
    assert found.contributions


def test_prices_in_two_currencies_are_not_added() -> None:
    lines = [asset("p", "a", 60, price=1, currency="GBP", price_unit="test"),
             asset("e", "b", 60, price=1, currency="EUR", price_unit="test")]  # fmt: skip
    found = solved(call(), landscape(*lines))
    assert found.terms["cost"] == 0 and any("EUR, GBP" in one for one in found.notes)
    pounds = solved(call(rules={"currency": "GBP"}), landscape(*lines))
    assert pounds.terms["cost"] > 0


def test_a_day_price_is_shared_out_by_use() -> None:
    """A tenth of a line of 1,000 for 2 of its days at 500 a day: 100."""
    line = asset("line", "a", 1000, price=500, currency="GBP", price_unit="day")
    found = solved(call({"until": "2026-03-11"}), landscape(line))
    assert found.terms["cost"] == pytest.approx(100)


def test_a_surge_costs_as_the_usual_amount_does() -> None:
    """150 of a usual 100 for 2 days at 500 a day: 1,500, and the usual 100 come first."""
    line = asset("line", "a", 100, surge_amount=1000, surge_lead_days=0, price=500, currency="GBP",
                 price_unit="day")  # fmt: skip
    found = solved(call({"amount": 150, "until": "2026-03-11"}), landscape(line))
    assert found.status == "optimal"
    assert found.terms["cost"] == pytest.approx(1500)
    assert {one.surge: one.amount for one in found.contributions} == {False: 100, True: 50}


def test_a_capacity_that_ends_is_followed_by_another() -> None:
    first = asset("first", "a", 100, ends=date(2026, 3, 20))
    later = asset("later", "b", 100, starts=date(2026, 3, 21))
    found = solved(call(), landscape(first, later))
    spans = [(one.asset, one.starts, one.ends) for one in found.contributions]
    assert spans == [
        ("first", date(2026, 3, 10), date(2026, 3, 20)),
        ("later", date(2026, 3, 21), None),
    ]


def test_a_need_without_a_day_starts_when_each_is_ready() -> None:
    lines = [asset("soon", "a", 60, lead_days=1), asset("late", "b", 60, lead_days=30)]
    found = solved(call({"by": None}), landscape(*lines))
    starts = {one.asset: one.starts for one in found.contributions}
    assert starts == {"soon": date(2026, 3, 2), "late": date(2026, 3, 31)}


def test_dated_and_undated_needs_share_one_capacity() -> None:
    needs = ({"until": "2026-03-20"}, {"by": None})
    assert solved(call(*needs), landscape(asset("line", "a", 200))).status == "optimal"
    assert solved(call(*needs), landscape(asset("line", "a", 199))).status == "infeasible"


def test_one_asset_with_two_capabilities_is_one_asset() -> None:
    both = Asset(
        "both",
        "Both",
        "a",
        ("design", "advice"),
        (Capacity("c", "pcr", 500, "tests", "day", lead_days=0),),
    )
    found = solved(call({}, {"capability": "design", "amount": None, "unit": None, "by": None},
                        {"capability": "advice", "amount": None, "unit": None, "by": None}), landscape(both))  # fmt: skip
    assert (found.status, found.terms["partners"]) == ("optimal", 100)

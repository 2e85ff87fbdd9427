"""
The independent check: the testing call is found sound, and each thing made wrong is told.

By hand: all four give from 14 December to 31 March, so each one's share is its amount over
20,500, and the lead days weigh (4,000 x 0 + 6,000 x 5 + 10,000 x 9 + 500 x 11) / 20,500.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import CAPABILITIES, day
from triplehelix.ally.alliance import Alliance, Contribution, Coverage
from triplehelix.ally.assets import Asset, Landscape, Promised
from triplehelix.ally.call import Call
from triplehelix.ally.check import check

LEAD = 10 * (6_000 * 5 + 10_000 * 9 + 500 * 11) / 20_500
TERMS = {"lead_days": LEAD, "partners": 400.0}


def sound(**more: Any) -> Alliance:
    whole = LEAD + 400.0
    return case.alliance(**{"objective": whole, "bound": whole, "terms": TERMS} | more)


def told(alliance: Alliance, landscape: Landscape | None = None, **more: Any) -> tuple[str, ...]:
    return check(alliance, landscape or case.landscape(), CAPABILITIES, today=day(1), **more)


def with_first(**changes: Any) -> Alliance:
    first = replace(case.CONTRIBUTIONS[0], **changes)
    return sound(contributions=(first, *case.CONTRIBUTIONS[1:]))


def under(**rules: Any) -> Alliance:
    return sound(of=case.call(rules=rules))


def with_campus(**changes: Any) -> Landscape:
    """The landscape with other facts of the campus or of its capacity."""
    of_capacity = {k: changes.pop(k) for k in list(changes) if k in Contained.fields}
    capacity = replace(case.CAMPUS.capacities[0], **of_capacity)
    return case.landscape(
        (replace(case.CAMPUS, capacities=(capacity,), **changes), *case.ASSETS[1:])
    )


class Contained:
    fields = (
        "amount",
        "unit",
        "per",
        "starts",
        "ends",
        "lead_days",
        "state",
        "promised",
        "capability",
    )


def test_what_is_sound_has_no_problems() -> None:
    assert told(sound()) == ()


def test_without_as_of_it_is_looked_at_from_the_day_that_is_told() -> None:
    """What was ready on the day of the solve was not yet ready when looked at from two days on."""
    undated = sound(of=case.call(as_of=None))
    assert told(undated) == ()
    later = check(undated, case.landscape(), CAPABILITIES, today=day(3))
    assert any("campus for tests" in one and "cannot be before 2020-12-03" in one for one in later)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"asset": "mine"}, "mine gives to tests, and no such asset may be seen"),
        ({"need": "tents"}, "campus gives to 'tents', which the call does not ask for"),
        ({"capacity": "works-c"}, "it has no capacity works-c"),
        ({"capacity": None}, "an amount is asked for, and no capacity is named"),
        ({"member": "works-m"}, "it is campus-m's, which is no part of works-m"),
        ({"amount": 4_100.0}, "campus-c: 4,100 tests are used on 2020-12-14, 4,000 are free"),
        (
            {"amount": 3_000.0},
            "19,500 of 20,500 tests/day are given on 2020-12-14, and the alliance",
        ),
        ({"amount": -1.0}, "an amount of -1.0 is none"),
        ({"ready": day(1) - timedelta(days=3)}, "it is said to be ready on 2020-11-28, and cannot"),
        ({"ready": day(20)}, "it starts before it is ready"),
        ({"lead_days": 3.0}, "3 lead days from 2020-12-01 are not its ready day 2020-12-01"),
        ({"starts": day(20)}, "are given on 2020-12-14"),
        ({"ends": day(30)}, "are given on 2020-12-31"),
        ({"ends": day(3)}, "it ends on 2020-12-03, before it starts"),
        ({"km": 3.0}, "its distance is told where it is unknown"),
        ({"cost": 3.0}, "a cost of 3.00 is told; the asset's price makes it nothing"),
        ({"surge": True}, "it has no surge amount"),
    ],
)
def test_a_contribution_that_is_not_so(changes: dict[str, Any], words: str) -> None:
    assert any(words in one for one in told(with_first(**changes)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "closed"}, "it is closed"),
        ({"status": "planned"}, "it is only planned"),
        ({"status": "unconfirmed"}, "it is unconfirmed"),
        ({"state": "past"}, "its capacity is past, and the rules count available"),
        ({"lead_days": 20}, "cannot be before 2020-12-21"),
        ({"lead_days": None}, "cannot be before 2020-12-15"),
        ({"starts": day(15)}, "cannot be before 2020-12-15"),
        ({"ends": day(60)}, "its capacity ends on 2021-01-29"),
        ({"unit": "beds", "per": None}, "does not convert"),
        ({"per": "week"}, "28,000 tests are used on 2020-12-14, 4,000 are free"),
        (
            {"capability": "regulatory-advice"},
            "regulatory-advice is neither pcr-testing nor a kind",
        ),
        ({"promised": (Promised(1, day(50), day(51)),)}, "are used on 2021-01-19, 3,999 are free"),
        ({"price": 2.0, "currency": "GBP", "price_unit": "test"}, "makes it 864,000.00"),
    ],
)
def test_a_landscape_that_tells_otherwise(changes: dict[str, Any], words: str) -> None:
    """A price of 2 for each of 4,000 tests on each of 108 days is 864,000."""
    assert any(words in one for one in told(sound(), with_campus(**changes)))


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ({"containment": "BSL-3"}, "BSL-3 is not stated of it"),
        ({"accreditations": ["ISO 15189"]}, "the accreditation ISO 15189 is not stated of it"),
        ({"countries": ["FR"]}, "it is in GB, not in FR"),
        (
            {"place": {"lat": 51.5, "lon": 0}, "within_km": 5},
            "no distance is known, and the need has",
        ),
        ({"amount": 20_400}, "campus"),
    ],
)
def test_a_condition_of_the_need(need: dict[str, Any], words: str) -> None:
    own = {"need": "tests", "capability": "pcr-testing", "amount": 20_500, "unit": "tests/day",
           "by": case.BY, "until": case.UNTIL}  # fmt: skip
    found = told(sound(of=case.call(needs=[own | need])))
    if words == "campus":
        assert any("told as asked" in one or "lead_days" in one for one in found)
    else:
        assert any(words in one for one in found)


def test_distance_is_measured_and_limited() -> None:
    """A degree of latitude is 6371.0088 x pi / 180 = 111.195 km."""
    placed = with_campus(lat=52.5, lon=0.0)
    own = {"need": "tests", "capability": "pcr-testing", "amount": 20_500, "unit": "tests/day",
           "by": case.BY, "until": case.UNTIL, "place": {"lat": 51.5, "lon": 0}, "within_km": 111}  # fmt: skip
    found = told(sound(of=case.call(needs=[own])), placed)
    assert any("it is 111.2 km away, more than 111 km" in one for one in found)
    assert any("its distance is told where it is unknown, or left out" in one for one in found)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"most_partners": 3}, "4 partners, and at most 3 are allowed"),
        ({"helices": {"health": 2}}, "1 partners of health, and at least 2 are asked for"),
        ({"entities_from_countries": [3, 2]}, "4 partners from 1 countries, and at least 3 from 2"),
        ({"spread": [{"of": "nation", "at_least": 1}]}, "0 different nation, and at least 1"),
        ({"include": ["mine"]}, "mine must be in, and is not"),
        ({"exclude": ["works-m"]}, "works-m is excluded"),
        (
            {"never_together": [["works", "campus-m"]]},
            "campus-m and works are never to be together",
        ),
        (
            {"fixed": [{"need": "tests", "asset": "mine"}]},
            "mine is promised to tests, and gives nothing",
        ),
        (
            {"fixed": [{"need": "tests", "asset": "works", "amount": 10_001}]},
            "10,001, and gives less",
        ),
        (
            {"member_caps": [{"share": 0.4}]},
            "works-m gives 10,000 tests/day to tests, and at most 8,200",
        ),
        ({"member_caps": [{"amount": 63_000, "unit": "samples/week"}]}, "and at most 9,000"),
        ({"countries": ["FR"]}, "it is in GB, not in FR"),
        ({"access": ["hospitals"]}, "its terms are for nobody named, not hospitals"),
        (
            {"unknown_price": 1, "budget": 1_000},
            "it costs 2,214,000.00, and the budget is 1,000.00",
        ),
    ],
)
def test_a_rule_that_is_broken(rules: dict[str, Any], words: str) -> None:
    """20,500 tests at 1 each on 108 days are 2,214,000."""
    assert any(words in one for one in told(under(**rules)))


def test_rules_that_are_kept() -> None:
    rules = {
        "most_partners": 4, "helices": {"health": 1, "industry": 2}, "include": ["works", "campus-m"],
        "spread": [{"of": "helix", "at_least": 3}], "fixed": [{"need": "tests", "asset": "works", "amount": 10_000}],
        "member_caps": [{"amount": 10_000, "unit": "tests/day"}], "exclude": ["mine"],
        "never_together": [["mine", "works"]], "entities_from_countries": [3, 1],
    }  # fmt: skip
    assert told(under(**rules)) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"objective": 500.0, "bound": 500.0},
            "the objective is told as 500; its terms make 461.22",
        ),
        (
            {"terms": TERMS | {"partners": 300.0}},
            "the term partners is told as 300; worked out anew it is 400",
        ),
        ({"terms": TERMS | {"luck": 5.0}}, "the term luck is told as 5; worked out anew it is 0"),
        ({"bound": 500.0}, "the bound 500 is above the objective"),
        ({"bound": 400.0}, "it is said to be optimal, and the bound proves only 400"),
        ({"bound": None}, "it is said to be optimal, and no bound proves it"),
        ({"objective": None}, "it is said to be optimal, and no objective is told"),
    ],
)
def test_an_objective_that_does_not_add_up(changes: dict[str, Any], words: str) -> None:
    assert any(words in one for one in told(sound(**changes)))


def test_partners_and_coverage_are_told_as_they_are() -> None:
    odd = replace(sound(), partners=("campus-m", "friend"), coverage=())
    assert {
        "works-m gives something and is not among the partners",
        "friend is among the partners and gives nothing",
        "tests: nothing tells how it is covered",
    } <= set(told(odd))
    wrong = replace(sound(), coverage=(Coverage("tests", 20_500, "tests/day", 21_000, 0, 0, None),))
    assert told(wrong) == ("tests: 21,000 are told as given, and it is 20,500",)


def test_unfamiliarity_counts_whoever_has_worked_with_no_other() -> None:
    """Campus and hospital have worked together; works and spinout with neither: 2 x 50."""
    familiar = {("campus-m", "hospital-m"): 3, ("spinout-m", "works-m"): 0}
    whole = LEAD + 500.0
    known = sound(objective=whole, bound=whole, terms=TERMS | {"unfamiliarity": 100.0})
    assert told(known, case.landscape(familiar=familiar)) == ()


def test_one_capacity_is_counted_once_over_all_needs_and_all_ways_in() -> None:
    """10 tests a day brought in by its holder for one need and by a network for another."""
    needs = [
        {
            "need": name,
            "capability": "diagnostic-testing",
            "amount": 6,
            "unit": "tests/day",
            "by": day(1),
        }
        for name in ("a", "b")
    ]
    shared = case.asset("campus", 10, lead_days=0)
    network = replace(case.landscape((shared,)).members[0], member="net", parts=("campus-m",))
    here = case.landscape((shared,))
    here = replace(here, members=(*here.members, network))
    given = tuple(
        case.contribution("campus", 6, 1, need=name, member=member, starts=day(1), ends=None)
        for name, member in (("a", "campus-m"), ("b", "net"))
    )
    found = told(case.alliance(given, case.call(needs=needs)), here)
    assert "campus-c: 12 tests are used on 2020-12-01, 10 are free" in found


def _maker(**capacity: Any) -> Asset:
    made = case.asset("campus", 10, lead_days=0)
    own = {"capability": "device-manufacture", "unit": "ventilators", "per": "day"} | capacity
    return replace(made, capacities=(replace(made.capacities[0], **own),))


def _made(*amounts_and_days: tuple[float, int, int]) -> tuple[Contribution, ...]:
    return tuple(
        case.contribution("campus", amount, 1, starts=day(first), ends=day(last))
        for amount, first, last in amounts_and_days
    )


VENTILATORS = {"need": "tests", "capability": "device-manufacture", "amount": 100, "unit": "ventilators",
               "by": day(12)}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "capacity", "problem"),
    [
        ([(100, 1, 10)], {}, None),
        ([(100, 1, 9)], {}, "100 ventilators are used from 2020-12-01 to 2020-12-09, 90 are free"),
        ([(60, 1, 10), (40, 5, 10)], {}, None),
        (
            [(60, 1, 5), (40, 1, 10)],
            {},
            "60 ventilators are used from 2020-12-01 to 2020-12-05, 50 are",
        ),
        ([(100, 1, 12)], {"promised": (Promised(10, day(3), day(4)),)}, None),
        ([(100, 1, 12)], {"promised": (Promised(10, day(3), day(5)),)}, "90 are free"),
        ([(100, 1, 12)], {"per": None, "amount": 100}, None),
        (
            [(100, 1, 12)],
            {"per": None, "amount": 99},
            "100 ventilators are used in all, 99 are left",
        ),
        ([(100, 1, 12)], {"per": "week", "amount": 70}, None),
        ([(100, 3, 13)], {}, "0 of 100 ventilators are given, and the alliance is said"),
    ],
)
def test_things_made_in_all_fit_into_the_days(
    given: Any, capacity: Any, problem: str | None
) -> None:
    asked = case.call(needs=[VENTILATORS])
    found = told(case.alliance(_made(*given), asked, 100.0, 100.0, {"partners": 100.0}),
                 case.landscape((_maker(**capacity),)))  # fmt: skip
    assert any(problem in one for one in found) if problem else found == ()


def test_a_need_met_by_yes_or_no_and_one_that_may_stay_unmet() -> None:
    """Half of what may stay unmet is given: 1,000 x weight 2 x 1/2 for the rest."""
    asked = Call.model_validate({
        "title": "T", "as_of": day(1), "needs": [
            {"need": "advice", "capability": "regulatory-advice", "by": day(20)},
            {"need": "tests", "capability": "pcr-testing", "amount": 8_000, "unit": "tests/day",
             "by": day(1), "until": day(10), "must": False, "weight": 2},
        ],
    })  # fmt: skip
    adviser = Asset("adviser", "Adviser", "adviser-m", ("regulatory-advice",), country="GB")
    given = (
        case.contribution("campus", 4_000, 1, starts=day(1), ends=day(10)),
        case.contribution(
            "adviser", 1, 15, need="advice", capacity=None, starts=day(20), ends=None
        ),
    )
    coverage = (
        Coverage("advice", 1, None, 1, 0, 0, None),
        Coverage("tests", 8_000, "tests/day", 4_000, 4_000, 0, day(1)),
    )
    terms = {"partners": 200.0, "lead_days": 140.0, "unmet": 1_000.0}
    answer = Alliance(
        asked, "optimal", 1_340.0, 1_340.0, terms, ("adviser-m", "campus-m"), given, coverage
    )
    here = case.landscape((case.CAMPUS, adviser))
    assert told(answer, here) == ()
    late = replace(given[1], starts=day(21))
    found = told(replace(answer, contributions=(given[0], late)), here)
    assert any(one.startswith("advice: 0 of 1 are given") for one in found)


def test_without_enough_and_said_to_be_infeasible_it_is_not_a_problem() -> None:
    partial = replace(case.alliance(case.CONTRIBUTIONS[:3]), status="infeasible")
    assert told(partial) == ()


def test_an_asset_told_twice_is_one_and_told_otherwise_is_none() -> None:
    assert told(sound(), case.landscape((*case.ASSETS, case.CAMPUS))) == ()
    other = replace(case.CAMPUS, name="Other")
    found = told(sound(), case.landscape((*case.ASSETS, other)))
    assert found == ("campus stands in the landscape twice, with different facts",)


def test_a_claim_of_robustness_is_tried() -> None:
    """Each of three can give 10 and 10 are needed from two of them; never from one."""
    three = tuple(case.asset(name, 10, lead_days=0) for name in ("a", "b", "c"))
    asked = case.call(needs=[{"need": "tests", "capability": "pcr-testing", "amount": 20,
                              "unit": "tests/day", "by": day(1), "until": day(9)}])  # fmt: skip
    given = tuple(
        case.contribution(name, amount, 1, starts=day(1), ends=day(9))
        for name, amount in (("a", 10), ("b", 5), ("c", 5))
    )
    answer = case.alliance(given, asked, 300.0, 300.0, {"partners": 300.0}, robust=1)
    assert told(answer, case.landscape(three)) == ()
    assert told(replace(answer, robust=2), case.landscape(three)) == (
        "it is said to survive 2 losses; without a-m, b-m tests is not covered on every day",
    )
    assert told(replace(answer, robust=3), case.landscape(three)) == (
        "it is said to survive 3 losses, and has 3 partners",
    )
    assert told(replace(answer, robust=1), case.landscape(three), most_losses=2) == (
        "it is said to survive 1 losses; 3 groups of partners could be lost, more than the 2 that "
        "are tried",
    )


def test_robustness_looks_at_every_day() -> None:
    """From day 5 on c has only 4 left, and a and c cannot give 20 without b."""
    three = (
        *(case.asset(name, 10, lead_days=0) for name in ("a", "b")),
        case.asset("c", 10, lead_days=0, promised=(Promised(6, day(5), day(5)),)),
    )
    asked = case.call(needs=[{"need": "tests", "capability": "pcr-testing", "amount": 20,
                              "unit": "tests/day", "by": day(1)}])  # fmt: skip
    given = tuple(
        case.contribution(name, 10, 1, starts=day(1), ends=None) for name in ("a", "b")
    ) + (case.contribution("c", 4, 1, starts=day(1), ends=None),)
    answer = case.alliance(given, asked, robust=1)
    found = told(answer, case.landscape(three))
    assert any("without a-m tests is not covered on every day" in one for one in found)


def test_a_partner_that_waits_for_a_loss_and_one_with_two_ways_in() -> None:
    """
    b stands by, should a drop out. With a network that brings what a has, two partners have one
    asset between them: should b drop out nothing is lost, should a drop out all is.
    """
    asked = case.call(needs=[{"need": "tests", "capability": "pcr-testing", "amount": 10,
                              "unit": "tests/day", "by": day(1)}])  # fmt: skip
    both = tuple(case.asset(name, 10, lead_days=0) for name in ("a", "b"))
    given = (case.contribution("a", 10, 1, starts=day(1), ends=None),)
    answer = case.alliance(given, asked, 200.0, 200.0, {"partners": 200.0}, robust=1)
    assert told(replace(answer, partners=("a-m", "b-m")), case.landscape(both)) == ()
    net = case.landscape(both[:1])
    net = replace(
        net, members=(*net.members, replace(net.members[0], member="net", parts=("a-m",)))
    )
    assert told(replace(answer, partners=("a-m", "net")), net) == (
        "it is said to survive 1 losses; without a-m tests is not covered on every day",
    )


def test_a_call_without_needs_that_must_be_met_survives_anything() -> None:
    asked = case.call(needs=[{"need": "tests", "capability": "pcr-testing", "amount": 10,
                              "unit": "tests/day", "by": day(1), "must": False}])  # fmt: skip
    none = Alliance(asked, "optimal", 1_000.0, 1_000.0, {"unmet": 1_000.0}, (), (),
                    (Coverage("tests", 10, "tests/day", 0, 10, 0, day(1)),), robust=2)  # fmt: skip
    assert told(none) == ()

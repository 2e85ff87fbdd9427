"""How an alliance grows to its target: the testing call by hand (`testing_call.py`)."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import CAPABILITIES, day
from triplehelix.ally.alliance import Contribution
from triplehelix.ally.answers import Answer
from triplehelix.ally.assets import Promised
from triplehelix.ally.call import Call
from triplehelix.ally.readiness import NeedReadiness, readiness
from triplehelix.errors import UnknownName

CURVE = [(1, 4_000), (6, 8_000), (9, 10_000), (10, 20_000), (12, 20_500), (122, 0)]


def told(alliance=None, landscape=None, **more) -> NeedReadiness:
    ready = readiness(
        alliance or case.alliance(), landscape or case.landscape(), CAPABILITIES,
        today=day(1), **more,
    )  # fmt: skip
    return ready.needs[0]


def steps(one: NeedReadiness) -> list[tuple[int, float]]:
    return [(step.number, step.amount) for step in one.steps]


def test_the_curve_step_by_step() -> None:
    tests = told()
    assert steps(tests) == CURVE
    assert [step.said for step in tests.steps][:2] == [
        "day 1: 4,000 tests/day",
        "day 6: 8,000 tests/day",
    ]
    assert tests.steps[4].said == "day 12: 20,500 tests/day"
    assert tests.expected.reached == day(12) and tests.kept
    assert tests.said == "20,500 tests/day from 12 December 2020 (day 12) on"


def test_who_came_on_each_day() -> None:
    came = [[(one.asset, one.amount) for one in step.changes] for step in told().steps]
    assert came[:5] == [
        [("campus", 4_000)], [("hospital", 4_000)], [("hospital", 2_000)], [("works", 10_000)],
        [("spinout", 500)],
    ]  # fmt: skip
    assert sorted(came[5]) == [
        ("campus", -4_000), ("hospital", -6_000), ("spinout", -500), ("works", -10_000),
    ]  # fmt: skip


def test_what_holds_it_back_at_each_step() -> None:
    first = told().steps[0]
    assert [(one.asset, one.day, one.amount, one.why) for one in first.waits] == [
        ("hospital", day(6), 4_000, ("lead",)),
        ("works", day(10), 10_000, ("starts",)),
        ("spinout", day(12), 500, ("lead",)),
    ]
    second = told().steps[1].waits[0]
    assert (second.asset, second.day, second.amount, second.why) == (
        "hospital", day(9), 2_000, ("promised",),
    )  # fmt: skip
    assert second.said == "promised to others until 8 December 2020"
    assert told().steps[4].waits == ()


def test_a_surge_and_a_notice_that_is_not_stated() -> None:
    surging = case.asset("campus", 1_000, lead_days=0, surge_amount=4_000, surge_lead_days=20)
    silent = case.asset("works", 10_000)
    given = (
        case.contribution("campus", 1_000, 1),
        case.contribution("campus", 3_000, 21, starts=day(21), surge=True),
        case.contribution("works", 10_000, 15, starts=day(15)),
    )
    waits = told(case.alliance(given), case.landscape((surging, silent))).steps[0].waits
    assert [(one.asset, one.day, one.amount, one.why) for one in waits] == [
        ("works", day(15), 10_000, ("lead not stated",)), ("campus", day(21), 3_000, ("surge",)),
    ]  # fmt: skip
    assert waits[0].said == "its notice is not stated; 14 days were assumed"


def test_the_order_of_contributions_and_assets_changes_nothing() -> None:
    usual = told()
    for order in permutations(range(4)):
        mixed = case.alliance(tuple(case.CONTRIBUTIONS[n] for n in order))
        assets = case.landscape(tuple(case.ASSETS[n] for n in order))
        assert told(mixed, assets) == usual


def test_an_acceptance_and_a_refusal_change_the_curves() -> None:
    answers = {
        ("tests", "campus"): Answer("accepted"),
        ("tests", "works"): Answer("declined"),
        ("tests", "hospital"): Answer("invited"),
    }
    tests = told(answers=answers)
    assert steps(tests) == [(1, 4_000), (6, 8_000), (9, 10_000), (12, 10_500), (122, 0)]
    assert tests.expected.reached is None and not tests.kept
    assert tests.said == "10,500 tests/day at most, of 20,500 tests/day needed"
    assert tests.planned.reached == day(12)
    assert tests.agreed.on(day(20)) == 4_000


def test_a_counter_offer_gives_its_amount_from_its_day() -> None:
    answers = {("tests", "works"): Answer("countered", amount=5_000, starts=day(20))}
    tests = told(answers=answers)
    assert steps(tests)[3:5] == [(12, 10_500), (20, 15_500)]
    assert tests.agreed.on(day(20)) == 0
    accepted = told(
        answers={("tests", "works"): replace(answers["tests", "works"], state="accepted")}
    )
    assert [accepted.agreed.on(day(n)) for n in (19, 20)] == [0, 5_000]


def test_an_answer_about_nobodys_contribution_is_refused() -> None:
    with pytest.raises(UnknownName, match="the asset 'mine' gives nothing to the need 'tests'"):
        told(answers={("tests", "mine"): Answer("accepted")})


def test_two_that_wait_for_one_capacity_share_what_is_free() -> None:
    """4,000 free until day 13 of which 3,000 and 5,000 are wanted from day 14 on: 3/8 and 5/8."""
    promised = (Promised(4_000, day(-5), day(13)),)
    shared = case.asset("campus", 8_000, lead_days=0, promised=promised)
    needs = [
        {
            "need": name,
            "capability": "pcr-testing",
            "amount": amount,
            "unit": "tests/day",
            "by": day(14),
        }
        for name, amount in (("a", 3_000), ("b", 5_000))
    ]
    asked = case.call(needs=needs)
    given = tuple(
        case.contribution("campus", amount, 1, need=name, ends=None, starts=day(14))
        for name, amount in (("a", 3_000), ("b", 5_000))
    )
    ready = readiness(
        case.alliance(given, asked), case.landscape((shared,)), CAPABILITIES, today=day(1)
    )
    assert [(step.number, step.amount) for step in ready.of("a").steps] == [(1, 1_500), (14, 3_000)]
    assert [(step.number, step.amount) for step in ready.of("b").steps] == [(1, 2_500), (14, 5_000)]


def test_units_are_converted_before_they_are_compared_with_what_is_free() -> None:
    """14,000 samples a week are 2,000 tests a day; 7,000 a week are free until day 8."""
    weekly = case.asset("campus", 1, lead_days=0)
    capacity = replace(
        weekly.capacities[0], amount=14_000, unit="samples", per="week",
        promised=(Promised(7_000, day(1), day(8)),),
    )  # fmt: skip
    asked = case.landscape((replace(weekly, capacities=(capacity,)),))
    tests = told(case.alliance((case.contribution("campus", 2_000, 1),)), asked)
    assert steps(tests)[:2] == [(1, 1_000), (9, 2_000)]


def test_a_later_stretch_of_the_same_asset_is_not_brought_forward() -> None:
    given = (
        case.contribution("campus", 1_000, 1, ends=day(20)),
        case.contribution("campus", 4_000, 1, starts=day(21)),
    )
    assert steps(told(case.alliance(given)))[:2] == [(1, 1_000), (21, 4_000)]


def test_a_need_met_by_yes_or_no() -> None:
    asked = Call.model_validate({
        "title": "T", "as_of": day(1),
        "needs": [{"need": "tests", "capability": "regulatory-advice", "by": day(9)}],
    })  # fmt: skip
    given = (case.contribution("campus", 1, 4, capacity=None, starts=day(9), ends=None),)
    tests = told(case.alliance(given, asked))
    assert steps(tests) == [(4, 1)] and tests.steps[0].said == "day 4: met"
    assert tests.kept and tests.expected.reached == day(4)


def _made(*given: Contribution) -> NeedReadiness:
    asked = case.call(needs=[{
        "need": "tests", "capability": "device-manufacture", "amount": 100, "unit": "ventilators",
        "by": day(20),
    }])  # fmt: skip
    makers = tuple(
        replace(one, capacities=(replace(
            one.capacities[0], capability="device-manufacture", unit="ventilators", amount=10,
        ),))
        for one in case.ASSETS
    )  # fmt: skip
    return told(case.alliance(given, asked), case.landscape(makers))


def test_things_made_in_all_add_up() -> None:
    """60 made on days 1 to 10 (6 a day), 40 on days 11 to 14 (10 a day)."""
    made = _made(
        case.contribution("campus", 60, 1, starts=day(1), ends=day(10)),
        case.contribution("hospital", 40, 11, starts=day(11), ends=day(14)),
    )
    assert made.expected.in_all and made.expected.reached == day(14) and made.kept
    assert [made.expected.on(day(n)) for n in (1, 10, 12, 14, 50)] == pytest.approx(
        [6, 60, 80, 100, 100]
    )
    assert [one.amount for one in made.steps[0].changes] == [6.0]
    assert made.said == "100 ventilators from 14 December 2020 (day 14) on"


def test_things_made_in_all_too_late() -> None:
    made = _made(case.contribution("campus", 100, 1, starts=day(1), ends=day(21)))
    assert made.expected.reached == day(21) and made.kept is False


def test_an_asset_that_the_reader_does_not_see_is_told_by_its_published_days() -> None:
    unseen = told(landscape=case.landscape((case.CAMPUS,)))
    assert unseen.steps[0].waits[0].said == "ready on 6 December 2020"
    # What is promised of it is not seen either, so its whole amount is told from that day.
    assert steps(unseen)[1] == (6, 10_000)


def test_without_as_of_it_counts_from_the_day_that_the_lead_days_count_from() -> None:
    later = case.alliance(of=case.call(as_of=None))
    ready = readiness(later, case.landscape(), CAPABILITIES, today=date(2021, 1, 15))
    assert ready.as_of == day(1)

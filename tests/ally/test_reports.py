"""What was reported beside what was planned."""

from itertools import permutations

import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import CAPABILITIES, day
from triplehelix.ally.answers import Answer
from triplehelix.ally.reports import NeedActual, Report, actual
from triplehelix.errors import InputError, UnknownName

DAY_9 = day(9)
REPORTS = [
    Report("campus", "tests", day(1), 3_000),
    Report("campus", "tests", day(5), 4_000),
    Report("hospital", "tests", day(7), 3_500),
]


def told(reports=REPORTS, today=DAY_9, **more) -> NeedActual:
    return actual(
        case.alliance(), case.landscape(), CAPABILITIES, reports, today=today, **more
    )[0]  # fmt: skip


def test_the_actual_curve_and_who_is_behind() -> None:
    """On day 9 campus (4,000) and hospital (6,000 since its promise ended) are expected."""
    tests = told()
    assert [(one.day, one.amount) for one in tests.actual.levels] == [
        (day(1), 3_000), (day(5), 4_000), (day(7), 7_500),
    ]  # fmt: skip
    assert (tests.now, tests.expected, tests.short) == (7_500, 10_000, 2_500)
    (behind,) = tests.behind
    assert (behind.asset, behind.expected, behind.actual, behind.told) == (
        "hospital", 6_000, 3_500, day(7),
    )  # fmt: skip
    assert behind.said == (
        "3,500 tests/day as told on 7 December 2020, of 6,000 tests/day expected by 9 December 2020"
    )
    assert tests.said == "7,500 tests/day reported, 10,000 tests/day expected by 9 December 2020"


def test_whoever_has_told_nothing_is_behind_and_the_most_behind_comes_first() -> None:
    behind = told(today=day(12)).behind
    assert [one.asset for one in behind] == ["works", "hospital", "spinout"]
    assert behind[0].told is None
    assert behind[0].said == "nothing told yet, of 10,000 tests/day expected by 12 December 2020"


def test_what_is_told_of_later_days_is_left_out_and_order_does_not_matter() -> None:
    later = [*REPORTS, Report("campus", "tests", day(10), 9_000)]
    assert all(told(list(some)) == told() for some in permutations(later))


def test_a_member_that_declined_is_not_behind() -> None:
    tests = told(answers={("tests", "hospital"): Answer("declined")})
    assert tests.behind == () and tests.expected == 4_000 and tests.short == 0


def test_help_from_beyond_the_alliance_counts() -> None:
    tests = told([*REPORTS, Report("friend", "tests", day(8), 2_500)])
    assert tests.short == 0 and [one.asset for one in tests.behind] == ["hospital"]


def test_the_day_on_which_the_target_was_in_fact_reached() -> None:
    tests = told([Report("campus", "tests", day(2), 20_500)])
    assert tests.actual.reached == day(2)


@pytest.mark.parametrize(
    ("report", "error", "words"),
    [
        (Report("campus", "tents", day(1), 1), UnknownName, "the need 'tents', which the call"),
        (Report("campus", "tests", day(1), -1), InputError, "reports -1 .* from 0 up"),
        (Report("campus", "tests", day(1), float("nan")), InputError, "reports nan"),
        (Report("campus", "tests", day(1), 5), InputError, "reports 3000 and 5 .* keep one"),
    ],
)
def test_a_report_that_makes_no_sense(report: Report, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        told([*REPORTS, report])

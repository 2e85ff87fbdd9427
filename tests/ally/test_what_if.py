"""What-ifs and milestones of the testing call, by hand."""

import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import CAPABILITIES, day
from triplehelix.ally.answers import Answer
from triplehelix.ally.milestones import milestones
from triplehelix.ally.readiness import readiness
from triplehelix.ally.what_if import Effect, Idea, what_if, without_each
from triplehelix.errors import InputError, UnknownName


def effect(idea: Idea, **more) -> Effect:
    return what_if(
        case.alliance(), case.landscape(), CAPABILITIES, [idea], today=day(1), **more
    )[0]  # fmt: skip


def test_without_the_works_half_is_missing() -> None:
    found = effect(Idea("works", without=True))
    assert (found.before, found.after, found.most_after, found.kept_after) == (
        day(12), None, 10_500, False,
    )  # fmt: skip
    assert found.said == "not met: 10,500 of 20,500 tests/day"


def test_the_spinout_two_days_earlier_brings_the_whole_forward() -> None:
    """Then the works, on day 10, are the last."""
    assert effect(Idea("spinout", days_earlier=1)).after == day(11)
    found = effect(Idea("spinout", days_earlier=5))
    assert found.after == day(10) and found.said == "met from 10 December 2020 on, 2 days sooner"


def test_nobody_starts_before_the_first_day() -> None:
    assert effect(Idea("spinout", days_earlier=500)).after == day(10)


def test_ten_days_later_is_too_late() -> None:
    found = effect(Idea("works", days_earlier=-10))
    assert found.after == day(20) and found.kept_before and not found.kept_after
    assert found.said == "met from 20 December 2020 on, 8 days later"


def test_with_500_more_from_the_hospital_the_spinout_is_not_waited_for() -> None:
    found = effect(Idea("hospital", more=500))
    assert (found.after, found.most_after) == (day(10), 21_000)


def test_an_idea_that_heals_what_an_answer_broke() -> None:
    answers = {("tests", "spinout"): Answer("declined")}
    found = effect(Idea("campus", more=500), answers=answers)
    assert found.before is None and found.after == day(10)
    assert found.said == "met from 10 December 2020 on"


def test_each_alone_taken_out() -> None:
    found = without_each(case.alliance(), case.landscape(), CAPABILITIES, today=day(1))
    assert [(one.idea.asset, one.most_after) for one in found] == [
        ("campus", 16_500), ("hospital", 14_500), ("spinout", 20_000), ("works", 10_500),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("idea", "error", "words"),
    [
        (Idea("mine", without=True), UnknownName, "'mine' gives nothing in this alliance"),
        (Idea("works", True, need="x"), UnknownName, "nothing to the need 'x' in this"),
        (Idea("works"), InputError, "changes nothing; say without, days_earlier or more"),
    ],
)
def test_an_idea_that_makes_no_sense(idea: Idea, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        effect(idea)


def test_more_needs_to_say_of_what() -> None:
    needs = [
        {"need": name, "capability": "pcr-testing", "amount": 1, "unit": "tests/day"}
        for name in ("a", "b")
    ]
    given = tuple(case.contribution("campus", 1, 1, need=name) for name in ("a", "b"))
    two = case.alliance(given, case.call(needs=needs))
    with pytest.raises(InputError, match="gives to a, b; say with need="):
        what_if(two, case.landscape(), CAPABILITIES, [Idea("campus", more=1)], today=day(1))
    only_b = Idea("campus", more=1, need="b")
    (found,) = what_if(two, case.landscape(), CAPABILITIES, [only_b], today=day(1))
    assert (found.need, found.most_after) == ("b", 2)


def test_milestones_by_day() -> None:
    asked = case.call(opens=day(1), closes=day(30))
    ready = readiness(case.alliance(of=asked), case.landscape(), CAPABILITIES, today=day(1))
    assert [(one.day, one.kind, one.need, one.said) for one in milestones(asked, ready)] == [
        (day(1), "opens", None, "the call opens"),
        (day(1), "first", "tests", "tests: starts with 4,000 tests/day"),
        (day(10), "half", "tests", "tests: half, or 10,250 tests/day"),
        (day(12), "reached", "tests", "tests: all of 20,500 tests/day"),
        (day(14), "by", "tests", "tests: needed 20,500 tests/day"),
        (day(30), "closes", None, "the call closes"),
        (case.UNTIL, "until", "tests", "tests: needed until here"),
    ]


def test_the_day_on_which_it_falls_short_again() -> None:
    given = (*case.CONTRIBUTIONS[:3], case.contribution("spinout", 500, 12, ends=day(40)))
    ready = readiness(case.alliance(given), case.landscape(), CAPABILITIES, today=day(1))
    short = [one for one in milestones(case.call(), ready) if one.kind == "short"]
    assert [(one.day, one.said) for one in short] == [
        (day(41), "tests: only 20,000 tests/day left")
    ]

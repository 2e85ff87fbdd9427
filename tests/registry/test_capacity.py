"""Promises of a capacity: against counting day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import Conflict, InputError
from triplehelix.registry.capacity import (
    CapacityFields,
    Promise,
    checked_capacity,
    most_promised,
    require_free,
)

FIRST = date(2026, 3, 1)
DAYS = st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n))
PROMISES = st.lists(
    st.builds(
        lambda amount, a, b, ends: Promise(amount, min(a, b), max(a, b) if ends else None),
        st.integers(1, 9), DAYS, DAYS, st.booleans(),
    ),
    max_size=8,
)  # fmt: skip
TESTS = CapacityFields(capability="pcr-testing", amount=10, unit="tests", per="day")


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


@given(PROMISES, DAYS, DAYS)
def test_the_fullest_day_is_found_as_by_counting_each(
    promises: list[Promise], a: date, b: date
) -> None:
    starts, ends = min(a, b), max(a, b)
    days = [starts + timedelta(days=n) for n in range((ends - starts).days + 1)]
    counted = max(
        sum(p.amount for p in promises if p.starts <= d and (p.ends is None or d <= p.ends))
        for d in days
    )
    assert most_promised(promises, starts, ends) == counted


@given(PROMISES, DAYS)
def test_without_end_is_as_with_a_far_one(promises: list[Promise], starts: date) -> None:
    far = day(60)
    assert most_promised(promises, starts, None) == most_promised(promises, starts, far)


@given(st.lists(st.tuples(st.integers(1, 6), DAYS, DAYS), max_size=12))
def test_one_capacity_is_never_promised_twice(asked: list[tuple[int, date, date]]) -> None:
    kept: list[Promise] = []
    for amount, a, b in asked:
        promise = Promise(amount, min(a, b), max(a, b))
        try:
            require_free(TESTS, kept, promise)
        except Conflict:
            continue
        kept.append(promise)
    for n in range(25):
        assert sum(p.amount for p in kept if p.starts <= day(n) <= (p.ends or day(n))) <= 10


def test_what_is_left_can_be_had_and_no_more() -> None:
    taken = [Promise(4, day(0), day(4)), Promise(5, day(4), None)]
    require_free(TESTS, taken, Promise(1, day(0), day(9)))
    with pytest.raises(Conflict, match="2 tests were asked for and 1 are left on the fullest day"):
        require_free(TESTS, taken, Promise(2, day(0), day(9)))
    require_free(TESTS, taken, Promise(6, day(0), day(3)))


@pytest.mark.parametrize("state", ["stated", "planned", "past"])
def test_what_is_not_confirmed_cannot_be_reserved(state: str) -> None:
    capacity = TESTS.model_copy(update={"state": state})
    with pytest.raises(InputError, match=f"this capacity is {state}, not available"):
        require_free(capacity, [], Promise(1, day(0), day(1)))


def test_days_outside_the_capacitys_own_are_refused() -> None:
    capacity = TESTS.model_copy(update={"starts": day(2), "ends": day(8)})
    require_free(capacity, [], Promise(1, day(2), day(8)))
    for promise in (
        Promise(1, day(1), day(8)),
        Promise(1, day(2), day(9)),
        Promise(1, day(2), None),
    ):
        with pytest.raises(InputError, match=r"stands from 2026-03-03 to 2026-03-09"):
            require_free(capacity, [], promise)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_cannot_be_reserved(amount: float) -> None:
    with pytest.raises(InputError, match="ask for more than 0"):
        require_free(TESTS, [], Promise(amount, day(0), day(1)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": -1}, "amount: Input should be greater than or equal to 0"),
        ({"amount": float("nan")}, "amount"),
        ({"amount": float("inf")}, "amount"),
        ({"starts": "2026-02-02", "ends": "2026-02-01"}, "it ends before it starts"),
        ({"surge_amount": 3}, "the surge amount is the whole amount in an emergency"),
        ({"containment": "BSL-5"}, "containment"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_capacity_says_what_is_wrong(changed: dict[str, object], words: str) -> None:
    given_fields = {"capability": "pcr-testing", "amount": 10, "unit": "tests", **changed}
    with pytest.raises(InputError, match=words):
        checked_capacity(given_fields)

"""Amounts over days against the plainest arithmetic: one day at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.ally.curves import (
    Level,
    Stretch,
    level_on,
    levels,
    lowest,
    made,
    made_by,
    made_on,
    reached,
)

START = date(2020, 12, 1)
DAYS = [START + timedelta(days=n) for n in range(-1, 40)]


@st.composite
def stretches(draw: st.DrawFn, endless: bool = True) -> list[Stretch]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, 25))
        length = draw(st.integers(0, 12))
        last = START + timedelta(days=first + length)
        if endless and draw(st.booleans()):
            found.append(Stretch(draw(st.integers(1, 50)), START + timedelta(days=first)))
        else:
            found.append(Stretch(draw(st.integers(1, 50)), START + timedelta(days=first), last))
    return found


def _on(parts: list[Stretch], day: date) -> int:
    return sum(p.amount for p in parts if p.first <= day and (p.last is None or day <= p.last))


@given(stretches())
def test_levels_are_the_sums_of_each_day(parts: list[Stretch]) -> None:
    curve = levels(parts)
    assert [level_on(curve, day) for day in DAYS] == [_on(parts, day) for day in DAYS]
    assert all(a.amount != b.amount for a, b in zip(curve, curve[1:], strict=False))


@given(stretches(), st.randoms(use_true_random=False))
def test_their_order_does_not_matter(parts: list[Stretch], chance) -> None:
    fractions = [one._replace(amount=one.amount / 7) for one in parts]
    shuffled = chance.sample(fractions, len(fractions))
    assert levels(shuffled) == levels(fractions)
    assert made(shuffled) == made(fractions)


@given(stretches(), st.integers(0, 20), st.integers(0, 20))
def test_the_lowest_is_that_of_the_weakest_day(parts: list[Stretch], a: int, b: int) -> None:
    days = [START + timedelta(days=n) for n in range(min(a, b), max(a, b) + 1)]
    weakest = min(days, key=lambda day: (_on(parts, day), day))
    assert lowest(levels(parts), days[0], days[-1]) == Level(weakest, _on(parts, weakest))


@given(stretches(), st.integers(1, 100))
def test_reached_on_the_first_day_with_so_much(parts: list[Stretch], target: int) -> None:
    first = next((day for day in DAYS if _on(parts, day) >= target), None)
    assert reached(levels(parts), target) == first


@given(stretches(endless=False), st.integers(1, 100))
def test_what_is_made_grows_by_each_days_part(parts: list[Stretch], target: int) -> None:
    line, so_far, on = made(parts), 0.0, None
    for day in DAYS:
        so_far += sum(p.amount / p.days for p in parts if p.first <= day <= p.last)
        assert made_by(line, day) == pytest.approx(so_far)
        on = on or (day if so_far >= target - 1e-6 else None)
    assert made_on(line, target) == on


def test_the_last_day_there_is_has_no_day_after() -> None:
    assert levels([Stretch(1, START, date.max)]) == (Level(START, 1.0),)


def test_nothing_gives_nothing() -> None:
    assert levels([]) == () and made([]) == ()
    assert reached((), 1) is None and made_on((), 1) is None
    assert lowest((), START, None) == Level(START, 0.0)

"""One time limit for a whole question, whatever it is spent on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.ally.worlds import OURS, PLACE, TODAY, asset, call, landscape
from triplehelix.ally.alternatives import alternatives
from triplehelix.ally.repair import repair
from triplehelix.ally.solve import solve
from triplehelix.ally.solver import in_process
from triplehelix.ally.timing import LEAST_S, Within
from triplehelix.ally.worth import worth
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling, small

HERE = landscape(asset("a", "one", 60), asset("b", "two", 60), asset("c", "three", 60))


class Heard:
    """A solver that writes down how many seconds each solve was given."""

    def __init__(self) -> None:
        self.given: list[float] = []

    def __call__(
        self, problem: Pooling, limits: Limits, *, losses: int = 0, **more: Any
    ) -> Pooled:  # fmt: skip
        self.given.append(limits.seconds)
        return in_process(problem, limits, losses=losses, **more)


def ticking(step: float) -> Iterator[float]:
    """A clock on which every look takes a step."""
    now = 0.0
    while True:
        yield now
        now += step


def test_what_building_took_is_taken_off_once_and_set_aside_once() -> None:
    heard, ticks = Heard(), iter([0.0, 1.0])
    Within(heard, 10.0, lambda: next(ticks))(_pooling(), Limits(10.0))
    assert heard.given == [8.0]


def test_a_fifth_of_what_is_left_is_set_aside_at_most() -> None:
    heard, ticks = Heard(), iter([0.0, 5.0])
    Within(heard, 10.0, lambda: next(ticks))(_pooling(), Limits(10.0))
    assert heard.given == [4.0]


def test_a_solve_asked_for_too_late_still_looks() -> None:
    heard, ticks = Heard(), iter([0.0, 50.0])
    Within(heard, 10.0, lambda: next(ticks))(_pooling(), Limits(10.0))
    assert heard.given == [LEAST_S]


def test_without_a_clock_each_solve_has_the_whole_limit() -> None:
    heard = Heard()
    solve(call(), HERE, OURS, today=TODAY, limits=Limits(7.0), solver=heard)
    assert heard.given == [7.0]


@pytest.mark.parametrize("step", [0.5, 3.0])
def test_the_solves_of_a_call_that_cannot_be_met_have_less_each_time(step: float) -> None:
    heard, ticks = Heard(), ticking(step)
    short = call({"amount": 500})
    found = solve(
        short, HERE, OURS, today=TODAY, limits=Limits(10.0), solver=heard, clock=lambda: next(ticks)
    )
    assert found.status == "infeasible" and found.gaps
    assert heard.given == sorted(heard.given, reverse=True)
    assert heard.given[0] < 10.0


def test_a_repair_keeps_to_the_limit_too() -> None:
    found = solve(call(), HERE, OURS, today=TODAY)
    heard, ticks = Heard(), ticking(1.0)
    mended = repair(
        found, found.partners[:1], HERE, OURS, today=TODAY, limits=Limits(10.0), solver=heard,
        clock=lambda: next(ticks),
    )  # fmt: skip
    assert mended.status == "feasible" and mended.checked
    assert max(heard.given) < 10.0


def test_alternatives_share_one_limit_and_say_what_there_was_no_time_for() -> None:
    """Each look at the clock takes a second of nine: some measures are tried, the others named."""
    heard, ticks = Heard(), ticking(1.0)
    found = alternatives(
        call(place=PLACE), HERE, OURS, today=TODAY, limits=Limits(9.0), solver=heard,
        clock=lambda: next(ticks),
    )  # fmt: skip
    names = [one.name for one in found]
    assert names[0] == "balanced" and found[0].alliance.checked and found[0].proven
    missed = [name for name in ("soonest", "fewest", "most spread") if name not in names]
    assert "most spread" in missed
    assert f"Time ended before these were looked for: {', '.join(missed)}." in (
        found[0].alliance.notes
    )
    assert max(heard.given) <= 9.0 / 10


def test_what_was_not_proven_in_time_is_said() -> None:
    def hasty(
        problem: Pooling, limits: Limits, *, losses: int = 0, **more: Any
    ) -> Pooled:  # fmt: skip
        return replace(in_process(problem, limits, losses=losses, **more), status="feasible")

    found = alternatives(call(place=PLACE), HERE, OURS, today=TODAY, solver=hasty)
    assert found and not any(one.proven for one in found)
    assert all("Best found in the time given" in one.alliance.said["measure"] for one in found)


def test_what_partners_add_shares_one_limit() -> None:
    """Ten seconds for two partners; a clock that runs out leaves the second not looked at."""
    first = solve(call(), HERE, OURS, today=TODAY)
    heard, ticks = Heard(), iter([0.0, 0.0, 0.0, 0.0, 99.0, 99.0])
    told = worth(
        first, HERE, OURS, today=TODAY, limits=Limits(10.0), solver=heard,
        clock=lambda: next(ticks),
    )  # fmt: skip
    assert heard.given == [5.0]
    assert [one.said for one in told][1] == "Not looked at: the time given was over before."
    assert told[0].proven and not told[1].proven
    assert len(worth(first, HERE, OURS, today=TODAY)) == 2


def _pooling() -> Pooling:
    return small(demand=[2], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)])

"""Recoverable alliances: by hand, and against every repair of every loss."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from tests.ally.test_robust_rules import _world
from tests.ally.worlds import OURS, TODAY, asset, call, landscape
from triplehelix.ally import solve
from triplehelix.ally.assets import Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.ally.solver import nothing
from triplehelix.errors import InputError

WEIGHTS = {"cost": 0, "lead_days": 0, "travel_km": 1, "partners": 1}


def test_nearer_now_or_nearer_in_need() -> None:
    """
    Every line meets the call alone; one partner costs 1 and 1 for each km. One at 0 km, one at 66.7
    km north, and two at 55.6 km: the first costs 1 and, lost, 1 + 55.6 to mend.
    """
    place = {"lat": 51.0, "lon": 0.0}
    offered = landscape(
        asset("near", "a", 100, lat=51.0, lon=0.0), asset("far", "b", 100, lat=51.6, lon=0.0),
        asset("mid", "c", 100, lat=51.5, lon=0.0),
    )  # fmt: skip
    asked = call(place=place, weights=WEIGHTS)
    found = solve(asked, offered, OURS, today=TODAY, recoverable=1)
    assert (found.status, found.partners, found.checked) == ("optimal", ("a",), True)
    km = 0.5 * 111.195
    assert found.terms["mending"] == pytest.approx(1 + km, rel=1e-3)
    assert found.objective == pytest.approx(2 + km, rel=1e-3)
    assert "If any one member drops out, mending costs at most 56.5" in found.said["recoverable"]


def test_a_second_partner_from_the_start_where_it_saves_a_dear_repair() -> None:
    """
    Two halves are needed. With a and b alone, losing one asks for c at 111 km for all of its half:
    half of 111 km. With d (half, 22 km) as a partner on standby nothing new is needed.
    """
    offered = landscape(
        asset("one", "a", 50, lat=51.0, lon=0.0), asset("two", "b", 50, lat=51.0, lon=0.0),
        asset("three", "c", 100, lat=52.0, lon=0.0), asset("four", "d", 50, lat=51.2, lon=0.0),
    )  # fmt: skip
    asked = call(place={"lat": 51.0, "lon": 0.0}, weights=WEIGHTS)
    found = solve(asked, offered, OURS, today=TODAY, recoverable=1)
    # 2 partners now; d then, for 1 and half of 22.24 km: as dear as d on standby from the start.
    assert (found.status, found.checked) == ("optimal", True)
    assert found.objective == pytest.approx(3 + 0.5 * 0.2 * 111.195, rel=1e-3)


def test_what_cannot_be_mended_is_told() -> None:
    offered = landscape(asset("one", "a", 100))
    found = solve(call(), offered, OURS, today=TODAY, recoverable=1)
    assert found.status == "infeasible" and found.partners == ("a",)
    assert "no alliance can be mended whenever any one member drops out" in found.said["status"]
    with pytest.raises(InputError, match="recoverable is 1 and robust 1; give one of the two"):
        solve(call(), offered, OURS, today=TODAY, recoverable=1, robust=1)


def test_where_time_ends_before_one_was_tried_that_is_told() -> None:
    def out_of_time(problem, limits, *, losses=0, **more):
        return nothing("unknown")

    offered = landscape(asset("one", "a", 100), asset("two", "b", 100))
    found = solve(call(), offered, OURS, today=TODAY, recoverable=1, solver=out_of_time)
    assert found.status == "unknown"
    assert "give it more time, or ask for fewer losses" in found.said["status"]
    assert "before one group was tried against every loss" in found.said["recoverable"]


def test_what_a_network_brings_goes_with_its_holder() -> None:
    """a and the network bring one line; when a is lost the network cannot bring it: b must."""
    net = Member("net", "net", "nonprofit", "GB", parts=("a",))
    offered = landscape(asset("one", "a", 100), asset("two", "b", 100), members=(net,))
    found = solve(call(weights={**WEIGHTS, "partners": 3}), offered, OURS, today=TODAY,
                  recoverable=1)  # fmt: skip
    assert (found.status, found.terms["mending"], found.objective) == ("optimal", 3.0, 6.0)


def _subsets(names: set[str]) -> Iterator[set[str]]:
    for n in range(len(names) + 1):
        yield from map(set, combinations(sorted(names), n))


def _meets(asked: Call, offered: Landscape, group: set[str], lost: frozenset[str]) -> bool:
    """Whether a group has enough, and is of the mix asked for; whose lines are gone is told."""
    held = {one.member: {one.member, *one.parts} for one in offered.members}
    there = set().union(*(held[name] for name in group)) - lost if group else set()
    if sum(one.capacities[0].amount for one in offered.assets if one.member in there) < 60:
        return False
    facts = {one.member: one for one in offered.members}
    if any(
        sum(facts[name].helix == helix for name in group) < n
        for helix, n in asked.rules.helices.items()
    ):
        return False
    countries = len({facts[name].country for name in group})
    entities, least = asked.rules.entities_from_countries or (0, 0)
    least = max([least, *(one.at_least for one in asked.rules.spread)])
    return len(group) >= entities and countries >= least


def _least(asked: Call, offered: Landscape) -> int | None:
    """The fewest partners, before and added after the worst loss of one, by every group."""
    names = {one.member for one in offered.members}
    best: list[int] = []
    for group in _subsets(names):
        if not _meets(asked, offered, group, frozenset()):
            continue
        added = []
        for name in group:
            ways = [
                len(more)
                for more in _subsets(names - group)
                if _meets(asked, offered, group - {name} | more, frozenset([name]))
            ]
            added.append(min(ways, default=99))
        best.append(len(group) + max(added))
    return min((n for n in best if n < 99), default=None)


def test_no_group_does_with_fewer_partners_and_later_ones() -> None:
    """Only partners cost anything: those of the group, and those added after the worst loss."""
    proven = 0
    for seed in range(24):
        asked, offered = _world(seed)
        least = _least(asked, offered)
        found = solve(asked, offered, OURS, today=TODAY, recoverable=1)
        if least is None:
            assert found.status == "infeasible", seed
            continue
        proven += 1
        assert found.status == "optimal" and found.checked, (seed, found.problems)
        assert found.objective == pytest.approx(least), seed
    assert proven > 10

"""Travel between partners: by hand, and against every group of members."""

import random
from itertools import combinations

import pytest

from tests.ally.worlds import OURS, TODAY, asset, call, landscape
from triplehelix.ally import repair, solve
from triplehelix.ally.assets import Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.ally.checks.fitness import km_between
from triplehelix.ally.meeting import MOST_PARTNERS, meeting_rows, spots_of
from triplehelix.errors import InputError

NOTHING = {"cost": 0, "lead_days": 0, "travel_km": 0, "partners": 0, "unfamiliarity": 0}


def _three() -> Landscape:
    members = (
        Member("a", "a", cluster="north"), Member("b", "b", cluster="north"), Member("c", "c"),
    )  # fmt: skip
    return landscape(
        asset("a-line", "a", 50, lat=52.0, lon=0.0), asset("b-line", "b", 50, lat=52.1, lon=0.0),
        asset("c-line", "c", 50, lat=51.95, lon=0.0), members=members,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("within", "between", "partners", "degrees"),
    [(1, 1, ("a", "c"), 0.05), (1, 10, ("a", "b"), 0.1), (0, 1, ("a", "b"), 0.0)],
)
def test_by_hand(within: float, between: float, partners: tuple[str, ...], degrees: float) -> None:
    """Two of three are needed: c is nearer to a, but of another cluster."""
    weights = {**NOTHING, "within_km": within, "between_km": between}
    found = solve(call(weights=weights), _three(), OURS, today=TODAY)
    assert (found.status, found.partners, found.checked) == ("optimal", partners, True)
    assert found.objective == pytest.approx(degrees * 111.195, rel=1e-4, abs=1e-6)
    assert found.terms["within_km"] + found.terms["between_km"] == pytest.approx(found.objective)


def test_they_meet_where_it_is_least_in_all() -> None:
    """All three are needed: at a, 0.1 degrees from b and 0.05 from c."""
    weights = {**NOTHING, "within_km": 1, "between_km": 1}
    found = solve(call({"amount": 150}, weights=weights), _three(), OURS, today=TODAY)
    assert found.objective == pytest.approx(0.15 * 111.195, rel=1e-4)
    mended = repair(
        solve(call(weights=weights), _three(), OURS, today=TODAY), ["c"], _three(), OURS,
        today=TODAY,
    )  # fmt: skip
    assert (mended.partners, mended.checked) == (("a", "b"), True)


def _world(seed: int) -> tuple[Call, Landscape]:
    rng = random.Random(seed)
    names = "abcdef"
    members = tuple(
        Member(name, name, cluster=rng.choice(["north", "south", None])) for name in names
    )
    lines = []
    for n in range(8):
        place = {"lat": None, "lon": None} if rng.random() < 0.1 else {
            "lat": 51 + rng.random(), "lon": rng.random()}  # fmt: skip
        lines.append(asset(f"line-{n}", rng.choice(names), rng.choice([20, 40, 60]), **place))
    weights = {**NOTHING, "partners": rng.choice([0, 5, 40]),
               "within_km": rng.choice([0, 0.5, 1]), "between_km": rng.choice([0.5, 1, 2])}  # fmt: skip
    return call(weights=weights), landscape(*lines, members=members)


def _least(asked: Call, offered: Landscape) -> float | None:
    """Every group with enough: partners, and the way of each to the best place to meet."""
    spots = spots_of(offered)
    cluster = {one.member: one.cluster for one in offered.members}

    def way(one: str, other: str) -> float:
        known = one in spots and other in spots
        km = km_between(spots[one], spots[other]) if known else asked.rules.unknown_km
        same = cluster[one] is not None and cluster[one] == cluster[other]
        weights = asked.weights
        return 0.0 if one == other else km * (weights.within_km if same else weights.between_km)

    names = sorted({one.member for one in offered.assets})
    sums = []
    for n in range(1, len(names) + 1):
        for group in combinations(names, n):
            if sum(a.capacities[0].amount for a in offered.assets if a.member in group) >= 100:
                meet = min(sum(way(one, host) for one in group) for host in group)
                sums.append(asked.weights.partners * n + meet)
    return min(sums, default=None)


def test_no_group_has_less_to_travel() -> None:
    for seed in range(30):
        asked, offered = _world(seed)
        least, found = _least(asked, offered), solve(*_world(seed), OURS, today=TODAY)
        if least is None:
            assert found.status == "infeasible", seed
            continue
        assert found.status == "optimal" and found.checked, (seed, found.problems)
        assert found.objective == pytest.approx(least, rel=1e-5, abs=1e-4), seed


def test_the_middle_of_places_beside_the_180th_meridian() -> None:
    offered = landscape(
        asset("east", "a", 1, lat=0.0, lon=179.0), asset("west", "a", 1, lat=0.0, lon=-179.0)
    )
    assert abs(spots_of(offered)["a"][1]) == pytest.approx(180.0)


def test_too_many_members_are_refused_in_words() -> None:
    import numpy as np

    with pytest.raises(InputError, match="601 members could serve; travel between partners"):
        meeting_rows(np.zeros((MOST_PARTNERS + 1,) * 2), 0)

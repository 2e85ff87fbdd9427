"""Repairs among few needs and among all: against each other, and against every choice tried."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.alliance_world import AllyWorld, capabilities, drawn_call
from tests.ally.test_brute import _world
from tests.ally.worlds import OURS, TODAY, asset, call, landscape
from triplehelix.ally import repair, solve
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.ally.check import check
from triplehelix.ally.keeping import agreed
from triplehelix.ally.model import compile_model
from triplehelix.ally.question import Narrowed, Question, put
from triplehelix.ally.repairing import Repairing
from triplehelix.ally.solver import in_process
from triplehelix.ally.taking_back import TakingBack
from triplehelix.ally.timing import Within
from triplehelix.optimise.outcome import Limits
from triplehelix.sphere import distance_km

LIMITS = Limits(seconds=20)
MEDIUM = AllyWorld(n_needs=25, n_assets=700, n_members=150, n_capabilities=9, n_towns=25)


def _repairing(found: Alliance, lost: str, offered: Landscape, ours: object = OURS) -> Repairing:
    rules = found.call.rules.model_copy(
        update={"exclude": (lost,), "include": tuple({*found.call.rules.include} - {lost})}
    )

    def asked(changed: Call, narrowed: Narrowed | None) -> Question:
        return put(changed, offered, ours, today=TODAY, narrowed=narrowed)

    return Repairing(
        found, frozenset([lost]), found.call.model_copy(update={"rules": rules}), offered, asked,
        Within(in_process, 20.0), LIMITS,
    )  # fmt: skip


def test_few_needs_are_enough_to_look_at() -> None:
    """Where a narrow look finds a repair it is one of the whole, of the same sum."""
    seen = lost_for_good = 0
    for world, seed in [*((_world, n) for n in range(60)), *((_rivals, n) for n in range(15))]:
        asked, offered = world(seed)
        first = solve(asked, offered, OURS, today=TODAY)
        for lost in first.partners if first.status == "optimal" else ():
            one = _repairing(first, lost, offered)
            narrow, whole = one.narrowly(), one.wholly()
            if narrow is None:
                continue
            if narrow.objective is None:
                assert (whole.status, _gaps(whole)) == ("infeasible", _gaps(narrow)), seed
                lost_for_good += 1
                continue
            assert whole.objective is not None, seed
            assert check(narrow, offered, OURS, today=TODAY) == (), seed
            assert narrow.objective == pytest.approx(whole.objective, rel=1e-6), seed
            if narrow.contributions == whole.contributions:
                spare = [[c.to_spare for c in each.coverage] for each in (narrow, whole)]
                assert spare[0] == pytest.approx(spare[1]), seed
            seen += 1
    assert seen > 10 and lost_for_good > 3


def _gaps(found: Alliance) -> dict[str, float]:
    return {one.need: pytest.approx(one.missing, rel=1e-5) for one in found.gaps}


@pytest.mark.parametrize("seed", range(3))
def test_every_partner_of_a_larger_call_can_be_lost(seed: int) -> None:
    """Nothing that others give is touched, and the independent check finds all in order."""
    asked, offered = drawn_call(MEDIUM, seed)
    ours = capabilities(MEDIUM)
    first = solve(asked, offered, ours, today=TODAY, limits=Limits(10, 0.01))
    for lost in first.partners[:8]:
        mended = repair(first, [lost], offered, ours, today=TODAY)
        assert (mended.status, mended.checked, mended.problems) == ("feasible", True, ())
        whole = _repairing(first, lost, offered, ours).wholly()
        assert mended.objective == pytest.approx(whole.objective, rel=2e-3)
        if mended.contributions == whole.contributions:
            assert [one.to_spare for one in mended.coverage] == pytest.approx(
                [one.to_spare for one in whole.coverage]
            )
        there = Counter((one.need, one.asset) for one in first.contributions if one.member != lost)
        assert there <= Counter((one.need, one.asset) for one in mended.contributions)


def _rivals(seed: int) -> tuple[Call, Landscape]:
    """Needs of one kind that reach different assets, with little free: moves make room for moves."""
    rng = random.Random(seed)
    needs = [
        {"amount": rng.choice([20, 40, 60]), "within_km": rng.choice([15, 25, 40]),
         "place": {"lat": 51.0 + 0.2 * n, "lon": 0.0}}
        for n in range(4)
    ]  # fmt: skip
    offered = landscape(*(
        asset(f"asset-{n}", rng.choice("abcdef"), rng.choice([20, 30, 40, 60]),
              lat=51.0 + 0.1 * n, lon=0.0)
        for n in range(8)
    ))  # fmt: skip
    weights = {"cost": 0, "lead_days": 0, "travel_km": 0, "partners": 5}
    return call(*needs, weights=weights), offered


def _pairs(first: Alliance, offered: Landscape) -> list[tuple[str, str]]:
    """Needs and the assets within their reach."""
    return [
        (need.need, one.asset)
        for need in first.call.needs
        for one in offered.assets
        if distance_km(one.lat, one.lon, need.place.lat, need.place.lon) <= need.within_km
    ]


def _least_upset(first: Alliance, lost: str, offered: Landscape, *, keep: bool) -> float | None:
    """By every group of members, and a linear programme for each: the least weight of a change."""
    names = sorted({one.member for one in offered.assets} - {lost})
    pairs = _pairs(first, offered)
    kept = {(c.need, c.asset): c.amount for c in first.contributions if c.member != lost}
    old = {one.member for one in first.contributions} - {lost}
    best = None
    for n in range(len(names) + 1):
        for group in combinations(names, n):
            value = _shifted(first, set(group), kept, offered, pairs, keep=keep)
            if value is not None:
                value += 5.0 * n + 1_000.0 * len(set(group) - old)
                best = value if best is None else min(best, value)
    return best


def _shifted(
    first: Alliance, group: set[str], kept: dict, offered: Landscape,
    pairs: list[tuple[str, str]], *, keep: bool,
) -> float | None:  # fmt: skip
    """The least share that is taken back, weighed, when a group gives all; None: it cannot."""
    needs = {one.need: one.amount for one in first.call.needs}
    assets = {one.asset: one for one in offered.assets}
    n = len(pairs)
    cost = np.r_[np.zeros(n), [10_000.0 / needs[need] for need, _ in pairs]]
    above, limit = [], []
    for need, amount in needs.items():
        above.append(np.r_[[-1.0 * (pair[0] == need) for pair in pairs], np.zeros(n)])
        limit.append(-amount)
    for name, one in assets.items():
        above.append(np.r_[[1.0 * (pair[1] == name) for pair in pairs], np.zeros(n)])
        limit.append(one.capacities[0].amount)
    for i, pair in enumerate(pairs):
        row = np.zeros(2 * n)
        row[i], row[n + i] = -1.0, -1.0
        above.append(row)
        limit.append(-kept.get(pair, 0.0))
    bounds = [(0.0, None if assets[name].member in group else 0.0) for _, name in pairs]
    bounds += [(0.0, 0.0 if keep else None)] * n
    found = linprog(cost, np.array(above), np.array(limit), bounds=bounds)
    return float(found.fun) if found.status == 0 else None


def _upset(first: Alliance, mended: Alliance, lost: str) -> float:
    """The weight of what changed, from the two alliances alone."""
    given = {(one.need, one.asset): one.amount for one in mended.contributions}
    needs = {one.need: one.amount for one in first.call.needs}
    taken = sum(
        max(0.0, one.amount - given.get((one.need, one.asset), 0.0)) / needs[one.need]
        for one in first.contributions
        if one.member != lost
    )
    old = {one.member for one in first.contributions}
    new = set(mended.partners) - old
    return 10_000.0 * taken + 1_000.0 * len(new) + 5.0 * len(mended.partners)


def _cases() -> Iterator[tuple[Alliance, str, Landscape]]:
    for seed in range(26):
        asked, offered = _rivals(seed)
        first = solve(asked, offered, OURS, today=TODAY)
        for lost in first.partners if first.status == "optimal" else ():
            yield first, lost, offered


def test_as_little_changes_as_in_the_best_of_all_choices() -> None:
    """Kept to the letter where any choice allows it; else the least is taken back."""
    moved = same = 0
    for first, lost, offered in _cases():
        least = _least_upset(first, lost, offered, keep=True)
        mended = repair(first, [lost], offered, OURS, today=TODAY)
        if least is None:
            least = _least_upset(first, lost, offered, keep=False)
            moved += least is not None
        assert (mended.status == "feasible") == (least is not None)
        if least is not None:
            assert mended.checked
            upset = _upset(first, mended, lost)
            assert upset >= least * (1 - 1e-6) - 1e-3
            same += upset <= least * 1.002 + 1e-3
        assert least is None or upset <= 3 * least
    assert moved > 2 and same > 12


def test_what_is_in_the_way_nearby_and_anywhere() -> None:
    """Looked for anywhere it is the least of all; looked for nearby it is a repair, if any."""
    nearby = total = 0
    for first, lost, offered in _cases():
        if _least_upset(first, lost, offered, keep=True) is not None:
            continue
        one = _repairing(first, lost, offered)
        model = compile_model(one.put(one.call, None))
        back = TakingBack(model, agreed(model, first, {lost}), in_process, LIMITS)
        found, least = back.anywhere(), _least_upset(first, lost, offered, keep=False)
        near, few = back.nearby(), replace(back, most_arcs=3).anywhere()
        assert (found.objective is None) == (least is None)
        if least is None:
            assert (near.objective, few.objective) == (None, None)
            continue
        assert found.objective == pytest.approx(least, rel=1e-6)
        assert few.objective >= least - 1e-3
        total += 1
        if near.objective is not None:
            nearby += 1
    assert nearby > 0.5 * total > 1

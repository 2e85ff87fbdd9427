"""The order of rows changes no answer: repairs, losses mended, travel between partners."""

import random
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.alliance_world import AllyWorld, capabilities, drawn_call
from tests.ally import test_meeting, test_robust_rules
from tests.ally.worlds import OURS, TODAY
from triplehelix.ally import repair, solve
from triplehelix.ally.assets import Landscape
from triplehelix.capabilities.listed import Capabilities

WORLD = AllyWorld(n_needs=12, n_assets=250, n_members=60, n_capabilities=6, n_towns=15)


def _shuffled(offered: Landscape, seed: int) -> Landscape:
    rng = random.Random(seed)
    assets, members = list(offered.assets), list(offered.members)
    rng.shuffle(assets)
    rng.shuffle(members)
    return replace(offered, assets=tuple(assets), members=tuple(members))


def _same(one: Any, other: Any) -> bool:
    return replace(one, seconds=0.0) == replace(other, seconds=0.0)


def test_a_repair() -> None:
    asked, offered = drawn_call(WORLD, 3)
    ours: Capabilities = capabilities(WORLD)
    first = solve(asked, offered, ours, today=TODAY)
    for lost in first.partners[:3]:
        mended = repair(first, [lost], offered, ours, today=TODAY)
        again = repair(first, [lost], _shuffled(offered, 1), ours, today=TODAY)
        assert mended.checked and _same(mended, again)


@pytest.mark.parametrize("how", [{"recoverable": 1}, {"robust": 1}])
def test_losses(how: dict[str, int]) -> None:
    for seed in range(4):
        asked, offered = test_robust_rules._world(seed)
        found = solve(asked, offered, OURS, today=TODAY, **how)
        assert _same(found, solve(asked, _shuffled(offered, seed), OURS, today=TODAY, **how))


def test_travel_between_partners() -> None:
    for seed in range(4):
        asked, offered = test_meeting._world(seed)
        found = solve(asked, offered, OURS, today=TODAY)
        assert _same(found, solve(asked, _shuffled(offered, seed), OURS, today=TODAY))

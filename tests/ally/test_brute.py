"""Random small calls against every subset of members, by arithmetic of its own."""

import random
from typing import Any

import pytest

from tests.ally import brute
from tests.ally.worlds import OURS, PLACE, TODAY, asset, call, landscape
from triplehelix.ally.assets import Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.ally.solve import solve


def _world(seed: int) -> tuple[Call, Landscape]:
    rng = random.Random(seed)
    names = "abcdef"[: rng.randint(1, 6)]
    members = tuple(
        Member(
            name,
            name,
            rng.choice(["academia", "health", "industry"]),
            rng.choice(["GB", "FR"]),
            cluster=rng.choice(["north", "south", None]),
        )
        for name in names
    )
    assets = []
    for n in range(rng.randint(1, 7)):
        kind = rng.choice(["pcr", "pcr", "testing", "design", "beds"])
        said: dict[str, Any] = {
            "capability": kind,
            "lat": 51.5 + rng.random(),
            "country": rng.choice(["GB", "FR"]),
        }
        if rng.random() < 0.5:
            said |= {
                "price": rng.choice([0.5, 1, 2]),
                "currency": "GBP",
                "price_unit": {"beds": "bed-day"}.get(kind, "test"),
            }
        amount: float | None = None
        if kind != "design":
            amount = rng.choice([0, 30, 60, 120, 700, 700])
            said |= (
                {"unit": "beds", "per": None}
                if kind == "beds"
                else rng.choice(
                    [{}, {"unit": "samples"}, {"per": "week"}] if kind == "pcr" else [{}]
                )
            )
            said["lead_days"] = rng.choice([0, 3, 200, None])
        if kind in ("design", "beds"):
            said = {k: v for k, v in said.items() if k not in ("price", "currency", "price_unit")}
        assets.append(asset(f"asset-{n}", rng.choice(names), amount, **said))
    needs: list[dict[str, Any]] = []
    ends = rng.random() < 0.5
    for kind in rng.sample(["pcr", "testing", "design", "beds"], rng.randint(1, 3)):
        need: dict[str, Any] = {"capability": kind, "amount": rng.choice([20, 40, 100])}
        if kind == "design":
            need |= {"amount": None, "unit": None, "by": None}
        elif kind == "beds":
            need |= {"unit": "beds", "by": "2026-03-16"}
        if ends and kind in ("pcr", "testing"):
            need["until"] = "2026-03-20"
        if kind != "design":
            # Without a day it is met from whenever each is ready, at the same price.
            need["by"] = None if not ends and rng.random() < 0.4 else "2026-03-16"
        if rng.random() < 0.3:
            need["within_km"] = 60
        needs.append(need)
    return call(*needs, rules=_rules(rng, names), as_of=str(TODAY), place=PLACE), landscape(
        *assets, members=members, familiar=_pairs(rng, names)
    )


def _rules(rng: random.Random, names: str) -> dict[str, Any]:
    said: dict[str, Any] = {"unknown_price": rng.choice([0, 1])}
    could = {
        "helices": {rng.choice(["academia", "health"]): 1},
        "spread": [{"of": rng.choice(["cluster", "country"]), "at_least": 2}],
        "member_caps": [{"share": rng.choice([0.5, 0.8])}],
        "most_partners": rng.randint(1, 3),
        "include": [rng.choice(names)],
        "never_together": [rng.sample(names, min(len(names), 3))],
        "countries": ["GB"],
    }
    said |= {key: value for key, value in could.items() if rng.random() < 0.2}
    if rng.random() < 0.2 and not set(said.get("include", [])) & {names[0]}:
        said["exclude"] = [names[0]]
    return said


def _pairs(rng: random.Random, names: str) -> dict[tuple[str, str], int]:
    if rng.random() < 0.5:
        return {}
    pairs = [(a, b) for a in names for b in names if a < b and rng.random() < 0.4]
    return dict.fromkeys(pairs, 2)


@pytest.mark.parametrize("block", range(10))
def test_as_good_as_every_subset(block: int) -> None:
    """The same least objective, or the same answer that there is none."""
    found = 0
    for seed in range(block * 40, block * 40 + 40):
        asked, offered = _world(seed)
        expected = brute.best(asked, offered)
        told = solve(asked, offered, OURS, today=TODAY)
        if expected is None:
            assert told.status == "infeasible", seed
            continue
        found += 1
        assert told.status == "optimal", seed
        assert told.objective == pytest.approx(expected, rel=1e-6, abs=1e-5), seed
        assert told.bound == pytest.approx(expected, rel=1e-6, abs=1e-5), seed
    assert found

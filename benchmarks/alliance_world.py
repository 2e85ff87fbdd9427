"""
Made-up calls of any size for `ally.solve`: needs in towns, assets of members in towns.

Drawn from a seed alone (NumPy's PCG64), the same on every machine. Nobody in it exists.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.settling import settled, uneven
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.capabilities.listed import Capabilities, Capability, Unit

TODAY = date(2026, 3, 1)
_HELICES = ("academia", "industry", "health")
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class AllyWorld:
    """What to draw; `fixed`: weight of a partner, in what a middling asset costs when used up."""

    n_needs: int = 500
    n_assets: int = 20_000
    n_members: int = 4_000
    n_capabilities: int = 160
    n_towns: int = 300
    fixed: float = 5.0
    reach_km: tuple[float, float] = (100.0, 900.0)
    need_size: float = 120.0


def capabilities(world: AllyWorld) -> Capabilities:
    """Capabilities counted in tests a day, and nothing broader or narrower."""
    return Capabilities(
        tuple(
            Capability(_slug(i), f"Test {i}", units=(Unit("tests", "day"),))
            for i in range(world.n_capabilities)
        )
    )


def drawn_call(world: AllyWorld, seed: int) -> tuple[Call, Landscape]:
    """A call and the landscape that it is put to."""
    rng = np.random.default_rng(seed)
    towns = np.column_stack(
        [rng.uniform(50.2, 57.2, world.n_towns), rng.uniform(-5.0, 1.5, world.n_towns)]
    )
    members = tuple(
        Member(f"member-{m}", f"Member {m}", _HELICES[m % 3], "GB") for m in range(world.n_members)
    )
    assets = _assets(rng, world, towns)
    return _call(rng, world, towns, assets), Landscape(members, assets)


def _assets(
    rng: np.random.Generator, world: AllyWorld, towns: NDArray[np.float64]
) -> tuple[Asset, ...]:
    owner, spot, amount, exact = settled(
        rng, towns, n_owners=world.n_members, n_assets=world.n_assets, spread=6 / _KM_PER_DEGREE
    )
    price = np.round(exact, 2)
    lead = rng.integers(0, 15, world.n_assets)
    kinds = rng.choice(world.n_capabilities, (world.n_assets, 3), p=uneven(world.n_capabilities))
    each = rng.integers(1, 4, world.n_assets)
    found = []
    for a in range(world.n_assets):
        has = tuple(dict.fromkeys(_slug(k) for k in kinds[a, : each[a]].tolist()))
        capacities = tuple(
            Capacity(f"asset-{a}-{slug}", slug, float(amount[a]), "tests", "day",
                     lead_days=int(lead[a]))
            for slug in has
        )  # fmt: skip
        found.append(
            Asset(
                f"asset-{a}",
                f"Asset {a}",
                f"member-{owner[a]}",
                has,
                capacities,
                lat=float(spot[a, 0]),
                lon=float(spot[a, 1]),
                country="GB",
                price=float(price[a]),
                currency="GBP",
                price_unit="test",
            )  # fmt: skip
        )
    return tuple(found)


def _call(
    rng: np.random.Generator,
    world: AllyWorld,
    towns: NDArray[np.float64],
    assets: tuple[Asset, ...],
) -> Call:
    wanted = rng.choice(world.n_capabilities, world.n_needs, p=uneven(world.n_capabilities))
    place = towns[rng.choice(world.n_towns, world.n_needs)]
    reach = rng.uniform(*world.reach_km, world.n_needs)
    amount = np.round(world.need_size * rng.lognormal(0, 0.7, world.n_needs)) + 1
    rivals = np.bincount(wanted, minlength=world.n_capabilities)[wanted]
    there = _reachable(assets, world, wanted, place, reach)
    # Nobody asks for more than there is for all who ask for the same.
    amount = np.floor(np.minimum(amount, 0.3 * there / np.sqrt(rivals)))
    kept = np.flatnonzero(amount >= 1)
    needs = [
        {
            "need": f"need-{n}",
            "capability": _slug(int(wanted[n])),
            "amount": float(amount[n]),
            "unit": "tests/day",
            "by": "2026-04-01",
            "place": {"lat": float(place[n, 0]), "lon": float(place[n, 1])},
            "within_km": float(reach[n]),
        }
        for n in kept.tolist()
    ]
    # 21 tests a day at 4.5 for the 30 days that a need without a last day is priced over.
    partner = world.fixed * 21 * 4.5 * 30
    return Call.model_validate(
        {"title": "A made-up call", "needs": needs, "weights": {"partners": partner}}
    )


def _reachable(
    assets: tuple[Asset, ...],
    world: AllyWorld,
    wanted: NDArray[np.int64],
    place: NDArray[np.float64],
    reach: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What assets within reach of each need have of its capability, roughly."""
    has: list[list[tuple[float, float, float]]] = [[] for _ in range(world.n_capabilities)]
    for asset in assets:
        for one in asset.capacities:
            at = int(one.capability.removeprefix("test-"))
            has[at].append((asset.lat or 0.0, asset.lon or 0.0, one.amount))
    found = np.zeros(len(wanted))
    for n, capability in enumerate(wanted.tolist()):
        rows = np.array(has[capability]).reshape(-1, 3)
        off = (rows[:, :2] - place[n]) * [1.0, np.cos(np.radians(place[n, 0]))]
        near = np.hypot(*off.T) * _KM_PER_DEGREE < 0.98 * reach[n]
        found[n] = rows[near, 2].sum()
    return found


def _slug(i: int) -> str:
    return f"test-{i}"

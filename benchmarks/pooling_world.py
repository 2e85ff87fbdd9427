"""
Made-up calls at the size of a country: needs, assets of partners in towns, costs that grow by km.

Drawn from a seed alone (NumPy's PCG64), the same on every machine.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.settling import Floats, settled, uneven
from triplehelix.optimise.pooling import Pooling


@dataclass(frozen=True)
class World:
    """
    What to draw. `fixed`: cost of a partner, in median arcs. `filled`: of the capacity in reach of
    a capability's needs, at most so much is asked for. `reach_km`: the least and the greatest
    travel limit. `zipf`: how uneven capabilities are in assets; `need_zipf`: in needs.
    """

    n_needs: int = 500
    n_assets: int = 20_000
    n_partners: int = 4_000
    n_capabilities: int = 160
    n_towns: int = 300
    fixed: float = 5.0
    filled: float = 0.3
    reach_km: tuple[float, float] = (60.0, 600.0)
    per_km: float = 0.05
    zipf: float = 1.0
    need_zipf: float = 1.0
    need_size: float = 6.0
    may: float = 0.0


def drawn(world: World, seed: int) -> Pooling:
    """A pooling of that world."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, 800, (world.n_towns, 2))
    owner, spot, capacity, price = settled(
        rng, towns, n_owners=world.n_partners, n_assets=world.n_assets, spread=6
    )
    has = _capabilities(rng, world)
    wanted = rng.choice(
        world.n_capabilities, world.n_needs, p=uneven(world.n_capabilities, world.need_zipf)
    )
    place = towns[rng.choice(world.n_towns, world.n_needs)]
    reach = rng.uniform(*world.reach_km, world.n_needs)
    demand = np.round(world.need_size * 20 * rng.lognormal(0, 0.7, world.n_needs)) + 1
    near = [
        (at, km)
        for need in range(world.n_needs)
        for at, km in [_near(has[:, wanted[need]], spot, place[need], reach[need])]
    ]
    counts = np.array([len(at) for at, _ in near])
    arc_demand = np.repeat(np.arange(world.n_needs), counts)
    arc_supply = np.concatenate([at for at, _ in near])
    km = np.concatenate([each for _, each in near])
    demand = _fillable(demand, wanted, capacity, has, counts, near, world.filled)
    keep = counts > 0
    renamed = np.cumsum(keep) - 1
    arc_cost = price[arc_supply] + world.per_km * km
    arc_most = np.minimum(demand[arc_demand], capacity[arc_supply])
    fixed = world.fixed * float(np.median(arc_cost * arc_most))
    n_needs = int(keep.sum())
    may = rng.random(n_needs) < world.may
    return Pooling(
        demand=demand[keep],
        short_cost=np.where(may, 30.0, np.inf),
        whole=np.zeros(n_needs, dtype=bool),
        capacity=capacity,
        owner=owner,
        partner_cost=fixed * rng.lognormal(0, 0.5, world.n_partners),
        arc_demand=renamed[arc_demand],
        arc_supply=arc_supply,
        arc_cost=arc_cost,
        arc_most=arc_most,
        at_least=np.zeros(world.n_partners, dtype=np.int64),
        at_most=np.ones(world.n_partners, dtype=np.int64),
    )


def _capabilities(rng: np.random.Generator, world: World) -> NDArray[np.bool_]:
    """One to three of each asset; shape (n_assets, n_capabilities)."""
    has = np.zeros((world.n_assets, world.n_capabilities), dtype=bool)
    each = rng.integers(1, 4, world.n_assets)
    for k in range(3):
        some = np.flatnonzero(each > k)
        drawn_now = rng.choice(
            world.n_capabilities, len(some), p=uneven(world.n_capabilities, world.zipf)
        )
        has[some, drawn_now] = True
    return has


def _near(
    has: NDArray[np.bool_], spot: Floats, place: Floats, reach: float
) -> tuple[NDArray[np.int64], Floats]:
    at = np.flatnonzero(has)
    km = np.hypot(*(spot[at] - place).T)
    within = km <= reach
    return at[within], km[within]


def _fillable(
    demand: Floats,
    wanted: NDArray[np.int64],
    capacity: Floats,
    has: NDArray[np.bool_],
    counts: NDArray[np.int64],
    near: list[tuple[NDArray[np.int64], Floats]],
    filled: float,
) -> Floats:
    """Demands cut so that those of a capability could be met together by what each has in reach."""
    rivals = np.bincount(wanted, minlength=has.shape[1])[wanted]
    reachable = np.array([capacity[at].sum() for at, _ in near])
    return np.maximum(1.0, np.minimum(demand, filled * reachable / np.sqrt(rivals)))

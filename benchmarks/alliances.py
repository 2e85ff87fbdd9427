"""
Calls put and solved as users do: 500 needs against 20,000 assets, repairs, and a small call.

    python -m benchmarks.alliances [--seconds 10 60] [--seed 1]

Each is drawn from its seed (`alliance_world.py`). The large call goes through `ally.solve` and
`ally.repair`, building and checking included, in a process of its own. A second repair is of the
same loss where nobody has anything free within reach of a need that lost something: agreed amounts
must move. A third is of the same where nobody has anything free of its capability anywhere: the
loss cannot be made good, and what is missing is told. The small call (10 needs, 300 assets) goes
through a warm worker process, to its first answer and to its proof.
"""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context

from benchmarks.alliance_world import TODAY, AllyWorld, capabilities, drawn_call
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Asset, Landscape
from triplehelix.ally.call import Need
from triplehelix.optimise.outcome import Limits, Progress
from triplehelix.sphere import distance_km

LARGE = AllyWorld()
SMALL = AllyWorld(n_needs=10, n_assets=300, n_members=80, n_capabilities=8, n_towns=30)


def large(seconds: float, seed: int) -> str:
    """One large call solved, and one of its members lost."""
    from triplehelix import ally

    call, landscape = drawn_call(LARGE, seed)
    seen = (landscape, capabilities(LARGE))
    wall, cpu = time.monotonic(), time.process_time()
    found = ally.solve(call, *seen, today=TODAY, limits=Limits(seconds, 1e-3), clock=time.monotonic)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    gap = "none" if found.gap is None else f"{100 * found.gap:.2f} %"
    line = (
        f"{len(call.needs)} needs, {len(landscape.assets):,} assets, {seconds:g} s: "
        f"{found.status}, gap {gap}, {wall:.1f} s, CPU {cpu:.1f} s, checked {found.checked}"
    )
    if found.partners:
        lost = found.partners[len(found.partners) // 2]
        for name, offered in (
            ("repair", landscape), ("with moves", _nothing_free(found, lost, landscape)),
            ("for good", _nothing_left(found, lost, landscape)),
        ):  # fmt: skip
            wall, cpu = time.monotonic(), time.process_time()
            mended = ally.repair(found, [lost], offered, seen[1], today=TODAY, clock=time.monotonic)
            wall, cpu = time.monotonic() - wall, time.process_time() - cpu
            back = sum(one.what in ("taken back", "less") for one in mended.changes)
            line += (
                f"; {name} {mended.status}, {wall:.2f} s, CPU {cpu:.2f} s, checked "
                f"{mended.checked}, {len(mended.changes)} changes, {back} of them taken back"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return f"{line}; peak {peak:.2f} GB"


def _nothing_free(found: Alliance, lost: str, landscape: Landscape) -> Landscape:
    """Of the need that lost something and has most rivals, what is within reach is all in use."""
    need = _contested(found, lost)

    def near(asset: Asset) -> bool:
        km = distance_km(asset.lat, asset.lon, need.place.lat, need.place.lon)
        return km <= need.within_km

    return _all_in_use(found, lost, landscape, need.capability, near)


def _nothing_left(found: Alliance, lost: str, landscape: Landscape) -> Landscape:
    """Of the capability of that need all is in use, wherever it is."""
    return _all_in_use(found, lost, landscape, _contested(found, lost).capability, lambda at: True)


def _contested(found: Alliance, lost: str) -> Need:
    needs = {one.need: one for one in found.call.needs}
    rivals = Counter(needs[one.need].capability for one in found.contributions)
    return needs[max(
        (one.need for one in found.contributions if one.member == lost),
        key=lambda name: (rivals[needs[name].capability], name),
    )]  # fmt: skip


def _all_in_use(
    found: Alliance, lost: str, landscape: Landscape, capability: str,
    where: Callable[[Asset], bool],
) -> Landscape:  # fmt: skip
    used: Counter[str | None] = Counter()
    for one in found.contributions:
        used[one.capacity] += one.amount

    def tight(asset: Asset) -> Asset:
        if asset.member == lost or not where(asset):
            return asset
        capacities = tuple(
            replace(one, amount=float(used[one.capacity])) if one.capability == capability else one
            for one in asset.capacities
        )
        return replace(asset, capacities=capacities)

    return replace(landscape, assets=tuple(map(tight, landscape.assets)))


def small(seed: int) -> str:
    """A small call in a warm worker: to the first plan, and to the end."""
    from triplehelix import ally
    from triplehelix.app.calls.workers import in_worker

    call, landscape = drawn_call(SMALL, seed)
    seen = (landscape, capabilities(SMALL))
    first: list[float] = []
    begun = 0.0

    def hear(progress: Progress) -> None:
        if progress.objective is not None and not first:
            first.append(time.monotonic() - begun)

    solver = in_worker(hear)
    ally.solve(call, *seen, today=TODAY, solver=solver)
    first.clear()
    begun = time.monotonic()
    found = ally.solve(call, *seen, today=TODAY, solver=solver)
    took = time.monotonic() - begun
    told = f"{1000 * min([*first, took]):.0f} ms"
    return f"{len(call.needs)} needs, 300 assets: first answer {told}, {found.status} {took:.2f} s"


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", nargs="+", type=float, default=[10.0, 60.0])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(small(asked.seed), flush=True)
    for seconds in asked.seconds:
        with get_context("spawn").Pool(1) as pool:
            print(pool.apply(large, (seconds, asked.seed)), flush=True)


if __name__ == "__main__":
    main()

"""
Calls put and solved as users do: 500 needs against 20,000 assets, a repair, and a small call.

    python -m benchmarks.alliances [--seconds 10 60] [--seed 1]

Each is drawn from its seed (`alliance_world.py`). The large call goes through `ally.solve` and
`ally.repair`, building and checking included, in a process of its own; the small one (10 needs,
300 assets) through a warm worker process, to its first answer and to its proof.
"""

import argparse
import resource
import time
from multiprocessing import get_context

from benchmarks.alliance_world import TODAY, AllyWorld, capabilities, drawn_call
from triplehelix.optimise.outcome import Limits, Progress

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
        wall, cpu = time.monotonic(), time.process_time()
        mended = ally.repair(found, [lost], *seen, today=TODAY, clock=time.monotonic)
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        line += f"; repair {mended.status}, {wall:.2f} s, CPU {cpu:.2f} s, checked {mended.checked}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return f"{line}; peak {peak:.2f} GB"


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

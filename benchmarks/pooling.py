"""
A call of 500 needs against 20,000 assets: how near to a proven bound, in how many seconds.

    python -m benchmarks.pooling [--seconds 10 60] [--seed 1] [WORLD ...]

Each call is drawn from its seed (`pooling_world.py`); worlds differ in what partners cost, in how
scarce capacity is, in capabilities and in reach. One process for each call, so that memory is its
own. Seconds count all work, from arrays to answer; CPU seconds are told beside them.
"""

import argparse
import resource
import time
from dataclasses import replace
from multiprocessing import get_context

from benchmarks.pooling_world import World, drawn

PLAIN = World(n_needs=500, reach_km=(100.0, 900.0))
WORLDS = {
    "plain": PLAIN,
    "cheap partners": replace(PLAIN, fixed=1.0),
    "dear partners": replace(PLAIN, fixed=12.0),
    "scarce": replace(PLAIN, filled=0.8, need_size=20.0),
    "few capabilities": replace(PLAIN, n_capabilities=20, reach_km=(30.0, 150.0)),
    "near": replace(PLAIN, reach_km=(20.0, 120.0)),
    "half may": replace(PLAIN, may=0.5),
}


def measure(name: str, seconds: float, seed: int) -> str:
    """One call solved."""
    from triplehelix.optimise.highs.pooling import solve_pooling
    from triplehelix.optimise.outcome import Limits

    problem = drawn(WORLDS[name], seed)
    wall, cpu = time.monotonic(), time.process_time()
    found = solve_pooling(problem, Limits(seconds, 0.001), clock=time.monotonic)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    gap = "no plan" if found.gap is None else f"{100 * found.gap:.2f} %"
    line = f"{name:18}{len(problem.arc_cost):9,} arcs  gap {gap:8} {wall:5.1f} s, CPU {cpu:5.1f} s"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return f"{line}  peak {peak:.2f} GB"


def main() -> None:
    """Print a line for each world and time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("worlds", nargs="*", default=list(WORLDS))
    parser.add_argument("--seconds", nargs="+", type=float, default=[10.0, 60.0])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for seconds in asked.seconds:
        for name in asked.worlds:
            with get_context("spawn").Pool(1) as pool:
                print(pool.apply(measure, (name, seconds, asked.seed)), flush=True)


if __name__ == "__main__":
    main()

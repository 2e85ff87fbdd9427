"""
Published instances, and generated ones of the largest published size, each solved with proof.

    python benchmarks/instances.py [FOLDER | FILE ...]     default: TRIPLEHELIX_DATA/optimisation

Seconds are processor time of the worker's solve (`cpu`) and time on the clock (`wall`), which
other work on the machine lengthens. A time limit of 60 s on the clock holds for each.
"""

import os
import sys
from pathlib import Path
from time import perf_counter, process_time

from team_world import team_world

from triplehelix.optimise.covering import robust
from triplehelix.optimise.highs.covering import solve_covering
from triplehelix.optimise.highs.facility import solve_facility_location
from triplehelix.optimise.highs.partial import solve_partial
from triplehelix.optimise.highs.recoverable import solve_recoverable
from triplehelix.optimise.instances.facility import FacilityLocation
from triplehelix.optimise.instances.p_median import PMedian
from triplehelix.optimise.instances.set_cover import SetCover
from triplehelix.optimise.instances.telling import Instance, read_instance
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.p_medians import solve_p_median
from triplehelix.optimise.partial import partially_robust
from triplehelix.optimise.recoverable import recoverable
from triplehelix.optimise.teams import covering_of

LIMITS = Limits(60)
SEEDS = (1, 2)


def shown(name: str, asked: str, solver, problem) -> None:
    began = process_time()
    outcome = solver(problem, LIMITS, clock=perf_counter)
    cpu = process_time() - began
    best = "-" if outcome.objective is None else f"{outcome.objective:,.3f}".rstrip("0").rstrip(".")
    bound = "-" if outcome.bound is None else f"{outcome.bound:,.3f}".rstrip("0").rstrip(".")
    print(f"{name:<16} {asked:<16} {outcome.status:<10} {best:>14} {bound:>14} "
          f"{cpu:>7.2f} {outcome.seconds:>7.2f}", flush=True)  # fmt: skip


def solve(name: str, instance: Instance) -> None:
    """Print a line for each question that the instance has an answer to."""
    if isinstance(instance, FacilityLocation):
        shown(name, "", solve_facility_location, instance)
        return
    if isinstance(instance, PMedian):
        shown(name, "", solve_p_median, instance)
        return
    cover = covering_of(instance)
    if isinstance(instance, SetCover):
        shown(name, "", solve_covering, cover)
        return
    for losses in range(4):
        shown(name, f"robust {losses}", solve_covering, robust(cover, losses))
    for losses, percent in ((1, 90), (1, 95), (1, 99), (2, 90), (2, 95), (2, 99), (3, 90), (3, 99)):
        problem = partially_robust(cover, instance.weight, losses, percent)
        shown(name, f"partial {losses}:{percent}", solve_partial, problem)
    for losses in (1, 2):
        shown(name, f"recoverable {losses}", solve_recoverable,
              recoverable(cover, instance.repair_cost, losses))  # fmt: skip


def main() -> None:
    data = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "optimisation"
    paths = [Path(word) for word in sys.argv[1:]] or [path for path in (data,) if path.exists()]
    found = [sorted(path.iterdir()) if path.is_dir() else [path] for path in paths]
    files = [path for group in found for path in group if path.is_file()]
    print(f"{'instance':<16} {'asked':<16} {'status':<10} {'objective':>14} {'bound':>14} "
          f"{'cpu':>7} {'wall':>7}")  # fmt: skip
    if not files:
        print(f"(no instance in {data})")
    for path in files:
        solve(path.stem, read_instance(path.read_text("utf-8"), path.name))
    for seed in SEEDS if not sys.argv[1:] else ():
        solve(f"generated {seed}", read_instance(team_world(seed)))


if __name__ == "__main__":
    main()

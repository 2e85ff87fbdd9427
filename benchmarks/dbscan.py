"""
detect.dbscan beside scikit-learn's DBSCAN, in one run, on points that look like real life.

    python benchmarks/dbscan.py [n ...]        default: 10000 100000 1000000

The points come from `points.py` in the folder `bench`
beside the data folder (TRIPLEHELIX_DATA, default `../shared/data`). scikit-learn is timed on the
rows as they are, and on rows merged to distinct places with their weights added (merging not
timed); beyond 10^5 rows it does not fit in memory.
"""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from sklearn.cluster import DBSCAN

from triplehelix.detect.dbscan import clustering
from triplehelix.sphere import EARTH_RADIUS_KM

RADIUS_KM, MIN_WEIGHT = 15.0, 10
PEER_LIMIT = 100_000


def load_points() -> Callable[..., tuple]:
    """The function that makes the points, or the end of the run."""
    beside_data = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")).parent / "bench"
    path = beside_data / "points.py"
    if not path.is_file():
        print(f"skipped: no {path}, which makes the points")
        sys.exit(0)
    spec = importlib.util.spec_from_file_location("points", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.points


def timed(function: Callable, repeats: int) -> tuple[float, object]:
    """Median seconds of `repeats` calls, and what the last one returned."""
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        result = function()
        seconds.append(perf_counter() - start)
    return median(seconds), result


def peer(lat, lon, weight):
    model = DBSCAN(
        eps=RADIUS_KM / EARTH_RADIUS_KM, min_samples=MIN_WEIGHT, metric="haversine",
        algorithm="ball_tree",
    )  # fmt: skip
    return model.fit(np.radians(np.c_[lat, lon]), sample_weight=weight)


def same_partition(ours, theirs_labels, theirs_core) -> bool:
    """The same core rows in the same groups, and the same noise; border ties are free."""
    core = np.zeros(len(theirs_labels), dtype=bool)
    core[theirs_core] = True
    pairs = np.unique(np.c_[ours.labels[core], theirs_labels[core]], axis=0)
    one_to_one = len(pairs) == len(np.unique(pairs[:, 0])) == len(np.unique(pairs[:, 1]))
    same_noise = ((ours.labels < 0) == (theirs_labels < 0)).all()
    return bool((ours.core == core).all() and same_noise and one_to_one)


def compare(n: int, points: Callable[..., tuple]) -> None:
    """Print a line of the table for n points."""
    lat, lon, weight, _ = points(n)
    seconds, ours = timed(
        lambda: clustering(lat, lon, radius_km=RADIUS_KM, min_weight=MIN_WEIGHT, weight=weight), 9
    )
    line = f"{n:>9,} {ours.labels.max() + 1:>9,} {seconds:>10.3f}"
    if n > PEER_LIMIT:
        print(f"{line} {'-':>10} {'-':>7} {'-':>10} {'-':>7}  -", flush=True)
        return
    rows, theirs = timed(lambda: peer(lat, lon, weight), 1)
    same = [same_partition(ours, theirs.labels_, theirs.core_sample_indices_)]
    places, first, at = np.unique(np.c_[lat, lon], axis=0, return_index=True, return_inverse=True)
    total = np.bincount(at, weight)
    merged, theirs = timed(lambda: peer(*places.T, total), 3)
    alone = type(ours)(ours.labels[first], ours.core[first])
    same.append(same_partition(alone, theirs.labels_, theirs.core_sample_indices_))
    print(
        f"{line} {rows:>10.3f} {rows / seconds:>6.0f}x {merged:>10.3f} {merged / seconds:>6.0f}x"
        f"  {'yes' if all(same) else 'NO'}",
        flush=True,
    )


def main() -> None:
    sizes = [int(float(each)) for each in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    points = load_points()
    warm = perf_counter()
    clustering([0.0], [0.0], radius_km=1, min_weight=1)
    print(f"first call, compiled or read from the cache: {perf_counter() - warm:.2f} s")
    print(f"radius {RADIUS_KM:g} km, min_weight {MIN_WEIGHT}; seconds, medians, one process")
    print(
        f"{'points':>9} {'clusters':>9} {'ours':>10} {'sklearn':>10} {'ratio':>7} "
        f"{'its merged':>10} {'ratio':>7}  same partition"
    )
    for n in sizes:
        compare(n, points)


if __name__ == "__main__":
    main()

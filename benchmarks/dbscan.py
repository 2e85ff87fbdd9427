"""
detect.dbscan beside scikit-learn's DBSCAN, in one run, on points that look like real life.

    python benchmarks/dbscan.py [n ...]        default: 10000 100000 1000000 5000000

The points come from `points.py` in the folder `bench`
beside the data folder (TRIPLEHELIX_DATA, default `../shared/data`). scikit-learn is timed on the
rows as they are, and on rows merged to distinct places with their weights added (merging not
timed); beyond 10^5 rows it does not fit in memory.

Memory is the peak of a process of its own that reads the points and clusters them once. "whole"
is all it ever held: Python, its libraries, compiled code, the points (once) and the work; "work"
is what the call added to what was there before it.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from triplehelix.detect.dbscan import clustering
from triplehelix.sphere import EARTH_RADIUS_KM

RADIUS_KM, MIN_WEIGHT = 15.0, 10
PEER_LIMIT = 100_000
# Seconds and 10^9 bytes of the whole process, as set out to be reached.
TO_REACH = {100_000: (0.05, None), 1_000_000: (0.6, None), 5_000_000: (1.5, 0.6)}


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
    # Here, so that the process whose memory is measured does not hold the peer too.
    from sklearn.cluster import DBSCAN

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


def memory(lat, lon, weight) -> tuple[int, int]:
    """Peak bytes of a process that clusters these points: of the whole, and what was added."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.npy"
        np.save(path, np.stack([lat, lon, weight]))
        command = [sys.executable, __file__, "--memory-of", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    whole, before = map(int, done.stdout.split())
    return whole, whole - before


def cluster_alone(path: str) -> None:
    """Print the peak of this process after clustering the points of a file, and before."""
    lat, lon, weight = np.load(path)
    clustering([0.0], [0.0], radius_km=1, min_weight=1, weight=[1.0])
    before = _kilobytes("VmRSS")
    clustering(lat, lon, radius_km=RADIUS_KM, min_weight=MIN_WEIGHT, weight=weight)
    print(1024 * _kilobytes("VmHWM"), 1024 * before)


def _kilobytes(field: str) -> int:
    # Not getrusage: what it reports of a child starts from the size of its parent.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def compare(n: int, points: Callable[..., tuple]) -> None:
    """Print a line of the table for n points."""
    lat, lon, weight, _ = points(n)
    seconds, ours = timed(
        lambda: clustering(lat, lon, radius_km=RADIUS_KM, min_weight=MIN_WEIGHT, weight=weight), 9
    )
    whole, work = (size / 1e9 for size in memory(lat, lon, weight))
    limit, most = TO_REACH.get(n, (None, None))
    line = (
        f"{n:>9,} {ours.labels.max() + 1:>8,} {seconds:>7.3f} {limit or '-':>8} "
        f"{whole:>6.2f} {most or '-':>8} {work:>6.2f}"
    )
    if n > PEER_LIMIT:
        print(f"{line} {'-':>8} {'-':>6} {'-':>10} {'-':>6}  -", flush=True)
        return
    rows, theirs = timed(lambda: peer(lat, lon, weight), 1)
    same = [same_partition(ours, theirs.labels_, theirs.core_sample_indices_)]
    places, first, at = np.unique(np.c_[lat, lon], axis=0, return_index=True, return_inverse=True)
    total = np.bincount(at, weight)
    merged, theirs = timed(lambda: peer(*places.T, total), 3)
    alone = type(ours)(ours.labels[first], ours.core[first])
    same.append(same_partition(alone, theirs.labels_, theirs.core_sample_indices_))
    print(
        f"{line} {rows:>8.3f} {rows / seconds:>5.0f}x {merged:>10.3f} {merged / seconds:>5.0f}x"
        f"  {'yes' if all(same) else 'NO'}",
        flush=True,
    )


def main() -> None:
    if sys.argv[1:2] == ["--memory-of"]:
        cluster_alone(sys.argv[2])
        return
    sizes = [int(float(each)) for each in sys.argv[1:]] or [10_000, *TO_REACH]
    points = load_points()
    warm = perf_counter()
    clustering([0.0], [0.0], radius_km=1, min_weight=1, weight=[1.0])
    print(f"first call, compiled or read from the cache: {perf_counter() - warm:.2f} s")
    print(
        f"radius {RADIUS_KM:g} km, min_weight {MIN_WEIGHT}; seconds, medians, one process; "
        "memory in 10^9 bytes"
    )
    print(
        f"{'points':>9} {'clusters':>8} {'ours':>7} {'to reach':>8} {'whole':>6} {'to reach':>8} "
        f"{'work':>6} {'sklearn':>8} {'ratio':>6} {'its merged':>10} {'ratio':>6}  same partition"
    )
    for n in sizes:
        compare(n, points)


if __name__ == "__main__":
    main()

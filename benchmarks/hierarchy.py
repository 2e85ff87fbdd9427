"""
detect.hdbscan beside fast_hdbscan and hdbscan, in one run, on points that look like real life.

    python benchmarks/hierarchy.py [n ...]        default: 10000 100000 1000000

(Not named for the method: a file hdbscan.py would stand in for the peer of that name.)

The points are those of `benchmarks/dbscan.py`, of weight 1 each, so that all are asked the
same. The peers are given unit vectors: the rows as they are, up to 10^5 of them; and
fast_hdbscan also the distinct places with the number of rows at each as `sample_weight`
(merging not timed). "Rand" is the adjusted Rand index of a peer's labels and ours.

They may differ: fast_hdbscan works in single precision, and a weight is not to it what as many
rows are; and both let the order of rows decide where a place goes that joins two clusters.
The peak is that of a process of its own that makes the points and calls ours.
"""

import resource
import subprocess
import sys

import fast_hdbscan
import hdbscan
import numpy as np
from dbscan import load_points, timed
from sklearn.metrics import adjusted_rand_score

from triplehelix.detect import hdbscan as ours
from triplehelix.sphere import unit_vectors

MIN_CLUSTER_WEIGHT, MIN_WEIGHT = 50, 10
ROWS_LIMIT = 100_000


def our_labels(lat, lon):
    return ours(lat, lon, min_cluster_weight=MIN_CLUSTER_WEIGHT, min_weight=MIN_WEIGHT).labels


def its_labels(module, lat, lon, **weight):
    # min_samples leaves out the row itself.
    model = module.HDBSCAN(min_cluster_size=MIN_CLUSTER_WEIGHT, min_samples=MIN_WEIGHT - 1)
    return model.fit(unit_vectors(lat, lon), **weight).labels_


def peak_mib(n: int) -> float:
    """Of a process that makes n points and finds their clusters."""
    done = subprocess.run(
        [sys.executable, __file__, "--peak", str(n)], stdout=subprocess.PIPE, check=True
    )
    return float(done.stdout)


def print_peak(n: int) -> None:
    lat, lon, *_ = load_points()(n)
    our_labels(lat, lon)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def line(seconds: float, peer: str, its_seconds: float, rand: float) -> str:
    return f"{'':9} {'':9} {peer:>24} {its_seconds:9.3f} {its_seconds / seconds:6.0f}x {rand:7.3f}"


def compare(n: int, lat, lon) -> None:
    """Print the lines of the table for n points."""
    seconds, labels = timed(lambda: our_labels(lat, lon), 5)
    print(f"{n:>9,} {labels.max() + 1:>9,} {'ours':>24} {seconds:9.3f} {peak_mib(n):11,.0f} MiB")
    places, first, count = np.unique(np.c_[lat, lon], axis=0, return_index=True, return_counts=True)
    merged = {"sample_weight": count.astype(np.float32)}
    calls = [("fast_hdbscan, merged", lambda: its_labels(fast_hdbscan, *places.T, **merged))]
    if n <= ROWS_LIMIT:
        calls.append(("fast_hdbscan", lambda: its_labels(fast_hdbscan, lat, lon)))
        calls.append(("hdbscan", lambda: its_labels(hdbscan, lat, lon)))
    for peer, call in calls:
        its_seconds, found = timed(call, 1)
        rand = adjusted_rand_score(labels[first] if len(found) < n else labels, found)
        print(line(seconds, peer, its_seconds, rand), flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--peak"]:
        print_peak(int(sys.argv[2]))
        return
    sizes = [int(float(each)) for each in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    points = load_points()
    few_lat, few_lon, few, _ = points(1000)
    our_labels(few_lat, few_lon)  # compiled, or read from the cache
    its_labels(fast_hdbscan, few_lat, few_lon, sample_weight=few.astype(np.float32))
    its_labels(fast_hdbscan, few_lat, few_lon)
    print(f"min_cluster_weight {MIN_CLUSTER_WEIGHT}, min_weight {MIN_WEIGHT}; seconds, warm")
    print(f"{'points':>9} {'clusters':>9} {'':24} {'seconds':>9} {'ratio':>7} {'Rand':>7}")
    for n in sizes:
        lat, lon, *_ = points(n)
        compare(n, lat, lon)


if __name__ == "__main__":
    main()

"""
How often the intervals of detect.stability hold the truth, in planted worlds drawn over and over.

    python benchmarks/intervals.py [N_WORLDS]        default: 150

A world has ten towns, some 160 km apart. The number of organisations of each is Poisson, their
appetite for activities heavy-tailed (Pareto), and each activity is at home in a town and takes
most partners from it. The truth is a figure's mean over all worlds; for the rank, the rank of the
mean weight.
"""

import sys

import numpy as np

from triplehelix.detect import stability

EXPECTED = np.array([120, 80, 60, 50, 40, 32, 26, 20, 15, 10])
TOWN_LAT = 45 + 1.5 * np.arange(len(EXPECTED))
N_ACTIVITIES, SPREAD_KM, N_RUNS = 600, 3.0, 100
FIGURES = ("weight", "n_organisations", "n_activities", "rank")


def world(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Position, organisation, activity and town of each participation."""
    town = np.repeat(np.arange(len(EXPECTED)), rng.poisson(EXPECTED))
    appetite = rng.pareto(2.0, len(town)) + 1
    north, east = rng.normal(0, SPREAD_KM, (2, len(town))) / 111.2
    lat = TOWN_LAT[town] + north
    lon = 10 + east / np.cos(np.radians(TOWN_LAT[town]))
    pairs = []
    for activity in range(rng.poisson(N_ACTIVITIES)):
        home = rng.choice(len(EXPECTED), p=EXPECTED / EXPECTED.sum())
        share = appetite * np.where(town == home, 4.0, 0.5)
        partners = rng.choice(len(town), 1 + rng.geometric(0.4), p=share / share.sum())
        pairs.extend((partner, activity) for partner in np.unique(partners))
    organisation, activity = np.array(pairs).T
    return lat[organisation], lon[organisation], organisation, activity, town[organisation]


def estimates(rng: np.random.Generator, seed: int) -> np.ndarray:
    """(n_towns, n_figures, 3): value, low, high of the cluster at each town; NaN without one."""
    lat, lon, organisation, activity, town = world(rng)
    found = stability(
        lat, lon, organisation=[f"o{i}" for i in organisation],
        activity=[f"a{i}" for i in activity], radius_km=10, min_weight=8, n_runs=N_RUNS, seed=seed,
    )  # fmt: skip
    intervals = np.array([getattr(found, figure) for figure in FIGURES])
    result = np.full((len(EXPECTED), len(FIGURES), 3), np.nan)
    for k in range(len(EXPECTED)):
        labels = found.labels[(town == k) & (found.labels >= 0)]
        if len(labels):
            result[k] = intervals[:, :, np.bincount(labels).argmax()]
    return result


def main() -> None:
    """Draw the worlds and print a table."""
    n_worlds = int(sys.argv[1]) if sys.argv[1:] else 150
    rng = np.random.default_rng(1)
    drawn = np.stack([estimates(rng, seed) for seed in range(n_worlds)])
    value, low, high = np.moveaxis(drawn, -1, 0)
    truth = np.nanmean(value, axis=0)
    truth[:, -1] = 1 + np.argsort(np.argsort(-truth[:, 0]))
    held = np.where(np.isnan(value), np.nan, (low <= truth) & (truth <= high))
    print(f"{n_worlds} worlds, {N_RUNS} runs each; share of 95 % intervals that hold the truth")
    print(
        f"{'figure':<16} {'all':>6}   by town, {EXPECTED.max()} to {EXPECTED.min()} organisations"
    )
    for i, figure in enumerate(FIGURES):
        by_town = " ".join(f"{share:.2f}" for share in np.nanmean(held[:, :, i], axis=0))
        print(f"{figure:<16} {np.nanmean(held[:, :, i]):>6.3f}   {by_town}")


if __name__ == "__main__":
    main()

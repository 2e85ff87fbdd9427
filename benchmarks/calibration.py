"""
How often chance alone is called a finding: the tests of detect, on relabelled real data.

    python benchmarks/calibration.py [EDITION ...]

EDITION is the folder of a built edition; without one, Horizon 2020 with ROR is built into a
temporary folder (needs the data at TRIPLEHELIX_DATA). Places, organisations and clusters stay
as they are; which activities have which themes is drawn anew many times, among activities at
as many sites.

(a) clusters of all activity: do themes concentrate in them (theme_concentration)?
(b) clusters of one theme's activities: are they more than chance (labelling_test)? The drawn
    labellings are judged by four sets of 999 runs, which are themselves chance. From them and
    from the number of drawings the share of relabellings has a standard error of some 0.8
    points.

Strong is what `evidence` says with a stability of 1, the worst case: resampling can only take
the word away. All figures are per relabelling or per cluster, next to the stated 5 %.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import duckdb
import numpy as np
from scipy.sparse import csr_array

from triplehelix.detect.against_chance import N_SIZES, SIZES_TO
from triplehelix.detect.dbscan import dbscan
from triplehelix.detect.labelling import labelling_test
from triplehelix.detect.parameters import LEAST_MIN_WEIGHT, ONE_IN
from triplehelix.detect.significance import evidence, theme_concentration

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
INPUTS = [DATA / "cordis_h2020", DATA / "ror" / "ror-data_schema_v2.json.gz"]
RADIUS_KM, N_DRAWN, N_RUNS, N_SETS, SEED = 10.0, 1_000, 999, 4, 20_240_601
LEAST_THEME, N_MIXED = 20, 500


class Landscape(NamedTuple):
    """Placed sites, the activities at them, and which have which theme (activities x themes)."""

    lat: np.ndarray
    lon: np.ndarray
    site: np.ndarray
    activity: np.ndarray
    activity_id: list[str]
    has: np.ndarray
    theme: list[str]

    @property
    def size(self) -> np.ndarray:
        """The stratum of each activity: by the number of its sites."""
        return np.searchsorted(SIZES_TO, np.bincount(self.activity))

    def relabelled(self, rng: np.random.Generator, has: np.ndarray) -> np.ndarray:
        """The labels dealt out anew within each stratum."""
        drawn = has.copy()
        for each in range(N_SIZES):
            rows = np.flatnonzero(self.size == each)
            drawn[rows] = has[rng.permutation(rows)]
        return drawn


def landscape(edition: Path) -> Landscape:
    """The placed part of an edition; activities without a place are left out."""
    tables = {name: str(edition / f"{name}.parquet")
              for name in ("sites", "participations", "activity_themes")}  # fmt: skip
    con = duckdb.connect()
    for name, path in tables.items():
        con.execute(f"create view {name} as from read_parquet('{path}')")
    con.execute("""
        create table work as
        select distinct site_id, activity_id from participations join sites using (site_id)
        where precision in ('address', 'postcode', 'district', 'city')
          and role is distinct from 'funder'""")
    sites = con.execute("""
        select site_id, lat, lon from sites
        where site_id in (select site_id from work) order by site_id""").fetchnumpy()
    pairs = con.execute("select * from work order by all").fetchnumpy()
    themed = con.execute("""
        select distinct activity_id, theme from activity_themes
        where activity_id in (select activity_id from work) order by all""").fetchnumpy()
    ids, activity = np.unique(pairs["activity_id"].astype(str), return_inverse=True)
    themes, column = np.unique(themed["theme"].astype(str), return_inverse=True)
    has = np.zeros((len(ids), len(themes)), dtype=bool)
    has[np.searchsorted(ids, themed["activity_id"].astype(str)), column] = True
    site = np.searchsorted(sites["site_id"].astype(str), pairs["site_id"].astype(str))
    return Landscape(sites["lat"], sites["lon"], site, activity, ids.tolist(), has, themes.tolist())


def finder(land: Landscape):
    """Clusters by the rule of an edition, at distinct places: the same, in less time."""
    places, of = np.unique(np.c_[land.lat, land.lon], axis=0, return_inverse=True)

    def find(weight):
        least = max(LEAST_MIN_WEIGHT, weight.sum() / ONE_IN)
        total = np.bincount(of, weight, minlength=len(places))
        return dbscan(*places.T, radius_km=RADIUS_KM, min_weight=least, weight=total)[of]

    return find


def print_mix(land: Landscape) -> None:
    """Part (a): the mix of themes of the clusters of all activity."""
    labels = finder(land)(np.bincount(land.site, minlength=len(land.lat)).astype(float))
    inside = labels[land.site] >= 0
    pairs = np.unique(np.c_[labels[land.site], land.activity][inside], axis=0)
    members = csr_array(
        (np.ones(len(pairs)), pairs.T), shape=(labels.max() + 1, len(land.activity_id))
    )

    sizes = np.eye(N_SIZES)[land.size]
    n_cluster, n_all = members @ sizes, sizes.sum(axis=0)

    def tested(has):
        return theme_concentration(
            members @ has.astype(float), n_cluster, has.T.astype(float) @ sizes, n_all
        )

    rng = np.random.default_rng(SEED)
    begun = perf_counter()
    drawn = [tested(land.relabelled(rng, land.has)) for _ in range(N_MIXED)]
    seconds = perf_counter() - begun
    p, q = (np.array([d[i] for d in drawn]) for i in (2, 3))
    strong = np.array([[word == "strong" for word in words(each)] for each in q])
    pair_q = np.array([d.q_value for d in drawn])
    print(f"(a) {members.shape[0]} clusters of all activity, {land.has.shape[1]} themes; "
          f"{N_MIXED} relabellings in {seconds:.1f} s")  # fmt: skip
    line("clusters with p <= 0.05, of all", np.mean(p <= 0.05))
    line("clusters called strong, of all", strong.mean())
    line("relabellings with any strong cluster", strong.any(axis=1).mean())
    line("relabellings with any pair of cluster and theme q <= 0.05", any_of(pair_q <= 0.05))
    true = tested(land.has)
    print(f"    true labels: {words(true.cluster_q_value).count('strong')} clusters strong; "
          f"{np.sum(true.q_value <= 0.05)} pairs with q <= 0.05")  # fmt: skip


def print_theme(land: Landscape, column: int) -> None:
    """Part (b): the clusters of one theme's activities alone."""
    find, has = finder(land), land.has[:, column]
    common = {"activity_id": land.activity_id, "n_sites": len(land.lat), "find": find}

    def tested(marks, n_runs, seed):
        return labelling_test(
            land.site,
            land.activity,
            has_theme=marks,
            stratum=land.size,
            n_runs=n_runs,
            seed=seed,
            **common,
        )

    begun = perf_counter()
    true = tested(has, N_RUNS, SEED)
    seconds = perf_counter() - begun
    others = [tested(has, N_RUNS, SEED + i).least for i in range(1, N_SETS)]
    least = [np.sort(each) for each in (true.least, *others)]
    rng = np.random.default_rng(SEED)
    tails = [tested(land.relabelled(rng, has), 1, 0).tail for _ in range(N_DRAWN)]
    p = [
        (1 + np.searchsorted(least[i % N_SETS], tail, side="right")) / (1 + N_RUNS)
        for i, tail in enumerate(tails)
    ]
    together = np.concatenate(p)
    strong = np.array([word == "strong" for word in words(together)])
    print(f"(b) {land.theme[column]}: {has.sum()} of {len(has)} activities, "
          f"{len(land.lat)} sites, {len(land.site)} pairs; "
          f"{N_RUNS} runs in {seconds:.1f} s")  # fmt: skip
    line("clusters whose tail alone is <= 0.05, of all", np.mean(np.concatenate(tails) <= 0.05))
    any_tail = np.mean([(tail <= 0.05).any() for tail in tails])
    line("relabellings with any cluster whose tail is <= 0.05", any_tail)
    line("clusters called strong, of all", strong.mean())
    line("relabellings with any strong cluster", np.mean([(each <= 0.05).any() for each in p]))
    print(f"    clusters found: {len(true.tail)} with true labels, "
          f"{np.mean([len(each) for each in p]):.1f} with drawn ones; "
          f"true ones strong: {words(true.p_value).count('strong')}")  # fmt: skip


def words(q) -> list[str]:
    """The evidence of clusters that no resampling ever changes."""
    return evidence(np.ones(len(q)), q)


def any_of(called) -> float:
    return float(called.reshape(len(called), -1).any(axis=1).mean())


def line(what: str, share: float) -> None:
    print(f"    {what:<58} {100 * share:6.2f} %   stated: at most 5 %", flush=True)


def built(folder: Path) -> Path:
    """Horizon 2020 with ROR as an edition below `folder`."""
    command = [str(Path(sys.executable).with_name("triplehelix")), "build"]
    subprocess.run(
        [*command, *map(str, INPUTS), "--into", str(folder / "edition")],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "edition"


def print_all(edition: Path) -> None:
    land = landscape(edition)
    print(f"{edition.name}: {len(land.activity_id)} placed activities")
    print_mix(land)
    for column in np.flatnonzero(land.has.sum(axis=0) >= LEAST_THEME):
        print_theme(land, column)


def main() -> None:
    """Print both parts for each edition given, or for a new one."""
    editions = [Path(each) for each in sys.argv[1:]]
    if not editions and not all(path.exists() for path in INPUTS):
        print(f"calibration: skipped, there is no Horizon 2020 with ROR at {DATA}")
        return
    folder = Path(tempfile.mkdtemp())
    try:
        for edition in editions or [built(folder)]:
            print_all(edition)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

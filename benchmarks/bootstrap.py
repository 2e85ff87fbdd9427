"""
200 bootstrap runs of the clusters of Horizon 2020: of its health part, and of the whole.

    python benchmarks/bootstrap.py [EDITION]

EDITION is the folder of an edition of Horizon 2020 with ROR; without it, one is built from the data
at TRIPLEHELIX_DATA into a temporary folder. Seconds are of one process, drawing of the weights and
first clusters included, reading of the edition not. No peer does this.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np

from triplehelix.detect.dbscan import finder
from triplehelix.detect.parameters import LEAST_MIN_WEIGHT, ONE_IN
from triplehelix.detect.stability import certainty

N_RUNS = 200
DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
INPUTS = [DATA / "cordis_h2020", DATA / "ror" / "ror-data_schema_v2.json.gz"]
# What is measured: a theme or all, the radii, the seconds to reach.
CASES = [("health", [10.0], 10), ("all", [10.0, 3.0, 30.0], 60)]

_PAIRS = """
    select distinct s.site_id, s.organisation_id, s.lat, s.lon, p.activity_id
    from '{0}/participations.parquet' p join '{0}/sites.parquet' s using (site_id)
    where s.precision in ('address', 'postcode', 'district', 'city')
      and p.role is distinct from 'funder'
      and ($theme = 'all' or p.activity_id in (
          select activity_id from '{0}/activity_themes.parquet' where theme = $theme))"""


def main() -> None:
    if sys.argv[1:]:
        measure(Path(sys.argv[1]))
        return
    if not all(path.exists() for path in INPUTS):
        print(f"bootstrap: skipped, there is no Horizon 2020 with ROR at {DATA}")
        return
    with tempfile.TemporaryDirectory() as folder:
        edition = Path(folder) / "edition"
        command = Path(sys.executable).with_name("triplehelix")
        asked = [str(command), "build", *map(str, INPUTS), "--into", str(edition)]
        subprocess.run(asked, check=True, capture_output=True)
        measure(edition)


def measure(edition: Path) -> None:
    """Print a line for each case."""
    print(f"{N_RUNS} runs; seconds, one process")
    print("theme    radii (km)       sites     pairs  clusters  stable  seconds  to reach")
    for theme, radii, limit in CASES:
        pairs = duckdb.execute(_PAIRS.format(edition), {"theme": theme}).df()
        run(pairs[:1000], radii)  # compiled, or read from the cache
        start = perf_counter()
        levels, n_sites = run(pairs, radii)
        seconds = perf_counter() - start
        clusters = "/".join(str(len(level.stability)) for level in levels)
        stable = "/".join(str((level.stability >= 0.75).sum()) for level in levels)
        print(
            f"{theme:<8} {'/'.join(f'{each:g}' for each in radii):<11} {n_sites:>9,} "
            f"{len(pairs):>9,} {clusters:>9} {stable:>7} {seconds:>8.2f} {limit:>9}",
            flush=True,
        )


def run(pairs, radii: list[float]) -> tuple[list, int]:
    """How sure the clusters of these participations are, at each radius."""
    # Here, as everything that imports Numba.
    from triplehelix.detect.stability_runs import work_of

    sites = pairs.drop_duplicates("site_id").sort_values("site_id")
    site_ids, site = np.unique(pairs.site_id.to_numpy(str), return_inverse=True)
    organisations, organisation = np.unique(
        sites.organisation_id.to_numpy(str), return_inverse=True
    )
    activities, activity = np.unique(pairs.activity_id.to_numpy(str), return_inverse=True)
    shape = len(organisations), len(activities)
    work = work_of(organisation, site, activity, shape=shape, by_activities=True)
    weight = np.bincount(site)
    find = finder(
        sites.lat, sites.lon, radius_km=radii,
        min_weight=max(LEAST_MIN_WEIGHT, weight.sum() / ONE_IN),
    )  # fmt: skip
    levels = certainty(
        find(weight).labels, work, lambda drawn: find(drawn).labels,
        organisations=organisations.tolist(), activities=activities.tolist(),
        n_runs=N_RUNS, seed=0,
    )  # fmt: skip
    return levels, len(site_ids)


if __name__ == "__main__":
    main()

"""
Ties of the whole of Horizon 2020: all of the stage `link`, and what is asked of it.

    python -m benchmarks.ties DIR        an edition built from Horizon 2020

Processor seconds of each part: links with what gravity expects; ties by year; roles; brokers,
backbone and communities of the clusters; missing links. To reach: 30 s and 2 GiB in all.
"""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

from triplehelix import link
from triplehelix.app.languages import official_languages
from triplehelix.app.missing import missing
from triplehelix.query import Query
from triplehelix.store.edition import open_edition

TABLES = "memberships sites organisations participations activities activity_themes".split()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print the processor seconds that the block takes."""
    begun = time.process_time()
    yield
    print(f"  {what:32} {time.process_time() - begun:6.1f} s")


def stage(database: duckdb.DuckDBPyConnection) -> None:
    """Run the steps of the stage."""
    for step in link.steps(official_languages()):
        if isinstance(step, Query):
            database.execute(f"create table {step.makes} as {step.sql}", step.values)
        else:
            made = step.function(*(database.table(t).to_arrow_table() for t in step.reads))
            database.register("made", made)
            database.execute(f"create table {step.makes} as select * from made")


def columns(database: duckdb.DuckDBPyConnection, sql: str) -> list[np.ndarray]:
    """The columns of a query's answer."""
    return list(database.execute(sql).fetchnumpy().values())


def main() -> None:
    """Time each part and print it."""
    folder = Path(sys.argv[1])
    database = duckdb.connect(config={"threads": 2, "memory_limit": "1GiB"})
    for table in TABLES:
        database.execute(f"create table {table} as select * from '{folder / table}.parquet'")
    for name in ("clusters", "found_clusters"):
        database.execute(f"create table {name} as select * from '{folder / 'clusters'}.parquet'")
    begun = time.process_time()
    print("Ties of Horizon 2020, processor time")
    with timed("links and roles, with gravity"):
        stage(database)
    activity, organisation, group, country = columns(database, """
        select distinct activity_id, organisation_id, coalesce(m.cluster_id, ''),
            coalesce(o.country, '')
        from participations p join organisations o using (organisation_id)
        left join (select site_id, cluster_id from memberships join clusters using (cluster_id)
                   where level = 0 and theme = 'all' and period = 'all') m using (site_id)
        where p.role is distinct from 'funder'""")  # fmt: skip
    activity, organisation, group, country = (
        np.asarray(c, dtype=str) for c in (activity, organisation, group, country)
    )
    with timed("ties between clusters, intervals"):
        link.ties(activity, group)
    with timed("ties between organisations"):
        link.collaboration(activity, organisation)
    with timed("roles"):
        link.role(activity, organisation, group, country)
    first, second, weight = columns(database, """
        select "from", "to", weight from links_counted
        where layer = 1 and theme = 'all' and period = 'all' and kind = 'cluster'
            and weight > 0""")  # fmt: skip
    first, second = first.astype(str), second.astype(str)
    with timed("backbone"):
        kept = link.backbone(first, second, weight).kept
    with timed("brokers"):
        link.brokerage(first[kept], second[kept], weight[kept])
    with timed("communities"):
        link.communities(first, second, weight)
    with timed("missing links"):
        missing(open_edition(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  in all {time.process_time() - begun:6.1f} s    to reach: at most 30 s")
    print(f"  peak   {peak:6.0f} MiB  to reach: at most 2048 MiB")


if __name__ == "__main__":
    main()

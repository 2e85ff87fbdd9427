"""
Ties at full size: all of the stage `link`, and what is asked of it.

    python -m benchmarks.ties DIR        an edition built from Horizon 2020
    python -m benchmarks.ties N          N participations, made up; by default 1,000,000

Processor seconds of each part: links with what gravity expects; ties by theme; roles; brokers,
backbone and communities; missing links. To reach: 30 s and 2 GiB for Horizon 2020, 300 s for
10,000,000 participations. Making the landscape up is not counted.
"""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.ties_world import made_up
from triplehelix import link
from triplehelix.app.languages import official_languages
from triplehelix.link.past import Traits
from triplehelix.query import Query

TABLES = ("clusters memberships sites organisations participations activities "
          "activity_themes").split()  # fmt: skip


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print the processor seconds that the block takes, and the memory at its highest so far."""
    begun = time.process_time()
    yield
    print(f"  {what:36} {time.process_time() - begun:7.1f} s   {_peak():6.0f} MiB", flush=True)


def stage(database: duckdb.DuckDBPyConnection) -> None:
    """Run the steps of the stage, which read the clusters as detection leaves them."""
    database.execute("create view found_clusters as from clusters")
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


def participants(database: duckdb.DuckDBPyConnection) -> list[np.ndarray]:
    """Numbers of activity and organisation, cluster (empty outside all), country, per part."""
    return columns(database, """
        with activities as (
            select activity_id, row_number() over (order by activity_id) as activity
            from (select distinct activity_id from participations)),
        bodies as (
            select organisation_id, coalesce(country, '') as country,
                row_number() over (order by organisation_id) as organisation
            from organisations),
        members as (
            select site_id, cluster_id from memberships join clusters using (cluster_id)
            where level = 0 and theme = 'all' and period = 'all')
        select distinct activity, organisation, coalesce(cluster_id, '') as cluster_id, country
        from participations p join activities using (activity_id)
        join bodies using (organisation_id) left join members using (site_id)
        where p.role is distinct from 'funder'""")  # fmt: skip


def network(database: duckdb.DuckDBPyConnection) -> list[np.ndarray]:
    """The ties between clusters of the first level, with their squares."""
    return columns(database, """
        select "from", "to", weight, squares from links_counted
        where layer = 1 and theme = 'all' and period = 'all' and kind = 'cluster'
            and weight > 0""")  # fmt: skip


def missing(database: duckdb.DuckDBPyConnection, parts: list[np.ndarray]) -> link.Missing:
    """The missing links between clusters."""
    names, lat, lon, country = columns(database, """
        select cluster_id, centre_lat, centre_lon,
            case when len(countries) = 1 then countries[1] else '' end
        from clusters
        where level = 0 and theme = 'all' and period = 'all' order by 1""")  # fmt: skip
    traits = Traits(
        names.astype(str), lat, lon, country.astype(str), ["unknown"] * len(names),
        official_languages(),
    )  # fmt: skip
    inside = parts[2] != ""
    themes = columns(database, """
        with activities as (
            select activity_id, row_number() over (order by activity_id) as activity
            from (select distinct activity_id from participations))
        select activity::varchar, theme from activity_themes join activities using (activity_id)
        where weight > 0""")  # fmt: skip
    so_far = link.past(parts[0][inside], parts[2][inside], traits, themes=(themes[0], themes[1]))
    first, second, weight, _ = network(database)
    known = np.isin(first.astype(str), so_far.node) & np.isin(second.astype(str), so_far.node)
    at = [np.searchsorted(so_far.node, each[known].astype(str)) for each in (first, second)]
    return link.missing_links(so_far, (at[0], at[1], weight[known]))


def main() -> None:
    """Time each part and print it."""
    given = sys.argv[1] if sys.argv[1:] else "1000000"
    made = given.isdigit()
    database = made_up(int(given)) if made else opened(Path(given))
    n = database.table("participations").shape[0]
    print(f"{n:,} participations: processor time, and the highest memory so far ({_peak():.0f} MiB "
          "before)")  # fmt: skip
    begun = time.process_time()
    with timed("links, with gravity"):
        stage(database)
    with timed("participants, read"):
        parts = participants(database)
    activity, organisation, group, country = parts
    with timed("ties between clusters, intervals"):
        link.ties(activity, group)
    with timed("ties between countries"):
        link.collaboration(activity, country)
    with timed("ties between organisations"):
        print(f"    {len(link.collaboration(activity, organisation).first):,} pairs")
    with timed("roles"):
        link.role(activity, organisation, group, country)
    first, second, weight, squares = network(database)
    with timed("backbone"):
        kept = link.backbone(first, second, weight).kept
    with timed("brokers"):
        link.brokerage(first[kept], second[kept], weight[kept])
    with timed("communities"):
        link.communities(first, second, weight, squares=squares)
    with timed("missing links"):
        missing(database, parts)
    reach = "300 s" if made else "30 s and 2048 MiB"
    print(f"  {'in all':36} {time.process_time() - begun:7.1f} s   {_peak():6.0f} MiB   "
          f"to reach: {reach}")  # fmt: skip


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database with the tables of an edition that the stage reads."""
    database = duckdb.connect(config={"threads": 2, "memory_limit": "1GiB"})
    for table in TABLES:
        database.execute(f"create table {table} as select * from '{folder / table}.parquet'")
    return database


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

"""A made-up landscape as large as asked, shaped like Horizon 2020, to time the stage `link` on."""

from tempfile import mkdtemp

import duckdb
import numpy as np
import pandas as pd

# About as in Horizon 2020 (4.6, 4.0, 0.6): participations of an activity, those of an
# organisation, the share of activities of one alone.
_PER_ACTIVITY, _PER_ORGANISATION, _ALONE = 4.93, 4.0, 0.6
_COUNTRIES = "AT BE BG CH CZ DE DK ES FI FR GB GR HU IE IT NL NO PL PT SE".split()
_HELICES = ("academia", "industry", "health", "government", "nonprofit")
_THEMES = 20
_CLUSTERS = {0: 1000, 1: 400}


def made_up(n_participations: int, seed: int = 0) -> duckdb.DuckDBPyConnection:
    """A database with the tables that `link.steps` reads, about so many rows of participations."""
    rng = np.random.default_rng(seed)
    n_activities = round(n_participations / _PER_ACTIVITY)
    n_organisations = round(n_participations / _PER_ORGANISATION)
    # Beyond this memory it writes to a folder of its own.
    database = duckdb.connect(config={"threads": 2, "memory_limit": "6GiB",
                                      "temp_directory": mkdtemp()})  # fmt: skip
    sites = _sites(rng, n_organisations)
    parts = _participations(rng, n_activities, n_organisations)
    for name, rows in {
        "organisations": sites[["organisation_id", "country", "helix"]],
        "sites": sites.drop(columns=["country", "helix"]),
        "clusters": _clusters(rng), "memberships": _memberships(sites),
        "participations": parts, "activity_themes": _themes(rng, n_activities),
        "activities": _activities(n_activities),
    }.items():  # fmt: skip
        database.register("made", rows)
        database.execute(f"create table {name} as select * from made")
        database.unregister("made")
    return database


def _activities(n: int) -> pd.DataFrame:
    return pd.DataFrame({
        "activity_id": _ids("a", np.arange(n)), "start": np.datetime64("2016-01-01", "D"),
    })  # fmt: skip


def _ids(letter: str, numbers: np.ndarray) -> np.ndarray:
    return np.char.add(letter, np.char.zfill(numbers.astype(str), 7)).astype(object)


def _participations(
    rng: np.random.Generator, n_activities: int, n_organisations: int
) -> pd.DataFrame:
    """Some alone, the others about 10 together; few organisations do very much."""
    size = np.where(
        rng.random(n_activities) < _ALONE, 1,
        1 + np.ceil(rng.lognormal(1.95, 0.75, n_activities)),
    ).astype(int)  # fmt: skip
    share = (10 + np.arange(n_organisations)) ** -0.85
    activity = np.repeat(np.arange(n_activities), size)
    # By the inverse of the distribution: far faster than to choose with given chances.
    cumulated = np.cumsum(share) / share.sum()
    drawn = np.searchsorted(cumulated, rng.random(len(activity)))
    rows = pd.DataFrame({"activity": activity, "organisation": drawn}).drop_duplicates()
    organisation = rows["organisation"].to_numpy()
    return pd.DataFrame({
        "activity_id": _ids("a", rows["activity"].to_numpy()),
        "organisation_id": _ids("o", organisation), "site_id": _ids("s", organisation),
        "role": "partner",
    })  # fmt: skip


def _sites(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One site each; two in five stand in a cluster, whose country is theirs."""
    cluster = np.where(rng.random(n) < 0.4, rng.integers(0, _CLUSTERS[0], n), -1)
    country = np.where(cluster >= 0, cluster, rng.integers(0, 1000, n)) % len(_COUNTRIES)
    number = np.arange(n)
    return pd.DataFrame({
        "organisation_id": _ids("o", number), "site_id": _ids("s", number), "cluster": cluster,
        "country": np.array(_COUNTRIES, dtype=object)[country],
        "helix": np.array(_HELICES, dtype=object)[rng.integers(0, len(_HELICES), n)],
        "lat": 40 + rng.random(n) * 20, "lon": -5 + rng.random(n) * 30, "precision": "city",
    })  # fmt: skip


def _clusters(rng: np.random.Generator) -> pd.DataFrame:
    levels = np.repeat(list(_CLUSTERS), list(_CLUSTERS.values()))
    number = np.concatenate([np.arange(n) for n in _CLUSTERS.values()])
    return pd.DataFrame({
        "cluster_id": [_cluster(level, k) for level, k in zip(levels, number, strict=True)],
        "method": "dbscan", "level": levels, "theme": "all", "period": "all",
        "centre_lat": 40 + rng.random(len(levels)) * 20,
        "centre_lon": -5 + rng.random(len(levels)) * 30,
        "countries": [[_COUNTRIES[k % len(_COUNTRIES)]] for k in number],
    })  # fmt: skip


def _memberships(sites: pd.DataFrame) -> pd.DataFrame:
    """Each cluster of the first level lies in one of the second."""
    inside = sites[sites["cluster"] >= 0]
    parts = [
        pd.DataFrame({
            "cluster_id": np.array([_cluster(level, k) for k in range(n)], dtype=object)[
                inside["cluster"] % n],
            "site_id": inside["site_id"], "organisation_id": inside["organisation_id"],
        })
        for level, n in _CLUSTERS.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _cluster(level: int, number: int) -> str:
    return f"c{level}-{number:04}"


def _themes(rng: np.random.Generator, n_activities: int) -> pd.DataFrame:
    """Every tenth activity has a theme."""
    number = np.flatnonzero(rng.random(n_activities) < 0.1)
    theme = np.array([f"theme-{k:02}" for k in range(_THEMES)], dtype=object)
    return pd.DataFrame({
        "activity_id": _ids("a", number), "theme": theme[rng.integers(0, _THEMES, len(number))],
        "weight": 1.0,
    })  # fmt: skip

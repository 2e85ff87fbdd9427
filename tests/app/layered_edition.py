"""
The small edition as several layers, with what resampling says; every figure is set by hand.

Level 0 has Cambridge (A) and Athens (B). Level 1 has one supercluster (WIDE) that holds both,
level -1 one campus (CAMPUS) in Cambridge: Alpha University and the hostile firm. Among genomics
alone there is one cluster (GENOMICS), of Alpha University, and among 2015/2016 one (YEARS), of
Alpha University and the hostile firm. So A and GENOMICS share 1 site of 3, A and YEARS 2 of 3.
"""

from typing import Any

import shapely

from tests.app.small_edition import ALPHA, A, B, _cluster, _link, _profile, tables

WIDE, CAMPUS, GENOMICS, YEARS = "cccc0003", "dddd0004", "eeee0005", "ffff0006"
DETECT = {"method": "dbscan", "radius_km": 10.0, "levels_km": [2.0, 40.0]}
_SURE = {A: (0.91, 0.0004, 0.001, "strong"), B: (0.4, 0.3, 0.3, "weak"),
         WIDE: (0.8, None, None, "moderate"), CAMPUS: (0.6, 0.02, 0.04, "moderate"),
         GENOMICS: (0.3, None, None, "weak"), YEARS: (0.99, 0.01, 0.02, "strong")}  # fmt: skip
# Rank, organisations and activities, each with the low and high end of its interval.
_COUNTS = {A: ((1, 1, 2), (3, 2, 4), (5, 4, 7)), B: ((2, 1, 3), (1, 0, 2), (2, 0, 3)),
           WIDE: ((1, 1, 1), (4, 3, 6), (6, 5, 8)), CAMPUS: ((1, 1, 1), (2, 1, 3), (4, 2, 5)),
           GENOMICS: ((1, 1, 2), (1, 0, 2), (2, 0, 3)),
           YEARS: ((1, 1, 1), (2, 2, 3), (3, 2, 4))}  # fmt: skip
_SITES = {WIDE: [("s1", 1.0), ("s2", 1.0), ("s7", 0.9), ("s3", 0.5)],
          CAMPUS: [("s1", 1.0), ("s2", 0.75)], GENOMICS: [("s1", 0.4)],
          YEARS: [("s1", 1.0), ("s2", 1.0)]}  # fmt: skip
_PROBABILITY = {"s1": 1.0, "s2": 0.5, "s7": 0.25, "s3": 0.4}


def layered() -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that is not empty."""
    rows = tables()
    rows["clusters"] += [
        _cluster(WIDE, "Cambridge and Athens", "GB", 45.0, 12.0, level=1, n_organisations=4,
                 n_activities=6, footprint=shapely.box(0, 37, 24, 53).wkb),
        _cluster(CAMPUS, "Cambridge: Alpha University", "GB", 52.2, 0.125, level=-1, parent_id=A,
                 n_organisations=2, n_activities=4),
        _cluster(GENOMICS, "Cambridge, Genomics", "GB", 52.2, 0.12, theme="genomics",
                 n_organisations=1, n_activities=2),
        _cluster(YEARS, "Cambridge, 2015–2016", "GB", 52.2, 0.12, period="2015/2016",
                 n_organisations=2, n_activities=3),
    ]  # fmt: skip
    for row in rows["clusters"]:
        row |= dict(zip(("stability", "p_value", "q_value", "evidence"),
                        _SURE[row["cluster_id"]], strict=True))  # fmt: skip
        if row["cluster_id"] in (A, B):
            row["parent_id"] = WIDE
        rows["profiles"] += _intervals(row)
    for row in rows["memberships"]:
        row["probability"] = _PROBABILITY[row["site_id"]]
    owner = {row["site_id"]: row["organisation_id"] for row in rows["sites"]}
    rows["memberships"] += [
        {"cluster_id": cluster, "site_id": site, "organisation_id": owner[site], "core": True,
         "probability": probability}
        for cluster, sites in _SITES.items() for site, probability in sites
    ]  # fmt: skip
    rows["profiles"] += [
        _profile(A, "concentration_q", 0.01, 2, theme="genomics"),
        _profile(A, "concentration_q", 0.6, 1, theme="vaccines"),
    ]
    rows["place_clusters"] += [
        {"place_id": "geonames:1", "level": 1, "cluster_id": WIDE, "distance_km": 0.0},
        {"place_id": "geonames:1", "level": -1, "cluster_id": CAMPUS, "distance_km": 1.5},
    ]
    rows["links"] += [_link(WIDE, "DE", 2, 1.333333333), _link(GENOMICS, "GR", 1, 1.0)]
    assert owner["s1"] == ALPHA
    return rows


def _intervals(cluster: dict[str, Any]) -> list[dict[str, Any]]:
    measures = ("rank", "n_organisations", "n_activities")
    counts = _COUNTS[cluster["cluster_id"]]
    return [
        _profile(cluster["cluster_id"], measure, float(value), 200, low=float(low),
                 high=float(high), theme=cluster["theme"], period=cluster["period"])
        for measure, (value, low, high) in zip(measures, counts, strict=True)
    ]  # fmt: skip

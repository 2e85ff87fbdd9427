"""
An edition of seven clusters whose network is known by hand.

Hub (GB) shares four projects with each of North (GB) and South (FR), which meet only in one
project that Hub is in too. Near (GB) and Far (FR) share two projects; Hub and Far share three;
Near and North share one; Lone shares nothing. Of genomics are two of Hub's projects with North.
"""

from itertools import count
from pathlib import Path
from typing import Any

from tests.app.small_edition import _activity, _cluster, _organisation, write_edition
from triplehelix.store.edition import Edition

HUB, NORTH, SOUTH, NEAR, FAR, LONE = "c1hub", "c2north", "c3south", "c4near", "c5far", "c6lone"
NAMES = {
    HUB: "Hub & <Sons>",
    NORTH: "North\x01",
    SOUTH: "South",
    NEAR: "Near",
    FAR: "Far",
    LONE: "Lone",
}
COUNTRY = {HUB: "GB", NORTH: "GB", SOUTH: "FR", NEAR: "GB", FAR: "FR", LONE: "GB"}
WORK = [
    (HUB, NORTH), (HUB, NORTH), (HUB, NORTH), (HUB, SOUTH), (HUB, SOUTH), (HUB, SOUTH),
    (HUB, NORTH, SOUTH), (NEAR, FAR), (NEAR, FAR), (HUB, FAR), (HUB, FAR), (HUB, FAR), (NEAR, NORTH),
]  # fmt: skip
# (weight, n_activities, p_value): of two ends each project weighs 1, of three 1/3.
TIES = {
    (HUB, NORTH): (3 + 1 / 3, 4, 0.01), (HUB, SOUTH): (3 + 1 / 3, 4, 0.02),
    (NORTH, SOUTH): (1 / 3, 1, 0.6), (NEAR, FAR): (2.0, 2, 0.03), (HUB, FAR): (3.0, 3, 0.04),
    (NORTH, NEAR): (1.0, 1, 0.3),
}  # fmt: skip


def _standing(cluster: str, measure: str, value: float, **more: Any) -> dict[str, Any]:
    return {"cluster_id": cluster, "measure": measure, "theme": "all", "period": "all",
            "value": value, **more}  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that is not empty."""
    number = count()
    parts = [
        {"participation_id": f"p{next(number):02d}", "activity_id": f"table:w{k:02d}",
         "organisation_id": f"table:{c}", "site_id": f"s{c}", "role": "partner",
         "share": 1 / len(clusters)}
        for k, clusters in enumerate(WORK) for c in clusters
    ]  # fmt: skip
    reach = {
        "local": (0.0, 0.0, 0.2),
        "national": (0.3, 0.15, 0.45),
        "international": (0.7, 0.55, 0.85),
    }
    return {
        "organisations": [
            _organisation(f"table:{c}", f"Institute of {name}", "academia", COUNTRY[c], f"s{c}")
            for c, name in NAMES.items()
        ],
        "sites": [
            {"site_id": f"s{c}", "organisation_id": f"table:{c}", "lat": 50.0 + k, "lon": float(k),
             "precision": "city", "source": "table"}
            for k, c in enumerate(NAMES)
        ],
        "activities": [_activity(f"w{k:02d}", f"Work {k}", 2014 + k % 4) for k in range(len(WORK))],
        "participations": parts,
        "themes": [{"theme": "genomics", "label": "Genomics", "scheme": "small", "version": "1"}],
        "activity_themes": [
            {"activity_id": f"table:w0{k}", "theme": "genomics", "weight": 1.0, "how": "given"}
            for k in (0, 1)
        ],
        "clusters": [
            _cluster(c, name, COUNTRY[c], 50.0 + k, float(k), n_organisations=1, n_activities=3)
            for k, (c, name) in enumerate(NAMES.items())
        ],
        "memberships": [
            {"cluster_id": c, "site_id": f"s{c}", "organisation_id": f"table:{c}", "core": True}
            for c in NAMES
        ],
        "links": [
            {"from": min(a, b), "to": max(a, b), "theme": "all", "period": "all", "weight": w,
             "n_activities": n, "p_value": p, "expected": 1.0,
             "low": w / 2, "high": w * 2}
            for (a, b), (w, n, p) in TIES.items()
        ] + [
            {"from": HUB, "to": NORTH, "theme": "genomics", "period": "all", "weight": 2.0,
             "n_activities": 2, "p_value": 0.5},
            {"from": HUB, "to": NORTH, "theme": "all", "period": "2014/2015", "weight": 1.0,
             "n_activities": 1, "p_value": 0.5},
            {"from": "FR", "to": "GB", "theme": "all", "period": "all", "weight": 8.0,
             "n_activities": 9, "p_value": 0.001},
        ],
        "profiles": [
            *(_standing(HUB, f"joint_{s}_share", v, low=low, high=high, n=10)
              for s, (v, low, high) in reach.items()),
            *(_standing(c, f"joint_{s}_share", v, low=low, high=high, n=3)
              for c in (NORTH, SOUTH, NEAR, FAR) for s, (v, low, high) in reach.items()),
            *(_standing(HUB, f"joint_{s}_share_by_size", v, n=10)
              for s, v in (("local", 0.1), ("national", 0.5), ("international", 0.4))),
            _standing(HUB, "joint_national_share_by_place", 0.55, low=0.5, high=0.6, n=10),
            _standing(HUB, "joint_international_share_by_place", 0.45, low=0.4, high=0.5, n=10),
            *(_standing(c, "betweenness", v, low=v * 0.9, high=v * 1.1, n=5)
              for c, v in ((HUB, 0.8), (NORTH, 0.1), (SOUTH, 0.0), (NEAR, 0.0), (FAR, 0.1))),
            *(_standing(HUB, f"joint_{s}_share", v, low=low, high=high, n=6) | {"period": "2014/2015"}
              for s, (v, low, high) in reach.items()),
            _standing(HUB, "constraint", 0.4, low=0.25, high=0.5, n=3),
            *(_standing(c, "community", k, n=n)
              for c, k, n in ((HUB, 0, 3), (NORTH, 0, 3), (SOUTH, 0, 3), (NEAR, 1, 2), (FAR, 1, 2))),
            *(_standing(c, "community_stability", 0.9 if c in (HUB, NORTH, SOUTH) else 0.4)
              for c in (HUB, NORTH, SOUTH, NEAR, FAR)),
        ],
    }  # fmt: skip


def networked(folder: Path) -> Edition:
    """The edition, written and opened."""
    return write_edition(folder, tables())

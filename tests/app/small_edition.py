"""
A small edition whose every figure is known by hand.

Cluster A (Cambridge, GB) has three members: Alpha University, a firm with a hostile name, a
firm with a name that is a formula; cluster B (Athens, GR) has one. Leeds, Cairo and somewhere
in Germany are in none. Six activities:

    joint     2015  Alpha, Hostile                    A: local
    abroad    2016  Alpha, Athens                     A, B: international
    leeds     2016  Alpha, Leeds Hospital             A: national
    untitled  ?     Athens, Cairo, nameless in DE     B: international
    alone     2017  Hostile; paid by Medical Funder   A: nothing (funders do not work)
    formula   2018  Formula, nameless in DE           A: international

So A works in 5 activities (1 local, 1 national, 2 international), B in 2 (both international).
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from triplehelix.store.edition import Edition, open_edition
from triplehelix.store.parquet import write
from triplehelix.tables import EDITION

A, B = "aaaa0001", "bbbb0002"
ALPHA = "https://ror.org/000000001"
HOSTILE = "<script>alert('x')</script> & \"Sons\""
FORMULA = '=HYPERLINK("http://evil.example")' + " and a very long name" * 15
GREEK, ARABIC = "Πανεπιστήμιο Αθηνών", "مستشفى القاهرة"


def _organisation(
    id_: str, name: str | None, helix: str, country: str, site: str
) -> dict[str, Any]:
    return {
        "organisation_id": id_,
        "name": name,
        "names": [name] if name else [],
        "helix": helix,
        "country": country,
        "main_site_id": site,
        "sources": ["table"],
        "n_records": 1,
    }


def _part(n: int, activity: str, organisation: str, site: str, share: float, **more: Any) -> Any:
    return {"participation_id": f"part{n:02d}", "activity_id": f"table:{activity}",
            "organisation_id": organisation, "site_id": site, "role": "partner", "share": share,
            "currency": "EUR", "record_id": f"rp{n:02d}", **more}  # fmt: skip


def _profile(cluster: str, measure: str, value: float, n: int, **more: Any) -> dict[str, Any]:
    return {"cluster_id": cluster, "measure": measure, "theme": "all", "period": "all",
            "value": value, "n": n, **more}  # fmt: skip


def _cluster(id_: str, name: str, country: str, lat: float, lon: float, **more: Any) -> Any:
    return {"cluster_id": id_, "name": name, "places": [name], "countries": [country],
            "theme": "all", "period": "all", "method": "dbscan", "level": 0, "kind": None,
            "centre_lat": lat, "centre_lon": lon, "area_km2": 78.5, "weight": 1.0,
            "footprint": shapely.Point(lon, lat).buffer(0.1).wkb, "evidence": "untested",
            **more}  # fmt: skip


def _link(a: str, b: str, n: int, weight: float) -> dict[str, Any]:
    return {"from": a, "to": b, "theme": "all", "period": "all", "n_activities": n,
            "weight": weight}  # fmt: skip


def _activity(id_: str, title: str | None, year: int | None) -> dict[str, Any]:
    start = date(year, 3, 1) if year else None
    return {"activity_id": f"table:{id_}", "kind": "project", "title": title, "start": start,
            "end": date(year + 2, 3, 1) if year else None, "currency": "EUR", "source": "table",
            "url": "javascript:alert(1)" if id_ == "joint" else None}  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that is not empty."""
    return {
        "organisations": [
            _organisation(ALPHA, "Alpha University", "academia", "GB", "s1"),
            _organisation("table:hostile", HOSTILE, "industry", "GB", "s2"),
            _organisation("table:athens", GREEK, "academia", "GR", "s3"),
            _organisation("table:cairo", ARABIC, "health", "EG", "s4"),
            _organisation("table:nameless", None, "industry", "DE", "s5"),
            _organisation("table:funder", "Medical Funder", "nonprofit", "GB", "s6"),
            _organisation("table:formula/1", FORMULA, "industry", "GB", "s7"),
            _organisation("table:leeds", "Leeds Hospital", "health", "GB", "s8"),
        ],
        "sites": [
            {"site_id": f"s{n}", "organisation_id": org, "place_id": place, "lat": lat, "lon": lon,
             "precision": precision, "source": "table"}
            for n, org, place, lat, lon, precision in [
                (1, ALPHA, "geonames:1", 52.2, 0.12, "postcode"),
                (2, "table:hostile", "geonames:1", 52.21, 0.13, "city"),
                (3, "table:athens", "geonames:2", 37.98, 23.72, "city"),
                (4, "table:cairo", None, 30.04, 31.24, "city"),
                (5, "table:nameless", None, None, None, "country"),
                (6, "table:funder", None, None, None, "country"),
                (7, "table:formula/1", "geonames:1", 52.2, 0.14, "address"),
                (8, "table:leeds", "geonames:3", 53.8, -1.55, "city"),
            ]
        ],
        "places": [
            {"place_id": f"geonames:{n}", "name": name, "names": names, "country": country,
             "lat": lat, "lon": lon, "population": people, "source": "geonames"}
            for n, name, names, country, lat, lon, people in [
                (1, "Cambridge", ["Cantabrigia"], "GB", 52.2, 0.12, 145_700),
                (2, "Athens", ["Αθήνα"], "GR", 37.98, 23.72, 664_046),
                (3, "Leeds", [], "GB", 53.8, -1.55, 455_123),
                (4, "Cambridge", [], "US", 42.37, -71.11, 118_403),
            ]
        ],
        "identifiers": [
            {"entity_kind": "organisation", "entity_id": ALPHA, "scheme": "ror", "value": ALPHA},
            {"entity_kind": "organisation", "entity_id": "table:hostile",
             "scheme": "companies-house", "value": "01234567"},
        ],
        "records": [
            {"record_id": "ro1", "source": "table", "source_record_id": "1", "file": "t/o.csv",
             "entity_kind": "organisation", "entity_id": ALPHA, "name": "ALPHA UNIV",
             "matched_how": "name", "match_probability": 0.93, "confidence": "medium",
             "source_url": "https://example.org/alpha", "note": "from memory, not looked up"},
            {"record_id": "ra1", "source": "table", "source_record_id": "joint", "file": "t/a.csv",
             "entity_kind": "activity", "entity_id": "table:joint", "name": "Joint genomics",
             "matched_how": "identifier", "match_probability": 1.0, "confidence": "high",
             "source_url": "javascript:alert(1)"},
            {"record_id": "rp01", "source": "table", "source_record_id": "joint/1",
             "file": "t/p.csv", "entity_kind": "participation", "entity_id": "part01",
             "matched_how": "identifier", "confidence": "medium"},
        ],
        "successors": [{"earlier_id": "table:alpha", "organisation_id": ALPHA}],
        "activities": [
            _activity("joint", "Joint genomics", 2015),
            _activity("abroad", "Abroad <b>bold</b>", 2016),
            _activity("leeds", "With Leeds", 2016),
            _activity("untitled", "", None),
            _activity("alone", "Alone", 2017),
            _activity("formula", "Formula", 2018),
        ],
        "texts": [{"activity_id": "table:joint", "language": "en", "summary": "About <i>DNA</i>."}],
        "participations": [
            _part(1, "joint", ALPHA, "s1", 0.5, role="lead", amount=Decimal("1000000.00")),
            _part(2, "joint", "table:hostile", "s2", 0.5, amount=Decimal("500000.00")),
            _part(3, "abroad", ALPHA, "s1", 0.5),
            _part(4, "abroad", "table:athens", "s3", 0.5),
            _part(5, "leeds", ALPHA, "s1", 0.5),
            _part(6, "leeds", "table:leeds", "s8", 0.5),
            _part(7, "untitled", "table:athens", "s3", 0.333333334),
            _part(8, "untitled", "table:cairo", "s4", 0.333333333),
            _part(9, "untitled", "table:nameless", "s5", 0.333333333),
            _part(10, "alone", "table:hostile", "s2", 1.0),
            _part(11, "alone", "table:funder", "s6", 0.0, role="funder"),
            _part(12, "formula", "table:formula/1", "s7", 0.5),
            _part(13, "formula", "table:nameless", "s5", 0.5),
        ],
        "themes": [
            {"theme": "genomics", "label": "Genomics", "definition": "The study of genomes",
             "scheme": "small", "version": "1"},
            {"theme": "vaccines", "label": "Vaccines", "scheme": "small", "version": "1"},
            {"theme": "unused", "label": "Unused", "scheme": "small", "version": "1"},
        ],
        "activity_themes": [
            {"activity_id": "table:joint", "theme": "genomics", "weight": 1.0, "how": "given"},
            {"activity_id": "table:abroad", "theme": "genomics", "weight": 0.5, "how": "keyword"},
            {"activity_id": "table:abroad", "theme": "vaccines", "weight": 0.5, "how": "code"},
        ],
        "clusters": [
            _cluster(A, "Cambridge", "GB", 52.2, 0.13, n_organisations=3, n_activities=5,
                     kind="specialised; r&d-collaborating"),
            _cluster(B, "Athens", "GR", 37.98, 23.72, n_organisations=1, n_activities=2),
        ],
        "memberships": [
            {"cluster_id": A, "site_id": "s1", "organisation_id": ALPHA, "core": True},
            {"cluster_id": A, "site_id": "s2", "organisation_id": "table:hostile", "core": True},
            {"cluster_id": A, "site_id": "s7", "organisation_id": "table:formula/1", "core": True},
            {"cluster_id": B, "site_id": "s3", "organisation_id": "table:athens", "core": True},
        ],
        "place_clusters": [
            {"place_id": "geonames:1", "level": 0, "cluster_id": A, "distance_km": 0.0},
            {"place_id": "geonames:2", "level": 0, "cluster_id": B, "distance_km": 0.0},
            {"place_id": "geonames:3", "level": 0, "cluster_id": A, "distance_km": 31.5},
        ],
        "profiles": [
            _profile(A, "location_quotient", 1.8, 2, theme="genomics", low=1.1, high=2.9),
            _profile(A, "location_quotient", 0.5, 1, theme="vaccines", low=0.1, high=1.4),
            _profile(B, "location_quotient", 1.2, 1, theme="genomics"),
            _profile(A, "local_share", 0.2, 5, low=0.04, high=0.62),
            _profile(A, "national_share", 0.2, 5, low=0.04, high=0.62),
            _profile(A, "international_share", 0.4, 5, low=0.12, high=0.77),
            _profile(A, "helix_activity_share_academia", 0.4, 5, low=0.1, high=0.8),
            _profile(A, "helix_activity_share_industry", 0.6, 5, low=0.2, high=0.9),
            _profile(A, "kind_diverse", 0.3, 2, low=0.2, high=0.6, note="spread over <few> themes"),
            _profile(A, "kind_specialised", 1.8, 2, low=1.6, high=2.9, note="Genomics 1.8 times"),
            _profile(A, "kind_rd_collaborating", 0.2, 5, low=0.15, high=0.62, note="20 % join"),
            _profile(A, "amount_EUR", 1_500_000.0, 2, note="4 of 6 participations state no amount"),
        ],
        "links": [
            _link(A, B, 1, 1.0), _link(A, "GR", 1, 1.0), _link(A, "GB", 1, 1.0),
            _link(A, "DE", 1, 1.0), _link(A, A, 1, 1.0), _link(B, "GB", 1, 1.0),
            _link(B, "EG", 1, 0.333333333), _link(B, "DE", 1, 0.333333333),
        ],
        "rejects": [
            {"source": "table", "content_hash": "h1", "n": 1, "file": "t/o.csv", "row": 7,
             "reason": "latitude 512 is not one; mend the row", "raw": "SECRET 0123 456789"},
        ],
    }  # fmt: skip


def write_edition(folder: Path, rows: dict[str, list[dict[str, Any]]], **manifest: Any) -> Edition:
    """Write tables and a manifest as an edition, and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, spec in EDITION.items():
        table = pa.Table.from_pylist(rows.get(name, []), schema=pa.schema(list(spec.columns)))
        table = table.sort_by([(key, "ascending") for key in spec.key])
        counts[name] = write(
            folder / f"{name}.parquet", spec.schema, table.cast(spec.schema).to_batches()
        )
    inputs = [{"source": "table", "file": "t/o.csv", "sha256": "ab" * 32, "rows_read": 10,
               "rows_kept": 9, "rows_rejected": 1}]  # fmt: skip
    about = {"name": "Small <edition>", "id": "small0001", "inputs": inputs, "parameters": {},
             "versions": {"triplehelix": "0.1.0"}, "counts": counts, "sample": False,
             "warnings": ["one file was not recognised"], "attribution": ["Somebody, CC0"],
             **manifest}  # fmt: skip
    (folder / "edition.json").write_text(json.dumps(about), "utf-8")
    return open_edition(folder)


def one_cluster() -> dict[str, list[dict[str, Any]]]:
    """The small edition without cluster B."""
    rows = tables()
    for name, row_list in rows.items():
        rows[name] = [
            r for r in row_list if B not in (r.get("cluster_id"), r.get("from"), r.get("to"))
        ]
    return rows

"""The sample keeps its own laws; its ROR ids agree with the registry."""

import csv
import gzip
import json
import os
import re
import unicodedata
from collections import Counter
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import numpy as np
import pycountry
import pytest
import yaml
from sklearn.cluster import DBSCAN

import triplehelix
from triplehelix.read.inputs import recognise
from triplehelix.read.rows import Kept
from triplehelix.read.schemes import read_scheme
from triplehelix.tables import ACTIVITY_KINDS, HELICES, PRECISIONS, ROLES

SAMPLE = Path(triplehelix.__file__).parent / "sample"
DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
ROR = [DATA / "ror" / f"ror-data_schema_{v}.json.gz" for v in ("v2", "v1")]
ORGANISATION_FILES = ("organisations", "participants", "partners", "funders")

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (SAMPLE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


UK, PARTNERS, ACTIVITIES = rows("organisations"), rows("partners"), rows("activities")
PARTICIPATIONS = rows("participations")
BODIES = {row["id"]: row for name in ORGANISATION_FILES for row in rows(name)}


def km(a: Row, lat: float, lon: float) -> float:
    lat1, lon1, lat2, lon2 = map(radians, (float(a["lat"]), float(a["lon"]), lat, lon))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))


def test_it_is_large_enough():
    assert len(UK) >= 290
    assert len({row["area"] for row in UK}) >= 18
    assert len(PARTNERS) >= 40
    assert {"JP", "KR", "IL", "CN", "CA", "AU", "US", "DE", "FR"} <= {
        p["country"] for p in PARTNERS
    }
    taking_part = {p["activity"] for p in PARTICIPATIONS if p["role"] != "funder"}
    joint = [a for a in ACTIVITIES if a["id"] in taking_part and a["start_year"] and a["themes"]]
    assert len(joint) >= 150


def test_each_activity_is_joint_and_performed():
    performers = Counter(
        activity for activity, _ in {(p["activity"], p["organisation"]) for p in PARTICIPATIONS
                                     if p["role"] != "funder"}
    )  # fmt: skip
    assert min(performers[a["id"]] for a in ACTIVITIES) >= 2


def test_ids_are_slugs_and_no_body_or_activity_stands_twice():
    assert sum(len(rows(name)) for name in ORGANISATION_FILES) == len(BODIES)
    names = Counter((row["name"].casefold(), row["country"]) for row in BODIES.values())
    assert max(names.values()) == 1
    identifiers = Counter(row["ror_id"] for row in BODIES.values() if row["ror_id"])
    assert max(identifiers.values()) == 1
    assert max(Counter(a["id"] for a in ACTIVITIES).values()) == 1
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in BODIES)


def test_participations_name_listed_activities_and_bodies():
    listed = {a["id"] for a in ACTIVITIES}
    for each in PARTICIPATIONS:
        assert each["activity"] in listed
        body = BODIES[each["organisation"]]
        assert (each["name"], each["country"]) == (body["name"], body["country"])
        assert each["role"] in ROLES


def test_each_row_has_source_and_confidence():
    for row in [*BODIES.values(), *ACTIVITIES, *PARTICIPATIONS]:
        assert row["source"].startswith(("https://", "http://"))
        assert row["confidence"] in ("high", "medium")
    for row in [*BODIES.values(), *PARTICIPATIONS]:
        assert row["confidence"] == "medium" or "from memory" not in row["note"]


def test_medium_bodies_say_why():
    for row in UK:
        assert row["confidence"] == "high" or row["note"]


def test_words_come_from_the_lists():
    assert all(pycountry.countries.get(alpha_2=row["country"]) for row in BODIES.values())
    assert {row["helix"] for row in BODIES.values()} <= set(HELICES)
    assert {a["kind"] for a in ACTIVITIES} <= set(ACTIVITY_KINDS)
    known = {theme.theme for theme in read_scheme().themes}
    for row in [*UK, *ACTIVITIES]:
        assert set(filter(None, row["themes"].split("|"))) <= known
    for row in BODIES.values():
        assert row["precision"] in PRECISIONS if row["lat"] else row["precision"] == ""


def test_years_are_sensible():
    for each in ACTIVITIES:
        assert 1990 <= int(each["start_year"]) <= 2026
        assert not each["end_year"] or int(each["start_year"]) <= int(each["end_year"]) <= 2035


def test_amounts_are_positive_and_in_pounds():
    for each in ACTIVITIES:
        assert bool(each["amount"]) == (each["currency"] == "GBP")
        assert not each["amount"] or int(each["amount"]) > 0


def test_uk_positions_are_in_the_uk():
    for row in [*UK, *rows("participants")]:
        if row["lat"]:
            assert 49.9 < float(row["lat"]) < 58.7
            assert -8.2 < float(row["lon"]) < 1.8


def test_positions_abroad_are_in_their_country():
    """Oracle: world countries as drawn at 1 : 110 million, so near the border is near enough."""
    atlas = DATA / "boundaries" / "world_110m_iso_a2.topojson"
    if not atlas.exists():
        pytest.skip(f"{atlas} is absent; set TRIPLEHELIX_DATA to the folder of the data")
    geopandas = pytest.importorskip("geopandas")
    shapely = pytest.importorskip("shapely")
    shapes = geopandas.read_file(atlas, layer="countries")
    column = next(c for c in shapes.columns if set(shapes[c].astype(str)) > {"FR", "JP", "US"})
    country = dict(zip(shapes[column], shapes.geometry, strict=True))
    for row in PARTNERS:
        if row["lat"] and row["country"] in country:
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            assert country[row["country"]].distance(point) < 0.7, row["name"]


def test_the_sample_is_read_without_a_reject():
    inputs, warnings = recognise([SAMPLE / "sample.map.yaml"])
    assert warnings == []
    assert {Path(each.file).stem for each in inputs} == {
        *ORGANISATION_FILES, "activities", "participations",
    }  # fmt: skip
    for each in inputs:
        outcomes = list(each.rows())
        assert len(outcomes) == len(rows(Path(each.file).stem))
        assert all(isinstance(outcome, Kept) for outcome in outcomes)


def test_its_parameters_find_known_places_apart():
    """Oracle: scikit-learn's DBSCAN on the performing bodies' sites."""
    found = yaml.safe_load((SAMPLE / "sample.build.yaml").read_text(encoding="utf-8"))["detect"]
    sites = {(row["id"], row["lat"], row["lon"], row["town"])
             for row in [*UK, *rows("participants")] if row["lat"]}  # fmt: skip
    listed = sorted(sites)
    points = np.radians([[float(lat), float(lon)] for _, lat, lon, _ in listed])
    scan = DBSCAN(eps=found["radius_km"] / 6371.0088, min_samples=found["min_weight"],
                  metric="haversine")  # fmt: skip
    labels = scan.fit_predict(points)
    core = {town: labels[i] for i, (_, _, _, town) in enumerate(listed) if labels[i] >= 0}
    apart = ("London", "Cambridge", "Oxford", "Edinburgh", "Glasgow", "Manchester", "Liverpool",
             "Cardiff", "Belfast", "Leeds", "Newcastle upon Tyne", "Bristol", "Birmingham",
             "Nottingham", "Norwich", "Aberdeen", "Sheffield", "Stevenage")  # fmt: skip
    assert len({core[town] for town in apart}) == len(apart)
    assert len(set(labels) - {-1}) >= 18


def test_ror_ids_agree_with_the_registry():
    if not all(path.exists() for path in ROR):
        pytest.skip("the ROR dump is absent; set TRIPLEHELIX_DATA to the folder of the data")
    registry = {}
    for path in reversed(ROR):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            registry.update({record["id"]: record for record in json.load(file)})
    checked = 0
    for row in BODIES.values():
        if row["ror_id"]:
            names, country, lat, lon, status = _facts(registry[row["ror_id"]])
            assert country == row["country"], row["name"]
            assert status != "withdrawn", row["name"]
            mine = {_plain(name) for name in (row["name"], *row["other_names"].split("|")) if name}
            assert mine & {_plain(name) for name in names}, row["name"]
            assert row["precision"] == "city" or km(row, lat, lon) < 30, row["name"]
            checked += 1
    assert checked > 350


def _facts(record: dict) -> tuple[list[str], str, float, float, str]:
    if "locations" in record:
        place = record["locations"][0]["geonames_details"]
        names = [name["value"] for name in record["names"]]
        return names, place["country_code"], place["lat"], place["lng"], record["status"]
    place = record["addresses"][0]
    names = [record["name"], *record["aliases"], *record["acronyms"]]
    names += [label["label"] for label in record["labels"]]
    country = record["country"]["country_code"]
    return names, country, place["lat"], place["lng"], record["status"]


def _plain(name: str) -> str:
    """A name without accents, case, signs, `the`, `of`, and brackets at its end."""
    letters = unicodedata.normalize("NFKD", re.sub(r"\s*\([^()]*\)$", "", name))
    words = letters.encode("ascii", "ignore").decode().lower().replace("&", " and ")
    words = re.sub(r"[^a-z0-9]+", " ", words.replace("'", ""))
    return " ".join(word for word in words.split() if word not in ("the", "of"))

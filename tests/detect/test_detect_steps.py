"""Two small clusters worked by hand, on DuckDB; and the law that row order changes nothing."""

from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import shapely

from triplehelix.detect import Parameters, steps
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.sphere import EARTH_RADIUS_KM
from triplehelix.tables import ALL, EDITION

KM = np.degrees(1 / EARTH_RADIUS_KM)  # degrees of latitude
MADE = ("found_clusters", "memberships", "place_clusters")

PLACES = {
    "p:london": ("London", "GB", 51.5, -0.12),
    "p:oxford": ("Oxford", "GB", 51.75, -1.25),
    "p:cambridge": ("Cambridge", "GB", 52.2, 0.12),
    "p:watford": ("Watford", "GB", 51.52 + 10 * KM, -0.12),
    "p:stevenage": ("Stevenage", "GB", 51.52 + 17 * KM, -0.12),
    "p:luton": ("Luton", "GB", 51.52 + 40 * KM, -0.12),
    "p:nowhere": ("Nowhere", "GB", None, None),
}  # fmt: skip

# site: organisation, place, lat, lon, precision
SITES = {
    "s1": ("o1", "p:london", 51.5, -0.12, "city"),
    "s2": ("o2", "p:london", 51.51, -0.12, "postcode"),
    "s3": ("o3", "p:london", 51.52, -0.12, "address"),
    "s4": ("o4", "p:oxford", 51.75, -1.25, "city"),
    "s5": ("o5", "p:oxford", 51.75, -1.26, "district"),
    "s6": ("o6", None, 51.5, -0.12, "region"),  # not placed surely enough
    "s7": ("o7", "p:oxford", 51.75, -1.25, "city"),  # a funder
    "s8": ("o8", "p:cambridge", 52.2, 0.12, "city"),  # alone
    "s9": ("o1", "p:oxford", 51.75, -1.25, "city"),  # where o1 only funds
    "s10": ("o9", None, None, None, "none"),
    "s11": ("o7", "p:oxford", 51.75, -1.25, "city"),  # the funder's other house
}

# activity, site, organisation, role
PARTICIPATIONS = [
    ("a1", "s1", "o1", "lead"), ("a1", "s4", "o4", "partner"), ("a1", "s7", "o7", "funder"),
    ("a2", "s2", "o2", "lead"), ("a2", "s3", "o3", "partner"), ("a2", "s3", "o3", "host"),
    ("a3", "s9", "o1", "funder"), ("a3", "s8", "o8", "lead"), ("a4", "s1", "o1", None),
    ("a5", "s5", "o5", "partner"), ("a6", "s5", "o5", "site"), ("a6", None, "o4", "lead"),
]  # fmt: skip


def table(name, rows):
    return pa.Table.from_pylist(rows, schema=ALL[name].schema)


def edition(rng=None):
    """The tables that detection reads, their rows shuffled by `rng`."""
    organisations = sorted({site[0] for site in SITES.values()})
    rows = {
        "places": [
            {"place_id": k, "name": n, "country": c, "lat": lat, "lon": lon}
            for k, (n, c, lat, lon) in PLACES.items()
        ],
        "sites": [
            {"site_id": k, "organisation_id": o, "place_id": p, "lat": a, "lon": b, "precision": c}
            for k, (o, p, a, b, c) in SITES.items()
        ],
        "organisations": [{"organisation_id": o, "country": "GB"} for o in organisations],
        "participations": [
            {"participation_id": f"{i}", "activity_id": a, "site_id": s, "organisation_id": o,
             "role": r}
            for i, (a, s, o, r) in enumerate(PARTICIPATIONS)
        ],
    }  # fmt: skip
    rows |= {"activities": [], "activity_themes": [], "themes": [], "reference_land": []}
    order = rng.permutation if rng else range
    return {name: table(name, [each[i] for i in order(len(each))]) for name, each in rows.items()}


def run(parameters, tables):
    """Each step in turn, as the store runs them; the tables they make."""
    with duckdb.connect() as connection:
        for name, content in tables.items():
            connection.register(name, content)
        made = dict(tables)
        for step in steps(parameters):
            if isinstance(step, Query):
                made[step.makes] = connection.execute(step.sql, step.values).to_arrow_table()
            else:
                made[step.makes] = step.function(*(made[each] for each in step.reads))
            connection.register(step.makes, made[step.makes])
        return made


Alone = partial(Parameters, levels_km=(), resamples=0)
Organisations = partial(Alone, weight="organisations")


def by_name(made):
    return {row["name"]: row for row in made["found_clusters"].to_pylist()}


@pytest.fixture(scope="module")
def made():
    return run(Organisations(radius_km=15, min_weight=2, margin_km=20), edition())


def test_tables_have_the_columns_of_an_edition(made):
    for name in MADE:
        assert made[name].schema.names == ALL[name].schema.names
        assert made[name].schema.types == ALL[name].schema.types


def test_clusters_worked_by_hand(made):
    clusters = by_name(made)
    assert clusters.keys() == {"London", "Oxford"}
    london, oxford = clusters["London"], clusters["Oxford"]
    assert (london["n_organisations"], london["n_activities"], london["weight"]) == (3, 3, 3.0)
    assert (oxford["n_organisations"], oxford["n_activities"], oxford["weight"]) == (2, 3, 2.0)
    assert (london["centre_lat"], london["centre_lon"]) == (51.51, -0.12)
    assert london["places"] == ["London"]
    assert london["countries"] == ["GB"]
    assert len(london["cluster_id"]) == 16
    assert int(london["cluster_id"], 16) >= 0


def test_what_is_not_known_yet_says_so(made):
    for row in made["found_clusters"].to_pylist():
        assert (row["theme"], row["period"], row["method"], row["level"]) == (
            "all",
            "all",
            "dbscan",
            0,
        )
        assert row["evidence"] == "untested"
        assert all(row[c] is None for c in ("parent_id", "kind", "stability", "p_value", "q_value"))


def test_footprints_are_outlines_in_longitude_and_latitude(made):
    oxford = by_name(made)["Oxford"]
    outline = shapely.from_wkb(oxford["footprint"])
    assert shapely.intersects_xy(outline, -1.255, 51.75)
    # A stadium: two discs of 20 km, 0.01 degrees of longitude apart.
    apart = 0.01 / KM * np.cos(np.radians(51.75))
    assert oxford["area_km2"] == pytest.approx(np.pi * 20**2 + 40 * apart, rel=0.01)


def test_members_worked_by_hand(made):
    names = {row["cluster_id"]: name for name, row in by_name(made).items()}
    members = {
        (names[row["cluster_id"]], row["site_id"], row["organisation_id"])
        for row in made["memberships"].to_pylist()
    }
    assert members == {
        ("London", "s1", "o1"), ("London", "s2", "o2"), ("London", "s3", "o3"),
        ("Oxford", "s4", "o4"), ("Oxford", "s5", "o5"),
    }  # fmt: skip
    assert all(row["core"] for row in made["memberships"].to_pylist())
    assert made["memberships"]["probability"].null_count == 5


def test_where_is_my_town(made):
    """At home, within the radius, within the footprint only, and beyond."""
    ids = {name: row["cluster_id"] for name, row in by_name(made).items()}
    found = {row["place_id"]: row for row in made["place_clusters"].to_pylist()}
    assert {k: (v["cluster_id"], v["distance_km"], v["level"]) for k, v in found.items()} == {
        "p:london": (ids["London"], 0.0, 0),
        "p:oxford": (ids["Oxford"], 0.0, 0),
        "p:watford": (ids["London"], 10.0, 0),
        "p:stevenage": (ids["London"], 17.0, 0),
    }


def test_weighed_by_activities():
    """s1 has 2 activities, s2 1, s3 1 (twice), s4 1, s5 2, s8 1."""
    made = run(Alone(radius_km=15, min_weight=3, weight="activities"), edition())
    weights = {row["name"]: row["weight"] for row in made["found_clusters"].to_pylist()}
    assert weights == {"London": 4.0, "Oxford": 3.0}


def test_a_site_without_activities_counts_as_one():
    tables = edition()
    tables["participations"] = EDITION["participations"].empty()
    listed = run(Organisations(radius_km=15, min_weight=2), tables)
    # Without participations nobody is known for a funder, so o7 and o1's second site count.
    assert {r["name"]: r["weight"] for r in listed["found_clusters"].to_pylist()} == {
        "London": 3.0, "Oxford": 5.0,
    }  # fmt: skip
    working = run(Alone(radius_km=15, min_weight=2, weight="activities"), tables)
    assert by_name(working).keys() == by_name(listed).keys()
    assert sum(row["weight"] for row in working["found_clusters"].to_pylist()) == 8


def test_without_a_given_weight_five_or_one_in_two_thousand():
    tables = edition()
    sites = [
        {"site_id": f"t{i}", "organisation_id": f"t{i}", "lat": 10 + 0.5 * (i // 6), "lon": 0.0,
         "precision": "city"} for i in range(12_000)
    ]  # fmt: skip
    # Two thousand towns of six: one in 2,000 of 12,000 is six, which each of them just has.
    tables["sites"] = table("sites", [row | {"lat": -60 + row["lat"] / 10} for row in sites])
    tables["participations"] = EDITION["participations"].empty()
    many = run(Alone(radius_km=1), tables)
    assert many["detection"].to_pylist() == [
        {"theme": "all", "period": "all", "min_weight": 6.0, "weight": 12_000, "n_sites": 12_000}
    ]
    assert many["found_clusters"].num_rows == 2000
    assert run(Alone(), edition())["detection"]["min_weight"].to_pylist() == [5.0]
    nothing = {name: ALL[name].empty() for name in tables}
    assert run(Alone(), nothing)["found_clusters"].num_rows == 0


def test_border_members_are_not_core():
    """Three in a row, 10 km apart, of which only the middle one has three within 10 km."""
    tables = edition()
    tables["sites"] = table("sites", [
        {"site_id": f"s{i}", "organisation_id": f"o{i}", "lat": 10 + i * 10 * KM, "lon": 0.0,
         "precision": "city"} for i in range(3)
    ])  # fmt: skip
    made = run(Organisations(radius_km=10, min_weight=3), tables)
    core = {row["site_id"]: row["core"] for row in made["memberships"].to_pylist()}
    assert core == {"s0": False, "s1": True, "s2": False}
    # None of them is in a place, so the cluster is known by where it lies.
    assert made["found_clusters"]["name"].to_pylist() == ["10.09° N, 0.00° E"]


def test_a_cluster_keeps_its_id_while_method_parameters_and_core_stay(made):
    ids = {name: row["cluster_id"] for name, row in by_name(made).items()}
    tables = edition()
    far_member = {"site_id": "s0", "organisation_id": "o0", "lat": 51.75, "lon": -1.25 + 14 * KM}
    sites = [*tables["sites"].to_pylist(), far_member | {"precision": "city"}]
    with_core = run(
        Organisations(radius_km=15, min_weight=2, margin_km=20),
        tables | {"sites": table("sites", sites)},
    )
    assert by_name(with_core)["London"]["cluster_id"] == ids["London"]
    assert by_name(with_core)["Oxford"]["cluster_id"] != ids["Oxford"]
    wider = run(Organisations(radius_km=15.5, min_weight=2, margin_km=20), edition())
    assert not {row["cluster_id"] for row in by_name(wider).values()} & set(ids.values())
    whole = run(Organisations(radius_km=15.0, min_weight=2.0, margin_km=20.0), edition())
    assert {name: row["cluster_id"] for name, row in by_name(whole).items()} == ids


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_does_not_matter(made, seed):
    parameters = Organisations(radius_km=15, min_weight=2, margin_km=20)
    shuffled = run(parameters, edition(np.random.default_rng(seed)))
    for name in MADE:
        keys = [(key, "ascending") for key in ALL[name].key]
        assert shuffled[name].sort_by(keys).equals(made[name].sort_by(keys))


def test_a_town_with_members_of_two_clusters_goes_with_the_heavier():
    """Two in the north of the town, three in its south, 30 km apart."""
    tables = edition()
    rows = [(50.0, 0), (50.0, 1), (50.0 + 30 * KM, 2), (50.0 + 30 * KM, 3), (50.0 + 30 * KM, 4)]
    tables["sites"] = table("sites", [
        {"site_id": f"s{i}", "organisation_id": f"n{i}", "lat": lat, "lon": 0.0,
         "precision": "address", "place_id": "p:london"} for lat, i in rows
    ])  # fmt: skip
    made = run(Organisations(radius_km=5, min_weight=2), tables)
    heavier = next(row for row in made["found_clusters"].to_pylist() if row["weight"] == 3)
    home = next(r for r in made["place_clusters"].to_pylist() if r["place_id"] == "p:london")
    assert home["cluster_id"] == heavier["cluster_id"]
    assert sorted(made["found_clusters"]["name"].to_pylist()) == ["London", "London (2)"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "kmeans"}, "method is 'kmeans'; choose 'dbscan'"),
        ({"weight": "money"}, "weight is 'money'; choose 'organisations' or 'activities'"),
        ({"radius_km": 0}, "radius_km is 0; give a number from 1e-06 to 20015.1"),
        ({"radius_km": "15"}, "radius_km is '15'; give a number"),
        ({"min_weight": -1}, "min_weight is -1; give a number"),
        ({"min_weight": float("nan")}, "min_weight is nan"),
        ({"margin_km": 0}, "margin_km is 0; give a number from 0.01 to 1000"),
        ({"margin_km": True}, "margin_km is True"),
        ({"levels_km": (2, 10)}, "give every level a radius of its own"),
        ({"precision": "region"}, "precision is 'region'; choose 'address' or"),
        ({"resamples": -1}, "resamples is -1; give a number from 0 to 10000"),
        ({"periods": ("2014-2016",)}, "the period is '2014-2016'; write its first and last year"),
        ({"periods": ("2016/2014",)}, "such as 2014/2016"),
        ({"periods": ("2014/2016", "2016/2018")}, "let each begin after the one before has ended"),
    ],
)
def test_bad_parameters_are_explained(changes, words):
    with pytest.raises(InputError, match=words):
        Parameters(**changes)

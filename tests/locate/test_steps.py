"""Where mentions come to stand, on a gazetteer of a few towns; every answer by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import tables_after
from triplehelix.locate.steps import steps

GAZETTEER = [
    {"place_id": f"geonames:{i}", "name": name, "names": names, "country": country, "lat": lat,
     "lon": lon, "population": population, "source": "geonames"}
    for i, name, names, country, lat, lon, population in [
        (1, "Frankfurt am Main", ["Frankfurt"], "DE", 50.11, 8.68, 650_000),
        (2, "Frankfurt (Oder)", ["Frankfurt"], "DE", 52.34, 14.55, 57_000),
        (3, "Cambridge", [], "GB", 52.2, 0.12, 128_000),
        (4, "Cambridge", [], "US", 42.37, -71.11, 105_000),
        (5, "Turin", ["Torino"], "IT", 45.07, 7.69, 870_000),
        (6, "Salamanca", [], "ES", 40.97, -5.66, 144_000),
        (7, "Salamanca", ["Barrio de Salamanca"], "ES", 40.43, -3.68, 147_000),
        (8, "London", [], "GB", 51.51, -0.13, 8_900_000),
    ]
]  # fmt: skip


def located(*mentions, wanted=("sites",), reference=(), postcodes=(), participations=()):
    """Mentions are (organisation, values); the organisation's id is its name."""
    rows = [
        {"mention_id": f"m{i}", "source": "s", "source_record_id": name, "file": "f", "row": i}
        | values
        for i, (name, values) in enumerate(mentions)
    ]
    return tables_after(
        steps(), wanted,
        staged_organisations=rows, reference_places=GAZETTEER, reference=reference,
        reference_postcodes=postcodes, staged_participations=participations,
        mention_organisations=[{"mention_id": row["mention_id"],
                                "organisation_id": row["source_record_id"]} for row in rows],
        resolved_organisations=[{"organisation_id": name} for name in {m[0] for m in mentions}],
    )  # fmt: skip


def only_site(*mentions, **given_):
    [site] = located(*mentions, **given_)["sites"]
    return site["place_id"], site["precision"], site["lat"], site["lon"]


@pytest.mark.parametrize(("city", "country", "place", "precision"), [
    ("FRANKFURT AM MAIN", "DE", "geonames:1", "city"),
    ("FRANKFURT", "DE", "geonames:1", "city"),
    ("Frankfurt (Oder)", "DE", "geonames:2", "city"),
    ("FRANKFURT ODER", "DE", "geonames:2", "city"),
    ("CAMBRIDGE", "GB", "geonames:3", "city"),
    ("CAMBRIDGE, MA", "US", "geonames:4", "city"),
    ("TORINO TO", "IT", "geonames:5", "city"),
    ("CAMBRIDGE", "FR", None, "country"),
    ("NOWHERE IN PARTICULAR", "GB", None, "country"),
    (None, "GB", None, "country"),
    (None, None, None, "none"),
])  # fmt: skip
def test_towns(city, country, place, precision):
    found = only_site(("o", {"city": city, "country": country}))
    assert found[:2] == (place, precision)
    assert (found[2] is None) == (place is None)


def test_the_town_with_the_registrys_organisations_before_the_district_with_more_people():
    reference = [{"ror_id": "r", "place_id": "geonames:6", "country": "ES"}]
    assert only_site(("o", {"city": "SALAMANCA", "country": "ES"}), reference=reference)[0] == (
        "geonames:6"
    )


def test_given_coordinates_come_first_and_take_the_name_of_the_nearest_place():
    found = only_site(("o", {"lat": 52.205, "lon": 0.121, "country": "GB"}))
    assert found == ("geonames:3", "address", 52.205, 0.121)


def test_far_from_every_place_a_point_has_no_name():
    assert only_site(("o", {"lat": 60.0, "lon": -20.0}))[0] is None


POSTCODES = [
    {"level": "postcode", "postcode": p, "lat": lat, "lon": lon, "source": "c"}
    for p, lat, lon in [("CB21TN", 52.2, 0.12), ("CB21TP", 52.4, 0.14), ("CB39AA", 52.0, 0.1)]
]


@pytest.mark.parametrize(("postcode", "lat", "precision"), [
    ("CB2 1TN", 52.2, "postcode"),
    ("CB2 1ZZ", 52.3, "district"),   # the mean of the sector's two
    ("CB2 9ZZ", 52.3, "district"),   # no such sector: the mean of the outcode's two
])  # fmt: skip
def test_postcodes_and_what_stands_in_for_missing_ones(postcode, lat, precision):
    found = only_site(
        ("o", {"postcode": postcode, "city": "Cambridge", "country": "GB"}), postcodes=POSTCODES
    )
    assert found[1:3] == (precision, pytest.approx(lat))


def test_an_unknown_outcode_falls_back_to_the_town():
    found = only_site(
        ("o", {"postcode": "ZE1 0AA", "city": "Cambridge", "country": "GB"}), postcodes=POSTCODES
    )
    assert found[:2] == ("geonames:3", "city")


def test_a_mention_by_town_is_the_better_placed_site_in_that_town():
    sites = located(
        ("o", {"lat": 52.21, "lon": 0.13, "city": "Cambridge", "country": "GB"}),
        ("o", {"city": "CAMBRIDGE", "country": "GB"}),
        ("o", {"city": "London", "country": "GB"}),
    )["sites"]
    assert sorted((s["place_id"], s["precision"]) for s in sites) == [
        ("geonames:3", "address"), ("geonames:8", "city")]  # fmt: skip


def test_a_mention_without_place_is_the_only_site_or_stays_unplaced():
    one = located(("o", {"city": "London", "country": "GB"}), ("o", {"country": "GB"}))
    two = located(("o", {"city": "London", "country": "GB"}),
                  ("o", {"city": "Cambridge", "country": "GB"}), ("o", {"country": "GB"}))  # fmt: skip
    assert [s["precision"] for s in one["sites"]] == ["city"]
    assert sorted(s["precision"] for s in two["sites"]) == ["city", "city", "country"]


def test_the_registrys_town_stands_in_for_a_missing_one():
    reference = [{"ror_id": "o", "place_id": "geonames:3", "country": "GB", "lat": 52.2,
                  "lon": 0.12}]  # fmt: skip
    assert only_site(("o", {"country": "GB"}), reference=reference)[:2] == ("geonames:3", "city")


def part(i, mention, role="partner"):
    return {"source": "s", "source_record_id": f"p{i}", "activity_record_id": "a",
            "mention_id": mention, "role": role}  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=12))
def test_shares_of_an_activity_sum_to_one_and_divide_equally_among_organisations(rows):
    """The oracle is exact fractions: 1/n per organisation, its rows sharing equally."""
    mentions = [(f"o{i}", {"country": "GB"}) for i in range(6)]
    parts = [part(j, f"m{i}", "funder" if funds else "partner")
             for j, (i, funds) in enumerate(rows)]  # fmt: skip
    made = located(*mentions, wanted=["participations"], participations=parts)["participations"]
    performing = [i for i, funds in rows if not funds]
    for row in made:
        if row["role"] == "funder":
            assert row["share"] == 0
            continue
        mine = int(row["organisation_id"][1:])
        exact = Fraction(1, len(set(performing)) * performing.count(mine))
        assert abs(row["share"] - float(exact)) <= 12e-9
    parts_of_a_billion = [round(row["share"] * 1e9) for row in made]
    assert sum(parts_of_a_billion) == (1_000_000_000 if performing else 0)


def test_the_main_site_is_where_most_of_the_work_is():
    made = located(
        ("o", {"city": "London", "country": "GB"}), ("o", {"city": "Cambridge", "country": "GB"}),
        wanted=["organisations", "sites"],
        participations=[part(1, "m1"), part(2, "m1"), part(3, "m0")],
    )  # fmt: skip
    names = {site["site_id"]: site["name"] for site in made["sites"]}
    assert names[made["organisations"][0]["main_site_id"]] == "Cambridge"

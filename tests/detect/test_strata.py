"""Levels, themes and periods in the tables that detection makes, worked by hand."""

import numpy as np
import pyarrow as pa
import pytest

from tests.engine import tables_after
from triplehelix.detect import Parameters, steps
from triplehelix.sphere import EARTH_RADIUS_KM

KM = np.degrees(1 / EARTH_RADIUS_KM)
MADE = ("found_clusters", "memberships", "place_clusters", "cluster_intervals", "theme_tests",
        "detection")  # fmt: skip

# Three towns in a row, 30 km apart: six organisations in the first, three in each other.
TOWNS = {"t:north": ("Northam", 50 + 60 * KM, 3), "t:mid": ("Midham", 50 + 30 * KM, 3),
         "t:south": ("Southam", 50.0, 6)}  # fmt: skip


def given():
    """Each organisation does one activity a year; those of the south are about ageing."""
    sites, activities, themes, parts, organisations = [], [], [], [], []
    for town, (_, lat, n) in TOWNS.items():
        for i in range(n):
            organisation = f"o:{town}{i}"
            organisations.append(
                {"organisation_id": organisation, "name": f"House {i}", "country": "GB"}
            )
            sites.append({"site_id": f"s:{organisation}", "organisation_id": organisation,
                          "place_id": town, "lat": lat, "lon": 0.001 * i,
                          "precision": "address" if i < 3 else "city"})  # fmt: skip
            for year in (2014, 2015, 2018) if i < 3 else (2018,):
                activity = f"a:{organisation}{year}"
                activities.append({"activity_id": activity, "start": f"{year}-05-01"})
                parts.append({"participation_id": activity, "activity_id": activity,
                              "site_id": f"s:{organisation}", "organisation_id": organisation,
                              "role": "lead"})  # fmt: skip
                if town == "t:south":
                    themes.append({"activity_id": activity, "theme": "ageing"})
    from datetime import date

    for row in activities:
        row["start"] = date.fromisoformat(row["start"])
    return {
        "sites": sites, "activities": activities, "activity_themes": themes,
        "participations": parts, "organisations": organisations,
        "themes": [{"theme": "ageing", "label": "Ageing"}],
        "places": [{"place_id": key, "name": name, "country": "GB", "lat": lat, "lon": 0.0}
                   for key, (name, lat, _) in TOWNS.items()],
    }  # fmt: skip


def made(**parameters):
    chosen = {"radius_km": 10, "levels_km": (2, 40), "min_weight": 3} | parameters
    return tables_after(steps(Parameters(**chosen)), MADE, **given())


@pytest.fixture(scope="module")
def found():
    return made(themes=("ageing",), periods=("2014/2015", "2016/2018"), resamples=40,
                relabellings=99)  # fmt: skip


def by_name(found):
    return {row["name"]: row for row in found["found_clusters"]}


def test_levels_of_all_activity(found):
    main = [row for row in found["found_clusters"]
            if (row["theme"], row["period"]) == ("all", "all")]  # fmt: skip
    names = {level: sorted(r["name"] for r in main if r["level"] == level) for level in (-1, 0, 1)}
    assert names == {
        -1: ["Midham: House 0", "Northam: House 0", "Southam: House 0"],
        0: ["Midham", "Northam", "Southam"],
        1: ["Southam, Midham and Northam"],
    }


def test_finer_levels_hold_the_finely_placed_alone(found):
    """South has six organisations, of which three are known by their town only."""
    clusters = by_name(found)
    assert clusters["Southam"]["n_organisations"] == 6
    assert clusters["Southam: House 0"]["n_organisations"] == 3
    assert clusters["Southam"]["weight"] == 3 * 3 + 3
    assert clusters["Southam: House 0"]["weight"] == 9


def test_each_is_inside_the_next_wider(found):
    clusters = by_name(found)
    wide = clusters["Southam, Midham and Northam"]
    assert wide["parent_id"] is None
    assert clusters["Midham"]["parent_id"] == wide["cluster_id"]
    assert clusters["Midham: House 0"]["parent_id"] == clusters["Midham"]["cluster_id"]


def test_a_theme_alone_is_found_where_its_activities_are(found):
    themed = [row for row in found["found_clusters"] if row["theme"] == "ageing"]
    assert {(r["name"], r["level"], r["weight"], r["n_activities"]) for r in themed} == {
        ("Southam, Ageing", 0, 12.0, 12), ("Southam and around, Ageing", 1, 12.0, 12),
        ("Southam: House 0, Ageing", -1, 9.0, 9),
    }  # fmt: skip


def test_periods_hold_what_began_in_them(found):
    weights = {(r["name"], r["period"]): r["weight"] for r in found["found_clusters"]
               if r["level"] == 0 and r["period"] != "all"}  # fmt: skip
    assert weights == {
        ("Southam, 2014–2015", "2014/2015"): 6.0, ("Midham, 2014–2015", "2014/2015"): 6.0,
        ("Northam, 2014–2015", "2014/2015"): 6.0, ("Southam, 2016–2018", "2016/2018"): 6.0,
        ("Midham, 2016–2018", "2016/2018"): 3.0, ("Northam, 2016–2018", "2016/2018"): 3.0,
    }  # fmt: skip


def test_names_and_ids_are_each_of_one_cluster(found):
    rows = found["found_clusters"]
    assert (
        len({row["name"] for row in rows}) == len({row["cluster_id"] for row in rows}) == len(rows)
    )


def test_towns_lead_to_a_cluster_at_each_level(found):
    names = {row["cluster_id"]: row["name"] for row in found["found_clusters"]}
    where = {(r["place_id"], r["level"]): names[r["cluster_id"]] for r in found["place_clusters"]}
    assert where["t:mid", 0] == "Midham"
    assert where["t:mid", 1] == "Southam, Midham and Northam"
    assert where["t:mid", -1] == "Midham: House 0"


def test_intervals_hold_the_value_for_every_cluster(found):
    rows = found["cluster_intervals"]
    assert {row["measure"] for row in rows} == {"weight", "n_organisations", "n_activities", "rank"}
    assert len(rows) == 4 * len(found["found_clusters"])
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    counted = {(r["cluster_id"], r["measure"]): r["value"] for r in rows}
    for row in found["found_clusters"]:
        for measure in ("weight", "n_organisations", "n_activities"):
            assert counted[row["cluster_id"], measure] == row[measure]


def test_evidence_follows_its_published_rule(found):
    for row in found["found_clusters"]:
        stable, q = row["stability"], row["q_value"]
        beyond = q is not None and q <= 0.05
        word = (
            "strong" if stable >= 0.75 and beyond
            else "moderate" if stable >= 0.75 or (stable >= 0.5 and beyond)
            else "weak"
        )  # fmt: skip
        assert row["evidence"] == word


def test_a_theme_that_is_in_one_town_alone_is_beyond_chance_there(found):
    """12 of 30 activities, all of them in the south: 1 of 86,493,225 labellings is as extreme."""
    names = {row["cluster_id"]: row["name"] for row in found["found_clusters"]}
    p = {names[r["cluster_id"]]: r["p_value"] for r in found["theme_tests"]}
    assert p["Southam"] == pytest.approx(1 / 86_493_225)
    assert p["Midham"] == 1.0
    assert by_name(found)["Southam"]["p_value"] == pytest.approx(1 / 86_493_225)


def test_unasked_is_untested():
    found = made(resamples=0, relabellings=0, themes=("ageing",))
    assert {row["evidence"] for row in found["found_clusters"]} == {"untested"}
    assert {row["stability"] for row in found["found_clusters"]} == {None}
    assert not found["cluster_intervals"]
    assert {row["probability"] for row in found["memberships"]} == {None}


def test_each_theme_may_be_asked_for():
    found = made(resamples=0, relabellings=0, themes=("each",))
    assert {row["theme"] for row in found["detection"]} == {"all", "ageing"}


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_changes_nothing(found, seed):
    rng = np.random.default_rng(seed)
    rows = {name: [each[i] for i in rng.permutation(len(each))] for name, each in given().items()}
    chosen = Parameters(
        radius_km=10, levels_km=(40, 2), min_weight=3, themes=("ageing",),
        periods=("2014/2015", "2016/2018"), resamples=40, relabellings=99,
    )  # fmt: skip
    again = tables_after(steps(chosen), MADE, **rows)
    assert pa.array(str(again)) == pa.array(str(found))

"""The steps of lineage on tables: periods, levels, weights, ids that changed."""

import random

import pytest

from tests.engine import tables_after
from triplehelix.detect import lineage_steps
from triplehelix.errors import InputError

DEGREE_KM = 111.195


def _cluster(id_, period="all", level=0, theme="all"):
    return {"cluster_id": id_, "theme": theme, "period": period, "level": level}


def _members(**of):
    """Memberships of sites named by their organisation's letter."""
    return [
        {"cluster_id": id_, "site_id": f"s-{x}", "organisation_id": x}
        for id_, letters in of.items() for x in letters
    ]  # fmt: skip


def _sites(**lat):
    return [
        {"site_id": f"s-{x}", "organisation_id": x, "lat": at, "lon": 0.0} for x, at in lat.items()
    ]


def rows(steps=None, **given):
    found = tables_after(steps or lineage_steps(), ["lineage"], **given)["lineage"]
    return {(r["cluster_id"], r["earlier_cluster_id"]): (r["event"], r["overlap"]) for r in found}


SITES = _sites(a=50.0, b=50.0, c=51.0, d=51.0, e=52.0)


def test_each_period_is_compared_with_the_one_before():
    given = {
        "sites": SITES,
        "clusters": [
            _cluster("x1", "2014/2016"), _cluster("y1", "2014/2016"),
            _cluster("x2", "2017/2020"), _cluster("x3", "2021/2024"), _cluster("z3", "2021/2024"),
            _cluster("all"), _cluster("of a theme", theme="vaccines"),
        ],
        "memberships": _members(x1="ab", y1="cd", x2="ab", x3="ab", z3="e", all="abcde")
        + _members(**{"of a theme": "ab"}),
    }  # fmt: skip
    expected = {
        ("x2", "x1"): ("continues", 1.0), ("", "y1"): ("ended", 0.0),
        ("x3", "x2"): ("continues", 1.0), ("z3", ""): ("born", 0.0),
    }  # fmt: skip
    assert rows(**given) == expected
    mixed = {name: random.Random(3).sample(each, len(each)) for name, each in given.items()}
    assert rows(**mixed) == expected


def test_levels_are_compared_each_with_its_own():
    clusters = [
        _cluster(f"{name}{n}", period, level)
        for n, period in enumerate(("2014/2016", "2017/2020"))
        for name, level in (("town", 0), ("region", 1))
    ]
    members = _members(town0="ab", region0="abcd", town1="ab", region1="abcd")
    assert rows(clusters=clusters, memberships=members, sites=SITES) == {
        ("town1", "town0"): ("continues", 1.0), ("region1", "region0"): ("continues", 1.0),
    }  # fmt: skip


@pytest.mark.parametrize(("level", "events"), [(0, {"continues"}), (-1, {"born", "ended"})])
def test_campuses_are_looked_for_within_a_kilometre(level, events):
    """Others stand 2 km on: at a town's level that is the place, at a campus's it is not."""
    sites = _sites(a=50.0, b=50.0 + 2 / DEGREE_KM)
    clusters = [_cluster("l", "2017/2020", level), _cluster("e", "2014/2016", level)]
    found = rows(clusters=clusters, memberships=_members(l="b", e="a"), sites=sites)
    assert {event for event, _ in found.values()} == events


@pytest.mark.parametrize(("weight", "overlap"), [("activities", 0.75), ("organisations", 0.5)])
def test_a_site_weighs_its_activities_of_the_period(weight, overlap):
    """
    Of e, site a did three activities in its period and c none that counts, so it weighs 1.

    One of c's is later, one is its money only; l is a alone: 3 of 4 of e, or 1 of 2 sites.
    """
    activities = [{"activity_id": f"t{n}", "start": None} for n in range(5)]
    from datetime import date

    for n, year in enumerate((2014, 2015, 2016, 2018, 2015)):
        activities[n]["start"] = date(year, 6, 1)
    parts = [("t0", "a", "lead"), ("t1", "a", "partner"), ("t2", "a", "lead"), ("t2", "a", "host"),
             ("t3", "c", "lead"), ("t4", "c", "funder")]  # fmt: skip
    found = rows(
        lineage_steps(weight=weight),
        clusters=[_cluster("l", "2017/2020"), _cluster("e", "2014/2016")],
        memberships=_members(l="a", e="ac"), sites=SITES, activities=activities,
        participations=[
            {"participation_id": str(n), "activity_id": t, "site_id": f"s-{x}", "role": role}
            for n, (t, x, role) in enumerate(parts)
        ],
    )  # fmt: skip
    assert found == {("l", "e"): ("continues", overlap)}


def test_ids_that_changed_are_followed_and_ids_still_borne_are_not():
    """`old` became a. The id b is said to have become c, but b itself is still there."""
    given = {
        "clusters": [_cluster("m"), _cluster("n")], "memberships": _members(m="a", n="b"),
        "sites": _sites(a=50.0, b=60.0),
        "organisations": [{"organisation_id": x} for x in "abc"],
        "successors": [{"earlier_id": "old", "organisation_id": "a"},
                       {"earlier_id": "b", "organisation_id": "c"}],
        "earlier_clusters": [_cluster("m0"), _cluster("n0")],
        "earlier_memberships": [
            {"cluster_id": "m0", "site_id": "s-old", "organisation_id": "old"},
            {"cluster_id": "n0", "site_id": "s-b", "organisation_id": "b"},
        ],
        "earlier_sites": _sites(old=40.0, b=45.0),
    }  # fmt: skip
    assert rows(lineage_steps(earlier="published"), **given) == {
        ("m", "m0"): ("continues", 1.0), ("n", "n0"): ("continues", 1.0),
    }  # fmt: skip
    assert rows(lineage_steps(earlier="none"), **given) == {}


def test_found_again_by_todays_method():
    """Published as two, found again as one, which went on: no event, and the method is named."""
    given = {
        "clusters": [_cluster("now")], "memberships": _members(now="abcd"), "sites": SITES,
        "earlier_clusters": [_cluster("p"), _cluster("q"), _cluster("gone")],
        "earlier_memberships": _members(p="ab", q="cd", gone="e"), "earlier_sites": SITES,
        "again_clusters": [_cluster("again")], "again_memberships": _members(again="abcd"),
    }  # fmt: skip
    steps = lineage_steps(earlier="again")
    assert rows(steps, **given) == {
        ("now", "p"): ("continues", 0.5), ("now", "q"): ("continues", 0.5),
        ("", "gone"): ("ended", 0.0),
    }  # fmt: skip
    found = tables_after(steps, ["lineage_method"], **given)["lineage_method"]
    assert [tuple(row.values()) for row in found] == [
        ("", "gone", "ended"), ("now", "p", "merged"), ("now", "q", "merged"),
    ]  # fmt: skip


def test_no_such_comparison():
    with pytest.raises(InputError, match="earlier is 'maybe'; choose 'none' or 'published' or"):
        lineage_steps(earlier="maybe")

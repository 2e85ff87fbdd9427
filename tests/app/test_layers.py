"""Levels, themes and periods, and what resampling says, on the layered edition."""

import pytest
import shapely
import shapely.geometry

from tests.app.layered_edition import CAMPUS, GENOMICS, WIDE, YEARS
from tests.app.small_edition import ALPHA, HOSTILE, A, B
from triplehelix.app.cluster_members import cluster_members, member_sites
from triplehelix.app.cluster_profile import cluster_profile
from triplehelix.app.kin import kin
from triplehelix.app.landscape import cluster_names, landscape
from triplehelix.app.layers import layers
from triplehelix.app.links import links, n_ties
from triplehelix.app.shapes import layer_shapes
from triplehelix.app.where import where
from triplehelix.errors import InputError, UnknownName
from triplehelix.store.edition import Edition


def test_layers_with_their_reach(many: Edition) -> None:
    found = [(s.level, s.of, s.period, s.n_clusters, s.radius_km) for s in layers(many)]
    assert found == [
        (-1, "all", "all", 1, 2.0), (0, "all", "all", 2, 10.0), (1, "all", "all", 1, 40.0),
        (0, "all", "2015/2016", 1, 10.0), (0, "genomics", "all", 1, 10.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, [A, B]), ({"level": 1}, [WIDE]), ({"level": -1}, [CAMPUS]),
        ({"of": "genomics"}, [GENOMICS]), ({"period": "2015/2016"}, [YEARS]),
        ({"sort": "stability"}, [A, B]), ({"sort": "-stability"}, [B, A]),
        ({"sort": "rank"}, [A, B]), ({"sort": "-rank"}, [B, A]),
    ],
)  # fmt: skip
def test_landscape_of_a_layer(many: Edition, asked: dict[str, str], ids: list[str]) -> None:
    assert [row.cluster_id for row in landscape(many, **asked).clusters] == ids  # type: ignore[arg-type]
    if "sort" not in asked:
        assert {one for one, _ in cluster_names(many, **asked)} == set(ids)  # type: ignore[arg-type]


def test_a_layer_that_is_not_there_names_those_that_are(many: Edition) -> None:
    with pytest.raises(UnknownName, match="level 1, of all, period all"):
        landscape(many, level=2)
    with pytest.raises(UnknownName, match="no clusters of level 1, of 'genomics'"):
        links(many, level=1, of="genomics")


def test_counts_bear_the_interval_of_their_own_layer(many: Edition) -> None:
    row = landscape(many).clusters[0]
    assert (row.rank_low, row.rank_high) == (1, 2)
    assert (row.n_organisations_low, row.n_organisations_high) == (2, 4)
    assert (row.n_activities_low, row.n_activities_high) == (4, 7)
    assert cluster_profile(many, YEARS).cluster.n_activities_high == 4
    assert cluster_profile(many, GENOMICS).cluster.n_activities_low == 0


def test_unsampled_editions_have_no_interval(small: Edition) -> None:
    row = landscape(small, sort="stability").clusters[0]
    assert (row.stability, row.rank_low, row.n_activities_low) == (None, None, None)


def test_kin(many: Edition) -> None:
    assert [(k.relation, k.cluster_id, k.share) for k in kin(many, A)] == [
        ("within", WIDE, None), ("holds", CAMPUS, None),
        ("elsewhere", YEARS, 2 / 3), ("elsewhere", GENOMICS, 1 / 3),
    ]  # fmt: skip
    # Nearest level first upwards, largest first downwards.
    assert [(k.relation, k.cluster_id) for k in kin(many, CAMPUS)] == [
        ("within", A), ("within", WIDE),
    ]  # fmt: skip
    assert [(k.relation, k.cluster_id) for k in kin(many, WIDE)] == [("holds", A), ("holds", B)]
    assert kin(many, "nothing") == []
    assert cluster_profile(many, B).kin == kin(many, B)


def test_members_by_how_surely_they_belong(many: Edition) -> None:
    surest = cluster_members(many, A, sort="probability").members
    assert [(m.name, m.probability) for m in surest[:2]] == [
        ("Alpha University", 1),
        (HOSTILE, 0.5),
    ]
    assert cluster_members(many, A, sort="-probability").members[0].probability == 0.25
    assert cluster_members(many, A, sort="-name").members[0].name == "Alpha University"
    with pytest.raises(InputError, match="give one of activities, probability, name"):
        cluster_members(many, A, sort="size")


def test_member_sites(many: Edition) -> None:
    found = member_sites(many, A)
    assert [(s.site_id, s.lat, s.lon, s.probability) for s in found] == [
        ("s1", 52.2, 0.12, 1.0), ("s2", 52.21, 0.13, 0.5), ("s7", 52.2, 0.14, 0.25),
    ]  # fmt: skip
    assert [s.organisation_id for s in member_sites(many, A, helix="academia")] == [ALPHA]
    with pytest.raises(UnknownName, match="no cluster"):
        member_sites(many, "nothing")


def test_ties_are_between_clusters_of_one_layer(many: Edition) -> None:
    assert [(t.a.id, t.b.id) for t in links(many).ties] == [(A, B)]
    assert (n_ties(many), n_ties(many, 1)) == (1, 0)
    assert [t.weight for t in links(many, kind="country", level=1).ties] == [1.333333333]
    assert [t.b.id for t in links(many, kind="country", of="genomics").ties] == [GENOMICS]


def test_footprints_of_a_layer(many: Edition) -> None:
    drawn = layer_shapes(many, 0, "all", "all")
    assert set(drawn) == {A, B}
    assert layer_shapes(many, 3, "all", "all") == {}
    shape = shapely.geometry.shape(drawn[A])
    # A corner goes where its triangle is less than 0.5 km squared, 0.5 km being a twentieth of
    # the radius of 10 km; and half a unit of the fourth decimal each way.
    disc = shapely.Point(0.13, 52.2).buffer(0.1)
    assert shape.symmetric_difference(disc).area <= len(disc.exterior.coords) * (0.5 / 111) ** 2
    assert shapely.get_num_coordinates(shape) < shapely.get_num_coordinates(disc)


def test_where_at_each_level(many: Edition) -> None:
    here, overseas = where(many, "cambridge")
    assert (here.cluster_id, here.nearest_id) == (A, None)
    assert [(a.level, a.cluster_id, a.distance_km) for a in here.around] == [
        (-1, CAMPUS, 1.5), (1, WIDE, 0.0),
    ]  # fmt: skip
    assert (overseas.cluster_id, overseas.nearest_id) == (None, A)

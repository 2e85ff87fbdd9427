"""Whom to seek: who may be named and who not, by hand; claims against the rows themselves."""

import random
from datetime import date

import pytest

from tests.app.small_edition import ALPHA, A, B, write_edition
from triplehelix.app.build import build
from triplehelix.app.partners.area import area_named, countries_at_work
from triplehelix.app.partners.between import between
from triplehelix.app.partners.parties import party_named
from triplehelix.app.partners.seeking import clusters_to_seek, partners_of
from triplehelix.app.sample import sample_config, sample_inputs
from triplehelix.errors import InputError, UnknownName
from triplehelix.query import Query

TOWNS = {"North": (55.0, -2.0), "South": (51.0, -1.0), "Kyoto": (35.0, 135.8)}


def planted():
    """
    Seven bodies that may be named and some that may not, around `me` in North (GB).

    `hub` has worked with me, and with each of `best`, `twin` and `far`. `best` (industry, in
    North's cluster) shares my theme too; `twin` (academia, in South) does not; `far` is in Japan.
    Never to be named: `mine` (a unit of me), `above` (what I am part of), `payer` (pays for two
    and works in one), `ended` (has become `best`), `nameless`, `idle` (in no activity).
    """
    places = {
        "me": ("academia", "GB", "North"), "hub": ("health", "GB", "South"),
        "best": ("industry", "GB", "North"), "twin": ("academia", "GB", "South"),
        "far": ("academia", "JP", "Kyoto"), "mine": ("academia", "GB", "North"),
        "above": ("academia", "GB", "North"), "payer": ("nonprofit", "GB", "South"),
        "ended": ("industry", "GB", "North"), "nameless": ("industry", "GB", "North"),
        "idle": ("industry", "GB", "North"),
    }  # fmt: skip
    work = {
        "a1": ["me", "hub"], "a2": ["hub", "best"], "a3": ["hub", "twin"], "a4": ["hub", "far"],
        "a5": ["hub", "mine"], "a6": ["hub", "above"], "a7": ["hub", "payer"],
        "a8": ["hub", "ended"], "a9": ["hub", "nameless"], "b1": ["me"], "b2": ["best"],
    }  # fmt: skip
    n = iter(range(1000))
    return {
        "organisations": [
            {"organisation_id": f"t:{o}", "name": None if o == "nameless" else o.capitalize(),
             "names": [], "helix": helix, "country": country, "main_site_id": f"s-{o}",
             "parent_id": {"mine": "t:me", "me": "t:above"}.get(o), "sources": ["t"],
             "n_records": 1}
            for o, (helix, country, _) in places.items()
        ],
        "sites": [
            {"site_id": f"s-{o}", "organisation_id": f"t:{o}", "place_id": None,
             "lat": TOWNS[town][0], "lon": TOWNS[town][1], "precision": "city", "source": "t"}
            for o, (_, _, town) in places.items()
        ],
        "successors": [{"earlier_id": "t:ended", "organisation_id": "t:best"}],
        "activities": [
            {"activity_id": a, "kind": "project", "title": f"Project {a}",
             "start": date(2015, 1, 1), "source": "t"} for a in work
        ],
        "participations": [
            {"participation_id": f"p{next(n):03}", "activity_id": a, "organisation_id": f"t:{o}",
             "site_id": f"s-{o}", "role": "partner", "share": 1 / len(them)}
            for a, them in work.items() for o in them
        ] + [
            {"participation_id": f"f{k}", "activity_id": f"a{k}", "organisation_id": "t:payer",
             "site_id": "s-payer", "role": "funder", "share": 0.0} for k in (1, 2)
        ],
        "themes": [{"theme": "genes", "label": "Genes", "scheme": "t", "version": "1"}],
        "activity_themes": [
            {"activity_id": a, "theme": "genes", "weight": 1.0, "how": "given"}
            for a in ("b1", "b2")
        ],
        "clusters": [
            {"cluster_id": id_, "name": town, "places": [town], "countries": [country],
             "theme": "all", "period": "all", "method": "dbscan", "level": 0,
             "centre_lat": TOWNS[town][0], "centre_lon": TOWNS[town][1], "evidence": "untested"}
            for id_, town, country in (("c-n", "North", "GB"), ("c-s", "South", "GB"),
                                       ("c-k", "Kyoto", "JP"))
        ],
        "memberships": [
            {"cluster_id": {"North": "c-n", "South": "c-s", "Kyoto": "c-k"}[town],
             "site_id": f"s-{o}", "organisation_id": f"t:{o}", "core": True}
            for o, (_, _, town) in places.items()
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return write_edition(tmp_path_factory.mktemp("planted") / "e", planted())


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample edition, built."""
    return build(sample_inputs(), tmp_path_factory.mktemp("sample") / "e", sample_config())


def named(found):
    return {each.scope: [one.party.id for one in each.partners] for each in found.lists}


def test_who_may_be_named_to_an_organisation(world):
    found = partners_of(world, organisation="t:me", n=100)
    assert named(found) == {"cluster": ["t:best"], "country": ["t:twin"], "abroad": ["t:far"]}
    assert found.lists[0].n_candidates == 1


def test_reasons_are_said_with_their_figures(world):
    [best] = partners_of(world, organisation="t:me").lists[0].partners
    # Alone in its list it stands above nobody: one reason is said all the same.
    assert [reason.words for reason in best.reasons] == ["Hub works with both"]
    every = partners_of(world, organisation="t:me", with_country="GB").lists[0]
    assert [one.party.id for one in every.partners] == ["t:best", "t:twin"]
    # Of two, the better stands above three quarters: half of the other, and half of itself.
    assert [r.words for r in every.partners[1].reasons] == ["Hub works with both"]


def test_a_theme_keeps_those_at_work_in_it(world):
    found = partners_of(world, organisation="t:me", theme="genes")
    assert named(found) == {"cluster": ["t:best"], "country": [], "abroad": []}


def test_clusters_and_countries(world):
    """North shares an activity with South (a1, a2, ...), with Kyoto none; Kyoto a4 with South."""
    assert named(partners_of(world, cluster="c-n", n=100)) == {
        "clusters": ["c-k"], "country": ["t:twin"], "abroad": ["t:far"],
    }  # fmt: skip
    assert named(partners_of(world, cluster="c-n", with_country="JP")) == {
        "clusters": ["c-k"], "area": ["t:far"],
    }  # fmt: skip
    japan = named(partners_of(world, country="JP", n=9))
    assert japan["clusters"] == ["c-n"]
    assert set(japan["elsewhere"]) == {"t:above", "t:best", "t:me", "t:mine", "t:twin"}
    assert named(partners_of(world, country="JP", with_country="France"))["area"] == []


def test_one_who_has_done_nothing_is_told_why(world, small):
    idle = partners_of(world, organisation="t:idle")
    assert (idle.lists, idle.of.name) == ([], "Idle")
    assert idle.note.startswith("it has taken part in nothing, or as a funder alone")
    nowhere = partners_of(world, country="BR")
    assert (nowhere.lists, nowhere.note.split(",")[0]) == (
        [], "no organisation there has taken part in anything",
    )  # fmt: skip
    assert partners_of(small, organisation="table:funder").lists == []


def test_an_earlier_id_is_followed(small):
    assert partners_of(small, organisation="table:alpha").of.id == ALPHA


def test_the_small_edition_by_hand(small):
    """Alpha has worked with Hostile, Athens and Leeds; beyond is Formula alone in its cluster."""
    found = named(partners_of(small, organisation=ALPHA, n=100))
    assert found["cluster"] == ["table:formula/1"]
    assert found["country"] == []
    # Cairo has worked with Athens, as Alpha has; the nameless one in Germany is never named.
    assert found["abroad"] == ["table:cairo"]
    [cairo] = partners_of(small, organisation=ALPHA).lists[2].partners
    assert cairo.reasons[0].words == "Πανεπιστήμιο Αθηνών works with both"
    assert [(e.id, e.n_here, e.n_there) for e in cairo.reasons[0].evidence] == [
        ("table:athens", 1, 1)
    ]


def test_what_is_between_two_by_hand(small):
    found = between(small, f"organisation:{ALPHA}", "organisation:table:cairo")
    assert (found.n_shared, found.shared, found.n_common) == (0, [], 1)
    [athens] = found.common
    assert [s.activity_id for s in athens.with_a] == ["table:abroad"]
    assert [s.activity_id for s in athens.with_b] == ["table:untitled"]
    assert [(t.theme, t.n_a, t.n_b) for t in found.themes] == [
        ("genomics", 2, 0), ("vaccines", 1, 0),
    ]  # fmt: skip
    # Cambridge to Cairo: 3,530 km by any atlas, to the nearest hundred.
    assert found.distance_km == pytest.approx(3530, abs=60)
    both = between(small, f"cluster:{A}", f"cluster:{B}")
    assert [s.activity_id for s in both.shared] == ["table:abroad"]


def test_wrong_use_is_named(small, many):
    with pytest.raises(InputError, match="2 of cluster, organisation and country are given"):
        partners_of(small, cluster=A, country="GB")
    with pytest.raises(InputError, match="n is 0; give a number from 1 to 100"):
        partners_of(small, cluster=A, n=0)
    with pytest.raises(UnknownName, match="no country, group or nation 'Mars'"):
        partners_of(small, cluster=A, with_country="Mars")
    with pytest.raises(UnknownName, match="perhaps genomics"):
        partners_of(small, cluster=A, theme="genomic")
    with pytest.raises(InputError, match="'A' names nobody; write cluster:ID"):
        between(small, "A", f"cluster:{B}")
    with pytest.raises(UnknownName, match="has taken part in nothing"):
        between(small, "organisation:table:funder", f"cluster:{B}")
    with pytest.raises(UnknownName, match="is no cluster, country or organisation"):
        party_named(small, "Atlantis")
    levels = dict(many.clusters[["cluster_id", "level"]].to_numpy())
    one = next(iter(levels))
    two = next(c for c in levels if levels[c] != levels[one])
    with pytest.raises(InputError, match="compare clusters of one level, theme and period"):
        between(many, f"cluster:{one}", f"cluster:{two}")


@pytest.mark.parametrize(
    ("written", "kind", "id_"),
    [("cambridge", "cluster", A), (A, "cluster", A), ("gb", "country", "GB"),
     ("Japan", "country", "JP"), ("EU27", "country", "eu27"), ("scotland", "country", "Scotland"),
     ("Alpha University", "organisation", ALPHA)],
)  # fmt: skip
def test_who_asks_may_be_written_in_many_ways(small, written, kind, id_):
    assert party_named(small, written) == (kind, id_)


def test_areas():
    assert "GB" not in area_named("eu27").countries
    assert "GB" in area_named("commonwealth").countries
    assert {"FR", "DE", "IT"} <= set(area_named("G7").countries) & set(area_named("eu27").countries)


def test_countries_at_work(small):
    """That of the funder is not one by its paying, but Britain is by others' work."""
    assert countries_at_work(small) == ("DE", "EG", "GB", "GR")


# The sample: every claim against the rows.


def did(edition):
    asked = edition.rows(Query("d", """
        select distinct activity_id, organisation_id from participations
        where role is distinct from 'funder'"""))  # fmt: skip
    found = {}
    for row in asked:
        found.setdefault(row["organisation_id"], set()).add(row["activity_id"])
    return found


def themes_of(edition):
    found = {}
    for row in edition.rows(Query("t", "select * from activity_themes where weight > 0")):
        found.setdefault(row["theme"], set()).add(row["activity_id"])
    return found


@pytest.mark.parametrize("asks", ["University of Leeds", "Cardiff University", "GSK"])
def test_claims_about_organisations_are_those_of_the_rows(sample, asks):
    kind, id_ = party_named(sample, asks)
    assert kind == "organisation"
    work, themes = did(sample), themes_of(sample)
    found = partners_of(sample, organisation=id_, n=10)
    assert [each.scope for each in found.lists] == ["cluster", "country", "abroad"]
    for each in found.lists:
        for one in each.partners:
            theirs, mine = work[one.party.id], work[id_]
            assert not theirs & mine
            assert (one.party.country == found.of.country) == (each.scope != "abroad")
            assert (one.party.cluster_id == found.of.cluster_id) == (each.scope == "cluster")
            common = {o for o, w in work.items() if w & theirs and w & mine} - {id_, one.party.id}
            for reason in one.reasons:
                for e in reason.evidence:
                    own = themes[e.id] if e.kind == "theme" else work[e.id]
                    assert (e.n_here, e.n_there) == (len(own & mine), len(own & theirs))
                if reason.reason == "common_partners":
                    assert {e.id for e in reason.evidence} <= common
                    assert f"{len(common):,}" in reason.words or len(common) <= 3


def test_claims_about_clusters_are_those_of_the_rows(sample):
    work = did(sample)
    sites = sample.rows(Query("m", """
        select distinct m.cluster_id, p.activity_id
        from memberships m join clusters c using (cluster_id) join participations p using (site_id)
        where c.level = 0 and p.role is distinct from 'funder'"""))  # fmt: skip
    of = {}
    for row in sites:
        of.setdefault(row["cluster_id"], set()).add(row["activity_id"])
    members = sample.rows(Query("m", "select cluster_id, organisation_id from memberships"))
    for name in ("London", "Leeds", "Cardiff"):
        _, id_ = party_named(sample, name)
        found = partners_of(sample, cluster=id_)
        own = {r["organisation_id"] for r in members if r["cluster_id"] == id_}
        assert [len(each.partners) for each in found.lists] == [5, 5, 5]
        for one in found.lists[0].partners:
            assert one.n_shared == len(of[id_] & of[one.party.id])
            assert one.n_shared < one.expected or one.n_shared == 0
        for each in found.lists[1:]:
            for one in each.partners:
                assert one.party.id not in own
                assert all(not work[one.party.id] & work.get(o, set()) for o in own)
        assert clusters_to_seek(sample, id_).lists == found.lists[:1]


def test_too_little_was_there_to_learn_from_in_the_sample(sample):
    _, id_ = party_named(sample, "Leeds")
    for each in partners_of(sample, cluster=id_).lists:
        assert not each.basis.learned
        assert "shared activities to learn from, and 200 are needed" in each.basis.words


def learned(rows):
    """The planted world with weights that were learned, and how they held."""
    weights = {"weight_closeness": 2.0, "weight_distance": -1.0, "used": 1.0}
    tested = {"precision_small": (0.25, 0.2, 0.31, 200), "chance_small": (0.01, None, None, 40)}
    rows["forecasts"] = [
        {"between": "organisation", "level": 0, "theme": "all", "period": "all", "measure": m,
         "value": v, "note": "learned on 2012-01-01 to 2013-01-01, tested from 2013-01-01 on"}
        for m, v in weights.items()
    ] + [
        {"between": "organisation", "level": 0, "theme": "all", "period": "all", "measure": m,
         "value": v, "low": low, "high": high, "n": n} for m, (v, low, high, n) in tested.items()
    ]  # fmt: skip
    return rows


def test_learned_weights_are_used_and_their_test_is_said(tmp_path):
    edition = write_edition(tmp_path / "e", learned(planted()))
    found = partners_of(edition, organisation="t:me", with_country="GB")
    basis = found.lists[0].basis
    assert (basis.learned, basis.precision, basis.chance, basis.n) == (True, 0.25, 0.01, 200)
    assert basis.words.endswith(
        "Of the first 5 named for each of 40 organisations with one shared activity or none, "
        "25 % (20 % to 31 %) came to share an activity; of all that could have been named, 1 %."
    )
    # Both have the hub in common, and equally; best is nearer.
    assert [one.party.id for one in found.lists[0].partners] == ["t:best", "t:twin"]
    assert not partners_of(edition, cluster="c-n").lists[0].basis.learned


def test_shuffled_tables_give_the_same_answers(tmp_path, world):
    mixed = {name: random.Random(1).sample(rows, len(rows)) for name, rows in planted().items()}
    other = write_edition(tmp_path / "e", mixed)
    for asked in ({"organisation": "t:me"}, {"cluster": "c-n"}, {"country": "JP"}):
        assert partners_of(world, **asked) == partners_of(other, **asked)


def test_the_rule_is_in_the_tables_of_an_edition(sample):
    rows = sample.rows(Query("f", "select * from forecasts where measure = 'used'"))
    assert {row["between"] for row in rows} == {"organisation", "cluster"}

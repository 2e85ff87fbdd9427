"""Each question on the small edition, whose answers are worked out in its description."""

import pytest

from tests.app.small_edition import ALPHA, ARABIC, FORMULA, GREEK, HOSTILE, A, B
from triplehelix.app.activity import activity
from triplehelix.app.cluster_activities import cluster_activities
from triplehelix.app.cluster_members import cluster_members
from triplehelix.app.cluster_profile import cluster_profile
from triplehelix.app.contents import contents
from triplehelix.app.landscape import landscape
from triplehelix.app.links import links
from triplehelix.app.organisation import organisation
from triplehelix.app.search import search
from triplehelix.app.theme import theme, themes
from triplehelix.app.where import where
from triplehelix.errors import InputError, UnknownName
from triplehelix.store.edition import Edition


def _titles(edition: Edition, cluster: str, **asked: object) -> set[str]:
    found = cluster_activities(edition, cluster, **asked)  # type: ignore[arg-type]
    assert found.total == len(found.activities)
    return {a.activity_id.removeprefix("table:") for a in found.activities}


def test_landscape_by_activities(small: Edition) -> None:
    found = landscape(small)
    assert [(c.name, c.n_organisations, c.n_activities) for c in found.clusters] == [
        ("Cambridge", 3, 5),
        ("Athens", 1, 2),
    ]
    assert found.clusters[0].amount == 1_500_000
    assert found.clusters[1].amount is None


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "Athens"),
        ("-name", "Cambridge"),
        ("-activities", "Athens"),
        ("amount", "Cambridge"),
    ],
)
def test_landscape_sorted(small: Edition, sort: str, first: str) -> None:
    assert landscape(small, sort=sort).clusters[0].name == first


def test_landscape_filtered(small: Edition) -> None:
    assert [c.name for c in landscape(small, country="GR").clusters] == ["Athens"]
    found = landscape(small, theme="vaccines", sort="quotient").clusters
    # `abroad` is the one activity on vaccines; both clusters take part in it.
    assert {(c.name, c.n_theme_activities) for c in found} == {("Cambridge", 1), ("Athens", 1)}
    assert found[0].location_quotient == 0.5
    assert found[1].location_quotient is None


@pytest.mark.parametrize("kind", ["specialised", "collaborating", "R&D-collaborating"])
def test_landscape_of_a_kind(small: Edition, kind: str) -> None:
    [row] = landscape(small, kind=kind).clusters
    assert (row.name, row.kind) == ("Cambridge", "specialised; r&d-collaborating")
    assert row.kind_reason == "20 % join; Genomics 1.8 times"


def test_landscape_of_no_such_kind(small: Edition) -> None:
    assert landscape(small, kind="diverse").clusters == []
    with pytest.raises(InputError, match="give one of diverse, specialised, collaborating"):
        landscape(small, kind="lovely")


def test_kinds_of_a_cluster_are_told_or_not_with_the_reason(small: Edition) -> None:
    profile = cluster_profile(small, A)
    assert [(k.kind, k.told, k.note) for k in profile.kinds] == [
        ("diverse", False, "spread over <few> themes"),
        ("specialised", True, "Genomics 1.8 times"),
        ("r&d-collaborating", True, "20 % join"),
    ]
    other = cluster_profile(small, B)
    assert (other.kind, other.kinds) == (None, [])


def test_landscape_pages(small: Edition) -> None:
    first, second = (landscape(small, page=p, per_page=1) for p in (1, 2))
    assert [first.clusters[0].name, second.clusters[0].name] == ["Cambridge", "Athens"]
    assert (first.pages, first.total) == (2, 2)
    assert landscape(small, page=9).clusters == []


def test_landscape_of_nothing(empty: Edition) -> None:
    found = landscape(empty)
    assert (found.clusters, found.total, found.pages, found.bounds) == ([], 0, 1, None)


def test_landscape_refuses(small: Edition) -> None:
    with pytest.raises(InputError, match="give one of name, organisations"):
        landscape(small, sort="c.name; drop table clusters")
    with pytest.raises(UnknownName, match="perhaps genomics"):
        landscape(small, theme="genomic")
    with pytest.raises(UnknownName, match="one of GB, GR"):
        landscape(small, country="UK")
    with pytest.raises(InputError, match="pages count from 1"):
        landscape(small, page=0)


def test_profile(small: Edition) -> None:
    found = cluster_profile(small, A)
    assert {r.scope: r.n_activities for r in found.reach} == {
        "local": 1, "national": 1, "international": 2,
    }  # fmt: skip
    assert {(h.helix, h.n_organisations) for h in found.helices} == {
        ("academia", 1),
        ("industry", 2),
    }
    assert [(m.theme, m.value, m.n) for m in found.strengths] == [
        ("genomics", 1.8, 2), ("vaccines", 0.5, 1),
    ]  # fmt: skip
    assert [(y.year, y.n_activities) for y in found.years] == [
        (2015, 1), (2016, 2), (2017, 1), (2018, 1),
    ]  # fmt: skip
    assert [(p.name, p.n_activities) for p in found.partners] == [("Athens", 1)]
    assert {p.id for p in found.countries} == {"GR", "GB", "DE"}
    assert [(m.name, m.n_activities) for m in found.members] == [
        ("Alpha University", 3), (HOSTILE, 2), (FORMULA, 1),
    ]  # fmt: skip


def test_shares_are_those_of_the_counted_activities(small: Edition) -> None:
    found = cluster_profile(small, A)
    for reach in found.reach:
        assert reach.value == pytest.approx(reach.n_activities / found.cluster.n_activities)


def test_unknown_cluster_names_near_ones(small: Edition) -> None:
    with pytest.raises(UnknownName, match=r"perhaps Cambridge \(aaaa0001\)"):
        cluster_profile(small, "cambridg")


def test_activities_behind_each_figure(small: Edition) -> None:
    assert _titles(small, A) == {"joint", "abroad", "leeds", "alone", "formula"}
    assert _titles(small, A, scope="local") == {"joint"}
    assert _titles(small, A, scope="national") == {"leeds"}
    assert _titles(small, A, scope="international") == {"abroad", "formula"}
    assert _titles(small, A, theme="genomics") == {"joint", "abroad"}
    assert _titles(small, A, year=2016) == {"abroad", "leeds"}
    assert _titles(small, A, partner=B) == {"abroad"}
    assert _titles(small, A, partner="DE") == {"formula"}
    # Its own country: only what joins somebody outside the cluster.
    assert _titles(small, A, partner="GB") == {"leeds"}
    assert _titles(small, B) == {"abroad", "untitled"}


def test_activities_are_newest_first_and_paged(small: Edition) -> None:
    pages = [cluster_activities(small, A, page=p, per_page=2) for p in (1, 2, 3)]
    ids = [a.activity_id for page in pages for a in page.activities]
    assert ids == [f"table:{t}" for t in ("formula", "alone", "abroad", "leeds", "joint")]
    assert {page.pages for page in pages} == {3}


def test_activities_refuse(small: Edition) -> None:
    with pytest.raises(InputError, match="give one of local, national, international"):
        cluster_activities(small, A, scope="galactic")
    with pytest.raises(UnknownName, match="no theme 'x'"):
        cluster_activities(small, A, theme="x")
    with pytest.raises(UnknownName, match="no cluster"):
        cluster_activities(small, A, partner="cccc")


def test_members_by_helix(small: Edition) -> None:
    assert [m.name for m in cluster_members(small, A, helix="academia").members] == [
        "Alpha University"
    ]
    with pytest.raises(InputError, match="give one of academia"):
        cluster_members(small, A, helix="magic")


@pytest.mark.parametrize(
    "written", [ALPHA, "ror:000000001", "https:/ror.org/000000001", "table:alpha"]
)
def test_organisation_by_any_of_its_ids(small: Edition, written: str) -> None:
    found = organisation(small, written)
    assert (found.organisation_id, found.name, found.n_activities) == (ALPHA, "Alpha University", 3)
    assert [(s.precision, s.place, s.cluster) for s in found.sites] == [
        ("postcode", "Cambridge", "Cambridge")
    ]
    assert [(r.matched_how, r.match_probability) for r in found.records] == [("name", 0.93)]


def test_a_funder_takes_part_in_nothing(small: Edition) -> None:
    found = organisation(small, "table:funder")
    assert (found.n_activities, found.n_funded) == (0, 1)
    assert [p.roles for p in found.activities] == [["funder"]]


def test_an_organisation_without_a_name_is_not_invented_one(small: Edition) -> None:
    found = organisation(small, "table:nameless")
    assert not found.named
    assert found.name == "Name not given (table:nameless)"


def test_unknown_organisation(small: Edition) -> None:
    with pytest.raises(UnknownName, match="perhaps table:cairo"):
        organisation(small, "table:cairi")


def test_activity_with_its_records(small: Edition) -> None:
    found = activity(small, "table:joint")
    assert [(p.name, p.role, p.share, p.amount) for p in found.participants] == [
        ("Alpha University", "lead", 0.5, 1_000_000.0), (HOSTILE, "partner", 0.5, 500_000.0),
    ]  # fmt: skip
    assert found.participants[0].record is not None
    assert found.participants[0].record.confidence == "medium"
    assert found.participants[1].record is None
    assert [(t.theme, t.how) for t in found.themes] == [("genomics", "given")]
    assert found.amount is None
    assert activity(small, "table:untitled").title == "Untitled project untitled"
    with pytest.raises(UnknownName, match="an id is written source:number"):
        activity(small, "table:nothing")


def test_themes(small: Edition) -> None:
    assert [(t.theme, t.n_activities, t.n_clusters) for t in themes(small)] == [
        ("genomics", 2, 2), ("unused", 0, 0), ("vaccines", 1, 2),
    ]  # fmt: skip
    found = theme(small, "genomics")
    assert [(c.name, c.n_theme_activities) for c in found.clusters] == [
        ("Cambridge", 2),
        ("Athens", 1),
    ]
    assert {h.how: h.n_activities for h in found.how} == {"given": 1, "keyword": 1}


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("alpha", "organisation", "Alpha University"),
        ("UNIVERSITY alpha", "organisation", "Alpha University"),
        ("πανεπιστημιο", "organisation", GREEK),
        ("القاهرة", "organisation", ARABIC),
        ("cambridge", "cluster", "Cambridge"),
        ("Cantabrigia", "place", "Cambridge"),
        ("genom", "theme", "Genomics"),
        ("joint", "activity", "Joint genomics"),
        ("01234567", "organisation", HOSTILE),
        ("000000001", "organisation", "Alpha University"),
        ("<script>", "organisation", HOSTILE),
    ],
)
def test_search(small: Edition, query: str, kind: str, name: str) -> None:
    hits = [hit for group in search(small, query).kinds for hit in group.hits]
    assert (kind, name) in {(hit.kind, hit.name) for hit in hits}


def test_search_finds_nothing_for_nothing(small: Edition) -> None:
    assert search(small, "  ").total == 0
    assert search(small, "alpha zzz").total == 0
    # The nameless organisation cannot be found by the words that stand for its name.
    assert search(small, "name not given").total == 0
    with pytest.raises(InputError, match="at most 200"):
        search(small, "x" * 201)


def test_where(small: Edition) -> None:
    assert [(w.country, w.cluster, w.distance_km) for w in where(small, "cambridge")] == [
        ("GB", "Cambridge", 0.0), ("US", None, None),
    ]  # fmt: skip
    assert [w.place_id for w in where(small, "Αθήνα")] == ["geonames:2"]
    assert [w.distance_km for w in where(small, " leeds ")] == [31.5]
    assert [w.country for w in where(small, "Cambridge", country="US")] == ["US"]
    assert where(small, "Atlantis") == []
    with pytest.raises(InputError, match="give the name of a town"):
        where(small, " ")


def test_links(small: Edition) -> None:
    found = links(small)
    assert [(t.a.name, t.b.name, t.n_activities) for t in found.ties] == [
        ("Cambridge", "Athens", 1)
    ]
    countries = links(small, kind="country")
    assert countries.total == 6
    assert links(small, kind="country", country="GR").total == 3
    with pytest.raises(InputError, match="give cluster or country"):
        links(small, kind="planet")


def test_contents(small: Edition) -> None:
    found = contents(small)
    assert (found.n_activities, found.n_participations, found.n_placed) == (6, 13, 10)
    assert (found.n_organisations, found.n_unnamed, found.n_clusters) == (8, 1, 2)
    assert (found.first_year, found.last_year, found.n_amounts_known) == (2015, 2018, 2)
    assert found.precisions == {"address": 1, "postcode": 3, "city": 6, "country": 3}
    assert [(r.reason, r.n, r.row) for r in found.rejects] == [
        ("latitude 512 is not one; mend the row", 1, 7)
    ]
    for file in found.inputs:
        assert file.rows_read == file.rows_kept + file.rows_rejected


def test_contents_of_nothing(empty: Edition) -> None:
    found = contents(empty)
    assert (found.n_activities, found.n_placed, found.first_year) == (0, 0, None)

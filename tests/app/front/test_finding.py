"""One search: names by kind, needs in words and what they lead to, as far as the asker sees."""

from datetime import date

import pytest

from tests.app.small_edition import A, B
from tests.registry_worlds import an_id
from triplehelix.app.front.finding import Answer, find, find_in_edition
from triplehelix.app.front.looking import CHOICES, choice_of, leads, leads_in_edition
from triplehelix.app.front.places import place_in_words, town
from triplehelix.app.front.roles import stewards_for
from triplehelix.app.front.strengths import (
    largest_clusters,
    nearest_clusters,
    strong_clusters,
    themes_in_words,
)
from triplehelix.app.where import where
from triplehelix.errors import InputError, UnknownName
from triplehelix.read.capabilities import read_capabilities

CAPABILITIES = read_capabilities()
TODAY = date(2026, 11, 29)
NEED = "I need 500 PCR tests a day near Cambridge by March"
SEEN_BY = {"": 3, "sam": 4, "ann": 5}


@pytest.fixture
def shared(world):
    """PCR machines: two public, one in Athens; one for people signed in, one of Alpha alone."""
    north = world.network("North", area="Cambridge", themes=["genomics"])
    world.network("South", clusters=[{"cluster_id": B}])
    world.network("Cellar", "private", area="Cambridge", themes=["genomics"])
    alpha = world.member("Alpha", north)
    here = {"town": "Cambridge", "country": "GB", "lat": 52.2, "lon": 0.12}
    there = {"town": "Athens", "country": "GR", "lat": 37.98, "lon": 23.73}
    for name, shown, place in (
        ("Big", "public", there), ("Little", "public", here), ("Nowhere", "public", None),
        ("Signed", "signed-in", here), ("Own", "private", here),
    ):  # fmt: skip
        made = world.asset(name, alpha, shown, network=north, capabilities=["pcr-testing"],
                           **({"place": place} if place else {}))  # fmt: skip
        world.capacity(made, amount={"Big": 900, "Own": 5000}.get(name, 40), unit="tests")
    world.user("sam")
    world.user("ann", ("member", alpha))
    world.user("ada", ("administrator", ""))
    return world


def ask(world, small, query, who="") -> Answer:
    viewer = world.viewer(an_id("user", who) if who else None)
    return find(world.registry, viewer, small, query, CAPABILITIES)


def names(answer: Answer, kind: str) -> list[str]:
    return [hit.name for each in answer.kinds if each.kind == kind for hit in each.hits]


@pytest.mark.parametrize("who", SEEN_BY)
def test_a_need_in_words_leads_to_what_could_meet_it(shared, small, who):
    """By hand: Big in Athens can do 900 a day, the others 40; Own, 5,000, is Alpha's alone."""
    answer = ask(shared, small, NEED, who)
    [need] = answer.needs
    assert (need.capability, need.amount, need.unit, need.by) == (
        "pcr-testing", 500.0, "tests/day", date(2026, 3, 31))  # fmt: skip
    assert need.because == ["PCR tests", "500"]
    assert (answer.place.name, answer.place.country) == ("Cambridge", "GB")
    assert need.n_able == SEEN_BY[who]
    assert need.n_near == SEEN_BY[who] - 2
    assert need.n_enough == (2 if who == "ann" else 1)
    # The nearest first; what has no place last.
    near = {"": ["Little"], "sam": ["Little", "Signed"], "ann": ["Little", "Own", "Signed"]}[who]
    assert [one.name for one in need.assets] == [*near, "Big", "Nowhere"]


def test_hidden_rows_change_nothing(shared, small):
    before = {q: repr(ask(shared, small, q)) for q in (NEED, "alpha", "PCR", "Secret", "Cambridge")}
    for n in range(3):
        made = shared.asset(f"Secret {n}", None, "private", capabilities=["pcr-testing"])
        shared.capacity(made, amount=10_000, unit="tests")
    shared.network("Secret net", "private", themes=["genomics"], area="Cambridge")
    assert {q: repr(ask(shared, small, q)) for q in before} == before


def test_names_of_all_kinds_with_just_so_first(shared, small):
    answer = ask(shared, small, "cambridge")
    assert [each.kind for each in answer.kinds][:2] == ["cluster", "place"]
    assert "North" not in names(answer, "member")
    assert names(ask(shared, small, "Alpha"), "member") == ["Alpha"]
    assert "Alpha University" in names(ask(shared, small, "alpha"), "organisation")
    assert names(ask(shared, small, "North"), "network") == ["North"]
    assert ask(shared, small, " ").is_empty and ask(shared, small, "").total == 0
    with pytest.raises(InputError, match="at most 200"):
        ask(shared, small, "x" * 201)


def test_without_a_registry_the_landscape_answers(small):
    answer = find_in_edition(small, NEED, TODAY)
    [need] = answer.needs
    assert (need.by, need.n_able, need.assets) == (date(2027, 3, 31), None, ())
    assert answer.place.name == "Cambridge"
    assert find_in_edition(small, "quantum hoverboards", TODAY).is_empty
    assert find_in_edition(small, "", TODAY) == Answer("", [], 0)


def test_themes_that_words_are_near_to_with_where_they_are_at_home(small):
    """The small edition: genomics 1.8 (1.1-2.9) in Cambridge, 1.2 without interval in Athens."""
    [found] = themes_in_words(small, "whole genome sequencing in Leeds")
    assert (found.theme, found.n_clusters) == ("genomics", 2)
    assert "genome" in found.because and "Leeds" not in found.because
    assert [(one.name, one.location_quotient, one.clear) for one in found.clusters] == [
        ("Cambridge", 1.8, True), ("Athens", 1.2, False)]  # fmt: skip
    assert themes_in_words(small, "quantum hoverboards") == []


def test_clusters_stand_by_what_is_sure_and_by_nearness(small):
    leeds = town(small, "leeds")
    assert [one.cluster_id for one in strong_clusters(small, "genomics", leeds)] == [A, B]
    near = nearest_clusters(small, town(small, "Athens"))
    assert [one.cluster_id for one in near] == [B, A]
    # Athens to Cambridge is 2,420 km by the great circle, give or take where their centres stand.
    assert near[1].distance_km == pytest.approx(2420, rel=0.03)
    assert [one.name for one in largest_clusters(small)] == ["Cambridge", "Athens"]


@pytest.mark.parametrize(("text", "place"), [
    ("tests near Leeds", "Leeds"), ("a lab in cambridge by May", "Cambridge"),
    ("Leeds", None), ("tests near Atlantis", None), ("somewhere near Αθήνα", "Athens"),
    ("", None), ("in in in", None),
])  # fmt: skip
def test_the_town_that_words_name(small, text, place):
    found = place_in_words(small, text)
    assert (found.name if found else None) == place


def test_of_towns_of_one_name_the_largest(small):
    """Two Cambridges: in GB and in the US; the edition's own answer to `where` is the judge."""
    assert town(small, "Cambridge").country == where(small, "Cambridge")[0].country
    assert town(small, "") is None and town(small, "Atlantis") is None


def test_roles_and_not_people(shared, small):
    """The stewards of networks, by what they say of themselves; a hidden one for nobody else."""
    found = stewards_for(shared.registry, shared.viewer(None), small, theme="genomics",
                         place=town(small, "Cambridge"), clusters=[(B, "Athens")])  # fmt: skip
    assert [(one.network, one.of_theme, one.of_place, one.speaks_for) for one in found] == [
        ("North", True, True, []), ("South", False, False, ["Athens"])]  # fmt: skip
    everything = stewards_for(shared.registry, shared.viewer(None), small)
    assert [one.network for one in everything] == ["North", "South"]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda one: one.what)
def test_every_choice_leads_somewhere(shared, small, choice):
    alone = leads_in_edition(small, choice.what, "genomics", "Cambridge")
    assert [one.name for one in alone.clusters] == ["Cambridge", "Athens"]
    assert (alone.people, alone.assets) == (None, None)
    found = leads(shared.registry, shared.viewer(None), small, CAPABILITIES, choice.what)
    assert found.people and found.assets is not None
    assert set(choice.leads) <= {"clusters", "people", "assets", "offer", "partners", "call"}


def test_there_are_no_other_choices(small):
    with pytest.raises(
        UnknownName, match="nothing to look for is called 'gold'; it is one of partner"
    ):
        choice_of("gold")
    with pytest.raises(UnknownName, match="no place of this edition is called 'Atlantis'"):
        leads_in_edition(small, "trial", place="Atlantis")

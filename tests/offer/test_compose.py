"""The offer of the small world, by hand."""

import pytest

from tests.offer.small_material import TOWNS, material
from triplehelix.errors import InputError, UnknownName
from triplehelix.offer.chain import Audience
from triplehelix.offer.compose import compose
from triplehelix.offer.reach import Towns, apart, reached
from triplehelix.offer.wording import Name, Wording
from triplehelix.sphere import distance_km

OFFER = compose(material())


def values(figures):
    return {figure.key.rpartition("/")[2]: figure.value for figure in figures}


def test_the_chain():
    assert {link.role: (link.state, link.clusters.value) for link in OFFER.chain} == {
        "discovery": ("covered", 2), "clinical": ("covered", 1), "manufacturing": ("covered", 1),
        "data": ("gap", 0), "finance": ("covered", 1),
    }  # fmt: skip


def test_the_first_set_is_proven():
    first = OFFER.covers[0]
    assert [name.text for name in first.clusters] == ["Leeds", "York"]
    assert (first.status, first.size.value, first.bound.value) == ("optimal", 2, 2)
    assert first.gaps == ("Data",)
    assert "proven" in first.size.doubt.words


def test_no_cluster_is_hidden():
    shown = [part.brief.cluster_id for part in OFFER.parts] + [b.cluster_id for b in OFFER.others]
    assert sorted(shown) == ["hull", "leeds", "york"]
    assert OFFER.without.value == 1  # Bath


def test_a_part_by_hand():
    york = next(p for p in OFFER.parts if p.brief.cluster_id == "york")
    assert york.brief.activities.value == 2
    assert york.brief.activities.period == "2015/2018"
    # (1/2 + 1 + 0 + 0 + 1) of five roles
    assert york.brief.strength.value == pytest.approx(0.5)
    assert york.alone == ("Clinical work", "Finance")
    assert [(one.helix, one.organisation.text) for one in york.leaders] == [
        ("academia", "University of York"), ("health", "York Hospital"),
    ]  # fmt: skip
    [discovery] = [role for role in york.roles if role.role == "discovery"]
    assert discovery.share.value == 0.5
    # Wilson, 1 of 2, as worked out by hand: (1 + 1.9207) / (2 + 3.8415) -+ 0.4056
    assert discovery.share.doubt.low == pytest.approx(0.0945, abs=1e-4)
    assert discovery.share.doubt.high == pytest.approx(0.9055, abs=1e-4)


def test_overlap_and_complement():
    pair = next(p for p in OFFER.pairs if {p.a.text, p.b.text} == {"Leeds", "York"})
    assert (pair.both, pair.only_a, pair.only_b) == (
        ("Discovery",), ("Manufacturing",), ("Clinical work", "Finance"),
    )  # fmt: skip
    assert pair.joint.value == 1  # a2


def test_ties_with_the_partner():
    ties = OFFER.ties
    assert (ties.themed.value, ties.all_themes.value, ties.organisations.value) == (1, 2, 1)
    assert [(t.cluster.text, t.themed.value, t.all_themes.value) for t in ties.clusters] == [
        ("York", 1, 2), ("Hull", 1, 1),
    ]  # fmt: skip
    assert [(t.period, t.all_themes.value) for t in ties.trend] == [("2015/2019", 1)]


def test_first_conversations_say_by_which_rule():
    said = [(c.rule, c.theirs.text, c.ours.text) for c in OFFER.conversations]
    assert said == [
        ("go-on", "University of Osaka", "Hull Makers"),
        ("go-on", "University of Osaka", "University of York"),
        ("introduce", "University of Osaka", "University of Leeds"),  # of equals academia first
    ]


def test_whom_no_source_names_is_not_to_be_called():
    seen = material().organisations
    nameless = {**seen, "uni-osaka": seen["uni-osaka"]._replace(named=False)}
    offer = compose(material(organisations=nameless))
    assert offer.conversations == ()
    assert offer.ties.partners == ()
    assert offer.ties.organisations.value == 1  # counted all the same


def test_the_scale():
    scale = OFFER.scale
    assert (scale.clusters.value, scale.organisations.value, scale.activities.value) == (3, 5, 3)
    [money] = scale.money
    assert (money.value, money.unit) == (1_500_000.5, "GBP")
    assert (money.sample.n, money.sample.of) == (2, "activities that state an amount")
    assert "lower bound" in money.doubt.words
    assert money.source == ("other", "table")
    # York and Leeds are within 50 km of each other: their people are counted once.
    assert {one.cluster.text: one.people.value for one in scale.reach} == {
        "York": 600_000, "Leeds": 600_000, "Hull": None,
    }  # fmt: skip
    assert scale.people.value == 600_000
    assert "undercount" in scale.people.doubt.words


def test_people_by_measured_distances():
    """Against each distance taken by itself."""
    near = reached([53.96], [-1.08], Towns(TOWNS), km=50)
    within = [t for t in apart(TOWNS) if distance_km(53.96, -1.08, t.lat, t.lon) <= 50]
    assert near.people(0) == sum(t.population for t in within) == 600_000


def test_a_part_of_a_town_is_not_counted_again():
    assert [town.place_id for town in apart(TOWNS)] == ["t2", "t1", "t4"]


def test_without_a_partner_there_are_no_ties():
    offer = compose(material(partner=None, joint=()))
    assert offer.ties is None
    assert offer.conversations == ()


def test_an_audience_asks_for_its_roles():
    research = Audience("research", "Research partners", ("discovery", "data"), OFFER.order)
    offer = compose(material(audience=research))
    assert [link.role for link in offer.chain] == ["discovery", "data"]
    assert [name.text for name in offer.covers[0].clusters] == ["Leeds"]


def test_a_role_without_a_rule_cannot_be_told():
    theme = material().themes[0]._replace(roles=("discovery", "space"))
    offer = compose(material(themes=(theme,)))
    assert {link.role: link.state for link in offer.chain}["space"] == "untold"
    assert offer.covers[0].gaps == ("space",)


def test_an_audience_must_exist():
    with pytest.raises(UnknownName, match="no audience is called 'kings'; give one of general"):
        material().chain.audience("kings")


def test_a_field_of_a_text_must_be_given():
    with pytest.raises(InputError, match="has the field 'town', which is not given"):
        Wording().say("{town} is near")


def test_texts_come_from_the_catalogue():
    german = Wording(language="de", gettext={"{town} is near": "{town} ist nah"}.get)
    assert german.say("{town} is near", town=Name("York")) == (Name("York"), " ist nah")

"""The network of an edition that is known by hand, its groups, its matrix, and what is refused."""

import pytest

from tests.app.networked_edition import FAR, HUB, LONE, NEAR, NORTH, SOUTH, TIES, networked
from triplehelix.app.network.groups import letter_of
from triplehelix.app.network.matrix import matrix
from triplehelix.app.network.network import link_periods, link_themes, network
from triplehelix.errors import InputError, UnknownName


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return networked(tmp_path_factory.mktemp("networked"))


def ends(found):
    return {frozenset((arc.a, arc.b)) for arc in found.arcs}


def test_the_backbone_is_what_is_heavier_than_chance(edition):
    found = network(edition)
    assert ends(found) == {frozenset(pair) for pair, tie in TIES.items() if tie[2] < 0.05}
    assert (found.n_tied, found.n_backbone) == (6, 4)
    assert ends(network(edition, arcs="all")) == {frozenset(pair) for pair in TIES}


def test_nodes_are_those_tied_the_strongest_first(edition):
    nodes = {node.id: node for node in network(edition).nodes}
    assert list(nodes) == [HUB, FAR, NORTH, SOUTH, NEAR]
    assert nodes[HUB].strength == pytest.approx(3 + 3 + 3 + 2 / 3)
    assert (nodes[HUB].n_partners, nodes[HUB].n_backbone) == (3, 3)
    assert (nodes[NORTH].n_partners, nodes[NORTH].n_backbone) == (3, 1)
    assert LONE not in nodes


def test_groups_say_who_is_in_them_how_surely_and_where(edition):
    first, second = network(edition).groups
    assert (first.letter, first.nodes, first.sure) == ("A", [HUB, NORTH, SOUTH], True)
    assert (second.letter, second.nodes, second.sure) == ("B", [FAR, NEAR], False)
    assert second.stability == pytest.approx(0.4)
    # Two of the three clusters in GB that are tied, and one of the two in FR.
    assert [(a.area, a.n, round(a.share_of_group, 3), round(a.share_of_area, 3)) for a in first.areas] == [
        ("GB", 2, 0.667, 0.667), ("FR", 1, 0.333, 0.5)]  # fmt: skip


def test_a_theme_a_period_a_country_and_countries(edition):
    assert (link_themes(edition), link_periods(edition)) == (("genomics",), ("2014/2015",))
    of_theme = network(edition, theme="genomics", arcs="all")
    assert [(arc.a, arc.b, arc.weight) for arc in of_theme.arcs] == [(HUB, NORTH, 2.0)]
    assert of_theme.groups == []
    assert network(edition, period="2014/2015", arcs="all").arcs[0].n_activities == 1
    assert ends(network(edition, country="FR")) == {
        frozenset(pair) for pair in [(HUB, SOUTH), (NEAR, FAR), (HUB, FAR)]}  # fmt: skip
    countries = network(edition, kind="country")
    assert [(node.id, node.name) for node in countries.nodes] == [
        ("FR", "France"),
        ("GB", "United Kingdom"),
    ]
    assert countries.arcs[0].n_activities == 9


def test_the_matrix_is_symmetric_and_in_the_order_of_groups(edition):
    table = matrix(network(edition, arcs="all"))
    assert [node.id for node in table.nodes] == [HUB, NORTH, SOUTH, FAR, NEAR]
    for i, row in enumerate(table.cells):
        assert row[i] is None
        assert row == [table.cells[j][i] for j in range(len(row))]
    weights = {frozenset((a, b)): tie[0] for (a, b), tie in TIES.items()}
    assert table.cells[0][1].weight == pytest.approx(weights[frozenset((HUB, NORTH))])
    assert table.cells[2][4] is None


def test_letters_go_on_past_z():
    letters = [letter_of(k) for k in range(60)]
    assert letters[24:28] == ["Y", "Z", "AA", "AB"]
    assert len(set(letters)) == 60


def test_wrong_use_is_named(edition):
    with pytest.raises(InputError, match="kind is 'town'; give one of cluster, country"):
        network(edition, kind="town")
    with pytest.raises(InputError, match="arcs is 'some'; give one of backbone, all"):
        network(edition, arcs="some")
    with pytest.raises(UnknownName, match="no theme 'genomic' in this edition; perhaps genomics"):
        network(edition, theme="genomic")
    with pytest.raises(
        UnknownName, match="'2020/2021' are not counted apart .* there are all, 2014/2015"
    ):
        network(edition, period="2020/2021")
    with pytest.raises(InputError, match="give a theme or a period"):
        network(edition, theme="genomics", period="2014/2015")
    with pytest.raises(UnknownName, match="no clusters of level 7"):
        network(edition, level=7)

"""Networks as files: read back by networkx and igraph; hostile names survive."""

import csv
import io
from xml.etree import ElementTree

import igraph
import networkx as nx
import pytest

from tests.app.networked_edition import HUB, NAMES, NORTH, networked
from triplehelix.app.network.export import network_file
from triplehelix.app.network.network import network
from triplehelix.errors import InputError


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return network(networked(tmp_path_factory.mktemp("networked")), arcs="all")


def held(whole):
    """What any reader must find: ties by their ends, and names with pictures for controls."""
    ties = {frozenset((arc.a, arc.b)): arc for arc in whole.arcs}
    return ties, {node.id: node.name.replace("\x01", "␁") for node in whole.nodes}


@pytest.mark.parametrize(("form", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networkx_reads_the_same_network(whole, form, read):
    graph = read(io.BytesIO(network_file(whole, form)))
    ties, names = held(whole)
    assert not graph.is_directed()
    assert {frozenset(edge) for edge in graph.edges} == set(ties)
    assert {node: graph.nodes[node]["label"] for node in graph} == names
    for a, b, found in graph.edges(data=True):
        arc = ties[frozenset((a, b))]
        assert found["weight"] == arc.weight
        assert found["activities"] == arc.n_activities
        assert found["backbone"] is arc.backbone
    assert graph.nodes[HUB]["betweenness"] == 0.8
    assert graph.nodes[HUB]["community"] == "A"
    assert "constraint" not in graph.nodes[NORTH]  # unknown is left out, not 0


def test_igraph_reads_the_same_network(whole, tmp_path):
    file = tmp_path / "network.graphml"
    file.write_bytes(network_file(whole, "graphml"))
    graph = igraph.Graph.Read_GraphML(str(file))
    ties, names = held(whole)
    assert dict(zip(graph.vs["id"], graph.vs["label"], strict=True)) == names
    assert {
        frozenset((graph.vs[e.source]["id"], graph.vs[e.target]["id"])): e["weight"]
        for e in graph.es
    } == {pair: arc.weight for pair, arc in ties.items()}


def test_csv_has_the_columns_that_gephi_and_cytoscape_read(whole):
    nodes = list(csv.DictReader(io.StringIO(network_file(whole, "nodes-csv").decode())))
    edges = list(csv.DictReader(io.StringIO(network_file(whole, "edges-csv").decode())))
    assert {row["Id"]: row["Label"] for row in nodes}[HUB] == NAMES[HUB]
    assert {"Source", "Target", "Type", "Weight"} <= set(edges[0])
    assert {frozenset((row["Source"], row["Target"])): float(row["Weight"]) for row in edges} == {
        frozenset((arc.a, arc.b)): arc.weight for arc in whole.arcs
    }


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_any_text_makes_valid_xml(whole, form):
    hostile = "<&>\"'" + "".join(map(chr, range(0x20))) + "\ud800\ufffe]]>"
    node = whole.nodes[0].__class__
    named = [
        node(**{name: getattr(each, name) for name in node.__slots__} | {"name": hostile})
        for each in whole.nodes
    ]
    fields = {name: getattr(whole, name) for name in whole.__slots__}
    file = network_file(whole.__class__(**fields | {"nodes": named}), form)
    root = ElementTree.fromstring(file)
    text = "".join([*root.itertext(), *(v for e in root.iter() for v in e.attrib.values())])
    assert "<&>\"'" in text
    assert "␀␁␂" in text
    assert "��]]>" in text


def test_an_unknown_format_is_named(whole):
    with pytest.raises(InputError, match="the format is 'dot'; give one of graphml, gexf"):
        network_file(whole, "dot")

"""A network as a file for Gephi, Cytoscape and the like: GraphML, GEXF, CSV of nodes, of edges."""

import io
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.etree import ElementTree

from triplehelix.app.download import csv_text
from triplehelix.app.network.network import Network
from triplehelix.errors import InputError

FORMATS = ("graphml", "gexf", "nodes-csv", "edges-csv")

# XML 1.0 (section 2.2) has no way to hold these, escaped or not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PICTURES, _LOST = 0x2400, "\N{REPLACEMENT CHARACTER}"


class Column(NamedTuple):
    """An attribute of nodes or edges: its name and what it is: string, double or int, boolean."""

    name: str
    type: str


NODES = tuple(Column(*each) for each in (
    ("label", "string"), ("kind", "string"), ("country", "string"), ("latitude", "double"),
    ("longitude", "double"), ("strength", "double"), ("partners", "int"),
    ("backbone_partners", "int"), ("community", "string"), ("stability", "double"),
    ("betweenness", "double"), ("constraint", "double"),
))  # fmt: skip
EDGES = tuple(Column(*each) for each in (
    ("weight", "double"), ("activities", "int"), ("expected", "double"), ("low", "double"),
    ("high", "double"), ("p_value", "double"), ("backbone", "boolean"),
))  # fmt: skip


def network_file(whole: Network, form: str) -> bytes:
    """
    A network in the given format, one of `FORMATS`.

    GraphML and GEXF 1.3 are XML; a value that is not known is left out. Characters that XML
    cannot hold come as their Unicode pictures (U+2400 on), so that no name is lost. The CSV
    files have the columns that Gephi and Cytoscape read by name: `Id`, `Label`, and `Source`,
    `Target`, `Weight`, `Type`.

    Raises
    ------
    InputError
        If the format is not offered.
    """
    if form not in _WRITERS:
        raise InputError(f"the format is {form!r}; give one of {', '.join(FORMATS)}")
    return _WRITERS[form](whole)


def written(text: str) -> str:
    """
    Text as XML can hold it.

    Examples
    --------
    >>> written("A\\x01 & B"), written("\\ud800")
    ('A␁ & B', '�')
    """
    return _FORBIDDEN.sub(lambda found: _picture(ord(found[0])), text)


def _picture(code: int) -> str:
    return chr(_PICTURES + code) if code < 0x20 else _LOST


def _node_rows(whole: Network) -> list[tuple[str, list[Any]]]:
    letters = {group.number: group.letter for group in whole.groups}
    return [
        (n.id, [n.name, n.kind, "+".join(n.countries) or None, n.lat, n.lon, n.strength,
                n.n_partners, n.n_backbone,
                None if n.community is None else letters[n.community], n.stability,
                n.betweenness, n.constraint])
        for n in whole.nodes
    ]  # fmt: skip


def _edge_rows(whole: Network) -> list[tuple[str, str, list[Any]]]:
    return [
        (e.a, e.b, [e.weight, e.n_activities, e.expected, e.low, e.high, e.p_value, e.backbone])
        for e in whole.arcs
    ]


def _graphml(whole: Network) -> bytes:
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for of, columns in (("node", NODES), ("edge", EDGES)):
        for column in columns:
            ElementTree.SubElement(root, "key", {
                "id": f"{of}_{column.name}", "for": of, "attr.name": column.name,
                "attr.type": column.type})  # fmt: skip
    graph = ElementTree.SubElement(root, "graph", id=_title(whole), edgedefault="undirected")
    for one, values in _node_rows(whole):
        node = ElementTree.SubElement(graph, "node", id=written(one))
        _values(node, "node", NODES, values)
    for a, b, values in _edge_rows(whole):
        edge = ElementTree.SubElement(graph, "edge", source=written(a), target=written(b))
        _values(edge, "edge", EDGES, values)
    return _bytes(root)


def _values(
    element: ElementTree.Element, of: str, columns: tuple[Column, ...], values: list[Any]
) -> None:
    for column, value in zip(columns, values, strict=True):
        if value is not None:
            held = ElementTree.SubElement(element, "data", key=f"{of}_{column.name}")
            held.text = _text(value)


def _gexf(whole: Network) -> bytes:
    root = ElementTree.Element("gexf", {
        "xmlns": "http://gexf.net/1.3", "xmlns:viz": "http://gexf.net/1.3/viz",
        "version": "1.3"})  # fmt: skip
    graph = ElementTree.SubElement(root, "graph", defaultedgetype="undirected")
    for of, columns in (("node", NODES), ("edge", EDGES)):
        held = ElementTree.SubElement(graph, "attributes", {"class": of})
        for k, column in enumerate(columns):
            kind = {"int": "integer"}.get(column.type, column.type)
            ElementTree.SubElement(held, "attribute", id=str(k), title=column.name, type=kind)
    nodes = ElementTree.SubElement(graph, "nodes")
    for one, values in _node_rows(whole):
        node = ElementTree.SubElement(nodes, "node", id=written(one), label=written(values[0]))
        _attvalues(node, values)
    edges = ElementTree.SubElement(graph, "edges")
    for k, (a, b, values) in enumerate(_edge_rows(whole)):
        edge = ElementTree.SubElement(edges, "edge", id=str(k), source=written(a),
                                      target=written(b), weight=_text(values[0]))  # fmt: skip
        _attvalues(edge, values)
    return _bytes(root)


def _attvalues(element: ElementTree.Element, values: list[Any]) -> None:
    held = ElementTree.SubElement(element, "attvalues")
    for k, value in enumerate(values):
        if value is not None:
            ElementTree.SubElement(held, "attvalue", {"for": str(k), "value": _text(value)})


def _nodes_csv(whole: Network) -> bytes:
    rows = [[one, *values] for one, values in _node_rows(whole)]
    return csv_text(["Id", "Label", *(c.name for c in NODES[1:])], rows).encode()


def _edges_csv(whole: Network) -> bytes:
    rows = [[a, b, "Undirected", *values] for a, b, values in _edge_rows(whole)]
    return csv_text(["Source", "Target", "Type", "Weight", *(c.name for c in EDGES[1:])],
                    rows).encode()  # fmt: skip


def _title(whole: Network) -> str:
    return written(f"{whole.kind} {whole.theme} {whole.period} {whole.shown}")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else written(str(value))


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root, " ")
    out = io.BytesIO()
    ElementTree.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue()


_WRITERS: dict[str, Callable[[Network], bytes]] = {
    "graphml": _graphml, "gexf": _gexf, "nodes-csv": _nodes_csv, "edges-csv": _edges_csv,
}  # fmt: skip

"""The strongest nodes of a network as a table: what each pair of them shares."""

from dataclasses import dataclass

from triplehelix.app.network.network import Arc, Network, Node


@dataclass(frozen=True, slots=True)
class Matrix:
    """
    Nodes by community, then by strength; `cells[i][j]` is the tie of both, None without one.

    It is symmetric, and empty along its diagonal.
    """

    nodes: list[Node]
    cells: list[list[Arc | None]]


def matrix(whole: Network, *, n: int = 16) -> Matrix:
    """
    The `n` strongest nodes, and every tie between two of them that the network holds.

    Parameters
    ----------
    whole : with all ties, or the backbone alone.
    n : 2 or more makes a table.
    """
    strongest = whole.nodes[:n]
    number = {node.id: node.community for node in strongest}
    nodes = sorted(
        strongest,
        key=lambda node: (number[node.id] is None, number[node.id] or 0, -node.strength, node.id),
    )
    at = {node.id: k for k, node in enumerate(nodes)}
    cells: list[list[Arc | None]] = [[None] * len(nodes) for _ in nodes]
    for arc in whole.arcs:
        if arc.a in at and arc.b in at:
            cells[at[arc.a]][at[arc.b]] = cells[at[arc.b]][at[arc.a]] = arc
    return Matrix(nodes, cells)

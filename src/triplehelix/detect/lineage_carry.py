"""Events told like with like, carried to the clusters that were published by another method."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from triplehelix.detect.lineage import BY_PLACE, NEAR_KM, Descent, lineage, overlap
from triplehelix.detect.lineage_shares import Members, checked_members, shares


class Carried(NamedTuple):
    """
    A descent from a published cluster, and what the change of method alone did to it.

    `by_method` is '' where the method changed nothing; `merged` or `split` where the method
    alone puts several published clusters into one or one into several; `born` or `ended`
    where the row itself is due to the method and not to the world; `published` where only
    the published cluster is kin, because today's method finds none in the earlier data.
    """

    descent: Descent
    by_method: str


def carried(
    later: Members,
    again: Members,
    published: Members,
    *,
    successors: Mapping[str, str] | None = None,
    near_km: float = NEAR_KM,
) -> list[Carried]:
    """
    What became of published clusters, though clusters are found in another way now.

    The clusters of the earlier data are found `again`, as `later` was. What happened between
    those two is the world's doing; what differs between `again` and `published`, made from
    the same data, is the method's. Each event of the world is carried to the published
    clusters that are kin to the one it befell. A later and a published cluster that find
    nothing in this way, the published one because the method lost it, are compared directly,
    so that a cluster shown both times does not end and begin again.

    Returns
    -------
    list of Carried
        Sorted. Every later and every published cluster is in at least one row. Overlaps are
        those of the later with the published cluster.
    """
    world = lineage(later, again, successors=successors, near_km=near_km)
    method = lineage(again, published, near_km=near_km)
    ways = _ways(world, method)
    between = _overlaps(later, published, successors or {}, near_km)
    rows = [
        Carried(Descent(a, b, event, between.get((a, b), 0.0)), by_method)
        for (a, b), (_, event, by_method) in ways.items()
    ]
    alone = {row.cluster_id for row in world if row.cluster_id} - {a for a, _ in ways}
    lost = {row.earlier_cluster_id for row in method if row.event == "ended"}
    # What finds nothing by way of the clusters found again, from one end and from the other.
    if alone and lost:
        direct = lineage(later, published, successors=successors, near_km=near_km)
        rows += [Carried(row, "published") for row in direct
                 if row.cluster_id in alone and row.earlier_cluster_id in lost]  # fmt: skip
    rows += _born(world, {each.descent.cluster_id for each in rows})
    rows += _ended(method, {each.descent.earlier_cluster_id for each in rows})
    return sorted(rows)


def _ways(
    world: Iterable[Descent], method: Iterable[Descent]
) -> dict[tuple[str, str], tuple[float, str, str]]:
    """From a later to a published cluster by way of one found again: the broadest way."""
    on: dict[str, list[Descent]] = {}
    for row in method:
        if row.cluster_id and row.earlier_cluster_id:
            on.setdefault(row.cluster_id, []).append(row)
    best: dict[tuple[str, str], tuple[float, str, str]] = {}
    for row in world:
        for further in on.get(row.earlier_cluster_id, []) if row.cluster_id else []:
            by_method = "" if further.event == "continues" else further.event
            way = (row.overlap * further.overlap, row.event, by_method)
            pair = (row.cluster_id, further.earlier_cluster_id)
            best[pair] = max(best.get(pair, way), way)
    return best


def _born(world: Iterable[Descent], reached: set[str]) -> list[Carried]:
    """Later clusters that lead to no published one: born, or not shown by the other method."""
    new = {row.cluster_id for row in world if row.event == "born"}
    there = {row.cluster_id for row in world if row.cluster_id} - reached
    return [
        Carried(Descent(name, "", "born", 0.0), "" if name in new else "born") for name in there
    ]


def _ended(method: Iterable[Descent], reached: set[str]) -> list[Carried]:
    """Published clusters that nothing leads to: ended, or not shown by today's method."""
    lost = {row.earlier_cluster_id for row in method if row.event == "ended"}
    there = {row.earlier_cluster_id for row in method if row.earlier_cluster_id} - reached
    return [
        Carried(Descent("", name, "ended", 0.0), "ended" if name in lost else "") for name in there
    ]


def _overlaps(
    later: Members, published: Members, successors: Mapping[str, str], near_km: float
) -> dict[tuple[str, str], float]:
    now = checked_members("later", later, {})
    then = checked_members("earlier", published, successors)
    forward = shares(then, now, near_km=near_km, by_place=BY_PLACE)
    back = shares(now, then, near_km=near_km, by_place=BY_PLACE)
    return {(a, b): overlap(forward.get((b, a), 0.0), share) for (a, b), share in back.items()}

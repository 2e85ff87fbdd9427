"""The clusters that hold a cluster, those it holds, and those of its sites in other layers."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class Kin:
    """
    A cluster that shares sites with another, and how.

    `relation` is `within` for the wider ones around it, nearest first; `holds` for the finer
    ones in it, largest first; `elsewhere` for the cluster of the same level with most of its
    sites where clusters were found for another theme or period. `share` is how many of the
    sites they have together are in both (Jaccard), and stands only there.
    """

    cluster_id: str
    name: str
    relation: str
    level: int
    of: str
    period: str
    n_activities: int
    evidence: str
    share: float | None


def kin(edition: Edition, cluster_id: str) -> list[Kin]:
    """The kin of a cluster: within, then holds, then elsewhere. Unknown ids have none."""
    tree = _tree(prepare(edition))
    above, own = [], tree.get(cluster_id)
    while own is not None and own["parent_id"] in tree:
        own = tree[own["parent_id"]]
        above.append(_related(own, "within"))
    below = [_related(row, "holds") for row in tree.values() if row["parent_id"] == cluster_id]
    found = edition.rows(Query("kin", _ELSEWHERE, {"cluster": cluster_id}))
    return [
        *above,
        *below,
        *(_related(tree[r["cluster_id"]], "elsewhere", r["share"]) for r in found),
    ]


@once_per_edition
def _tree(edition: Edition) -> dict[str, dict[str, Any]]:
    rows = edition.rows(Query("tree", """
        select cluster_id, parent_id, name, level, theme as of, period, n_activities, evidence
        from atlas.clusters order by n_activities desc, name, cluster_id"""))  # fmt: skip
    return {row["cluster_id"]: row for row in rows}


def _related(row: dict[str, Any], relation: str, share: float | None = None) -> Kin:
    about = {name: value for name, value in row.items() if name != "parent_id"}
    return Kin(**about, relation=relation, share=share)


_ELSEWHERE = """
    select a.other as cluster_id, a.share
    from atlas.alike a join atlas.clusters c on c.cluster_id = a.other
    where a.cluster_id = $cluster
    order by c.theme <> 'all', c.theme, c.period <> 'all', c.period"""

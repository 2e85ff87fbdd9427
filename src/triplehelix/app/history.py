"""Where a cluster comes from, and what changed since the earlier edition."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.prepared import once_per_edition
from triplehelix.query import Query
from triplehelix.store.edition import Edition

DESCENT = {"continues": "continues", "merged": "merged from", "split": "split from"}


@dataclass(frozen=True, slots=True)
class Predecessor:
    """
    A cluster that another one continues, is merged from or is split from.

    `by_method` says what a change of method had to do with it, as in the manifest; '' nothing.
    `here` is whether it is a cluster of this same edition, of an earlier period.
    """

    cluster_id: str
    name: str
    event: str
    overlap: float | None
    by_method: str
    here: bool


@dataclass(frozen=True, slots=True)
class History:
    """
    What a cluster comes from; without predecessors it was born.

    `since` is the earlier edition's name, or the earlier period. `by_method` is `born` where
    it was there before and only another way of finding clusters did not show it.
    """

    since: str
    earlier_id: str | None
    predecessors: list[Predecessor]
    by_method: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A cluster of the earlier edition that has ended."""

    cluster_id: str
    name: str
    by_method: bool


@dataclass(frozen=True, slots=True)
class Since:
    """
    What changed since the earlier edition, at the level the edition is about.

    `born`, `continues` and `merged` count clusters of this edition, `split` and `ended` those
    of the earlier one; one that did two things counts twice. `account` says in sentences what
    the comparison rests on.
    """

    earlier_id: str
    earlier_name: str
    born: int
    continues: int
    merged: int
    split: int
    ended: list[Gone]
    account: list[str]


def history(edition: Edition, cluster_id: str) -> History | None:
    """Where a cluster comes from; None where it was not compared with anything."""
    rows = edition.rows(Query("history", _HISTORY, {"cluster": cluster_id}))
    if not rows:
        return None
    block = _block(edition)
    earlier = block.get("earlier") or {}
    names = {each["cluster_id"]: each["name"] for each in earlier.get("clusters", [])}
    how = {(r["cluster_id"], r["earlier_cluster_id"]): r["by_method"]
           for r in block.get("by_method", [])}  # fmt: skip
    period = rows[0]["before"]
    return History(
        since=period or str(earlier.get("name") or "the earlier edition"),
        earlier_id=None if period else earlier.get("id"),
        predecessors=[
            Predecessor(
                cluster_id=row["id"], name=row["name"] or names.get(row["id"]) or row["id"],
                event=row["event"], overlap=row["overlap"],
                by_method=how.get((cluster_id, row["id"]), ""), here=bool(period),
            )
            for row in rows if row["id"]
        ],
        by_method=how.get((cluster_id, ""), ""),
    )  # fmt: skip


@once_per_edition
def since(edition: Edition) -> Since | None:
    """What changed since the earlier edition; None if this one was compared with none."""
    block = _block(edition)
    earlier = block.get("earlier")
    if not earlier:
        return None
    level = {each["cluster_id"]: each for each in earlier["clusters"] if each["level"] == 0}
    rows = edition.rows(Query("since", _SINCE, {"earlier": sorted(level)}))
    counts = {row["event"]: row for row in rows}
    lost = {r["earlier_cluster_id"] for r in block["by_method"] if r["by_method"] == "ended"}
    ended = counts.get("ended", {}).get("earlier", [])
    gone = [Gone(one, level[one]["name"] or one, one in lost) for one in ended]
    return Since(
        earlier_id=earlier["id"], earlier_name=earlier["name"],
        **{event: len(counts.get(event, {}).get("later", []))
           for event in ("born", "continues", "merged")},
        split=len(counts.get("split", {}).get("earlier", [])),
        ended=sorted(gone, key=lambda each: (each.name, each.cluster_id)),
        account=list(block["account"]),
    )  # fmt: skip


def told(found: History | None) -> list[str]:
    """
    A cluster's history as lines.

    Examples
    --------
    >>> told(History("2024", "0123", [Predecessor("a1", "Leeds", "merged", 0.5, "", False)], ""))
    ['since 2024: merged from Leeds (overlap 0.50)']
    >>> told(History("2024", "0123", [], "born")), told(None)
    (['since 2024: born (because of the method)'], [])
    """
    if found is None:
        return []
    lines = [f"{DESCENT[p.event]} {p.name} (overlap {p.overlap or 0:.2f})" + _caused(p.by_method)
             for p in found.predecessors]  # fmt: skip
    return [f"since {found.since}: {line}" for line in lines or ["born" + _caused(found.by_method)]]


def _caused(by_method: str) -> str:
    if by_method in ("", "born", "ended"):
        return " (because of the method)" if by_method else ""
    return " (clusters were found in another way then)"


def _block(edition: Edition) -> dict[str, Any]:
    """The manifest's part about lineage; editions of earlier versions have none."""
    return dict(edition.manifest.get("lineage") or {})


# `before` is the period that a cluster of one period is compared with: the one before it.
_HISTORY = """
    with mine as (select period, level from clusters where cluster_id = $cluster)
    select l.earlier_cluster_id as id, c.name, l.event, l.overlap,
           case when mine.period <> 'all' then (
               select max(period) from clusters
               where theme = 'all' and period <> 'all' and period < mine.period) end as before
    from lineage l
    join mine on true
    left join clusters c on c.cluster_id = l.earlier_cluster_id and mine.period <> 'all'
    where l.cluster_id = $cluster
    order by l.overlap desc, l.earlier_cluster_id"""

_SINCE = """
    select l.event, list(distinct l.cluster_id) as later,
           list(distinct l.earlier_cluster_id) as earlier
    from lineage l
    left join clusters c on c.cluster_id = l.cluster_id
    where (c.theme = 'all' and c.period = 'all' and c.level = 0)
       or (l.event = 'ended' and list_contains($earlier, l.earlier_cluster_id))
    group by l.event"""

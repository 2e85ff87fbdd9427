"""What an edition holds, and what it lacks."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.history import Since, since
from triplehelix.app.prepared import PLACED, once_per_edition, prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: rows read = rows kept + rows rejected."""

    source: str
    file: str
    sha256: str
    rows_read: int
    rows_kept: int
    rows_rejected: int


@dataclass(frozen=True, slots=True)
class RejectReason:
    """Rows of a source that were not understood, by the reason, and one file and row of them."""

    source: str
    reason: str
    n: int
    file: str | None
    row: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What the line under every page's header says, and the page behind it."""

    id: str
    name: str
    sample: bool
    first_year: int | None
    last_year: int | None
    n_activities: int
    activity_kinds: list[str]
    n_participations: int
    n_placed: int
    n_organisations: int
    n_unnamed: int
    n_clusters: int
    n_amounts_known: int
    precisions: dict[str, int]
    counts: dict[str, int]
    inputs: list[SourceFile]
    rejects: list[RejectReason]
    warnings: list[str]
    attribution: list[str]
    since: Since | None
    parameters: dict[str, Any]
    versions: dict[str, Any]


@once_per_edition
def contents(edition: Edition) -> Contents:
    """What the edition holds: counts, sources, rows rejected, warnings, licences."""
    manifest = prepare(edition).manifest
    files = [SourceFile(**{f: i.get(f) for f in SourceFile.__slots__}) for i in manifest["inputs"]]
    return Contents(
        id=edition.id,
        name=str(manifest.get("name") or "unnamed"),
        sample=bool(manifest.get("sample")),
        **edition.rows(Query("contents", _COUNTS, {"placed": list(PLACED)}))[0],
        precisions={r["precision"]: r["n"] for r in edition.rows(Query("precision", _PRECISION))},
        counts=dict(manifest.get("counts") or {}),
        inputs=files,
        rejects=[RejectReason(**r) for r in edition.rows(Query("rejects", _REJECTS))],
        warnings=[str(w) for w in manifest.get("warnings") or []],
        attribution=[str(a) for a in manifest.get("attribution") or []],
        since=since(edition),
        parameters=dict(manifest.get("parameters") or {}),
        versions=dict(manifest.get("versions") or {}),
    )


_COUNTS = """
    select (select min(year) from atlas.activities) as first_year,
           (select max(year) from atlas.activities) as last_year,
           (select count(*) from activities) as n_activities,
           (select coalesce(list_sort(list(distinct kind)), []) from activities) as activity_kinds,
           (select count(*) from participations) as n_participations,
           (select count(*) from participations p join sites s using (site_id)
            where s.precision in (select unnest($placed))) as n_placed,
           (select count(*) from organisations) as n_organisations,
           (select count(*) from atlas.organisations where not named) as n_unnamed,
           (select count(*) from atlas.clusters where main) as n_clusters,
           (select count(amount) from participations) as n_amounts_known"""

_PRECISION = """
    with placed as (
        select coalesce(s.precision, 'none') as how
        from participations p left join sites s using (site_id))
    select how as precision, count(*) as n from placed group by how
    order by list_position(['address','postcode','district','city','region','country','none'],
                           how)"""

_REJECTS = """
    select source, reason, count(*) as n, arg_min(file, (file, "row")) as file,
           arg_min("row", (file, "row")) as "row"
    from rejects group by source, reason order by n desc, source, reason limit 100"""

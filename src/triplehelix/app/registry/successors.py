"""The organisation of an edition that a member is, whatever id it had when it was written down."""

from collections.abc import Iterable

from triplehelix.query import Query
from triplehelix.store.edition import Edition

_KNOWN = "select organisation_id from organisations where organisation_id = $organisation"
_LATER = "select organisation_id from successors where earlier_id = $organisation"


def organisation_of(edition: Edition, organisation_id: str | None) -> str | None:
    """
    The id by which an edition knows an organisation; None if it knows it by none.

    A member keeps the id it was given. An edition that calls the organisation otherwise says so
    in `successors`, which is followed here each time one is shown beside the other. Nothing is
    written, and no permission depends on it: who acts for a member is told by the member's own id.

    Parameters
    ----------
    organisation_id : as this or an earlier edition, or a source, had it.
    """
    asked = organisation_id
    met: set[str] = set()
    while asked is not None and asked not in met:
        if _found(edition, _KNOWN, asked):
            return asked
        met.add(asked)
        asked = _found(edition, _LATER, asked)
    return None


def organisations_of(edition: Edition, organisation_ids: Iterable[str]) -> dict[str, str]:
    """As `organisation_of` of many at once; those that the edition does not know are left out."""
    now = {one: one for one in organisation_ids}
    known: dict[str, str] = {}
    met: set[tuple[str, str]] = set()
    while now:
        there = _many(edition, "organisations", "organisation_id", now.values())
        known |= {asked: one for asked, one in now.items() if one in there}
        later = _many(edition, "successors", "earlier_id", now.values())
        met |= set(now.items())
        now = {asked: later[one] for asked, one in now.items()
               if asked not in known and one in later}  # fmt: skip
        now = {asked: one for asked, one in now.items() if (asked, one) not in met}
    return known


def _many(edition: Edition, table: str, key: str, ids: Iterable[str]) -> dict[str, str]:
    sql = f"select {key} as asked, organisation_id from {table} where list_contains($ids, {key})"
    rows = edition.rows(Query(table, sql, {"ids": sorted(set(ids))}))
    return {row["asked"]: row["organisation_id"] for row in rows}


def _found(edition: Edition, sql: str, organisation_id: str) -> str | None:
    rows = edition.rows(Query("organisation", sql, {"organisation": organisation_id}))
    return str(rows[0]["organisation_id"]) if rows else None

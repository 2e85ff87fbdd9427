"""The organisation of an edition that a member is, whatever id it had when it was written down."""

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


def _found(edition: Edition, sql: str, organisation_id: str) -> str | None:
    rows = edition.rows(Query("organisation", sql, {"organisation": organisation_id}))
    return str(rows[0]["organisation_id"]) if rows else None

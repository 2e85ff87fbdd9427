"""What is kept of a person: given to them, and erased at their wish."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.errors import Conflict, Forbidden
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.mentions import Person
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import enquiries, enquiry_reading, erasing, log_reading
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.second_lock import before


@dataclass(frozen=True, slots=True)
class Erasure:
    """
    What was done to erase a person.

    `records` that named them and `entries` of the log that told of them; `left` are columns in
    which the same words still stand, all of them somebody else's text; `compacted` tells whether
    the database's file was written anew. Only administrators are told of the first three.
    """

    records: int
    entries: int
    left: tuple[str, ...]
    compacted: bool


def export_person(registry: Registry, viewer: Viewer, user_id: str) -> dict[str, Any]:
    """
    Everything kept of a person, as JSON can hold it: for themselves and for administrators.

    Returns
    -------
    `tables`: rows of theirs by table, secrets left out; `log`: what the log says of them;
    `acts`: what they did, when and to what; `records`: ids of records that name them and that
    the viewer sees.

    Raises
    ------
    UnknownName
        If there is no such user, or it is somebody else.
    """
    _require_own(viewer, user_id)
    with registry.look(viewer) as sight:
        person = _person(sight.connection, user_id)
        named = erasing.records_naming(sight.connection, person)
        seen = {
            record.record_id: record.kind
            for record in sight.records(named) if person.is_in(dict(record.fields))
        }  # fmt: skip
        # What they have asked is seen by those it is with; it is theirs all the same.
        with before(sight.connection):
            tables = erasing.rows_of_user(sight.connection, user_id, person.email)
        return {
            "user": user_id,
            "tables": _plain(tables),
            "log": _plain(log_reading.about(sight.connection, user_id)),
            "acts": _plain(log_reading.acts_of(sight.connection, user_id)),
            "records": seen,
        }


def erase_person(registry: Registry, viewer: Viewer, user_id: str) -> Erasure:
    """
    Erase a person: account, sessions, tokens, what they asked in enquiries, their name and e-mail
    wherever they stand.

    Records stay, without the person; the log stays, with commitments in the place of what it
    said of them, and still verifies. Somebody who erases themselves is taken out of texts of
    others by their e-mail only: a name can be chosen, and could be chosen to do harm.

    Raises
    ------
    UnknownName
        If there is no such user, or it is somebody else.
    Forbidden
        If the viewer comes with a token that may only read.
    Conflict
        If it is the last administrator.
    """
    _require_own(viewer, user_id)
    if "write" not in viewer.scopes:
        raise Forbidden("this token may only read; sign in, or use one with the scope write")
    by = Viewer(user_id=viewer.user_id, name=viewer.name, everything=True)
    with registry.change(by) as change:
        whole = _person(change.connection, user_id)
        if erasing.is_last_administrator(change.connection, user_id):
            raise Conflict("this is the last administrator; make somebody else administrator first")
        person = whole if viewer.everything else Person(whole.email)
        for one in enquiry_reading.of_person(change.connection, user_id, whole.email):
            enquiries.erase(change, one, "asker")
        records = erasing.erase_from_records(change, person)
        erasing.erase_from_tables(change, person, user_id)
        entries = erasing.erase_subject(change, user_id)
        entries += erasing.erase_mentions(change, person)
        change.flush()
        left = erasing.still_named(change.connection, person)
    compacted = erasing.compact(registry)
    if not viewer.everything:
        return Erasure(0, 0, (), compacted)
    return Erasure(records, entries, tuple(left), compacted)


def _require_own(viewer: Viewer, user_id: str) -> None:
    own = viewer.user_id is not None and viewer.user_id == user_id
    if not is_id(user_id, "user") or not (own or viewer.everything):
        raise nothing_so_named("user")


def _person(connection: Any, user_id: str) -> Person:
    found = erasing.person_of(connection, user_id)
    if found is None:
        raise nothing_so_named("user")
    return found


def _plain(said: Any) -> Any:
    """As JSON can hold it."""
    if isinstance(said, dict):
        return {str(key): _plain(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_plain(each) for each in said]
    if isinstance(said, datetime | date):
        return said.isoformat()
    return said.hex() if isinstance(said, bytes) else said

"""Questions to the audit log: what happened to a record, and proof that it stands in the log."""

import re
from dataclasses import asdict
from typing import Any

from triplehelix.errors import Conflict
from triplehelix.registry.ids import PREFIXES, is_id, nothing_so_named
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import log_reading, verifying
from triplehelix.store.registry.log_reading import Logged
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.verifying import Verified

MOST_LEAVES = 10_000
_RECORDS = ("network", "member", "asset", "post", "event", "call")
_RECORD_ID = re.compile(rf"\b(?:{'|'.join(PREFIXES[kind] for kind in _RECORDS)})_[0-9a-z]{{26}}\b")


def history(registry: Registry, viewer: Viewer, record_id: str) -> list[Logged]:
    """
    What was done to a record, the earliest first, for those who may change it.

    Of a record that was handed over, they see what was done while it was theirs; an entry that
    names a record they do not see is left out. Administrators see all, of removed records too.

    Raises
    ------
    UnknownName
        If there is no such record or it is hidden.
    Forbidden
        If it is shown to the viewer and is not theirs to change.
    """
    kind = _kind(record_id)
    with registry.look(viewer) as sight:
        if not viewer.everything:
            sight.record(kind, record_id)
            require(viewer, Action.EDIT, sight.holder(record_id))
        found = _own(sight, viewer, log_reading.of_subject(sight.connection, record_id))
    if not found and viewer.everything:
        raise nothing_so_named(kind)
    return found


def audit(
    registry: Registry, viewer: Viewer, *, subject: str | None = None, before: str | None = None,
    most: int = 100,
) -> list[Logged]:  # fmt: skip
    """
    The newest entries of the whole log, or of one subject, for administrators.

    Parameters
    ----------
    before : id of an entry: only those written before it.

    Raises
    ------
    Forbidden
        If the viewer is no administrator.
    """
    require(viewer, Action.ADMINISTER, Holder())
    with registry.look(viewer) as sight:
        return log_reading.newest(sight.connection, most, before, subject)


def proof(registry: Registry, viewer: Viewer, entry_id: str) -> dict[str, Any]:
    """
    Proof that an entry stands in the log, which an outsider can check without this registry.

    For those who see the entry: see `history`; entries about a user are that user's.

    Raises
    ------
    UnknownName
        If there is no such entry, or it is not the viewer's.
    Conflict
        If the entry awaits the next seal.
    """
    with registry.look(viewer) as sight:
        found = log_reading.entry(sight.connection, entry_id) if is_id(entry_id, "entry") else None
        if found is None or not _may_see(sight, viewer, found):
            raise nothing_so_named("entry")
        if not found.sealed:
            raise Conflict("this entry is in no sealed batch yet; ask again after the next seal")
        return log_reading.proof(sight.connection, entry_id)


def checkpoint(registry: Registry) -> str:
    """
    The newest signed checkpoint, as text.

    Raises
    ------
    UnknownName
        Before the first seal.
    """
    with registry.engine.connect() as connection:
        return log_reading.checkpoint(connection)


def public_keys(registry: Registry) -> list[str]:
    """Public keys with which checkpoints of this log are signed, the newest first."""
    with registry.engine.connect() as connection:
        return log_reading.keys(connection)


def consistency(registry: Registry, earlier: int) -> dict[str, Any]:
    """
    Proof that the log goes on from what it was when it had so many leaves.

    Raises
    ------
    InputError
        If it never had so many.
    UnknownName
        Before the first seal.
    """
    with registry.engine.connect() as connection:
        return log_reading.consistency(connection, earlier)


def leaves(registry: Registry, first: int = 0) -> dict[str, Any]:
    """Leaf hashes of the public log from one on, as hex: 10,000 at most at a time."""
    with registry.engine.connect() as connection:
        found = log_reading.public_leaves(connection, first, MOST_LEAVES)
    return {"from": first, "leaves": [each.hex() for each in found]}


def verify(registry: Registry, held: str | None = None) -> Verified:
    """
    Work every hash of the log out anew; `held` is a checkpoint that was kept elsewhere.

    Raises
    ------
    InputError
        If what was kept elsewhere is no checkpoint.
    """
    return verifying.verify(registry, held)


def as_json(entry: Logged) -> dict[str, Any]:
    """An entry as JSON can hold it."""
    return {**asdict(entry), "at": entry.at.isoformat()}


def _kind(record_id: str) -> str:
    for kind in _RECORDS:
        if is_id(record_id, kind):
            return kind
    raise nothing_so_named("record")


def _may_see(sight: Sight, viewer: Viewer, entry: Logged) -> bool:
    if viewer.everything:
        return True
    if viewer.user_id is not None and entry.subject == viewer.user_id:
        return True
    if not any(is_id(entry.subject, kind) for kind in _RECORDS):
        return False
    record = sight.records([entry.subject])
    if not record or not record[0].editable:
        return False
    of_record = log_reading.of_subject(sight.connection, entry.subject)
    return entry in _own(sight, viewer, of_record)


def _own(sight: Sight, viewer: Viewer, entries: list[Logged]) -> list[Logged]:
    """Entries of the times when the record was the viewer's, and that name nothing hidden."""
    if viewer.everything:
        return entries
    held = Holder()
    own = []
    for entry in entries:
        held = _holder_after(entry, held)
        if held.grants & viewer.grants:
            own.append(entry)
    named = {id_ for entry in own for id_ in _named(entry)}
    shown = sight.names(named)
    return [entry for entry in own if _named(entry) <= set(shown)]


def _holder_after(entry: Logged, held: Holder) -> Holder:
    if entry.action not in ("create", "hand over"):
        return held
    # Whose it was then is unknown once that has been erased: it is shown to nobody but
    # administrators until it is handed over again.
    said = entry.said or {}
    return Holder(said.get("member"), said.get("network"))


def _named(entry: Logged) -> set[str]:
    return set(_RECORD_ID.findall(repr(entry.said))) - {entry.subject}

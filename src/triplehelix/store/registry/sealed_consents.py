"""Consents to open the names of a sealed match, and the matches that both sides have opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from triplehelix.errors import InputError
from triplehelix.registry.ids import is_id
from triplehelix.registry.viewer import Action
from triplehelix.store.registry.call_following import both_sides, holder_of, private_to
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sealed import behind
from triplehelix.store.registry.sealed_tables import (
    SEALED_CONSENTS,
    SEALED_MATCHES,
    SEALED_PAIRS,
    SEALED_USES,
)
from triplehelix.store.registry.sight import Sight

_ANY = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A side's consent: to one call, or (None) to whatever matches."""

    record_id: str
    call_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """
    A match whose names both sides see.

    `said` has `asset`, `kind`, `member` and `contacts` of the asset's side, `call`, `holder` and
    the `needs` (names, with their capability, amount and unit) of the call's.
    """

    match_id: str
    asset_id: str
    call_id: str
    said: Mapping[str, Any]
    opened_at: datetime


def consent(change: Change, record_id: str, call_id: str | None) -> int:
    """
    Let one's names be opened to those that match and consent too; how many opened at once.

    Parameters
    ----------
    call_id : of an asset: to this call alone, which has asked; None: to whatever matches.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    kind = "call" if is_id(record_id, "call") else "asset"
    change.editable(kind, record_id, Action.SHARE, None)
    if call_id is not None and not _was_asked(change.sight, record_id, call_id):
        raise InputError("this call has not asked about it; consent to one in the list of uses")
    withdraw(change, record_id, call_id)
    change.connection.execute(insert(SEALED_CONSENTS), {
        "record_id": record_id, "call_id": call_id or _ANY, "at": change.now,
        "seen_by": change.keep(private_to(holder_of(change, record_id))),
        "by_user": change.viewer.user_id,
    })  # fmt: skip
    change.log(record_id, "consent to open", call=call_id)
    return open_agreed(change, record_id)


def withdraw(change: Change, record_id: str, call_id: str | None) -> None:
    """Consent no more; what has been opened is known."""
    kind = "call" if is_id(record_id, "call") else "asset"
    change.editable(kind, record_id, Action.SHARE, None)
    table = SEALED_CONSENTS
    gone = change.connection.execute(delete(table).where(
        table.c.record_id == record_id, table.c.call_id == (call_id or _ANY)
    ))  # fmt: skip
    if gone.rowcount:
        change.log(record_id, "consent no more", call=call_id)


def open_agreed(change: Change, record_id: str) -> int:
    """Open the matches of a record to which both sides have consented; how many."""
    change.flush()
    table = SEALED_PAIRS
    of_this = (table.c.asset_id == record_id) | (table.c.call_id == record_id)
    pairs = change.connection.execute(
        select(table).where(of_this, table.c.matched).order_by(table.c.at, table.c.match_id)
    ).all()  # fmt: skip
    opened = 0
    for pair in pairs:
        if _both(change, pair.asset_id, pair.call_id) and not _is_open(change, pair.match_id):
            _open(change, pair)
            opened += 1
    return opened


def consents(sight: Sight, record_id: str) -> list[Consent]:
    """Consents about a record, for its holder."""
    table = SEALED_CONSENTS
    asked = select(table).where(table.c.record_id == record_id, sight.seen(table))
    rows = sight.connection.execute(asked.order_by(table.c.at, table.c.call_id))
    return [Consent(row.record_id, row.call_id or None, row.at) for row in rows]


def opened(sight: Sight, record_id: str) -> list[Opened]:
    """Opened matches of an asset or a call, for both sides; the earliest first."""
    table = SEALED_MATCHES
    of_this = (table.c.asset_id == record_id) | (table.c.call_id == record_id)
    columns = [table.c[name] for name in Opened.__dataclass_fields__]
    asked = select(*columns).where(of_this, sight.seen(table))
    rows = sight.connection.execute(asked.order_by(table.c.opened_at, table.c.match_id))
    return [Opened(**row) for row in rows.mappings()]


def _was_asked(sight: Sight, record_id: str, call_id: str) -> bool:
    table = SEALED_USES
    asked = select(table.c.use_id).where(
        table.c.record_id == record_id, table.c.call_id == call_id, sight.seen(table)
    )
    return sight.connection.execute(asked.limit(1)).first() is not None


def _both(change: Change, asset_id: str, call_id: str) -> bool:
    table = SEALED_CONSENTS
    of_asset = (table.c.record_id == asset_id) & table.c.call_id.in_((_ANY, call_id))
    asked = select(table.c.record_id).where(of_asset | (table.c.record_id == call_id))
    return set(change.connection.scalars(asked)) == {asset_id, call_id}


def _is_open(change: Change, match_id: str) -> bool:
    asked = select(SEALED_MATCHES.c.match_id).where(SEALED_MATCHES.c.match_id == match_id)
    return change.connection.scalar(asked) is not None


def _open(change: Change, pair: Any) -> None:
    sight = behind(change)
    asset, call = sight.record("asset", pair.asset_id), sight.record("call", pair.call_id)
    owner, holder = asset.member_id or asset.network_id, call.member_id or call.network_id
    names = sight.names(one for one in (owner, holder) if one)
    needs = [*call.fields.get("needs", ()), *call.fields.get("sealed_needs", ())]
    shown = ("need", "capability", "amount", "unit", "by", "until")
    said = {
        "asset": asset.name, "kind": asset.fields["kind"], "member": names.get(owner or ""),
        "contacts": list(asset.fields.get("contacts", ())),
        "call": call.name, "holder": names.get(holder or ""),
        "needs": [{name: need[name] for name in shown if name in need}
                  for need in needs if need["need"] in pair.needs],
    }  # fmt: skip
    seen_by = change.keep(both_sides(change, pair.call_id, pair.asset_id))
    change.connection.execute(insert(SEALED_MATCHES), {
        "match_id": pair.match_id, "asset_id": pair.asset_id, "call_id": pair.call_id,
        "seen_by": seen_by, "said": said, "opened_at": change.now,
    })  # fmt: skip
    for one in (pair.asset_id, pair.call_id):
        change.log(one, "sealed match opened", match=pair.match_id)

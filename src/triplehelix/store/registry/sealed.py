"""
Sealed matching in the database: what is let be told, what was asked, who has consented.

What is compared is read past visibility, here and nowhere else, and only of what its holder has
let be compared; what comes out of here is one bit for each asset and call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from triplehelix.errors import Forbidden, InputError, TooOften
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.sealed import A_DAY, NOBODY, QUESTIONS_A_DAY, Narrower, matching_needs
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import EVERYBODY, Holder, name_of
from triplehelix.store.registry import log
from triplehelix.store.registry.call_following import holder_of, private_to
from triplehelix.store.registry.call_lists import is_verified
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sealed_tables import (
    SEALED_OFFERS,
    SEALED_PAIRS,
    SEALED_QUESTIONS,
    SEALED_USES,
    VERIFIED,
)
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import LOG_ENTRIES, RECORDS


@dataclass(frozen=True, slots=True)
class Offer:
    """What a holder lets be told: of which record, to one call or (None) to any verified one."""

    offer_id: str
    record_id: str
    call_id: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """
    One time that a bit was used; `call_id` is None where the holder of a call's sealed needs looks.
    """

    record_id: str
    call_id: str | None
    at: datetime
    matched: bool


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """A question that the viewer's side has asked, and the bit that it got."""

    record_id: str
    at: datetime
    answer: bool


def verify(change: Change, record_id: str, *, verified: bool) -> None:
    """Say that a member or network is who it says it is, or take that back; administrators."""
    require(change.viewer, Action.ADMINISTER, Holder())
    kind = "network" if is_id(record_id, "network") else "member"
    change.sight.record(kind, record_id)
    change.connection.execute(delete(VERIFIED).where(VERIFIED.c.record_id == record_id))
    if verified:
        change.connection.execute(insert(VERIFIED), {
            "record_id": record_id, "seen_by": change.keep(EVERYBODY),
            "verified_at": change.now, "by_user": change.viewer.user_id,
        })  # fmt: skip
    change.log(record_id, "verify" if verified else "take verification back")


def let_tell(change: Change, record_id: str, call_id: str | None) -> str:
    """
    Let it be told whether an asset, or a call's sealed needs, match; the offer's id.

    Parameters
    ----------
    call_id : of an asset: to this published call alone; None: to any of a verified holder.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    kind = _kind(record_id)
    change.editable(kind, record_id, Action.SHARE, None)
    if call_id is not None:
        if kind == "call":
            raise InputError("a call's sealed needs are told of to verified members; name no call")
        _require_published(change, call_id)
    for one in offers(change.sight, record_id):
        if one.call_id == call_id:
            return one.offer_id
    new = change.ids("offer")
    change.connection.execute(insert(SEALED_OFFERS), {
        "offer_id": new, "record_id": record_id, "call_id": call_id,
        "seen_by": _own(change, record_id), "made_at": change.now,
        "by_user": change.viewer.user_id,
    })  # fmt: skip
    change.log(record_id, "let match be told", call=call_id)
    return new


def take_back(change: Change, offer_id: str) -> None:
    """Let it be told no more; what has been told is known."""
    asked = select(SEALED_OFFERS).where(
        SEALED_OFFERS.c.offer_id == offer_id, change.sight.seen(SEALED_OFFERS)
    )
    row = change.connection.execute(asked).first()
    if row is None:
        raise nothing_so_named("offer")
    change.editable(_kind(row.record_id), row.record_id, Action.SHARE, None)
    change.connection.execute(delete(SEALED_OFFERS).where(SEALED_OFFERS.c.offer_id == offer_id))
    change.log(row.record_id, "let match be told no more", call=row.call_id)


def ask(change: Change, record_id: str, narrower: Narrower) -> bool:
    """
    Whether something sealed matches: of a call, any asset; of an asset, any call's sealed need.

    Raises
    ------
    InputError
        If a call is not published: open, and shown to everybody.
    UnknownName
    Forbidden
        If the viewer does not act for its holder, or that is not verified.
    TooOften
        If its holder has asked as often as one may in a day.
    """
    kind = _kind(record_id)
    change.editable(kind, record_id, Action.EDIT, None)
    if kind == "call":
        _require_published(change, record_id)
    caller = _caller(change, record_id)
    _count(change, caller)
    others = _let_be_told(change, record_id, kind)
    answer = False
    for other in others:
        asset, call = (other, record_id) if kind == "call" else (record_id, other)
        answer |= _bit(change, asset, call, kind, narrower)
    change.connection.execute(insert(SEALED_QUESTIONS), {
        "question_id": change.ids("question"), "record_id": record_id, "caller": caller,
        "seen_by": _own(change, record_id), "at": change.now, "answer": answer,
        "by_user": change.viewer.user_id,
    })  # fmt: skip
    change.log(record_id, "ask sealed", answer=answer)
    return answer


def offers(sight: Sight, record_id: str) -> list[Offer]:
    """What of a record is let be told, for its holder."""
    return _listed(sight, SEALED_OFFERS, Offer, record_id, SEALED_OFFERS.c.made_at)


def uses(sight: Sight, record_id: str) -> list[Use]:
    """Each time that a bit of a record was used, for its holder; the earliest first."""
    return _listed(sight, SEALED_USES, Use, record_id, SEALED_USES.c.at)


def questions(sight: Sight, record_id: str) -> list[AskedOnce]:
    """Each question asked about a record by its own side; the earliest first."""
    return _listed(sight, SEALED_QUESTIONS, AskedOnce, record_id, SEALED_QUESTIONS.c.at)


def is_published(sight: Sight, call_id: str) -> bool:
    """Whether a call is open and shown to everybody; UnknownName where it is not seen."""
    call = sight.record("call", call_id)
    seen_by = sight.connection.scalar(
        select(RECORDS.c.seen_by).where(RECORDS.c.record_id == call_id)
    )
    return call.fields["state"] == "open" and seen_by == name_of(EVERYBODY)


def behind(change: Change) -> Sight:
    """Everything: for what its holders have let be compared, or told."""
    change.flush()
    return Sight(change.connection, Viewer(everything=True), change.now)


def _listed(sight: Sight, table: Any, kind: Any, record_id: str, by: Any) -> list[Any]:
    columns = [table.c[name] for name in kind.__dataclass_fields__]
    asked = (
        select(*columns).where(table.c.record_id == record_id, sight.seen(table))
        .order_by(by, *table.primary_key.columns)
    )  # fmt: skip
    return [kind(**row) for row in sight.connection.execute(asked).mappings()]


def _kind(record_id: str) -> str:
    return "call" if is_id(record_id, "call") else "asset"


def _own(change: Change, record_id: str) -> str:
    return change.keep(private_to(holder_of(change, record_id)))


def _require_published(change: Change, call_id: str) -> None:
    if not is_published(change.sight, call_id):
        raise InputError(
            "only a published call can be matched with what is sealed: open it, and show it to "
            "everybody"
        )


def _caller(change: Change, record_id: str) -> str:
    held = holder_of(change, record_id)
    for one in (held.member_id, held.network_id):
        if one is not None and is_verified(change.sight, one):
            return one
    raise Forbidden(
        "only a verified member or network may ask what is sealed; ask an administrator to verify "
        "yours"
    )


def _count(change: Change, caller: str) -> None:
    table = SEALED_QUESTIONS
    asked = select(func.count(), func.min(table.c.at)).where(
        table.c.caller == caller, table.c.at > change.now - A_DAY
    )
    n, first = change.connection.execute(asked).one()
    if n >= QUESTIONS_A_DAY:
        wait_s = max(1, round((first + A_DAY - change.now).total_seconds()))
        raise TooOften(
            f"{QUESTIONS_A_DAY} questions about what is sealed were asked within a day, and no "
            f"more may be; ask again in {-(-wait_s // 3600)} hours",
            wait_s,
        )


def _let_be_told(change: Change, record_id: str, kind: str) -> Sequence[str]:
    """Ids of assets, or of open calls, whose holders let a match with this be told; by id."""
    table = SEALED_OFFERS
    wanted = "asset" if kind == "call" else "call"
    to_this = or_(table.c.call_id.is_(None), table.c.call_id == record_id)
    asked = (
        select(table.c.record_id)
        .join(RECORDS, RECORDS.c.record_id == table.c.record_id)
        .where(to_this, RECORDS.c.kind == wanted)
        .distinct().order_by(table.c.record_id)
    )  # fmt: skip
    found = list(change.connection.scalars(asked))
    if kind == "call":
        return found
    calls = behind(change).records(found, "call")
    return [one.record_id for one in calls if one.fields["state"] == "open"]


def _bit(change: Change, asset_id: str, call_id: str, asker: str, narrower: Narrower) -> bool:
    """The one bit of an asset and a call: found when first asked for, and kept."""
    table = SEALED_PAIRS
    mine = (table.c.asset_id == asset_id, table.c.call_id == call_id, table.c.asker == asker)
    matched = change.connection.scalar(select(table.c.matched).where(*mine))
    if matched is None:
        needs = _compared(behind(change), asset_id, call_id, asker, narrower)
        matched = bool(needs)
        change.connection.execute(insert(table), {
            "match_id": change.ids("match"), "asset_id": asset_id, "call_id": call_id,
            "asker": asker, "seen_by": change.keep(NOBODY), "matched": matched, "needs": needs,
            "at": change.now,
        })  # fmt: skip
    used = asset_id if asker == "call" else call_id
    change.connection.execute(insert(SEALED_USES), {
        "use_id": change.ids("use"), "record_id": used, "seen_by": _own(change, used),
        "call_id": call_id if asker == "call" else None, "at": change.now, "matched": matched,
    })  # fmt: skip
    # The log tells a holder of each use too, and no more than the list does: an entry that named
    # who asked would name the holder of what may be sealed itself.
    said: Mapping[str, Any] = {"call": call_id} if asker == "call" else {}
    change.add(LOG_ENTRIES, log.entry(
        entry_id=change.ids("entry"), subject=used, actor=None, action="sealed match told",
        at=change.now, said={"matched": matched, **said},
    ))  # fmt: skip
    return bool(matched)


def _compared(
    sight: Sight, asset_id: str, call_id: str, asker: str, narrower: Narrower
) -> list[str]:
    call, asset = sight.record("call", call_id), sight.record("asset", asset_id)
    needs = list(call.fields.get("sealed_needs", ()))
    if asker == "call":
        needs += call.fields.get("needs", ())
    capacities = [one.fields for one in sight.capacities([asset_id])]
    return matching_needs(needs, asset.fields, capacities, narrower)

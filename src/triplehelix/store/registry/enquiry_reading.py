"""Enquiries as they stand: for those they are with, and for whoever asked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from triplehelix.registry.enquiries import Asker, Enquiry, EnquiryEvent, Turn
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.store.registry.among import among
from triplehelix.store.registry.enquiry_tables import (
    ENQUIRIES,
    ENQUIRY_ASKERS,
    ENQUIRY_EVENTS,
    ENQUIRY_TURNS,
)
from triplehelix.store.registry.secret_words import digest
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import ROLES, USERS

_COLUMNS = [ENQUIRIES.c[name] for name in Enquiry.__dataclass_fields__ if name != "to"]
_ASKER = [ENQUIRY_ASKERS.c[name] for name in Asker.__dataclass_fields__]


def of_secret(connection: Connection, secret: str) -> str:
    """
    The id of the enquiry that a secret is of.

    Raises
    ------
    UnknownName
        If it is of none.
    """
    mine = select(ENQUIRIES.c.enquiry_id).where(ENQUIRIES.c.hash == digest(secret))
    found: str | None = connection.scalar(mine)
    if found is None:
        raise nothing_so_named("enquiry")
    return found


def of_user(connection: Connection, user_id: str) -> list[str]:
    """Ids of the enquiries of an account, the newest first."""
    mine = (
        select(ENQUIRIES.c.enquiry_id)
        .join(ENQUIRY_ASKERS, ENQUIRY_ASKERS.c.enquiry_id == ENQUIRIES.c.enquiry_id)
        .where(ENQUIRY_ASKERS.c.user_id == user_id)
        .order_by(ENQUIRIES.c.made_at.desc(), ENQUIRIES.c.enquiry_id)
    )
    return list(connection.scalars(mine))


def enquiry(sight: Sight, enquiry_id: str) -> Enquiry:
    """
    One enquiry, for those it is with.

    Raises
    ------
    UnknownName
        If there is none, or it is with others.
    """
    known = is_id(enquiry_id, "enquiry")
    found = enquiries(sight, ENQUIRIES.c.enquiry_id == enquiry_id) if known else []
    if not found:
        raise nothing_so_named("enquiry")
    return found[0]


def enquiries(sight: Sight, *conditions: ColumnElement[bool]) -> list[Enquiry]:
    """Enquiries that are seen, the longest waiting first."""
    asked = select(*_COLUMNS).where(sight.seen(ENQUIRIES), *conditions).order_by(
        ENQUIRIES.c.made_at, ENQUIRIES.c.enquiry_id)  # fmt: skip
    rows = sight.connection.execute(asked).mappings().all()
    with_ = _with(sight, [row["enquiry_id"] for row in rows])
    return [Enquiry(**row, to=with_.get(row["enquiry_id"], ())) for row in rows]


def in_states(states: Iterable[str]) -> ColumnElement[bool]:
    """Only enquiries that stand so."""
    return among(ENQUIRIES.c.state, sorted(map(str, states)))


def made_since(moment: datetime) -> ColumnElement[bool]:
    """Only enquiries of that moment and later."""
    return ENQUIRIES.c.made_at >= moment


def of_ids(ids: Iterable[str]) -> ColumnElement[bool]:
    """Only these."""
    return among(ENQUIRIES.c.enquiry_id, sorted(ids))


def askers(sight: Sight, ids: Sequence[str]) -> dict[str, Asker]:
    """Who asks what; those whose words are erased are not there."""
    asked = select(ENQUIRY_ASKERS.c.enquiry_id, *_ASKER).where(
        among(ENQUIRY_ASKERS.c.enquiry_id, ids), sight.seen(ENQUIRY_ASKERS)
    )
    rows = sight.connection.execute(asked).mappings()
    names = Asker.__dataclass_fields__
    return {row["enquiry_id"]: Asker(**{name: row[name] for name in names}) for row in rows}


def events(sight: Sight, enquiry_id: str) -> list[EnquiryEvent]:
    """All that happened to one, the earliest first."""
    names = EnquiryEvent.__dataclass_fields__
    asked = (
        select(*(ENQUIRY_EVENTS.c[name] for name in names))
        .where(ENQUIRY_EVENTS.c.enquiry_id == enquiry_id, sight.seen(ENQUIRY_EVENTS))
        .order_by(ENQUIRY_EVENTS.c.n)
    )
    rows = sight.connection.execute(asked).mappings()
    return [EnquiryEvent(**{**row, "to": tuple(row["to"])}) for row in rows]


def turns(sight: Sight, ids: Collection[str] | None = None) -> list[Turn]:
    """With whom enquiries were, from when to when; of these, or of all that are seen."""
    names = Turn.__dataclass_fields__
    asked = select(*(ENQUIRY_TURNS.c[name] for name in names)).where(sight.seen(ENQUIRY_TURNS))
    if ids is not None:
        asked = asked.where(among(ENQUIRY_TURNS.c.enquiry_id, sorted(ids)))
    ordered = asked.order_by(ENQUIRY_TURNS.c.enquiry_id, ENQUIRY_TURNS.c.n)
    return [Turn(**row) for row in sight.connection.execute(ordered).mappings()]


def of_person(connection: Connection, user_id: str, email: str) -> list[str]:
    """Ids of the enquiries that an account has asked, or that were asked under its e-mail."""
    mine = (ENQUIRY_ASKERS.c.user_id == user_id) | (ENQUIRY_ASKERS.c.email == email.lower())
    asked = select(ENQUIRY_ASKERS.c.enquiry_id).where(mine)
    return list(connection.scalars(asked.order_by(ENQUIRY_ASKERS.c.enquiry_id)))


def read_for(connection: Connection, ids: Collection[str]) -> set[str]:
    """Of these members and networks, those for which somebody with an open account reads."""
    asked = select(ROLES.c.object_id).join(USERS, USERS.c.user_id == ROLES.c.user_id).where(
        among(ROLES.c.object_id, sorted(ids)), ROLES.c.role.in_(("steward", "member")),
        USERS.c.disabled.is_(False), USERS.c.kind == "person",
    )  # fmt: skip
    return set(connection.scalars(asked)) if ids else set()


def desk_is_read(connection: Connection) -> bool:
    """Whether there is an administrator, who reads at the front desk."""
    asked = (
        select(ROLES.c.user_id)
        .join(USERS, USERS.c.user_id == ROLES.c.user_id)
        .where(
            ROLES.c.role == "administrator", USERS.c.disabled.is_(False), USERS.c.kind == "person"
        )
    )
    return connection.execute(asked.limit(1)).first() is not None


def _with(sight: Sight, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The members and networks that enquiries are with: not those that have passed them on."""
    found: dict[str, set[str]] = {}
    for one in turns(sight, ids) if ids else ():
        if one.holder_id and one.end != "passed on":
            found.setdefault(one.enquiry_id, set()).add(one.holder_id)
    return {enquiry_id: tuple(sorted(holders)) for enquiry_id, holders in found.items()}

"""Whom letters about calls go to, and when each was last sent one."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from triplehelix.store.registry.call_tables import CALL_MAILED
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import ROLES, USERS


class Addressee(NamedTuple):
    """Somebody who acts for a member or a network; `met` if a letter was tried before."""

    user_id: str
    email: str
    sent_at: datetime | None
    met: bool


def addressees(registry: Registry) -> list[Addressee]:
    """People who act for a member or are stewards of a network, by id."""
    asked = (
        select(USERS.c.user_id, USERS.c.email, CALL_MAILED.c.sent_at,
               CALL_MAILED.c.user_id.is_not(None))
        .join(ROLES, ROLES.c.user_id == USERS.c.user_id)
        .outerjoin(CALL_MAILED, CALL_MAILED.c.user_id == USERS.c.user_id)
        .where(ROLES.c.role.in_(("member", "steward")), USERS.c.kind == "person",
               USERS.c.disabled.is_(False))
        .distinct().order_by(USERS.c.user_id)
    )  # fmt: skip
    with registry.reading() as connection:
        return [Addressee(*row) for row in connection.execute(asked)]


def write_down(registry: Registry, one: Addressee, at: datetime, failed: str | None) -> None:
    """A letter was sent at a moment; or it was not, and why."""
    said = {"failed": failed, **({} if failed else {"sent_at": at})}
    with registry.writing() as connection:
        if one.met:
            mine = CALL_MAILED.c.user_id == one.user_id
            connection.execute(update(CALL_MAILED).where(mine), said)
        else:
            connection.execute(insert(CALL_MAILED),
                               {"user_id": one.user_id, "sent_at": None, **said})  # fmt: skip

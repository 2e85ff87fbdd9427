"""Whom letters about enquiries go to, and when each was last sent one."""

from datetime import datetime

from sqlalchemy import insert, select, update

from triplehelix.store.registry.call_mailed import Addressee
from triplehelix.store.registry.enquiry_tables import ENQUIRY_MAILED
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import ROLES, USERS


def addressees(registry: Registry) -> list[Addressee]:
    """People who act for a member, are stewards or administrators, by id."""
    asked = (
        select(USERS.c.user_id, USERS.c.email, ENQUIRY_MAILED.c.sent_at,
               ENQUIRY_MAILED.c.user_id.is_not(None))
        .join(ROLES, ROLES.c.user_id == USERS.c.user_id)
        .outerjoin(ENQUIRY_MAILED, ENQUIRY_MAILED.c.user_id == USERS.c.user_id)
        .where(ROLES.c.role.in_(("member", "steward", "administrator")),
               USERS.c.kind == "person", USERS.c.disabled.is_(False))
        .distinct().order_by(USERS.c.user_id)
    )  # fmt: skip
    with registry.reading() as connection:
        return [Addressee(*row) for row in connection.execute(asked) if "@" in row[1]]


def write_down(registry: Registry, one: Addressee, at: datetime, failed: str | None) -> None:
    """A letter was sent at a moment; or it was not, and why."""
    said = {"failed": failed, **({} if failed else {"sent_at": at})}
    with registry.writing() as connection:
        if one.met:
            mine = ENQUIRY_MAILED.c.user_id == one.user_id
            connection.execute(update(ENQUIRY_MAILED).where(mine), said)
        else:
            connection.execute(insert(ENQUIRY_MAILED),
                               {"user_id": one.user_id, "sent_at": None, **said})  # fmt: skip

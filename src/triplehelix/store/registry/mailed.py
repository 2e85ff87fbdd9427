"""Which steward was sent which checkpoint."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import insert, or_, select, update

from triplehelix.store.registry.log_tables import MAILED
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealing import latest
from triplehelix.store.registry.tables import ROLES, USERS


class Steward(NamedTuple):
    """Somebody who gets checkpoints by mail; `met` if one was sent, or tried, before."""

    user_id: str
    email: str
    met: bool


def newest(registry: Registry) -> str | None:
    """The newest checkpoint; None before the first seal."""
    with registry.engine.connect() as connection:
        return latest(connection)


def due(registry: Registry, size: int, every: timedelta) -> list[Steward]:
    """Stewards who have not been sent this checkpoint, nor another within `every`."""
    asked = (
        select(USERS.c.user_id, USERS.c.email, MAILED.c.user_id.is_not(None))
        .join(ROLES, ROLES.c.user_id == USERS.c.user_id)
        .outerjoin(MAILED, MAILED.c.user_id == USERS.c.user_id)
        .where(
            ROLES.c.role == "steward", USERS.c.kind == "person", USERS.c.disabled.is_(False),
            or_(MAILED.c.user_id.is_(None), MAILED.c.size < size),
            or_(MAILED.c.sent_at.is_(None), MAILED.c.sent_at <= registry.clock() - every),
        )
        .distinct().order_by(USERS.c.user_id)
    )  # fmt: skip
    with registry.engine.connect() as connection:
        return [Steward(*row) for row in connection.execute(asked)]


def write_down(registry: Registry, steward: Steward, size: int | None, failed: str | None) -> None:
    """A checkpoint was sent; or, without a size, it was not, and why."""
    said = {"failed": failed}
    if size is not None:
        said |= {"size": size, "sent_at": registry.clock()}  # type: ignore[dict-item]
    with registry.writing() as connection:
        if steward.met:
            mine = MAILED.c.user_id == steward.user_id
            connection.execute(update(MAILED).where(mine), said)
        else:
            row = {"user_id": steward.user_id, "size": 0, "sent_at": None, **said}
            connection.execute(insert(MAILED), row)

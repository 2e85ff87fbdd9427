"""Users and their roles; every change stands in the audit log of the same transaction."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from triplehelix.errors import Conflict
from triplehelix.registry.accounts import User
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import log
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import RECORDS, ROLES, USERS


@dataclass(slots=True)
class AccountChange:
    """A transaction that changes accounts: who does it, when, and how it is logged."""

    connection: Connection
    viewer: Viewer
    now: datetime
    ids: Callable[[str], str]

    def log(self, subject: str, action: str, *, actor: str | None = None, **said: Any) -> None:
        """Write an entry about a user (or an invitation); the viewer did it, or `actor`."""
        row = log.entry(
            entry_id=self.ids("entry"), subject=subject, actor=actor or self.viewer.user_id,
            action=action, at=self.now, said=said,
        )  # fmt: skip
        log.append(self.connection, [row])


@contextmanager
def changing(registry: Registry, viewer: Viewer) -> Iterator[AccountChange]:
    """A transaction of changes to accounts: all of them, or none if an error is raised."""
    with registry.writing() as connection:
        yield AccountChange(connection, viewer, registry.clock(), registry.ids)


def make_user(
    change: AccountChange, *, email: str | None, name: str, kind: str = "person",
    password_hash: str | None = None,
) -> str:  # fmt: skip
    """
    Make an account without roles, and return its id.

    Raises
    ------
    Conflict
        If the e-mail address has an account.
    """
    if email is not None and user_by_email(change.connection, email):
        raise Conflict(f"{email} has an account already; give that one the role")
    user_id = change.ids("user")
    change.connection.execute(insert(USERS), {
        # Who has no address is kept under the id: no address that anybody types is like it.
        "user_id": user_id, "email": email or user_id, "name": name[:300], "kind": kind,
        "password_hash": password_hash, "disabled": False, "created_at": change.now,
    })  # fmt: skip
    change.log(user_id, "make user", actor=change.viewer.user_id or user_id, kind=kind)
    return user_id


def user(connection: Connection, user_id: str) -> User:
    """
    An account with all its roles.

    Raises
    ------
    UnknownName
        If there is none of that id.
    """
    found = users(connection, [user_id]) if is_id(user_id, "user") else []
    if not found:
        raise nothing_so_named("user")
    return found[0]


def user_by_email(connection: Connection, email: str) -> User | None:
    """The account of an e-mail address in lower case."""
    asked = select(USERS).where(USERS.c.email == email)
    row = connection.execute(asked).mappings().first() if "@" in email else None
    return _user(row, roles_of(connection, [row["user_id"]])) if row else None


def users(connection: Connection, ids: Iterable[str] | None = None) -> list[User]:
    """Accounts by name and id, with all their roles: those of the ids, or all."""
    asked = select(USERS).order_by(USERS.c.name, USERS.c.user_id)
    if ids is not None:
        asked = asked.where(USERS.c.user_id.in_(sorted(set(ids))))
    rows = connection.execute(asked).mappings().all()
    roles = roles_of(connection, None if ids is None else [row["user_id"] for row in rows])
    return [_user(row, roles) for row in rows]


def password_hash(connection: Connection, user_id: str) -> str | None:
    """The argon2id hash of a user's password; None if there is none."""
    asked = select(USERS.c.password_hash).where(USERS.c.user_id == user_id)
    return connection.scalar(asked)


def set_password(change: AccountChange, user_id: str, hashed: str, *, why: str) -> None:
    """Keep the hash of a new password."""
    _update(change, user_id, password_hash=hashed)
    change.log(user_id, "change password", actor=change.viewer.user_id or user_id, why=why)


def rehash(change: AccountChange, user_id: str, hashed: str) -> None:
    """Keep the same password under newer parameters: nothing that the log need tell."""
    _update(change, user_id, password_hash=hashed)


def set_disabled(change: AccountChange, user_id: str, disabled: bool) -> None:
    """Shut an account, or open it again."""
    _update(change, user_id, disabled=disabled)
    change.log(user_id, "disable" if disabled else "enable")


def note_sign_in(change: AccountChange, user_id: str) -> None:
    """Keep when somebody signed in last."""
    _update(change, user_id, signed_in_at=change.now)


def roles_of(connection: Connection, ids: list[str] | None) -> dict[str, tuple[Role, ...]]:
    """Roles by user, sorted."""
    asked = select(ROLES.c.user_id, ROLES.c.role, ROLES.c.object_id)
    if ids is not None:
        asked = asked.where(ROLES.c.user_id.in_(ids))
    found: dict[str, list[Role]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.user_id, []).append(Role(row.role, row.object_id))
    return {user_id: tuple(sorted(roles)) for user_id, roles in found.items()}


def give_role(change: AccountChange, user_id: str, role: Role) -> None:
    """Give a role; one that is there already is left as it is."""
    asked = select(ROLES.c.role).where(*_that(user_id, role))
    if change.connection.execute(asked).first():
        return
    change.connection.execute(insert(ROLES), {
        "user_id": user_id, "role": role.name, "object_id": role.object_id,
        "given_at": change.now,
    })  # fmt: skip
    change.log(user_id, "give role", role=role.text)


def take_role(change: AccountChange, user_id: str, role: Role) -> None:
    """
    Take a role away.

    Raises
    ------
    UnknownName
        If the user has no such role.
    """
    gone = change.connection.execute(delete(ROLES).where(*_that(user_id, role)))
    if not gone.rowcount:
        raise nothing_so_named("role")
    change.log(user_id, "take role", role=role.text)


def administrators(change: AccountChange) -> list[str]:
    """Ids of the administrators whose accounts are open; held still until the change ends."""
    asked = (
        select(ROLES.c.user_id)
        .join(USERS, USERS.c.user_id == ROLES.c.user_id)
        .where(ROLES.c.role == "administrator", USERS.c.disabled.is_(False))
        .order_by(ROLES.c.user_id)
        .with_for_update()
    )
    return list(change.connection.scalars(asked))


def keeper_of(connection: Connection, role: Role) -> str | None:
    """The network whose stewards look after a role's object; None if there is none."""
    if role.kind == "network":
        return role.object_id
    asked = select(RECORDS.c.network_id).where(
        RECORDS.c.record_id == role.object_id, RECORDS.c.kind == "member"
    )
    return connection.scalar(asked)


def kept_by(connection: Connection, networks: Iterable[str]) -> set[str]:
    """Ids of these networks and of the members that they look after."""
    own = set(networks)
    asked = select(RECORDS.c.record_id).where(
        RECORDS.c.kind == "member", RECORDS.c.network_id.in_(sorted(own))
    )
    return own | set(connection.scalars(asked))


def holders_of(connection: Connection, objects: Iterable[str]) -> list[str]:
    """Ids of the users who have a role of one of these records."""
    asked = select(ROLES.c.user_id).where(ROLES.c.object_id.in_(sorted(objects))).distinct()
    return sorted(connection.scalars(asked))


def _update(change: AccountChange, user_id: str, **values: Any) -> None:
    change.connection.execute(update(USERS).where(USERS.c.user_id == user_id), values)


def _that(user_id: str, role: Role) -> tuple[Any, ...]:
    return (ROLES.c.user_id == user_id, ROLES.c.role == role.name,
            ROLES.c.object_id == role.object_id)  # fmt: skip


def _user(row: RowMapping, roles: dict[str, tuple[Role, ...]]) -> User:
    return User(
        user_id=row["user_id"],
        email=row["email"] if "@" in row["email"] else None,
        name=row["name"],
        kind=row["kind"],
        disabled=row["disabled"],
        has_password=row["password_hash"] is not None,
        created_at=row["created_at"],
        signed_in_at=row["signed_in_at"],
        roles=roles.get(row["user_id"], ()),
    )

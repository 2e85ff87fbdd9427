"""Registries for tests: a clock that is set, ids that are told, records made in one line each."""

import itertools
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert

from triplehelix.registry.ids import new_id
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.capacities import put_capacity
from triplehelix.store.registry.networks import compose, join
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import ROLES, USERS
from triplehelix.store.registry.viewers import viewer_of

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Clock:
    """Tells the moment that was set last: `clock.now = …`, or `clock.pass_(days=3)`."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **by: float) -> None:
        """Let time pass: keywords of `timedelta`."""
        self.now += timedelta(**by)


class Ids:
    """Makes the same ids in the same order, given the same seed."""

    def __init__(self, seed: str = "") -> None:
        self.seed, self._made = seed, itertools.count()

    def __call__(self, kind: str) -> str:
        return an_id(kind, f"{self.seed} {next(self._made)}")


def an_id(kind: str, word: str) -> str:
    """The id of a kind that belongs to a word: `an_id("asset", "microscope")`."""
    return new_id(kind, sha256(f"{kind} {word}".encode()).digest()[:16])


class World:
    """
    Makes records as the command line does, and viewers of them.

    Every name is also the word of its id (`an_id`), so that two worlds of the same names have
    the same ids, whatever else is in them. Records are public where nothing is said.

    Example: `world.asset("Microscope", world.member("Leeds"), {"*": "public", "terms": "private"})`.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def record(
        self, kind: str, name: str, holder: Holder, shown: dict[str, str] | str, fields: Any
    ) -> str:
        """A record of any kind, with fields that it cannot do without unless they are given."""
        needed: dict[str, dict[str, Any]] = {
            "asset": {"name": name, "kind": "equipment"},
            "member": {"name": name}, "network": {"name": name},
            "post": {"title": name, "text": "<p>News</p>", "day": "2026-03-02"},
            "event": {"title": name, "starts": "2026-04-01T09:00Z", "ends": "2026-04-01T10:00Z"},
        }  # fmt: skip
        with self.registry.change(COMMAND_LINE) as change:
            return change.create(
                kind, needed[kind] | fields, holder, record_id=an_id(kind, name),
                visibility={"*": shown} if isinstance(shown, str) else shown,
            )  # fmt: skip

    def network(self, name: str, shown: dict[str, str] | str = "public", **fields: Any) -> str:
        """A network; its id."""
        return self.record("network", name, Holder(), shown, fields)

    def member(
        self, name: str, network: str | None = None, shown: dict[str, str] | str = "public",
        **fields: Any,
    ) -> str:  # fmt: skip
        """A member, curated by a network and in it where one is given; its id."""
        made = self.record("member", name, Holder(None, network), shown, fields)
        if network is not None:
            self.join(network, made)
        return made

    def asset(
        self, name: str, member: str | None = None, shown: dict[str, str] | str = "public", *,
        network: str | None = None, **fields: Any,
    ) -> str:  # fmt: skip
        """An asset of a member, curated by a network where one is given; its id."""
        return self.record("asset", name, Holder(member, network), shown, fields)

    def post(self, title: str, network: str, shown: str = "public", **fields: Any) -> str:
        """News of a network; its id."""
        return self.record("post", title, Holder(None, network), shown, fields)

    def event(self, title: str, network: str, shown: str = "public", **fields: Any) -> str:
        """An event of a network; its id."""
        return self.record("event", title, Holder(None, network), shown, fields)

    def capacity(
        self, asset: str, capability: str = "pcr-testing", amount: float = 10, *,
        shown: str | None = None, **fields: Any,
    ) -> str:  # fmt: skip
        """A capacity of an asset, by default ten samples a day for good; its id."""
        said = {"capability": capability, "amount": amount, "unit": "samples", "per": "day"}
        with self.registry.change(COMMAND_LINE) as change:
            return put_capacity(change, asset, said | fields, visibility=shown)

    def join(self, network: str, member: str, visibility: str = "public") -> None:
        """Put a member, or a network, into a network."""
        with self.registry.change(COMMAND_LINE) as change:
            join(change, network, member, visibility=visibility)

    def compose(self, network: str, *parts: str) -> None:
        """Let a network have parts."""
        with self.registry.change(COMMAND_LINE) as change:
            compose(change, network, parts)

    def user(self, name: str, *roles: tuple[str, str]) -> str:
        """
        Somebody who can sign in, at `NAME@example.org`; their id.

        `roles` are (`administrator`, ""), (`steward`, network), (`reader`, network) and
        (`member`, member).
        """
        user = an_id("user", name)
        now = self.registry.clock()
        with self.registry.writing() as connection:
            connection.execute(insert(USERS), {
                "user_id": user, "email": f"{name.lower().replace(' ', '.')}@example.org",
                "name": name, "kind": "person", "created_at": now,
            })  # fmt: skip
            for role, of in roles:
                connection.execute(
                    insert(ROLES),
                    {"user_id": user, "role": role, "object_id": of, "given_at": now},
                )
        return user

    def take_roles(self, user: str) -> None:
        """Take every role of a user away."""
        with self.registry.writing() as connection:
            connection.execute(delete(ROLES).where(ROLES.c.user_id == user))

    def viewer(self, user: str | None) -> Viewer:
        """What a user is at this moment."""
        if user is None:
            return VISITOR
        with self.registry.engine.connect() as connection:
            return viewer_of(connection, user)

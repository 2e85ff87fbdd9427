"""
What somebody gets is to the letter the same with and without all that they may not see.

Random worlds are built twice: whole, and without every row and field that one viewer may not see
by the specification's words (`random_worlds`). Whatever can be asked is asked of both.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Connection, event, insert

from tests.registry.asking import KINDS, through_sight, whatever_is_asked
from tests.registry.random_worlds import (
    BEGIN,
    LATER,
    Person,
    World,
    build,
    grants_of,
    id_of,
    people,
    viewer_for,
    without_hidden,
    worlds,
)
from triplehelix.app.enquiries.desk import desk
from triplehelix.capabilities.listed import Capabilities
from triplehelix.read.capabilities import read_capabilities
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry
from triplehelix.store.registry.tables import ROLES, USERS
from triplehelix.store.registry.viewers import viewer_of

IDS: dict[str, list[Any]] = {
    **{kind: [id_of(kind, n) for n in range(3)] + [id_of(kind, "nobody's")] for kind in KINDS},
    "capacity": [id_of("capacity", n) for n in range(4)],
    "record": [id_of("asset", 0), id_of("network", 1)],
    "subject": [id_of("asset", 0)],
    "format": ["uniquip", "jisc", "pidinst", "jsonl", "jsonld", "dcat"],
    "near": [(53.8, -1.55)],
    "user": [id_of("user", 1)],
    "commitment": [id_of("commitment", n) for n in range(4)],
    "proposal": [id_of("proposal", n) for n in range(3)],
    "enquiry": [id_of("enquiry", n) for n in range(3)] + [id_of("enquiry", "nobody's")],
    "what": ["advice", "emergency"],
    "act": ["accept"],
    "losses": [[id_of("member", 0)]],
    "state": ["open"],
}
# More of them by night: TRIPLEHELIX_WORLDS=1000.
WORLDS = int(os.environ.get("TRIPLEHELIX_WORLDS", "6"))
CAPABILITIES = read_capabilities()
GRANTING = ("network", "member")
WORDS = ["alpha", "pcr-testing", "swabs", "Leeds", ""]


class Database:
    """A registry at one place that is emptied and filled again for each world."""

    def __init__(self, folder: Path) -> None:
        self.path, self.empty = folder / "registry.db", folder / "empty.db"
        registry = open_registry(str(self.empty))
        create_registry(registry)
        registry.close()

    @contextmanager
    def holding(self, world: World, *, writes: bool = False) -> Iterator[Registry]:
        """The registry with this world in it; whoever writes to it then makes a mistake."""
        for end in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        shutil.copy(self.empty, self.path)
        registry = open_registry(str(self.path), clock=lambda: LATER)
        build(registry, world)
        registry.engine.dispose()
        if not writes:
            event.listen(registry.engine, "connect", _reads_only)
        try:
            yield registry
        finally:
            registry.close()


def _reads_only(raw: sqlite3.Connection, _: object) -> None:
    raw.execute("PRAGMA query_only = ON")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(tmp_path_factory.mktemp("worlds"))


MANY = settings(
    deadline=None, derandomize=True, database=None,
    phases=[Phase.generate],  # a world is read more easily than it is made smaller
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large,
                           HealthCheck.function_scoped_fixture],
)  # fmt: skip


def everything(registry: Registry, viewer: Viewer, edition: Edition) -> list[tuple[str, str]]:
    reader = Viewer(viewer.user_id, viewer.name, viewer.grants, scopes=frozenset({"read"}))
    return [
        *through_sight(registry, viewer, IDS),
        *whatever_is_asked(
            registry, reader, IDS, WORDS, {Edition: edition, Capabilities: CAPABILITIES}
        ),
    ]


def _told(person: Person | None, question: str, one: str, other: str) -> str:
    at = len(os.path.commonprefix([one, other]))
    around = slice(max(0, at - 200), at + 80)
    return (
        f"{person} learns of what is hidden by asking {question}: {one[around]} / {other[around]}"
    )


@given(worlds(), people())
@settings(MANY, max_examples=WORLDS)
def test_hidden_rows_and_fields_might_as_well_not_be_there(small, database, world, person):
    viewer = viewer_for(world, person)
    left = without_hidden(world, viewer.grants)
    with database.holding(world) as whole:
        said = everything(whole, viewer, small)
        _all_that_may_be_seen_is_seen(whole, viewer, left)
    with database.holding(left) as part:
        others = everything(part, viewer, small)
    for (question, one), (_, other) in zip(said, others, strict=True):
        assert one == other, _told(person, question, one, other)


def _all_that_may_be_seen_is_seen(registry: Registry, viewer: Viewer, left: World) -> None:
    """The other direction: hiding everything from everybody would pass too."""
    with registry.look(viewer) as sight:
        seen = {r.record_id: r for r in sight.records([one for k in KINDS for one in IDS[k]])}
        assert set(seen) == {thing.id for thing in left.things}
        for thing in left.things:
            assert {**thing.fields, **thing.later}.keys() <= seen[thing.id].fields.keys()
        amounts = {c.capacity_id for c in sight.capacities(IDS["asset"])}
        assert amounts == {id_of("capacity", a.key) for a in left.amounts}
        assert len(sight.memberships()) == len(left.ties)
        assert len(sight.network_parts()) == len(left.parts)
        waiting = desk(registry, viewer)
        assert len(waiting.waiting) + waiting.n_done == len(left.enquired)
        promised = [a for a in left.amounts if a.promised]
        assert len(sight.reservations(IDS["capacity"])) == len(promised)


@given(worlds(), people())
@settings(MANY, max_examples=WORLDS)
def test_everybody_is_granted_what_their_roles_say_and_no_more(database, world, person):
    only_ties = replace(world, things=tuple(t for t in world.things if t.kind in GRANTING),
                        amounts=(), asked=(), plans=(), enquired=())  # fmt: skip
    with database.holding(only_ties, writes=True) as registry, registry.writing() as connection:
        user = None if person is None else _signed_up(connection, person)
        found = viewer_of(connection, user)
        assert found.grants == grants_of(world, person)
        assert not found.everything


def _signed_up(connection: Connection, person: Person) -> str:
    user = id_of("user", 1)
    connection.execute(insert(USERS), {
        "user_id": user, "email": "a@example.org", "name": "A", "kind": "person",
        "disabled": False, "created_at": BEGIN,
    })  # fmt: skip
    for role, key in person.roles:
        object_ = id_of("member" if role == "member" else "network", key)
        connection.execute(insert(ROLES), {"user_id": user, "role": role, "object_id": object_,
                                           "given_at": BEGIN})  # fmt: skip
    return user

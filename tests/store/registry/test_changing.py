"""Changes: who may make them, what is refused, and that all or nothing of them is kept."""

import threading

import pytest
from sqlalchemy import func, select

from tests.registry_worlds import an_id
from triplehelix.errors import Conflict, Forbidden, InputError, UnknownName
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.capacities import reserve
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.tables import (
    ASSET_CAPABILITIES,
    CAPACITIES,
    LOG_ENTRIES,
    METADATA,
    PARTS,
    RECORDS,
)

ASSET = {"name": "A", "kind": "equipment"}


def acting(*grants: str) -> Viewer:
    return Viewer(name="somebody", grants=frozenset(grants))


def rows(registry, table) -> int:
    with registry.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_an_error_leaves_everything_as_it_was(world):
    leeds = world.member("Leeds")
    before = {table: rows(world.registry, table) for table in METADATA.sorted_tables}
    with (
        pytest.raises(InputError, match="name: Field required"),
        world.registry.change(COMMAND_LINE) as change,
    ):
        change.create("asset", ASSET, Holder(leeds), source_key=("file", "1"))
        change.update("member", leeds, {"name": "Leeds Beckett"})
        change.create("asset", {"kind": "equipment"}, Holder(leeds))
    assert {table: rows(world.registry, table) for table in METADATA.sorted_tables} == before


def test_every_change_stands_in_the_log(world):
    leeds = world.member("Leeds")
    york = world.member("York")
    one = world.asset("A", leeds)
    with world.registry.change(COMMAND_LINE) as change:
        change.update("asset", one, {**ASSET, "access": "by booking"})
        change.share("asset", one, {"*": "public", "access": "private"})
        change.hand_over("asset", one, Holder(york))
        change.confirm("asset", one)
        change.remove("asset", one)
    asked = select(LOG_ENTRIES.c.action).where(LOG_ENTRIES.c.subject == one)
    with world.registry.engine.connect() as connection:
        told = connection.scalars(asked.order_by(LOG_ENTRIES.c.seq)).all()
    assert told == ["create", "update", "share", "hand over", "confirm", "remove"]


def test_what_is_the_same_already_is_left_alone(world):
    one = world.asset("A", world.member("Leeds"))
    logged = rows(world.registry, LOG_ENTRIES)
    with world.registry.change(COMMAND_LINE) as change:
        change.update("asset", one, ASSET)
        change.share("asset", one, {"*": "public"})
        assert change.sight.record("asset", one).version == 1
    assert rows(world.registry, LOG_ENTRIES) == logged


def test_of_two_who_opened_the_same_version_the_second_is_told(world):
    one = world.asset("A", world.member("Leeds"))
    with world.registry.look(COMMAND_LINE) as sight:
        opened = sight.record("asset", one).version
    with world.registry.change(COMMAND_LINE) as change:
        change.update("asset", one, {**ASSET, "access": "first"}, version=opened)
    with (
        pytest.raises(Conflict, match="somebody else has changed this record"),
        world.registry.change(COMMAND_LINE) as change,
    ):
        change.update("asset", one, {**ASSET, "access": "second"}, version=opened)


def test_at_once_too_only_one_of_them_gets_in(world):
    """Eight threads save the version that all have opened; a lost update would let in more."""
    one = world.asset("A", world.member("Leeds"))
    outcome: list[str] = []
    ready = threading.Barrier(8)

    def save(n: int) -> None:
        ready.wait()
        try:
            with world.registry.change(COMMAND_LINE) as change:
                change.update("asset", one, {**ASSET, "access": f"writer {n}"}, version=1)
            outcome.append(f"writer {n}")
        except Conflict:
            outcome.append("conflict")

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [said for said in outcome if said != "conflict"]
    with world.registry.look(VISITOR) as sight:
        assert [sight.record("asset", one).fields["access"]] == kept
    assert len(outcome) == 8


def test_conditions_made_at_once_do_not_lock_each_other_out(world):
    """Each thread brings the same new conditions, in its own order."""
    members = [world.member(name) for name in "ABCDEF"]
    failed: list[BaseException] = []

    def write(order: list[str]) -> None:
        try:
            with world.registry.change(COMMAND_LINE) as change:
                for member in order:
                    change.create("asset", ASSET, Holder(member))
        except BaseException as err:  # noqa: BLE001
            failed.append(err)

    threads = [threading.Thread(target=write, args=(members[n:] + members[:n],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and rows(world.registry, RECORDS) == 6 + 36


def test_only_the_holder_changes_what_others_see(world):
    network = world.network("North")
    leeds, york = world.member("Leeds", network), world.member("York", network)
    one = world.asset("A", leeds, network=network)
    world.asset("B", york, "private")

    def tries(viewer: Viewer, record: str = one) -> None:
        with world.registry.change(viewer) as change:
            change.update("asset", record, {**ASSET, "access": viewer.grants and "new" or "x"})

    for viewer in (VISITOR, acting(f"member:{york}"), acting(f"network:{network}")):
        with pytest.raises(Forbidden, match="you may not edit this"):
            tries(viewer)
    with pytest.raises(UnknownName, match="there is no such asset"):
        tries(acting(f"member:{leeds}"), an_id("asset", "B"))
    tries(acting(f"member:{leeds}"))
    read_only = Viewer(grants=frozenset({f"member:{leeds}"}), scopes=frozenset({"read"}))
    with pytest.raises(Forbidden):
        tries(read_only)


def test_nothing_is_put_upon_a_member_or_network(world):
    """A steward makes records for members of the network, a member within its networks."""
    north, south = world.network("North"), world.network("South")
    leeds = world.member("Leeds", north)
    bath = world.member("Bath", south)
    hidden = world.member("Hull", None, "private")
    steward, person = acting(f"steward:{north}"), acting(f"member:{leeds}")

    def create(viewer: Viewer, holder: Holder) -> str:
        with world.registry.change(viewer) as change:
            return change.create("asset", ASSET, holder)

    for viewer, holder in (
        (steward, Holder(leeds, north)), (steward, Holder(None, north)),
        (person, Holder(leeds)), (person, Holder(leeds, north)),
    ):  # fmt: skip
        assert create(viewer, holder)
    for viewer, holder in (
        (steward, Holder(bath, north)), (person, Holder(leeds, south)), (person, Holder()),
        (person, Holder(bath)), (person, Holder(None, north)), (VISITOR, Holder(leeds)),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            create(viewer, holder)
    said = set()
    for one in (hidden, an_id("member", "absent")):
        with pytest.raises(UnknownName) as told:
            create(steward, Holder(one, north))
        said.add(str(told.value))
    assert len(said) == 1
    with pytest.raises(UnknownName):
        create(COMMAND_LINE, Holder(an_id("member", "absent")))


def test_handing_over_asks_of_both_sides(world):
    north = world.network("North")
    leeds, york = world.member("Leeds", north), world.member("York", north)
    one = world.asset("A", leeds, {"*": "public", "access": "private"}, access="by key")

    def hand(viewer: Viewer, holder: Holder) -> None:
        with world.registry.change(viewer) as change:
            change.hand_over("asset", one, holder)

    with pytest.raises(Forbidden):
        hand(acting(f"member:{leeds}"), Holder(york))
    with pytest.raises(Forbidden):
        hand(acting(f"member:{york}"), Holder(york))
    hand(acting(f"member:{leeds}", f"member:{york}"), Holder(york))
    for member, sees in ((leeds, False), (york, True)):
        with world.registry.look(acting(f"member:{member}")) as sight:
            assert ("access" in sight.record("asset", one).fields) == sees


def test_reservations_go_with_what_is_handed_over(world):
    """The new holder sees and can release what the old one promised; the old one no longer."""
    leeds, york = world.member("Leeds"), world.member("York")
    one = world.asset("A", leeds)
    capacity = world.capacity(one)
    from triplehelix.registry.capacity import Promise

    day = world.registry.clock.now.date()
    with world.registry.change(COMMAND_LINE) as change:
        reserve(change, capacity, Promise(3, day, day), "trial")
        change.hand_over("asset", one, Holder(york))
    for member, n in ((leeds, 0), (york, 1)):
        with world.registry.look(acting(f"member:{member}")) as sight:
            assert len(sight.reservations([capacity])) == n


def test_an_id_is_given_by_administrators_only(world):
    """A refusal would tell anybody else that a hidden record has it."""
    leeds, hidden = world.member("Leeds"), world.asset("Hidden", None, "private")
    said = set()
    for one in (hidden, an_id("asset", "free")):
        with (
            pytest.raises(Forbidden) as told,
            world.registry.change(acting(f"member:{leeds}")) as change,
        ):
            change.create("asset", ASSET, Holder(leeds), record_id=one)
        said.add(str(told.value))
    assert len(said) == 1
    with pytest.raises(Conflict, match="is taken"), world.registry.change(COMMAND_LINE) as change:
        change.create("asset", ASSET, Holder(leeds), record_id=hidden)
    with (
        pytest.raises(InputError, match="is no id of assets"),
        world.registry.change(COMMAND_LINE) as change,
    ):
        change.create("asset", ASSET, Holder(leeds), record_id=leeds)


def test_source_ids_are_unique_per_holder(world):
    leeds, york = world.member("Leeds"), world.member("York")

    def create(member: str, value: str = "7") -> None:
        with world.registry.change(acting(f"member:{member}")) as change:
            change.create("asset", ASSET, Holder(member), source_key=("uniquip", value))

    create(leeds)
    create(york)
    with pytest.raises(Conflict, match="source id"):
        create(leeds)
    for value in ("", "x" * 301, "a\0b"):
        with pytest.raises(InputError, match="1 to 300 letters"):
            create(leeds, value)


@pytest.mark.parametrize(("shown", "words"), [
    ({"*": "network:north"}, "'north' is no id of networks"),
    ({"*": f"named:{an_id('network', 'North')}"}, "is no id of members"),
    ({"*": f"named:{an_id('member', 'A')} member:x"}, "is no id of members"),
    ({"name": "private"}, "'name' has no visibility of its own"),
    ({"*": "named:" + ",".join(an_id("member", str(n)) for n in range(51))}, "name at most 50"),
])  # fmt: skip
def test_a_visibility_names_ids(world, shown, words):
    one = world.asset("A", world.member("Leeds"))
    with pytest.raises(InputError, match=words), world.registry.change(COMMAND_LINE) as change:
        change.share("asset", one, shown)


def test_a_named_network_need_not_be_there(world):
    """Else the refusal would tell whether a hidden one is."""
    leeds = world.member("Leeds")
    one = world.asset("A", leeds)
    with world.registry.change(acting(f"member:{leeds}")) as change:
        change.share("asset", one, {"*": f"network:{an_id('network', 'absent')}"})


def test_removing(world):
    north = world.network("North")
    leeds = world.member("Leeds", north)
    one = world.asset("A", leeds, capabilities=["pcr-testing"])
    world.capacity(one)

    def remove(viewer: Viewer, kind: str, record: str) -> None:
        with world.registry.change(viewer) as change:
            change.remove(kind, record)

    with pytest.raises(Conflict, match="this member still holds records"):
        remove(acting(f"member:{leeds}"), "member", leeds)
    with pytest.raises(Conflict, match="this network still holds records"):
        remove(COMMAND_LINE, "network", north)
    with pytest.raises(Forbidden, match="by its own people or by an administrator"):
        remove(acting(f"steward:{north}"), "member", leeds)
    remove(acting(f"member:{leeds}"), "asset", one)
    assert [rows(world.registry, t) for t in (PARTS, CAPACITIES, ASSET_CAPABILITIES)] == [2, 0, 0]
    remove(acting(f"member:{leeds}"), "member", leeds)
    remove(COMMAND_LINE, "network", north)
    assert rows(world.registry, RECORDS) == 0


def test_confirming_sets_the_day_it_is_due(world):
    leeds = world.member("Leeds")
    one = world.asset("A", leeds)
    clock = world.registry.clock
    with world.registry.change(acting(f"member:{leeds}")) as change:
        change.confirm("asset", one, days=30)
    with world.registry.look(VISITOR) as sight:
        record = sight.record("asset", one)
        assert (record.confirmed_at, record.due_on.isoformat(), record.overdue) == (
            clock.now, "2026-04-01", False)  # fmt: skip
    clock.pass_(days=30)
    with world.registry.look(VISITOR) as sight:
        assert not sight.record("asset", one).overdue
    clock.pass_(days=1)
    with world.registry.look(VISITOR) as sight:
        assert sight.record("asset", one).overdue


def test_an_import_is_dozens_of_statements(world):
    """Not some for each of its rows."""
    from sqlalchemy import event

    leeds = world.member("Leeds")
    told = []
    event.listen(world.registry.engine, "before_cursor_execute", lambda *a: told.append(a[2]))
    with world.registry.change(COMMAND_LINE) as change:
        for n in range(200):
            change.create("asset", {**ASSET, "name": f"A {n}"}, Holder(leeds),
                          source_key=("file", str(n)))  # fmt: skip
    per_row = [sql for sql in told if "salts" in sql]
    assert len(told) - len(per_row) < 40
    assert isinstance(change, Change)

"""What is seen: against the rule applied to each record, field and capacity one by one."""

from random import Random

import pytest
from sqlalchemy import event, select

from tests.registry_worlds import World, an_id
from tests.store.registry.random_worlds import RandomWorld
from triplehelix.errors import UnknownName
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.registry.visibility import Audience, Holder, condition, meets
from triplehelix.store.registry.tables import CAPACITIES, RECORDS


@pytest.mark.parametrize("seed", range(3))
def test_every_viewer_of_every_field(world, seed):
    made = RandomWorld(world, Random(seed))
    for user, roles in [(None, []), *made.users.items()]:
        viewer = world.viewer(user)
        grants = made.grants(roles) if user else frozenset()
        assert viewer.grants == grants
        with world.registry.look(viewer) as sight:
            got = {r.record_id: r for r in sight.records([t.record_id for t in made.told])}
            capacities = {c.capacity_id for c in sight.capacities([t.record_id for t in made.told])}
            names = sight.names([t.record_id for t in made.told])
        seen = {told.record_id for told in made.told if told.seen_by(grants)}
        assert set(got) == set(names) == seen
        assert capacities == set().union(*(t.capacities_seen_by(grants) for t in made.told))
        for told in made.told:
            if told.record_id in seen:
                record = got[told.record_id]
                assert dict(record.fields) == told.fields_seen_by(grants)
                assert record.member_id == (
                    told.holder.member_id if told.holder.member_id in seen else None
                )
                assert record.network_id == (
                    told.holder.network_id if told.holder.network_id in seen else None
                )
                assert record.editable == bool(told.holder.grants & grants)
                assert (
                    (record.version is None) == (record.visibility is None) == (not record.editable)
                )


@pytest.mark.parametrize("seed", range(2))
def test_holders_see_all_and_administrators_too(world, seed):
    made = RandomWorld(world, Random(seed))
    for told in made.told:
        for grant in [*told.holder.grants, None]:
            viewer = Viewer(grants=frozenset({grant})) if grant else COMMAND_LINE
            with world.registry.look(viewer) as sight:
                assert dict(sight.record(told.kind, told.record_id).fields) == told.fields
                seen = sight.capacities([told.record_id])
            assert {c.capacity_id for c in seen} == set(told.capacities)


def test_absent_and_hidden_look_the_same(world):
    hidden = world.asset("Hidden", world.member("Leeds"), "private")
    with world.registry.look(VISITOR) as sight:
        said = set()
        for one in (hidden, an_id("asset", "absent"), hidden.upper(), f"{hidden}\n", "", "x' or 1"):
            with pytest.raises(UnknownName) as told:
                sight.record("asset", one)
            said.add(str(told.value))
        with pytest.raises(UnknownName):
            sight.record("member", hidden)
    assert len(said) == 1


def test_a_field_that_is_hidden_moves_no_time(world):
    """The one who may not see the field sees neither that it changed, nor when."""
    one = world.asset(
        "Sequencer", world.member("Leeds"), {"*": "public", "department": "private"},
        department="Genomics",
    )  # fmt: skip
    with world.registry.look(VISITOR) as sight:
        before = sight.record("asset", one)
    world.registry.clock.pass_(days=1)
    fields = {"name": "Sequencer", "kind": "equipment", "department": "Genetics"}
    with world.registry.change(COMMAND_LINE) as change:
        change.update("asset", one, fields)
    with world.registry.look(VISITOR) as sight:
        assert sight.record("asset", one) == before
    with world.registry.look(COMMAND_LINE) as sight:
        assert sight.record("asset", one).changed_at == world.registry.clock.now


def test_a_look_is_of_one_moment(world):
    """What is committed meanwhile, under a condition nobody had before, is not half seen."""
    one = world.asset("Sequencer", world.member("Leeds"), department="Genomics")
    with world.registry.look(VISITOR) as sight:
        assert sight.record("asset", one).name == "Sequencer"
        with world.registry.change(COMMAND_LINE) as change:
            change.share("asset", one, {"*": "signed-in"})
        assert sight.record("asset", one).name == "Sequencer"
    with world.registry.look(VISITOR) as sight, pytest.raises(UnknownName):
        sight.record("asset", one)


def test_rights_taken_away_are_gone_at_the_next_look(world):
    network = world.network("North")
    leeds = world.member("Leeds", network)
    york = world.member("York", network)
    one = world.asset("Sequencer", leeds, f"network:{network}")
    user = world.user("Ada", ("member", york))

    def sees() -> bool:
        with world.registry.look(world.viewer(user)) as sight:
            return bool(sight.records([one]))

    assert sees()
    world.take_roles(user)
    assert not sees()


def test_what_a_change_makes_its_viewer_sees_at_once(world):
    """Under conditions that are new with this change."""
    leeds = world.member("Leeds")
    viewer = Viewer(grants=frozenset({f"member:{leeds}"}))
    with world.registry.change(viewer) as change:
        assert change.sight.record("member", leeds).editable
        one = change.create("asset", {"name": "A", "kind": "data"}, Holder(leeds))
        assert change.sight.record("asset", one).name == "A"
        change.share("asset", one, {"*": f"named:{an_id('member', 'Hull')}"})
        assert change.sight.record("asset", one).name == "A"


def test_many_ids_are_one_parameter(world):
    """More ids than PostgreSQL takes parameters, in the order they were asked in."""
    leeds = world.member("Leeds")
    some = [world.asset(name, leeds) for name in ("B", "A")]
    ids = [some[0], *(f"as_{n:026}" for n in range(70_000)), some[1], some[0]]
    with world.registry.look(VISITOR) as sight:
        assert [r.record_id for r in sight.records(ids)] == some
        assert sight.names(ids) == {some[0]: "B", some[1]: "A"}


def test_nothing_is_seen_of_no_ids(world):
    with world.registry.look(VISITOR) as sight:
        assert sight.records([]) == [] == sight.capacities([]) == sight.reservations([])
        assert sight.names([]) == {}


def test_an_asset_is_one_question(world):
    """Not one more for each of its parts, its member and its network."""
    network = world.network("North")
    one = world.asset("A", world.member("Leeds", network), {"*": "public", "terms": "private"},
                      network=network, terms={"who": "all"})  # fmt: skip
    asked = []
    with world.registry.look(VISITOR) as sight:
        event.listen(world.registry.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        sight.record("asset", one)
    assert len([sql for sql in asked if sql.lstrip().startswith("SELECT")]) == 1


def test_capacities_are_seated_anew_with_their_asset(world):
    """Rows of capacities that are searched by themselves hide with the asset."""
    leeds = world.member("Leeds")
    viewer = Viewer(grants=frozenset({f"member:{leeds}"}))
    one = world.asset("A", leeds)
    world.capacity(one)
    with world.registry.change(viewer) as change:
        change.share("asset", one, {"*": f"named:{an_id('member', 'Hull')}"})
    asked = select(CAPACITIES.c.capacity_id)
    with world.registry.look(VISITOR) as sight:
        assert not sight.connection.execute(asked.where(sight.seen(CAPACITIES))).all()
    hull = Viewer(grants=frozenset({f"member:{an_id('member', 'Hull')}"}))
    with world.registry.look(hull) as sight:
        assert sight.connection.execute(asked.where(sight.seen(CAPACITIES))).all()


def test_ids_of_a_kind(world):
    leeds = world.member("Leeds")
    shown, hidden = world.asset("A", leeds), world.asset("B", leeds, "private")
    with world.registry.look(VISITOR) as sight:
        found = sight.connection.scalars(sight.records_where("asset")).all()
    assert found == [shown] and hidden not in found
    asked = condition(Audience.read("private"), Holder(leeds))
    assert not meets([], asked) and RECORDS.c.seen_by is not None


def test_memberships_need_both_ends(world: World):
    open_, closed = world.network("Open"), world.network("Closed", "private")
    leeds, hidden = world.member("Leeds"), world.member("Hull", None, "private")
    for network in (open_, closed):
        for member in (leeds, hidden):
            world.join(network, member)
    world.compose(open_, closed)
    with world.registry.look(VISITOR) as sight:
        assert [(m.network_id, m.member_id) for m in sight.memberships()] == [(open_, leeds)]
        assert sight.network_parts() == []
    with world.registry.look(COMMAND_LINE) as sight:
        assert len(sight.memberships()) == 4
        assert sight.network_parts() == [(open_, closed)]

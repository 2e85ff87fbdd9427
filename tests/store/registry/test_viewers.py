"""What users are granted: through their members' networks, and what these are in."""

from sqlalchemy import update

from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry.networks import leave
from triplehelix.store.registry.tables import USERS


def test_a_member_belongs_to_what_its_networks_are_in(world):
    north, wide, joint, other = (world.network(n) for n in ("North", "Wide", "Joint", "Other"))
    leeds = world.member("Leeds", north)
    world.join(wide, north)
    world.compose(joint, wide)
    world.compose(north, other)
    viewer = world.viewer(world.user("Ada", ("member", leeds)))
    assert viewer.grants == {
        "signed-in", f"member:{leeds}", f"network:{north}", f"network:{wide}", f"network:{joint}"
    }  # fmt: skip
    assert (viewer.name, viewer.everything) == ("Ada", False)


def test_stewards_readers_and_administrators(world):
    north, wide = world.network("North"), world.network("Wide")
    world.join(wide, north)
    steward = world.viewer(world.user("Ada", ("steward", north)))
    reader = world.viewer(world.user("Bob", ("reader", north)))
    above = {"signed-in", f"network:{north}", f"network:{wide}"}
    assert steward.grants == above | {f"steward:{north}"} and reader.grants == above
    admin = world.viewer(world.user("Cy", ("administrator", "")))
    assert admin.everything and admin.grants == {"signed-in"}


def test_an_administrator_of_an_object_is_none(world):
    north = world.network("North")
    assert not world.viewer(world.user("Ada", ("administrator", north))).everything


def test_nobody_is_a_visitor(world):
    user = world.user("Ada", ("administrator", ""))
    with world.registry.writing() as connection:
        connection.execute(update(USERS).values(disabled=True))
    assert world.viewer(user) == world.viewer("us_absent") == world.viewer(None) == VISITOR


def test_what_is_left_is_gone_at_once(world):
    north = world.network("North")
    leeds = world.member("Leeds", north)
    user = world.user("Ada", ("member", leeds))
    assert f"network:{north}" in world.viewer(user).grants
    with world.registry.change(COMMAND_LINE) as change:
        leave(change, north, leeds)
    assert f"network:{north}" not in world.viewer(user).grants


def test_circles_that_are_there_end(world):
    """Two who see different ties can close one; who follows it stops."""
    from sqlalchemy import insert

    from triplehelix.store.registry.tables import NETWORK_PARTS

    a, b = world.network("A"), world.network("B")
    with world.registry.writing() as connection:
        connection.execute(insert(NETWORK_PARTS), [
            {"network_id": a, "part_id": b}, {"network_id": b, "part_id": a}])  # fmt: skip
    viewer = world.viewer(world.user("Ada", ("reader", a)))
    assert viewer.grants == {"signed-in", f"network:{a}", f"network:{b}"}

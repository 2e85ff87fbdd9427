"""Joining by agreement of both sides, and networks in networks without circles."""

import pytest

from tests.registry_worlds import an_id
from triplehelix.errors import Forbidden, InputError, UnknownName
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.networks import compose, join, leave


def acting(*grants: str) -> Viewer:
    return Viewer(grants=frozenset(grants))


def states(world, viewer: Viewer = COMMAND_LINE) -> list[str]:
    with world.registry.look(viewer) as sight:
        return [tie.state for tie in sight.memberships()]


def joins(world, viewer: Viewer, network: str, one: str, **how: str) -> None:
    with world.registry.change(viewer) as change:
        join(change, network, one, **how)


@pytest.mark.parametrize("first", ["steward", "member"])
def test_both_sides_agree(world, first):
    north, leeds = world.network("North"), world.member("Leeds")
    sides = {"steward": acting(f"steward:{north}"), "member": acting(f"member:{leeds}")}
    second = ({"steward", "member"} - {first}).pop()
    user = world.user("Ada", ("member", leeds))
    for _ in range(2):
        joins(world, sides[first], north, leeds)
        assert states(world) == [{"steward": "invited", "member": "asked"}[first]]
        assert states(world, VISITOR) == [] and len(states(world, sides[second])) == 1
        assert f"network:{north}" not in world.viewer(user).grants
    joins(world, sides[second], north, leeds)
    assert states(world, VISITOR) == ["member"]
    assert f"network:{north}" in world.viewer(user).grants


def test_who_is_neither_side_puts_nobody_in(world):
    north, leeds = world.network("North"), world.member("Leeds")
    for viewer in (VISITOR, acting(f"network:{north}"), acting(f"steward:{an_id('network', 'X')}")):
        with pytest.raises(Forbidden):
            joins(world, viewer, north, leeds)
        with pytest.raises(Forbidden), world.registry.change(viewer) as change:
            leave(change, north, leeds)
    assert states(world) == []


def test_a_network_is_asked_as_a_member_is(world):
    """Its stewards see the invitation, accept it, and take it out again."""
    wide, north = world.network("Wide"), world.network("North")
    joins(world, acting(f"steward:{wide}"), wide, north, visibility="private")
    own = acting(f"steward:{north}")
    assert states(world, own) == ["invited"] and states(world, VISITOR) == []
    joins(world, own, wide, north)
    assert states(world, VISITOR) == ["member"]
    user = world.user("Ada", ("steward", north))
    assert f"network:{wide}" in world.viewer(user).grants
    with world.registry.change(own) as change:
        leave(change, wide, north)
    assert f"network:{wide}" not in world.viewer(user).grants
    with (
        pytest.raises(UnknownName, match="no such membership"),
        world.registry.change(own) as change,
    ):
        leave(change, wide, north)


def test_no_network_is_part_of_itself(world):
    a, b, c = (world.network(name) for name in "ABC")
    world.join(a, b)
    world.compose(b, c)
    for network, one in ((c, a), (b, a), (a, a)):
        with pytest.raises(InputError, match="cannot be part of itself"):
            world.join(network, one)
        with pytest.raises(InputError, match="cannot be part of itself"):
            world.compose(network, one)
    world.join(a, c)


def test_what_a_steward_does_not_see_stays(world):
    whole, shown, hidden, new = (
        world.network(name, "private" if name == "Hidden" else "public")
        for name in ("Whole", "Shown", "Hidden", "New")
    )
    world.compose(whole, shown, hidden)
    with world.registry.change(acting(f"steward:{whole}")) as change:
        compose(change, whole, (new,))
    with world.registry.look(COMMAND_LINE) as sight:
        assert {part for _, part in sight.network_parts()} == {hidden, new}
    with pytest.raises(Forbidden), world.registry.change(acting(f"steward:{new}")) as change:
        compose(change, whole, ())
    said = set()
    for one in (hidden, an_id("network", "absent")):
        with (
            pytest.raises(UnknownName) as told,
            world.registry.change(acting(f"steward:{whole}")) as change,
        ):
            compose(change, whole, (one,))
        said.add(str(told.value))
    assert len(said) == 1


def test_wrong_words(world):
    north, leeds = world.network("North"), world.member("Leeds")
    with pytest.raises(InputError, match="'friend' is no state; give|no state of a membership"):
        joins(world, COMMAND_LINE, north, leeds, state="friend")
    with pytest.raises(InputError, match="is no id of networks"):
        joins(world, COMMAND_LINE, north, leeds, visibility="network:x")
    with pytest.raises(UnknownName):
        joins(world, COMMAND_LINE, north, an_id("member", "absent"))

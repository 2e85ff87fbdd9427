"""Networks as viewers see them: populations and roll-ups counted once, and their changes."""

import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.registry_worlds import World, an_id
from tests.serve.registry.networked import ALPHA, BETA, BOTH, GAMMA, NORTH, furnish
from triplehelix.app.registry.network_changes import (
    change_network,
    create_network,
    end_membership,
    say,
    set_member,
)
from triplehelix.app.registry.networks import network, network_members, network_spots, networks
from triplehelix.app.registry.population import CapacityLine, Count, Population, Total
from triplehelix.app.registry.queue import assign, confirm_all, queue, queues
from triplehelix.errors import Conflict, Forbidden, InputError, UnknownName
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.opening import Registry

ONE_ENGINE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


def test_a_joint_network_counts_everything_once(registry: Registry, world: World) -> None:
    # Worked by hand from the head of tests/serve/registry/networked.py.
    furnish(world)
    found = network(registry, VISITOR, BOTH)
    assert found.population == Population(n_members=3, n_parts=2, n_in_several=1)
    assert found.assets.n_assets == 4
    assert found.assets.kinds == [
        Count("equipment", 2),
        Count("laboratory", 1),
        Count("service", 1),
    ]
    assert found.assets.capabilities == [Count("pcr-testing", 3), Count("sequencing", 2)]
    assert found.assets.capacities == [
        CapacityLine("pcr-testing", "runs", "day", Total(3, 1), None, None, None),
        CapacityLine("pcr-testing", "samples", "day", Total(100, 2), Total(5, 1), None, None),
    ]
    assert [part.name for part in found.parts] == ["North", "South"]
    assert (found.n_members, found.members) == (0, [])
    [row] = [each for each in networks(registry, VISITOR).networks if each.network_id == BOTH]
    assert (row.n_members, row.n_parts, row.n_assets) == (3, 2, 4)


def test_what_has_ended_is_past_and_what_is_to_come_is_planned(
    registry: Registry, world: World
) -> None:
    asset = world.asset("A", world.member("M", world.network("N")))
    today = registry.clock().date()
    for amount, starts, ends in (
        (1, None, today), (2, today, None), (4, today + timedelta(1), None),
        (8, None, today - timedelta(1)),
    ):  # fmt: skip
        world.capacity(asset, amount=amount, starts=starts, ends=ends)
    [line] = network(registry, VISITOR, an_id("network", "N")).assets.capacities
    assert (line.available, line.planned, line.past) == (Total(3, 2), Total(4, 1), Total(8, 1))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_roll_ups_are_those_of_counting_one_by_one(
    registry: Registry, world: World, seed: int
) -> None:
    draw = random.Random(seed)
    nets, members, capabilities = _random_world(world, draw)
    world.user("u", ("member", draw.choice(members)), ("reader", draw.choice(nets)))
    for viewer in (VISITOR, world.viewer(an_id("user", "u")), COMMAND_LINE):
        rows = {row.network_id: row for row in networks(registry, viewer).networks}
        for one in rows:
            got = network(registry, viewer, one)
            wanted = _one_by_one(registry, viewer, one, members, capabilities)
            assert got.population.n_members == wanted["members"]
            assert (got.assets.n_assets, rows[one].n_assets) == (wanted["assets"],) * 2
            assert {c.name: c.n_assets for c in got.assets.kinds} == wanted["kinds"]
            assert {c.name: c.n_assets for c in got.assets.capabilities} == wanted["able"]
            sums = {
                (line.capability, line.unit, line.per, state): (
                    Fraction(total.amount),
                    total.n_capacities,
                )
                for line in got.assets.capacities
                for state in ("available", "stated", "planned", "past")
                if (total := getattr(line, state)) is not None
            }
            assert sums == wanted["sums"]


def _random_world(world: World, draw: random.Random) -> tuple[list[str], list[str], list[str]]:
    shown = ["public", "public", "signed-in", "private"]
    nets = [world.network(f"N{n}", draw.choice(shown)) for n in range(5)]
    members = [world.member(f"M{n}", None, draw.choice(shown)) for n in range(6)]
    for part in (1, 2, 3, 4):
        world.compose(nets[part], *draw.sample(nets[:part], draw.randint(0, min(2, part))))
    for net in nets:
        for member in draw.sample(members, 3):
            world.join(net, member, draw.choice(shown))
    for n in range(15):
        asset = world.asset(
            f"A{n}", draw.choice([None, *members]), draw.choice(shown),
            network=draw.choice([None, *nets]), kind=draw.choice(["equipment", "service"]),
            capabilities=draw.sample(["a", "b", "c"], draw.randint(0, 2)),
        )  # fmt: skip
        for _ in range(draw.randint(0, 2)):
            world.capacity(
                asset, draw.choice("abc"), draw.choice([0.25, 1.5, 3, 1e6]),
                unit=draw.choice(["x", "y"]), shown=draw.choice([None, "signed-in", "private"]),
                state=draw.choice(["available", "stated", "past"]),
                per=draw.choice([None, "day", "week"]),
            )  # fmt: skip
    return nets, members, [an_id("asset", f"A{n}") for n in range(15)]


def _one_by_one(
    registry: Registry, viewer: Viewer, net: str, members: list[str], assets: list[str]
) -> dict[str, object]:
    """The same by plain loops over what a viewer sees, record by record."""
    with registry.look(viewer) as sight:
        scope = {net}
        for _ in range(9):
            scope |= {part for upper, part in sight.network_parts() if upper in scope}
        inside = {t.member_id for t in sight.memberships() if t.network_id in scope} & set(members)
        own = [
            record
            for asset in assets
            for record in sight.records([asset], "asset")
            if record.member_id in inside or record.network_id in scope
        ]
        able: dict[str, set[str]] = defaultdict(set)
        kinds: dict[str, int] = defaultdict(int)
        sums: dict[tuple[object, ...], tuple[Fraction, int]] = {}
        for record in own:
            kinds[record.fields["kind"]] += 1
            for capability in record.fields.get("capabilities", []):
                able[capability].add(record.record_id)
            for one in sight.capacities([record.record_id]):
                said = one.fields
                able[said["capability"]].add(record.record_id)
                key = (said["capability"], said["unit"], said.get("per"), said["state"])
                amount, n = sums.get(key, (Fraction(0), 0))
                sums[key] = (amount + Fraction(said["amount"]), n + 1)
    return {"members": len(inside), "assets": len(own), "kinds": dict(kinds), "sums": sums,
            "able": {name: len(ids) for name, ids in able.items()}}  # fmt: skip


def test_members_ask_and_stewards_let_in(registry: Registry, world: World) -> None:
    furnish(world)
    gamma = world.viewer(world.user("gil", ("member", GAMMA)))
    stu = world.viewer(an_id("user", "stu"))
    assert set_member(registry, gamma, NORTH, GAMMA, visibility="signed-in") == "asked"
    assert GAMMA not in _standing(registry, VISITOR)
    assert [each.name for each in queue(registry, stu, NORTH).requests] == ["Gamma"]
    registry.clock.pass_(days=3)  # type: ignore[attr-defined]
    # By its name; how far the tie is shown stays as the member chose.
    assert set_member(registry, stu, NORTH, "gamma") == "member"
    assert GAMMA not in _standing(registry, VISITOR)
    [row] = [m for m in network_members(registry, gamma, NORTH).members if m.member_id == GAMMA]
    assert (row.state, row.since) == ("member", date(2026, 3, 5))
    end_membership(registry, gamma, NORTH, GAMMA)
    assert GAMMA not in _standing(registry, stu)
    assert set_member(registry, stu, NORTH, GAMMA) == "invited"
    assert [each.name for each in queue(registry, stu, NORTH).invitations] == ["Gamma"]
    assert set_member(registry, gamma, NORTH, GAMMA) == "member"


def _standing(registry: Registry, viewer: Viewer) -> set[str]:
    return {m.member_id for m in network_members(registry, viewer, NORTH).members}


@ONE_ENGINE
def test_strangers_change_nothing(registry: Registry, world: World) -> None:
    furnish(world)
    for who in (None, "sam", "mia", "hid"):
        viewer = world.viewer(an_id("user", who) if who else None)
        with pytest.raises(Forbidden, match="may not"):
            create_network(registry, viewer, {"name": "Mine"})
        with pytest.raises(Forbidden, match="may not"):
            change_network(registry, viewer, NORTH, {"name": "Mine"})
        with pytest.raises(Forbidden, match="may not"):
            set_member(registry, viewer, NORTH, GAMMA)
        with pytest.raises(Forbidden, match="may not"):
            end_membership(registry, viewer, NORTH, BETA)
        with pytest.raises(Forbidden, match="may not"):
            say(registry, viewer, "post", NORTH, {"title": "x", "text": "y", "day": "2026-01-01"})
        with pytest.raises(Forbidden, match="may not"):
            queue(registry, viewer, NORTH)


@ONE_ENGINE
def test_a_token_that_only_reads_lets_nobody_in(registry: Registry, world: World) -> None:
    furnish(world)
    stu = world.viewer(an_id("user", "stu"))
    reading = Viewer(stu.user_id, stu.name, stu.grants, scopes=frozenset({"read"}))
    with pytest.raises(Forbidden, match="may not"):
        set_member(registry, reading, NORTH, GAMMA)


@ONE_ENGINE
def test_nobody_makes_anothers_network_a_part(registry: Registry, world: World) -> None:
    furnish(world)
    stu = world.viewer(an_id("user", "stu"))
    with pytest.raises(Forbidden, match="may not"):
        change_network(registry, stu, NORTH, {}, parts=[an_id("network", "South")])
    with pytest.raises(UnknownName, match="no such network"):
        change_network(registry, stu, NORTH, {}, parts=[an_id("network", "Cellar")])


@ONE_ENGINE
def test_a_joint_network_is_made_by_administrators(registry: Registry, world: World) -> None:
    furnish(world)
    made = create_network(registry, COMMAND_LINE, {"name": "Two", "kind": "alliance"},
                          parts=[NORTH, an_id("network", "South")])  # fmt: skip
    assert network(registry, VISITOR, made).population.n_members == 3
    assert {up.name for up in network(registry, VISITOR, NORTH).above} == {"Both", "Two"}


@ONE_ENGINE
def test_what_changed_meanwhile_is_not_overwritten(registry: Registry, world: World) -> None:
    furnish(world)
    stu = world.viewer(an_id("user", "stu"))
    seen = network(registry, stu, NORTH).version
    change_network(registry, stu, NORTH, {"area": "North"}, version=seen)
    with pytest.raises(Conflict, match="somebody else has changed"):
        change_network(registry, stu, NORTH, {"area": "Elsewhere"}, version=seen)
    assert network(registry, VISITOR, NORTH).fields["area"] == "North"


@ONE_ENGINE
def test_names_that_are_none_or_several_are_told(registry: Registry, world: World) -> None:
    furnish(world)
    world.member("beta")
    stu = world.viewer(an_id("user", "stu"))
    with pytest.raises(InputError, match="2 members are called 'BETA'"):
        set_member(registry, stu, NORTH, "BETA")
    # A hidden member's name is nobody's.
    with pytest.raises(InputError, match="no member that is shown to you is called 'Delta'"):
        set_member(registry, Viewer(grants=frozenset({f"steward:{BOTH}"})), BOTH, "Delta")


@ONE_ENGINE
def test_the_queue_empties_as_it_is_dealt_with(registry: Registry, world: World) -> None:
    furnish(world)
    stu, ada = (world.viewer(an_id("user", who)) for who in ("stu", "ada"))
    desk, lab = an_id("asset", "Desk"), an_id("asset", "Laboratory")
    before = queue(registry, stu, NORTH)
    assert [a.asset_id for a in before.unassigned.assets] == [desk]
    assert {a.asset_id for a in before.unconfirmed.assets} == {desk, lab}
    with pytest.raises(InputError, match="does not stand in the network"):
        assign(registry, stu, NORTH, [desk], GAMMA)
    with pytest.raises(InputError, match="tick at least one"):
        assign(registry, stu, NORTH, [], BETA)
    with pytest.raises(UnknownName, match="no such asset"):
        confirm_all(registry, stu, NORTH, [an_id("asset", "Service")])
    assign(registry, stu, NORTH, [desk], BETA)
    confirm_all(registry, stu, NORTH, [desk, lab])
    assert queue(registry, stu, NORTH).total == 0
    registry.clock.pass_(days=366)  # type: ignore[attr-defined]
    assert [a.asset_id for a in queue(registry, stu, NORTH).overdue.assets] == [desk, lab]
    assert [row.overdue for row in queues(registry, stu).networks] == [2]
    lost = world.asset("Lost")
    assert queues(registry, ada).unassigned.total == 1  # type: ignore[union-attr]
    assign(registry, ada, None, [lost], ALPHA)
    assert queues(registry, ada).unassigned.total == 0  # type: ignore[union-attr]


def test_an_asset_of_a_hidden_member_is_one_of_nobody(registry: Registry, world: World) -> None:
    north = world.network("North")
    world.user("stu", ("steward", north))
    hidden = world.member("Hidden", None, "private")
    world.asset("Theirs", hidden, network=north)
    world.asset("Nobody's", network=north)
    stu = world.viewer(an_id("user", "stu"))
    assert [a.name for a in queue(registry, stu, north).unassigned.assets] == ["Nobody's", "Theirs"]


def test_spots_are_of_what_is_seen(registry: Registry, world: World) -> None:
    furnish(world)
    secret = {"*": "public", "place": "private"}
    world.asset("Vault", ALPHA, secret, place={"lat": 1.0, "lon": 1.0})
    spots = network_spots(registry, VISITOR, BOTH)
    assert [(s.name, s.kind, s.lat) for s in spots] == [
        ("Alpha", "member", 53.8),
        ("Robot", "asset", 52.2),
    ]

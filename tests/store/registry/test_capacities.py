"""Capacities and their promises: against a count of every day."""

import threading
from datetime import date, timedelta
from random import Random

import pytest

from triplehelix.errors import Conflict, Forbidden, InputError, UnknownName
from triplehelix.registry.capacity import Promise
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.capacities import put_capacity, release, remove_capacity, reserve

DAY = date(2026, 3, 2)
SAID = {"capability": "pcr-testing", "amount": 10, "unit": "samples"}


@pytest.fixture
def held(world):
    """A member, its asset, the asset's capacity of ten."""
    leeds = world.member("Leeds")
    asset = world.asset("A", leeds)
    return Viewer(grants=frozenset({f"member:{leeds}"})), asset, world.capacity(asset)


def promised_each_day(promises: list[Promise], days: int) -> list[float]:
    every = [DAY + timedelta(days=n) for n in range(days)]
    return [sum(p.amount for p in promises if p.starts <= d <= (p.ends or date.max)) for d in every]


@pytest.mark.parametrize("seed", range(3))
def test_no_day_is_promised_beyond_what_there_is(world, held, seed):
    """Each is granted if, and only if, every one of its days has so much left."""
    viewer, _, capacity = held
    rng, kept = Random(seed), {}
    for _ in range(30):
        starts = DAY + timedelta(days=rng.randint(0, 9))
        ends = rng.choice([None, starts + timedelta(days=rng.randint(0, 4))])
        asked = Promise(rng.randint(1, 6), starts, ends)
        fits = max(promised_each_day([*kept.values(), asked], 30)) <= 10
        try:
            with world.registry.change(viewer) as change:
                kept[reserve(change, capacity, asked, "trial")] = asked
            assert fits
        except Conflict:
            assert not fits
        if kept and rng.random() < 0.3:
            gone = rng.choice(sorted(kept))
            with world.registry.change(viewer) as change:
                release(change, gone)
            del kept[gone]
    assert kept


def test_those_who_ask_at_once_never_get_more_than_there_is(world, held):
    """Twelve ask for three of ten at the same moment: three get it."""
    viewer, _, capacity = held
    ready, got, others = threading.Barrier(12), [], []

    def ask(n: int) -> None:
        ready.wait()
        try:
            with world.registry.change(viewer) as change:
                got.append(reserve(change, capacity, Promise(3, DAY, DAY), f"trial {n}"))
        except Conflict as err:
            others.append(str(err))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 3 and len(others) == 9
    assert set(others) == {
        "3 samples were asked for and 1 are left on the fullest day; ask for less, or for other days"
    }
    with world.registry.look(viewer) as sight:
        assert sum(one.amount for one in sight.reservations([capacity])) == 9


def test_what_is_promised_cannot_be_taken_away(world, held):
    """Less, gone, past or at other days; what is over holds nobody."""
    viewer, asset, capacity = held
    with world.registry.change(viewer) as change:
        kept = reserve(change, capacity, Promise(6, DAY, DAY + timedelta(days=2)), "trial")

    def put(**said: object) -> None:
        with world.registry.change(viewer) as change:
            put_capacity(change, asset, {**SAID, **said}, capacity_id=capacity)

    for said in (
        {"amount": 5},
        {"state": "past"},
        {"starts": "2026-03-03"},
        {"ends": "2026-03-03"},
    ):
        with pytest.raises(
            Conflict, match="6 samples of this capacity are promised until 2026-03-04"
        ):
            put(**said)
    put(amount=6)
    put(amount=10)
    world.registry.clock.pass_(days=1)
    put(starts="2026-03-03")
    with world.registry.change(viewer) as change:
        release(change, kept)
    put(amount=1)


def test_hidden_and_absent_capacities_look_the_same(world, held):
    viewer, asset, _ = held
    hidden = world.capacity(asset, shown="private")
    said = set()
    for one in (hidden, "cp_absent", ""):
        with pytest.raises(UnknownName) as told, world.registry.change(VISITOR) as change:
            reserve(change, one, Promise(1, DAY, DAY), "trial")
        said.add(str(told.value))
    assert len(said) == 1
    with world.registry.change(viewer) as change:
        reserve(change, hidden, Promise(1, DAY, DAY), "trial")


def test_only_the_holder_promises(world, held):
    viewer, asset, capacity = held
    with pytest.raises(Forbidden), world.registry.change(VISITOR) as change:
        reserve(change, capacity, Promise(1, DAY, DAY), "trial")
    with world.registry.change(viewer) as change:
        kept = reserve(change, capacity, Promise(1, DAY, DAY), "trial")
    with pytest.raises(UnknownName), world.registry.change(VISITOR) as change:
        release(change, kept)
    with pytest.raises(UnknownName), world.registry.change(COMMAND_LINE) as change:
        put_capacity(change, asset, SAID, capacity_id="cp_of_another")
    with pytest.raises(Forbidden), world.registry.change(VISITOR) as change:
        remove_capacity(change, asset, capacity)
    with world.registry.change(viewer) as change:
        remove_capacity(change, asset, capacity)
    with world.registry.look(viewer) as sight:
        assert sight.capacities([asset]) == [] == sight.reservations([capacity])


@pytest.mark.parametrize("commitment", ["", "  ", "x" * 301])
def test_a_promise_says_what_for(world, held, commitment):
    viewer, _, capacity = held
    with (
        pytest.raises(InputError, match="say in 1 to 300 what it is promised for"),
        world.registry.change(viewer) as change,
    ):
        reserve(change, capacity, Promise(1, DAY, DAY), commitment)


def test_a_capacity_has_a_visibility_of_its_own(world, held):
    viewer, asset, _ = held
    with pytest.raises(InputError, match="'x' is no id of networks"):
        world.capacity(asset, shown="network:x")
    hidden = world.capacity(asset, shown="private")
    with world.registry.look(VISITOR) as sight:
        assert hidden not in [c.capacity_id for c in sight.capacities([asset])]
        assert all(c.visibility is None for c in sight.capacities([asset]))
    with world.registry.look(viewer) as sight:
        assert {c.visibility for c in sight.capacities([asset])} == {None, "private"}

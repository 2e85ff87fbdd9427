"""The public log over HTTP, and the thread that seals it."""

import threading
import time
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.registry_worlds import Clock, an_id
from triplehelix.app.registry import log
from triplehelix.errors import SourceError
from triplehelix.registry.merkle import is_consistent, root_of
from triplehelix.registry.notes import Checkpoint, PublicKey, SigningKey, signers
from triplehelix.registry.viewer import VISITOR
from triplehelix.serve import registry as serving
from triplehelix.serve.application import create_app
from triplehelix.serve.registry.door import VisitorsOnly
from triplehelix.serve.registry.log_routes import log as router
from triplehelix.serve.registry.sealing import sealing
from triplehelix.store.registry.sealing import seal

KEY = SigningKey("registry.example.org/log", bytes(32))


class Door(VisitorsOnly):
    """Lets in whoever was named last."""

    def __init__(self):
        self.now = VISITOR

    def viewer(self, request):
        return self.now


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def client(registry, small, door, monkeypatch):
    monkeypatch.setattr(serving, "ROUTERS", (router,))
    with TestClient(create_app(small, registry=registry, door=door)) as client:
        yield client


def test_before_the_first_seal(client):
    answer = client.get("/log/checkpoint")
    assert answer.status_code == 404
    assert "the first is made at the next seal" in answer.text
    assert client.get("/log/key").text == ""
    assert client.get("/log/leaves").json() == {"from": 0, "leaves": []}


def test_an_outsider_follows_the_log(client, registry):
    """With nothing but what is served: key, checkpoints, consistency, leaves."""
    held = []
    for _ in range(5):
        seal(registry, KEY, interval=None)
        answer = client.get("/log/checkpoint")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "private, no-store"
        held.append(answer.text)
    key = PublicKey.read(client.get("/log/key").text)
    newest = Checkpoint.read(held[-1])
    for note in held:
        assert signers(note, [key]) == [key]
        then = Checkpoint.read(note)
        proof = client.get(f"/log/consistency?from={then.size}").json()
        path = [bytes.fromhex(each) for each in proof["path"]]
        assert is_consistent(then.root, then.size, newest.root, newest.size, path)
    leaves = client.get("/log/leaves?from=0").json()["leaves"]
    assert root_of(map(bytes.fromhex, leaves)) == newest.root
    assert client.get("/log/leaves?from=4").json() == {"from": 4, "leaves": leaves[4:]}


@pytest.mark.parametrize("asked", ["6", "-1", "x", "", "1e3", "9" * 30])
def test_sizes_that_never_were_are_refused(client, registry, asked):
    for _ in range(5):
        seal(registry, KEY, interval=None)
    assert client.get(f"/log/consistency?from={asked}").status_code == 422


def test_a_proof_is_for_those_who_see_the_entry(client, registry, world, door):
    member = world.member("A")
    asset = world.asset("Scope", member)
    ann = world.viewer(world.user("Ann", ("member", member)))
    entry = log.history(registry, ann, asset)[0].entry_id
    absent = an_id("entry", "none")
    door.now = ann
    assert client.get(f"/log/proof/{entry}").status_code == 409
    seal(registry, KEY)
    found = client.get(f"/log/proof/{entry}")
    assert found.json() == log.proof(registry, ann, entry)
    assert found.headers["cache-control"] == "private, no-store"
    door.now = VISITOR
    hidden, nothing = client.get(f"/log/proof/{entry}"), client.get(f"/log/proof/{absent}")
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert hidden.text.replace(entry, "") == nothing.text.replace(absent, "")


class Late:
    """Tells when so many letters or seals have come."""

    def __init__(self, n):
        self.left, self.come = n, threading.Event()

    def __call__(self):
        self.left -= 1
        if self.left <= 0:
            self.come.set()


def wait_until(question):
    for _ in range(1000):
        if question():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def size(registry):
    try:
        return Checkpoint.read(log.checkpoint(registry)).size
    except Exception:
        return 0


def test_the_log_is_sealed_while_it_is_served(registry):
    from triplehelix.store.registry.opening import _now

    registry.clock = _now
    with sealing(registry, KEY, interval=timedelta(seconds=0.2)) as thread:
        wait_until(lambda: size(registry) >= 3)
    assert not thread.is_alive()
    at_end = size(registry)
    time.sleep(0.3)
    assert size(registry) == at_end, "it has stopped"


def test_it_stops_at_once_in_the_middle_of_an_interval(registry):
    with sealing(registry, KEY) as thread:
        wait_until(lambda: size(registry) == 1)
    assert not thread.is_alive()
    with sealing(registry, KEY):
        time.sleep(0.05)
    assert size(registry) == 1, "a server that was started again in the same interval"


def test_what_goes_wrong_does_not_end_it(registry, world, caplog):
    world.user("Stan", ("steward", world.network("N")))
    clock = registry.clock = Ticking()
    calls = Late(2)

    def breaks(to, subject, text):
        calls()
        raise RuntimeError("a fault of ours") if calls.left else SourceError("away")

    with sealing(registry, KEY, breaks, interval=timedelta(seconds=1)):
        assert calls.come.wait(10)
        wait_until(lambda: size(registry) >= 3)
    assert "could not be sealed in this interval" in caplog.text
    assert clock.now


class Ticking(Clock):
    """A second passes whenever it is looked at."""

    def __call__(self):
        self.pass_(seconds=0.5)
        return self.now

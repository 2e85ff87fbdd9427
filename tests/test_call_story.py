"""
From a need to a group that can meet it, on a served process, by people who read pages.

A visitor opens the example of a regional testing network, finds a group for 20,500 tests a day,
takes one member out and sees the plan mended. A steward invites; one member accepts and one
refuses, and the curve changes; the whole is taken away, and its check passes. Two processes
answer at the address, so that what one begins the other must know.
"""

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import httpx2
import pytest

from tests.people import Person
from triplehelix.ally.check import check
from triplehelix.ally.to_json import alliance_from_json
from triplehelix.app.calls.landscape import landscape_for
from triplehelix.app.registry.people import add_user
from triplehelix.app.registry.sample import make_sample_registry, sample_id
from triplehelix.read.capabilities import read_capabilities
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.registry.visibility import Holder
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry, open_registry

PASSWORD = "nine quiet barges southwards"
CALL = sample_id("call", "testing-network")
BODY = sample_id("network", "northern-health-science-alliance")
TITLE = "A regional network for 20,500 more tests a day"
LONGEST_S = 60


class Served:
    """The sample registry, the example taken up by a body, served by two processes."""

    def __init__(self, folder: Path, edition: Edition) -> None:
        file = folder / "sample.db"
        make_sample_registry(str(file), edition)
        self.registry: Registry = open_registry(str(file))
        self.edition = edition
        with self.registry.change(COMMAND_LINE) as change:
            change.hand_over("call", CALL, Holder(None, BODY))
        self.user("sam", Role("steward", BODY))
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        settings = folder / "settings.yaml"
        settings.write_text(f"registry: {file}\nbase_url: {self.address}\n", "utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from triplehelix.cli import main; main()", "serve",
             str(edition.path), "--port", str(port), "--settings", str(settings),
             "--workers", "2"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        while self.address not in self.process.stdout.readline():
            assert self.process.poll() is None
        self._wait_until_it_answers()
        self.people: list[Person] = []

    def _wait_until_it_answers(self) -> None:
        # The address is said before its processes have read the edition.
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until:
            with contextlib.suppress(httpx2.TransportError):
                httpx2.get(f"{self.address}/calls", timeout=LONGEST_S)
                return
            time.sleep(0.3)

    def user(self, name: str, *roles: Role) -> None:
        """Somebody with an account."""
        add_user(self.registry, COMMAND_LINE, email=f"{name}@example.org", name=name.title(),
                 password=PASSWORD, roles=roles)  # fmt: skip

    def person(self, name: str = "") -> Person:
        """Somebody with a browser, signed in where a name is given."""
        self.people.append(Person(self.address))
        person = self.people[-1]
        if name:
            person.open("/sign-in").press("Sign in", email=f"{name}@example.org",
                                          password=PASSWORD)  # fmt: skip
        return person

    def leave(self) -> None:
        """Everybody goes, and the server ends."""
        for person in self.people:
            person.leave()
        self.process.terminate()
        self.process.communicate(timeout=20)
        self.registry.close()


@pytest.fixture
def served(tmp_path: Path, small: Edition) -> Iterator[Served]:
    made = Served(tmp_path, small)
    yield made
    made.leave()


def answered(person: Person) -> Person:
    """The page of the answer, once there is one: the page of the solve looks again by itself."""
    until = time.monotonic() + LONGEST_S
    while "/alliances/" not in person.path:
        assert person.status == 200, person.words
        assert time.monotonic() < until, person.words
        time.sleep(0.3)
        person.open(person.path)
    return person


def members(person: Person) -> dict[str, str]:
    """The members of the answer that a page shows: id by name."""
    found = re.findall(
        r'name="member" value="(mb_\w+)">.{0,80}?Take out<span class="visually-hidden">: ([^<]+)<',
        person.page, re.DOTALL,
    )  # fmt: skip
    return {unescape(name): member for member, name in found}


def most(person: Person) -> float:
    """The most tests a day that are still expected."""
    found = re.search(r"PCR testing ([\d,]+) tests a day (?:from|at most)", person.words)
    assert found, person.words
    return float(found[1].replace(",", ""))


def test_the_whole_story(served: Served) -> None:
    visitor = served.person().open("/").follow("Build an alliance").follow(TITLE)
    assert "Historical replay, December 2020" in visitor.words
    assert "At most 10,000 tests a day of PCR testing from one member." in visitor.words
    call = visitor.path
    answered(visitor.press("Find an alliance"))
    assert "Historical replay, December 2020" in visitor.words
    headline = re.search(
        r"(\d+) members can do it by (\d+ \w+ 20\d\d) \(day (\d+)\)", visitor.words
    )
    assert headline and most(visitor) == 20_500
    assert "Proven: no alliance that keeps these rules does better" in visitor.words
    assert "Checked: code that shares nothing with the solver" in visitor.words
    for helix in ("Academia", "Health", "Industry"):
        assert f"{helix}, United Kingdom" in visitor.words
    assert "closed today" in visitor.words and "Invite" not in visitor.words

    lost, *_ = members(visitor)
    answered(visitor.press(f"Take out: {lost}"))
    assert "What changed" in visitor.words and most(visitor) == 20_500
    assert f"Asked: without {lost}" in visitor.words
    assert lost not in members(visitor) and re.search(r"\badded\b", visitor.words)

    sam = answered(served.person("sam").open(call).press("Find an alliance"))
    answer, group = sam.path, members(sam)
    sam.press(f"Invite all {len(group)} members")
    assert f"{len(group)} invitations sent." in sam.words
    largest = sorted(group, key=lambda name: _gives(sam, name), reverse=True)[:2]
    for name, button, reason in zip(largest, ("Accept", "Decline"), ("Gladly", "No staff"),
                                    strict=True):  # fmt: skip
        served.user(button.lower(), Role("member", group[name]))
        person = served.person(button.lower()).open("/invitations-to-calls").follow(TITLE)
        person.press(button, reason=reason)
        assert f"for the member: {'accepted' if button == 'Accept' else 'declined'}" in person.words
    sam.open(answer)
    assert most(sam) == 20_500 - _gives(sam, largest[1]) and "still expected" in sam.words
    sam.open(f"{call}/commitments")
    assert "1 accepted" in sam.words and "1 declined" in sam.words and "No staff" in sam.words
    visitor.open(f"{call}/progress")
    assert "Accepted 1" in visitor.words and "Declined 1" in visitor.words
    assert largest[0] not in visitor.words

    status, proof = sam.bytes_of(f"{answer}/proof.json")
    assert status == 200
    alliance = alliance_from_json(json.loads(proof)["alliance"])
    assert alliance.status == "optimal" and alliance.gap is not None and alliance.gap < 1e-6
    seen = landscape_for(served.registry, VISITOR, edition=served.edition,
                         as_of=alliance.call.as_of)  # fmt: skip
    today = served.registry.clock().date()
    assert check(alliance, seen, read_capabilities(), today=today) == ()
    assert visitor.bytes_of(f"{answer}/proof.json")[0] == 404


def test_a_second_example_runs_on_what_is_active_today(served: Served) -> None:
    """A trial of an advanced therapy: vector, cells, trial unit, data, of assets of this day."""
    visitor = served.person().open("/calls").follow("A first trial of an advanced therapy")
    answered(visitor.press("Find an alliance"))
    assert re.search(r"\d+ members can do it by \d+ \w+ 20\d\d", visitor.words)
    assert "closed today" not in visitor.words and "Historical replay" not in visitor.words
    status, said = visitor.bytes_of(f"{visitor.path}.json")
    answer = json.loads(said)
    assert status == 200 and answer["alliance"]["status"] == "optimal"
    assert {one["need"]: one["missing"] for one in answer["alliance"]["coverage"]} == dict.fromkeys(
        ("vector", "cells", "trial-unit", "first-patients", "follow-up", "release-testing"), 0
    )
    assert {"academia", "health", "industry"} <= {one["helix"] for one in answer["partners"]}
    given = [each for one in answer["partners"] for each in one["gives"]]
    assert {each["status"] for each in given} == {"active"}
    assert {each["state"] for each in given} <= {"available", "stated", None}
    _, proof = visitor.bytes_of(f"{visitor.path}/proof.json")
    alliance = alliance_from_json(json.loads(proof)["alliance"])
    seen = landscape_for(served.registry, VISITOR, edition=served.edition)
    today = served.registry.clock().date()
    assert check(alliance, seen, read_capabilities(), today=today) == ()


def _gives(person: Person, name: str) -> float:
    """How many tests a day a member gives, as its row says."""
    row = person.words.partition("The group")[2].partition(f"{name} ")[2]
    return float(re.search(r"([\d,]+) tests a day", row)[1].replace(",", ""))

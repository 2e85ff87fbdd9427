"""A call behind an atlas: who holds it, who could answer it, and a browser for each of them."""

import re
from html import unescape

from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.app.calls.staged import Stage, halves
from tests.registry_worlds import World
from tests.serve.registry.doors import TOKEN, HeaderDoor
from triplehelix.app.calls.runs import Solves
from triplehelix.app.calls.solver import Found
from triplehelix.store.registry.opening import Registry

PEOPLE = ("", "eve", "ann", "bob", "steward", "admin")
WHISPER = "whisperword"


def at_once(question, on_progress):
    """A solver that answers with equal halves."""
    return (Found(halves(question)),)


class CallSite:
    """
    An open public call of a network; a university and a hospital that could answer it.

    `steward` acts for the call, `ann` and `bob` for the two members, `eve` has an account alone.
    """

    def __init__(self, world: World, atlas: FastAPI, solve=at_once, **call) -> None:
        self.stage = Stage(world, **call).open()
        self.registry: Registry = self.stage.registry
        atlas.state.registry, atlas.state.door = self.registry, HeaderDoor(world)
        atlas.state.solves = Solves(solve=solve)
        self.here = f"/calls/{self.stage.call}"
        self.clients = {
            who: TestClient(
                atlas, headers={"x-user": self.stage.users[who]} if who else {},
                follow_redirects=False, raise_server_exceptions=False,
            )
            for who in PEOPLE
        }  # fmt: skip

    def get(self, who: str, path: str):
        """What somebody gets."""
        return self.clients[who].get(path)

    def post(self, who: str, path: str, **fields):
        """A form that somebody sends."""
        named = {name.replace("__", "."): value for name, value in fields.items()}
        return self.clients[who].post(path, data={"anti_forgery": TOKEN, **named})

    def solved(self, who: str) -> str:
        """The address of the answer that somebody finds."""
        answer = self.post(who, f"{self.here}/solve", lost="0", seconds="5")
        assert answer.status_code == 303, answer.text
        address = answer.headers["location"]
        assert "/alliances/" in address
        return address


def said(answer) -> str:
    """The words of a page."""
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())

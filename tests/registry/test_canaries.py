"""
No canary word comes out: of no function of the application, no page, header, error, or line logged.

Functions are found in the modules of `app.registry`, routes in the application's router, so that
what is added is asked too.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.registry.asking import KINDS, questions, through_sight, whatever_is_asked
from tests.registry.hidden_words import (
    CANARY,
    NOON,
    OPEN_WORD,
    PRIVATE,
    DoorFor,
    fill,
    lesser_viewers,
)
from tests.registry.random_worlds import id_of
from tests.routes import query_parameters
from triplehelix.app.enquiries.desk import enquiry
from triplehelix.capabilities.listed import Capabilities
from triplehelix.read.capabilities import read_capabilities
from triplehelix.registry.fields import ALWAYS, FIELDS
from triplehelix.registry.viewer import COMMAND_LINE, Viewer
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry

HIDDEN = re.compile(rf"{CANARY}\w*|987654|123454|864200")
IDS: dict[str, list[Any]] = {
    **{kind: [id_of(kind, n) for n in range(3)] for kind in KINDS},
    "capacity": [id_of("capacity", 0)], "record": [id_of("asset", 0), id_of("asset", 1)],
    "subject": [id_of("asset", 0)], "user": [id_of("user", 1)], "near": [(53.8, -1.55)],
    "format": ["uniquip", "jisc", "pidinst", "jsonl", "jsonld", "dcat"],
    "kind": ["equipment", "asset"], "sort": ["name"], "by": ["2026-05-02"],
    "commitment": [id_of("commitment", 2)], "proposal": [id_of("proposal", 2)],
    "enquiry": [id_of("enquiry", 0)], "what": ["advice", "emergency"],
    "act": ["accept"], "losses": [[id_of("member", 0)]], "state": ["open"],
}  # fmt: skip
WORDS = [OPEN_WORD, "hidden", "pcr-testing", ""]
CAPABILITIES = read_capabilities()
VIEWERS = list(lesser_viewers())
NAMED = {viewer.name: viewer for viewer in VIEWERS}


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    path = tmp_path_factory.mktemp("canaries") / "r.db"
    registry = open_registry(str(path), clock=lambda: NOON)
    create_registry(registry)
    fill(registry)
    yield registry
    registry.close()


def test_there_is_a_canary_in_every_field_that_can_be_hidden():
    for kind, model in FIELDS.items():
        left = set(model.model_fields) - set(ALWAYS[kind]) - set(PRIVATE[kind])
        # Ids of other records hold no words.
        assert left <= {"part_of", "country"}, f"{kind} has new fields: give them canaries"


def test_the_canaries_are_there_for_who_may_see_them(hiding, small):
    told = " ".join(said for _, said in through_sight(hiding, COMMAND_LINE, IDS))
    for n in (1, 2, 29, 40, 47, 60, 68, 80, 90, 94):
        assert f"{CANARY}{n}" in told or n == 94
    assert f"{CANARY} member hidden" in told
    asked = repr(enquiry(hiding, COMMAND_LINE, id_of("enquiry", 0)))
    assert all(f"{CANARY}{n}" in asked for n in range(120, 126))


@pytest.mark.parametrize("who", NAMED)
def test_no_function_tells(hiding, small, who, caplog):
    caplog.set_level(logging.DEBUG)
    reader = Viewer(NAMED[who].user_id, who, NAMED[who].grants, scopes=frozenset({"read"}))
    given = {Edition: small, Capabilities: CAPABILITIES}
    asked = [*through_sight(hiding, NAMED[who], IDS),
             *whatever_is_asked(hiding, reader, IDS, WORDS, given)]  # fmt: skip
    assert len(asked) > len(questions())
    for question, said in asked:
        found = HIDDEN.search(said)
        assert not found, f"{who} reads {found} by asking {question}"
    assert not HIDDEN.search(_lines(caplog))


def _lines(caplog: pytest.LogCaptureFixture) -> str:
    # The engine's own lines, at a level that is never set outside tests, hold statements.
    return "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("sqlalchemy"))


@pytest.fixture(scope="module")
def atlas(small: Edition, hiding: Registry) -> TestClient:
    app = create_app(small, registry=hiding, door=DoorFor(Viewer()))
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def routes(atlas: TestClient) -> list[APIRoute]:
    """Every GET of the registry, and those of the front door."""
    found = []
    for route in atlas.app.routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute) and "GET" in route.methods:
            ours = "triplehelix.serve.registry" in route.endpoint.__module__
            if ours or "search" in route.path or "looking" in route.path:
                found.append(route)
    return found


def addresses(route: APIRoute) -> Iterator[tuple[str, dict[str, str]]]:
    """A route's addresses: each id or word in its path, each of its parameters in turn."""
    paths = [route.path]
    for name in re.findall(r"{(\w+)(?::\w+)?}", route.path):
        values = IDS.get(name.removesuffix("_id")) or _by_path(route.path, name) or WORDS[:3]
        paths = [re.sub(rf"{{{name}(:\w+)?}}", str(value), path)
                 for path in paths for value in values]  # fmt: skip
    for path in paths[:12]:
        yield path, {}
        for parameter in query_parameters(route.dependant):
            values = IDS.get(parameter.alias.removesuffix("_id"), WORDS)
            for value in values[:3]:
                yield path, {parameter.alias: str(value)}


def _by_path(path: str, name: str) -> list[str]:
    """`/assets/{id}` is of an asset."""
    before = path.split(f"{{{name}")[0].rstrip("/").rpartition("/")[2]
    kind = {"steward": "network", "enquiries": "enquiry", "mine": "enquiry"}.get(
        before, before.removesuffix("s"))  # fmt: skip
    return [str(one) for one in IDS.get(kind, [])]


@pytest.mark.parametrize("who", NAMED)
def test_no_route_tells(atlas, hiding, who, caplog):
    caplog.set_level(logging.DEBUG)
    atlas.app.state.door = DoorFor(NAMED[who])
    asked = 0
    for route in routes(atlas):
        for path, parameters in addresses(route):
            answer = atlas.get(path, params=parameters)
            said = f"{answer.headers}\n{answer.content!r}\n{answer.text}"
            found = HIDDEN.search(said)
            assert not found, f"{who} reads {found} at {path} {parameters}"
            # A question that breaks down could tell by breaking down.
            assert answer.status_code < 500, f"{path} {parameters}: {answer.text[:300]}"
            asked += 1
    assert asked >= len(routes(atlas))
    assert not HIDDEN.search(_lines(caplog))


@pytest.mark.parametrize("who", NAMED)
def test_absent_and_hidden_are_answered_alike(atlas, hiding, who):
    atlas.app.state.door = DoorFor(NAMED[who])
    for route in routes(atlas):
        for kind in KINDS:
            hidden, absent = id_of(kind, 1), id_of(kind, "nobody's")
            for path, parameters in addresses(route):
                if hidden not in path and hidden not in parameters.values():
                    continue
                one = atlas.get(path, params=parameters)
                other = atlas.get(
                    path.replace(hidden, absent),
                    params={k: v.replace(hidden, absent) for k, v in parameters.items()},
                )
                assert one.status_code == other.status_code, path
                assert one.text.replace(hidden, absent) == other.text, path


@pytest.mark.parametrize("who", NAMED)
def test_joins_tell_nothing(hiding, who):
    """A hidden member's public asset, a public network's hidden tie, a hidden network above."""
    with hiding.look(NAMED[who]) as sight:
        shared = sight.record("asset", id_of("asset", 2))
        assert shared.member_id is None
        assert sight.names([id_of("member", 1)]) == {}
        assert sight.memberships() == []
        assert sight.network_parts() == []
        assert sight.capacities(IDS["asset"]) == []
        assert sight.reservations(IDS["capacity"]) == []

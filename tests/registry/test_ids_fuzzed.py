"""An id is itself to the letter: written otherwise it names nothing, on every route."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.registry.asking import KINDS
from tests.registry.hidden_words import NOON, DoorFor, fill
from tests.registry.random_worlds import id_of
from tests.registry.test_canaries import IDS, routes
from triplehelix.errors import UnknownName
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.viewer import COMMAND_LINE, Viewer
from triplehelix.serve import create_app
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    registry = open_registry(str(tmp_path_factory.mktemp("fuzzed") / "r.db"), clock=lambda: NOON)
    create_registry(registry)
    fill(registry)
    yield registry
    registry.close()


def otherwise(one: str) -> dict[str, str]:
    """Other ways of writing an id, each of which has opened a door somewhere."""
    return {
        "upper case": one.upper(), "prefix in upper case": one[:2].upper() + one[2:],
        "blank after": f"{one} ", "blank before": f" {one}", "newline after": f"{one}\n",
        "carriage return": f"{one}\r\n", "tab": f"{one}\t", "no-break space": f"{one}\u00a0",
        "zero width space": f"{one[:5]}\u200b{one[5:]}", "soft hyphen": f"{one}\u00ad",
        "full width": "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in one),
        "Cyrillic a": one.replace("a", "\u0430").replace("e", "\u0435"),
        "Arabic digits": re.sub(r"\d", lambda d: chr(0x660 + int(d[0])), one),
        "nul": f"{one}\x00", "nul and more": f"{one}\x00.html", "slash after": f"{one}/",
        "dot": f"{one}/.", "up and down": f"x/../{one}", "quote": f"{one}'", "comment": f"{one}--",
        "wildcard": f"{one[:-1]}%", "one letter": f"{one[:-1]}_", "o for 0": one.replace("0", "o"),
        "shorter": one[:-1], "longer": f"{one}0", "kind of another": f"us{one[2:]}", "empty": "",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_id_itself_is_one(hiding, kind):
    one = id_of(kind, 0)
    with hiding.look(COMMAND_LINE) as sight:
        assert sight.record(kind, one).record_id == one
        for how, written in otherwise(one).items():
            if written == one:
                continue
            with pytest.raises(UnknownName, match="there is no such"):
                sight.record(kind, written)
            assert how == "shorter" or not is_id(written, kind), how


@given(st.text(max_size=40))
@settings(derandomize=True, max_examples=60, database=None)
def test_no_text_is_an_id_but_those_of_its_shape(text):
    shape = re.compile("[a-z]{2}_[0-9abcdefghjkmnpqrstvwxyz]{26}")
    assert is_id(text) == (shape.fullmatch(text) is not None)


def test_what_is_said_of_a_wrong_id_does_not_repeat_it():
    """Else a page could be made to say what its address says."""
    assert "as_" not in str(nothing_so_named("asset"))


def _object_paths(atlas: TestClient) -> list[tuple[str, str, str]]:
    """(path with a hole, kind, name of the hole) of every route that names a record by id."""
    found = []
    for route in routes(atlas):
        for name in re.findall(r"{(\w+)(?::\w+)?}", route.path):
            before = route.path.split(f"{{{name}")[0].rstrip("/").rpartition("/")[2]
            kind = {"steward": "network", "networks": "network"}.get(before, before.rstrip("s"))
            if name.removesuffix("_id") in KINDS:
                kind = name.removesuffix("_id")
            if kind in KINDS:
                found.append((route.path, kind, name))
    return found


def test_on_every_route_of_an_object_an_id_written_otherwise_names_nothing(small, hiding):
    everything = DoorFor(Viewer("us_1", "administrator", frozenset({"signed-in"}), everything=True))
    atlas = TestClient(create_app(small, registry=hiding, door=everything), follow_redirects=False,
                       raise_server_exceptions=False)  # fmt: skip
    for path, kind, hole in _object_paths(atlas):
        others = {name: str(IDS.get(name.removesuffix("_id"), ["x"])[0])
                  for name in re.findall(r"{(\w+)(?::\w+)?}", path) if name != hole}  # fmt: skip

        def at(
            written: str, path: str = path, hole: str = hole, others: dict[str, str] = others
        ) -> str:
            for name, value in {**others, hole: written}.items():
                path = re.sub(rf"{{{name}(:\w+)?}}", value.replace("\\", ""), path)
            return path

        right = atlas.get(at(id_of(kind, 0)))
        assert right.status_code < 500
        for how, written in otherwise(id_of(kind, 0)).items():
            if written in ("", id_of(kind, 0)) or how in ("dot", "up and down", "slash after"):
                continue  # addresses of something else, to any client
            answer = atlas.get(at(quote(written, safe="")))
            assert answer.status_code in (404, 422), f"{path}, {how}: {answer.status_code}"
            twice = atlas.get(at(quote(quote(written, safe=""), safe="")))
            assert twice.status_code in (404, 422), f"{path}, {how} twice: {twice.status_code}"

"""Sealed matching moves with a registry, for who sees everything: no bit is told a second time."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.app.calls.staged import CAPABILITIES, CONTENT, Stage
from tests.app.registry.test_moving import Fresh, content, fresh
from tests.app.registry.uniquip_files import exported
from tests.registry_worlds import Clock, World
from triplehelix.app.calls.records import edit_call
from triplehelix.app.calls.sealed import ask, consent, let_tell, sealed, verify
from triplehelix.app.registry.importing import import_file
from triplehelix.app.registry.log import history
from triplehelix.errors import TooOften
from triplehelix.registry.exchange.jsonl_sealed import KINDS
from triplehelix.registry.sealed import QUESTIONS_A_DAY
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealed_moving import TABLES
from triplehelix.store.registry.tables import LOG_ENTRIES

__all__ = ["fresh"]
SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
SECRET = {"need": "secret", "capability": "pcr-testing", "sealed": True}


def matched(world: World) -> tuple[Stage, str, str]:
    """
    Something of every kind: verified sides, offers to one call and to any, bits both ways, one
    that is no match, questions, consents to one and to any, names that are open.
    """
    stage = Stage(world, needs=[*CONTENT["needs"], SECRET]).open()
    registry, clock = world.registry, world.registry.clock
    assert isinstance(clock, Clock)
    for one in (stage.network, stage.members[0]):
        verify(registry, stage.as_("admin"), one)
    robot = world.asset("Quiet robot", stage.members[0], "private", capabilities=["pcr-testing"],
                        contacts=[{"name": "Desk"}])  # fmt: skip
    other = world.asset("Quiet store", stage.members[1], "private", capabilities=["biobanking"])
    let_tell(registry, stage.as_("ann"), robot)
    let_tell(registry, stage.as_("bob"), other, call_id=stage.call)
    let_tell(registry, stage.as_("steward"), stage.call)
    clock.pass_(hours=1)
    assert ask(registry, stage.as_("steward"), stage.call, CAPABILITIES) is True
    assert ask(registry, stage.as_("ann"), robot, CAPABILITIES) is True
    consent(registry, stage.as_("steward"), stage.call)
    clock.pass_(hours=1)
    assert consent(registry, stage.as_("ann"), robot, call_id=stage.call) >= 1
    consent(registry, stage.as_("bob"), other)
    return stage, robot, other


def lines_of(registry: Registry, viewer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(registry, viewer, "jsonl").splitlines()]


def test_it_moves_whole(registry: Registry, world: World, fresh: Fresh) -> None:
    """All seven tables are equal, but for who did it; the bytes of the next export are too."""
    matched(world)
    lines = exported(registry, COMMAND_LINE, "jsonl")
    assert {one["is"] for one in map(json.loads, lines.splitlines())} > set(KINDS)
    other = fresh()
    assert not import_file(other, COMMAND_LINE, lines).faulty
    before, after = (content(one, list(TABLES.values())) for one in (registry, other))
    for rows in before.values():
        assert rows
        for row in rows:
            row |= dict.fromkeys({"by_user"} & row.keys())
    assert after == before
    assert exported(other, COMMAND_LINE, "jsonl") == lines
    again = import_file(other, COMMAND_LINE, lines)
    assert again.counts["unchanged"] == len(again.rows)
    assert content(other, list(TABLES.values())) == after


@SQLITE
def test_its_promises_hold_where_it_has_moved(world: World, fresh: Fresh) -> None:
    """A pair keeps its bit though the call now asks for another thing; the day's count goes on."""
    stage, _, other = matched(world)
    registry = world.registry
    there = fresh()
    import_file(there, COMMAND_LINE, exported(registry, COMMAND_LINE, "jsonl"))
    there.clock = registry.clock
    body = World(there).viewer(World(there).user("Body", ("steward", stage.network)))
    known = sealed(there, body, stage.call)
    here = sealed(registry, stage.as_("steward"), stage.call)
    assert (known.asked_today, known.opened) == (here.asked_today, here.opened) and known.verified
    # The store would match now; its pair with this call was found to be none.
    need = {"need": "store", "capability": "biobanking"}
    edit_call(there, body, stage.call, {"title": "Storage", "needs": [need]}, CAPABILITIES)
    before = {(one.record_id, one.matched) for one in known.uses}
    ask(there, body, stage.call, CAPABILITIES)
    hospital = World(there).viewer(World(there).user("Hospital", ("member", stage.members[1])))
    assert {one.matched for one in sealed(there, hospital, other).uses} == {False}
    assert before == {(one.record_id, one.matched) for one in sealed(there, body, stage.call).uses}
    for _ in range(QUESTIONS_A_DAY - known.asked_today - 1):
        ask(there, body, stage.call, CAPABILITIES)
    with pytest.raises(TooOften):
        ask(there, body, stage.call, CAPABILITIES)


@SQLITE
def test_nobody_else_exports_any_of_it(world: World) -> None:
    """Not even the two sides: a bit is nobody's to take along."""
    stage, *_ = matched(world)
    for who in ("", "eve", "ann", "bob", "steward"):
        told = {one["is"] for one in lines_of(world.registry, stage.as_(who))}
        assert not told & set(KINDS), who
    assert set(KINDS) <= {one["is"] for one in lines_of(world.registry, stage.as_("admin"))}


@SQLITE
def test_nobody_else_brings_any_of_it(world: World, fresh: Fresh) -> None:
    stage, *_ = matched(world)
    lines = exported(world.registry, COMMAND_LINE, "jsonl")
    there = fresh()
    member = World(there).member("Ours")
    ann = World(there).viewer(World(there).user("Ann", ("member", member)))
    report = import_file(there, ann, lines, member_id=member)
    told = [one for one in report.rows if one.name in KINDS]
    assert told and {str(one.status) for one in told} == {"warned"}
    assert "administrator" in told[0].messages[0].remedy
    assert all(not rows for rows in content(there, list(TABLES.values())).values())


@SQLITE
def test_the_log_tells_each_side_no_more_than_its_own(world: World, fresh: Fresh) -> None:
    """What was brought is logged; what the call's people read of it names no asset, and back."""
    stage, robot, _ = matched(world)
    there = fresh()
    import_file(there, COMMAND_LINE, exported(world.registry, COMMAND_LINE, "jsonl"))
    body = World(there).viewer(World(there).user("Body", ("steward", stage.network)))
    told = repr(history(there, body, stage.call))
    assert "bring sealed matching" in told and robot not in told
    with there.reading() as connection:
        asked = select(LOG_ENTRIES.c.payload).where(LOG_ENTRIES.c.action == "bring sealed matching")
        said = [json.loads(one) for one in connection.scalars(asked)]
    assert {one["what"] for one in said} == set(KINDS)
    assert all(set(one) == {"what", "action", "actor", "at", "entry", "subject"} for one in said)


@SQLITE
def test_what_is_wrong_with_a_line_is_told(world: World, fresh: Fresh) -> None:
    matched(world)
    lines = lines_of(world.registry, COMMAND_LINE)
    by_kind = {one["is"]: one for one in lines if one["is"] in KINDS}
    pair, use = by_kind["sealed_pair"], by_kind["sealed_use"]
    wrong = {
        "its match_id 'x' is no id of that kind (match)": {**pair, "match_id": "x"},
        "its matched is '1'; write true or false": {**use, "matched": 1},
        "its asker is 'nobody'; write asset or call": {**pair, "asker": "nobody"},
        "its needs is not as the export writes it": {**pair, "needs": "all"},
        "it has no at; write when it was": {k: v for k, v in use.items() if k != "at"},
        "is neither here nor in the file before it; bring it first": pair,
    }
    for words, line in wrong.items():
        report = import_file(fresh(), COMMAND_LINE, _file(lines[0], line))
        assert words in report.rows[0].messages[0].what, report.rows[0].messages


@SQLITE
def test_a_bit_that_is_there_stays_as_it_is(world: World) -> None:
    """A file that says the contrary of a bit that was told changes nothing, and is told so."""
    matched(world)
    lines = lines_of(world.registry, COMMAND_LINE)
    pair = next(one for one in lines if one["is"] == "sealed_pair")
    before = content(world.registry, list(TABLES.values()))
    contrary = _file(lines[0], {**pair, "matched": not pair["matched"]})
    report = import_file(world.registry, COMMAND_LINE, contrary)
    assert "not as here: what was said since stays" in report.rows[0].messages[0].what
    assert content(world.registry, list(TABLES.values())) == before


def _file(*lines: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in lines).encode()

"""The registry's own JSON Lines: two registries are equal after one has moved into the other."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Table, select

from tests.app.calls.staged import CAPABILITIES, FIRST, Stage
from tests.app.registry.uniquip_files import exported
from tests.registry_worlds import Clock, Ids, World, an_id
from tests.store.registry.random_worlds import RandomWorld
from triplehelix.app.calls.asked import ByHand
from triplehelix.app.calls.commitments import answer, commitments_to, invite_one
from triplehelix.app.calls.following import following, report, reports
from triplehelix.app.calls.proposals import proposals, show_proposal
from triplehelix.app.calls.records import call
from triplehelix.app.registry.importing import corrections_file, import_file
from triplehelix.registry.capacity import Promise
from triplehelix.registry.exchange import jsonl_calls
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.call_tables import (
    CALL_PROGRESS,
    COMMITMENT_EVENTS,
    COMMITMENTS,
    PROPOSAL_PARTS,
    PROPOSALS,
    REPORTS,
)
from triplehelix.store.registry.capacities import release, reserve
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry
from triplehelix.store.registry.source_keys import add_key
from triplehelix.store.registry.tables import (
    ASSET_CAPABILITIES,
    CAPACITIES,
    MEMBERSHIPS,
    NETWORK_PARTS,
    PARTS,
    RECORD_PLACES,
    RECORDS,
    RESERVATIONS,
    SOURCE_KEYS,
)

SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
TABLES = (RECORDS, PARTS, CAPACITIES, RESERVATIONS, MEMBERSHIPS, NETWORK_PARTS, SOURCE_KEYS,
          ASSET_CAPABILITIES, RECORD_PLACES)  # fmt: skip
CALL_TABLES = (PROPOSALS, PROPOSAL_PARTS, COMMITMENTS, COMMITMENT_EVENTS, REPORTS, CALL_PROGRESS,
               RESERVATIONS)  # fmt: skip
Fresh = Callable[[], Registry]


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    """Makes another empty registry, years later."""
    made: list[Registry] = []

    def make() -> Registry:
        path = str(tmp_path / f"other{len(made)}.db")
        clock = Clock()
        clock.pass_(days=900)
        registry = open_registry(path, clock=clock, ids=Ids("other"))
        create_registry(registry)
        made.append(registry)
        return registry

    return make


def content(
    registry: Registry, tables: Sequence[Table] = TABLES
) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables that hold records, in an order of their own."""
    with registry.engine.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()), key=repr
            )
            for table in tables
        }


def full(world: World) -> None:
    """A world with something of every kind, changed at several times."""
    registry, clock = world.registry, world.registry.clock
    assert isinstance(clock, Clock)
    network, joint = world.network("North"), world.network("Joint")
    world.compose(joint, network)
    leeds = world.member("Leeds", network, helix="academia")
    york = world.member("York", shown="signed-in")
    world.join(network, york, "private")
    user = world.user("Ada", ("member", leeds))
    lab = world.asset("Lab", leeds, {"*": "public", "terms": f"named:{york}", "capacities": "signed-in"},
                      kind="laboratory", terms={"who": "all"}, place={"lat": 1.5, "lon": -2.0},
                      capabilities=["pcr-testing"])  # fmt: skip
    world.asset(
        "Scope",
        leeds,
        f"network:{network}",
        network=network,
        part_of=[lab],
        extra={"uniquip": {"Odd": {"said": "x"}}},
    )
    world.asset("Nobody's", shown="private")
    world.post("News", network)
    world.event("Meeting", network, "signed-in")
    capacity = world.capacity(lab, amount=12.5, shown="private", starts="2026-01-01")
    world.capacity(lab, "biobanking", 3)
    clock.pass_(days=2)
    with registry.change(COMMAND_LINE) as change:
        reserve(change, capacity, Promise(5, date(2026, 4, 1), date(2026, 5, 1)), "trial")
        gone = reserve(change, capacity, Promise(1, date(2026, 4, 1), None), "other")
        release(change, gone)
        from triplehelix.registry.visibility import Holder

        add_key(change, Holder(leeds), lab, "uniquip", "L 1")
    with registry.change(world.viewer(user)) as change:
        change.confirm("asset", lab)
        clock.pass_(days=1)
    with registry.change(COMMAND_LINE) as change:
        fields = dict(change.sight.record("asset", lab).fields)
        change.update("asset", lab, {**fields, "terms": {"who": "members"}})


def test_everything_moves(registry: Registry, world: World, fresh: Fresh) -> None:
    full(world)
    lines = exported(registry, COMMAND_LINE, "jsonl")
    other = fresh()
    report = import_file(other, COMMAND_LINE, lines)
    assert not report.faulty and report.counts["created"] == len(report.rows)
    before, after = content(registry), content(other)
    for row in before["reservations"]:
        row["made_by"] = None  # users stay behind
    assert after == before
    assert exported(other, COMMAND_LINE, "jsonl") == lines
    again = import_file(other, COMMAND_LINE, lines)
    assert again.counts["unchanged"] == len(again.rows)
    assert content(other) == after


def called(world: World) -> Stage:
    """A call with its proposal, answers of every kind, reports and a correction, told publicly."""
    stage = Stage(world).open()
    registry, clock = world.registry, world.registry.clock
    assert isinstance(clock, Clock)
    first, second = stage.invite()
    clock.pass_(hours=1)
    answer(registry, stage.as_("ann"), first, "counter", CAPABILITIES, amount=350, reason="Staff")
    clock.pass_(hours=1)
    answer(registry, stage.as_("steward"), first, "accept", CAPABILITIES)
    answer(registry, stage.as_("bob"), second, "decline", CAPABILITIES, reason="“No” <b>")
    invite_one(registry, stage.as_("steward"), stage.call, CAPABILITIES,
               ByHand("tests", stage.assets[1], None, 20, FIRST))  # fmt: skip
    while clock().date() < FIRST:
        clock.pass_(days=1)
    report(registry, stage.as_("ann"), first, FIRST, 300)
    clock.pass_(hours=2)
    report(registry, stage.as_("ann"), first, FIRST, 320)
    [kept] = proposals(registry, stage.as_("steward"), stage.call)
    show_proposal(registry, stage.as_("steward"), kept.proposal_id, "signed-in")
    return stage


def answers(registry: Registry, stage: Stage, viewer: Viewer) -> tuple[Any, ...]:
    """What somebody reads of a call and its answers, without who said it."""
    [one] = proposals(registry, viewer, stage.call)
    said = [
        (each.commitment, [replace(e.event, by_user=None) for e in each.events])
        for each in commitments_to(registry, viewer, stage.call)
    ]
    told = [replace(each, by_user=None) for each in reports(registry, viewer, stage.call)]
    known = call(registry, viewer, stage.call)
    curve = following(registry, viewer, one.proposal_id, CAPABILITIES)
    return one, said, told, known.progress, known.progress_changed_at, curve


def test_a_call_moves_with_its_proposals_and_its_talk(
    registry: Registry, world: World, fresh: Fresh
) -> None:
    """All is there under its id, and nothing else; the same reservation is held for it."""
    stage = called(world)
    lines = exported(registry, COMMAND_LINE, "jsonl")
    kinds = [json.loads(line)["is"] for line in lines.splitlines()]
    assert kinds[-4:] == ["proposal", "commitment", "commitment", "commitment"]
    other = fresh()
    assert not import_file(other, COMMAND_LINE, lines).faulty
    before, after = content(registry, CALL_TABLES), content(other, CALL_TABLES)
    for rows in before.values():
        for row in rows:
            row |= {
                name: None for name in ("by_user", "made_by") if name in row
            }  # users stay behind
    assert after == before and len(after["commitment_reports"]) == 2
    assert exported(other, COMMAND_LINE, "jsonl") == lines
    again = import_file(other, COMMAND_LINE, lines)
    assert again.counts["unchanged"] == len(again.rows)
    assert content(other, CALL_TABLES) == after
    # The clock of the other stands years later; what is expected by then is no matter here.
    other.clock = registry.clock
    assert answers(other, stage, COMMAND_LINE) == answers(registry, stage, COMMAND_LINE)
    for name, role in (("ann", "member"), ("steward", "steward")):
        whose = stage.members[0] if name == "ann" else stage.network
        there = World(other).viewer(World(other).user(f"{name} there", (role, whose)))
        assert answers(other, stage, there) == answers(registry, stage, stage.as_(name))


@SQLITE
def test_what_a_visitor_or_a_side_exports_of_calls_is_what_it_sees(world: World) -> None:
    stage = called(world)
    seen = {}
    for who in ("", "eve", "ann", "bob", "steward", "admin"):
        lines = [json.loads(line) for line in exported(
            world.registry, stage.as_(who), "jsonl").splitlines()]  # fmt: skip
        seen[who] = [one["is"] for one in lines if one["is"] in jsonl_calls.KINDS]
        if who == "eve":
            assert "visibility" not in lines[-1] and lines[-1]["is"] == "proposal"
    own, all_ = ["proposal", "commitment"], ["proposal", *["commitment"] * 3]
    assert seen == {"": [], "eve": ["proposal"], "ann": own, "bob": [*own, "commitment"],
                    "steward": all_, "admin": all_}  # fmt: skip


@SQLITE
def test_an_older_copy_takes_back_no_word(world: World) -> None:
    """What was said after the copy stays; only to whom a proposal is shown goes back."""
    stage = called(world)
    registry = world.registry
    lines = exported(registry, COMMAND_LINE, "jsonl")
    [one, *_] = commitments_to(registry, stage.as_("steward"), stage.call)
    answer(registry, stage.as_("ann"), one.commitment.commitment_id, "withdraw", CAPABILITIES)
    [kept] = proposals(registry, stage.as_("steward"), stage.call)
    show_proposal(registry, stage.as_("steward"), kept.proposal_id, "private")
    said = content(registry, CALL_TABLES)["commitment_events"]
    report_ = import_file(registry, COMMAND_LINE, lines)
    assert (report_.counts["warned"], report_.counts["updated"]) == (1, 1)
    [warned] = [row for row in report_.rows if str(row.status) == "warned"]
    assert "what was said since stays" in str(warned.messages[0])
    assert content(registry, CALL_TABLES)["commitment_events"] == said
    assert proposals(registry, stage.as_("steward"), stage.call)[0].visibility == "signed-in"


@SQLITE
def test_a_person_brings_no_proposal_and_no_answer(world: World, fresh: Fresh) -> None:
    called(world)
    lines = exported(world.registry, COMMAND_LINE, "jsonl")
    other = fresh()
    mine = World(other).member("Mine")
    viewer = World(other).viewer(World(other).user("Bo", ("member", mine)))
    rows = import_file(other, viewer, lines, member_id=mine).rows
    assert [str(row.status) for row in rows[-4:]] == ["warned"] * 4
    assert "ask an administrator to bring it" in str(rows[-1].messages[0])
    assert content(other, CALL_TABLES)["commitments"] == []


@SQLITE
@pytest.mark.parametrize("seed", range(4))
def test_random_worlds_move_and_everybody_sees_the_same(
    registry: Registry, world: World, fresh: Fresh, seed: int
) -> None:
    RandomWorld(world, Random(seed))
    other = fresh()
    assert not import_file(other, COMMAND_LINE, exported(registry, COMMAND_LINE, "jsonl")).faulty
    assert content(other) == content(registry)
    for form in ("jsonl", "uniquip", "jisc", "pidinst", "jsonld", "dcat"):
        assert exported(other, VISITOR, form) == exported(registry, VISITOR, form)


@SQLITE
def test_an_older_copy_brings_records_back_to_what_they_said(
    registry: Registry, world: World
) -> None:
    full(world)
    lines = exported(registry, COMMAND_LINE, "jsonl")
    before = content(registry)
    lab, scope = an_id("asset", "Lab"), an_id("asset", "Scope")
    with registry.change(COMMAND_LINE) as change:
        change.update("asset", lab, {"name": "Changed", "kind": "laboratory"})
        change.share("asset", lab, {"*": "private"})
        change.remove("asset", scope)
    report = import_file(registry, COMMAND_LINE, lines)
    assert report.counts["updated"] == 1 and report.counts["created"] == 1
    after = content(registry)
    assert len(after["records"]) == len(before["records"])
    with registry.look(COMMAND_LINE) as sight:
        found = sight.record("asset", lab)
        assert found.name == "Lab" and (found.visibility or {})["*"] == "public"
    assert after["capacities"] == before["capacities"]


@SQLITE
def test_a_person_brings_assets_as_their_own_and_learns_of_no_other(
    registry: Registry, world: World, fresh: Fresh
) -> None:
    full(world)
    lines = exported(registry, COMMAND_LINE, "jsonl")
    reports = []
    for hidden in (False, True):
        other = fresh()
        there = World(other)
        mine = there.member("Mine")
        if hidden:
            there.member("Leeds", shown="private")
            there.asset("Lab", shown="private")  # the same id, which the person does not see
        viewer = there.viewer(there.user("Bo", ("member", mine)))
        report = import_file(other, viewer, lines, member_id=mine)
        again = import_file(other, viewer, lines, member_id=mine)
        assert report.counts["created"] == 3 and again.counts["created"] == 0
        assert again.counts["unchanged"] == 3
        reports.append([(row.number, row.status, row.messages) for row in report.rows])
        with other.look(viewer) as sight:
            scope = sight.record("asset", str(report.rows[6].record_id))
            names = {sight.record("asset", one).name for one in scope.fields.get("part_of", [])}
            assert (scope.name, scope.member_id, names) == ("Scope", mine, {"Lab"})
    assert reports[0] == reports[1]


EVENT = {
    "n": 1,
    "at": "2026-01-01T12:00:00+00:00",
    "by": "call",
    "state": "invited",
    "starts": "2026-01-01",
}
PROPOSED = {
    "is": "proposal",
    "id": an_id("proposal", "a"),
    "call_id": an_id("call", "none"),
    "result": {},
}
COMMITTED = {"is": "commitment", "id": an_id("commitment", "a"), "call_id": an_id("call", "none"),
             "title": "T", "member_id": an_id("member", "m"), "asset_id": an_id("asset", "a"), "need": "n",
             "capability": "c", "starts": "2026-01-01", "by": "call", "state": "invited", "events": [EVENT]}  # fmt: skip
BROKEN = [
    ({"is": "asset", "fields": {"name": "x"}}, "its id 'None' is none of assets"),
    ({"is": "asset", "id": an_id("asset", "b")}, "it has no fields"),
    ({"is": "asset", "id": an_id("asset", "c"), "fields": {"name": "x"}}, "kind: Field required"),
    ({"is": "asset", "id": an_id("asset", "d"), "fields": {"name": "x", "kind": "data", "z": 1}}, "'z' is no field"),
    ({"is": "asset", "id": an_id("asset", "e"), "fields": {"name": "x", "kind": "data"}, "due_on": "soon"}, "its due_on is 'soon'"),
    ({"is": "asset", "id": an_id("asset", "f"), "fields": {"name": "x", "kind": "data"}, "created_at": "2026-01-01"}, "created_at has no offset"),
    ({"is": "asset", "id": an_id("asset", "g"), "fields": {"name": "x", "kind": "data"}, "visibility": {"*": "all"}}, "'all' is no visibility"),
    ({"is": "asset", "id": an_id("asset", "h"), "fields": {"name": "x", "kind": "data"}, "member_id": an_id("member", "m")}, "neither here nor in the file"),
    ({"is": "asset", "id": an_id("asset", "i"), "fields": {"name": "x", "kind": "data"}, "capacities": [{"id": "x"}]}, "capacity's id 'x' is none"),
    ({"is": "membership", "network_id": "x", "member_id": "y"}, "its network_id 'x' is no id"),
    ({"is": "thing"}, "'thing' is no kind of thing"),
    (PROPOSED | {"call_id": "x"}, "its call_id 'x' is none of calls"),
    (PROPOSED | {"id": "x"}, "its id 'x' is none of proposals"),
    (PROPOSED | {"result": None}, "its result is no object"),
    (PROPOSED | {"parts": {"x": []}}, "its parts are no ids"),
    (PROPOSED | {"id": an_id("proposal", "b")}, "neither here nor in the file before it"),
    (COMMITTED | {"state": ["won"]}, "its state is"),
    (COMMITTED | {"need": ""}, "it has no need"),
    (COMMITTED | {"need": "n" * 81}, "its need is longer than 80 letters"),
    (COMMITTED | {"asset_id": "as_1"}, "its asset_id 'as_1' is no id of that kind"),
    (COMMITTED | {"amount": "much"}, "its amount is 'much'; write a number"),
    (COMMITTED | {"amount": float("inf")}, "Infinity is no number in JSON"),
    (COMMITTED | {"starts": "soon"}, "its starts is 'soon'"),
    (COMMITTED | {"events": []}, "its events are not numbered from 1 on"),
    (COMMITTED | {"events": [EVENT | {"state": "declined"}]}, "does not stand as its last event says"),
    (COMMITTED | {"reports": [{"id": an_id("report", "r"), "day": "2026-01-01"}]}, "a report has no amount"),
    ({"is": "registry", "version": 99}, "version: is '99'"),
]  # fmt: skip


@SQLITE
def test_broken_lines_are_told_and_the_others_go_in(registry: Registry) -> None:
    good = {"is": "asset", "id": an_id("asset", "good"), "fields": {"name": "Good", "kind": "data"}}
    lines = "\n".join(json.dumps(one) for one in [*(line for line, _ in BROKEN), good])
    report = import_file(registry, COMMAND_LINE, lines.encode(), format="jsonl")
    for row, (_, match) in zip(report.rows, BROKEN, strict=False):
        assert match in str(row.messages[0]), (match, row.messages)
    assert str(report.rows[-1].status) == "created"
    assert len(corrections_file(report).splitlines()) == len(BROKEN)

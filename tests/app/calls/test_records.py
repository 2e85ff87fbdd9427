"""Calls as records: who writes, opens, sees and finds them; exported, brought in, erased."""

import json
from random import Random

import pytest

from tests.app.calls.staged import CAPABILITIES, CONTENT, Stage
from triplehelix.app.calls.called import called
from triplehelix.app.calls.commitments import answer, commitments_to
from triplehelix.app.calls.content import call_of, checked_content, content_of
from triplehelix.app.calls.records import (
    call,
    call_to_edit,
    calls,
    close_call,
    create_call,
    edit_call,
    open_call,
    remove_call,
)
from triplehelix.app.registry.exporting import export
from triplehelix.app.registry.importing import import_file
from triplehelix.app.registry.persons import erase_person, export_person
from triplehelix.errors import Conflict, Forbidden, InputError, UnknownName
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.call_lists import call_ids
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

ON_SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def stage(world):
    return Stage(world)


def test_a_draft_is_seen_by_its_holder_alone_until_it_is_opened(stage):
    for who in ("ann", "eve", ""):
        with pytest.raises(UnknownName):
            call(stage.registry, stage.as_(who), stage.call)
    assert call(stage.registry, stage.as_("steward"), stage.call).state == "draft"
    stage.open("signed-in")
    assert call(stage.registry, stage.as_("eve"), stage.call).state == "open"
    with pytest.raises(UnknownName):
        call(stage.registry, stage.as_(""), stage.call)


@ON_SQLITE
@pytest.mark.parametrize("who", ["ann", "eve", ""])
def test_only_its_holder_changes_a_call(stage, who):
    stage.open()
    registry, viewer = stage.registry, stage.as_(who)
    for change in (
        lambda: edit_call(registry, viewer, stage.call, CONTENT, CAPABILITIES),
        lambda: open_call(registry, viewer, stage.call, CAPABILITIES),
        lambda: close_call(registry, viewer, stage.call),
        lambda: remove_call(registry, viewer, stage.call),
        lambda: call_to_edit(registry, viewer, stage.call),
        lambda: create_call(registry, viewer, CONTENT, CAPABILITIES, network_id=stage.network),
    ):
        with pytest.raises(Forbidden):
            change()


@ON_SQLITE
def test_a_member_may_call_too(stage):
    made = create_call(stage.registry, stage.as_("ann"), CONTENT, CAPABILITIES,
                       member_id=stage.members[0])  # fmt: skip
    assert call(stage.registry, stage.as_("ann"), made).holder.name == "University"
    with pytest.raises(InputError, match="a call is a member's or a network's; say whose"):
        create_call(stage.registry, stage.as_("ann"), CONTENT, CAPABILITIES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"title": ""}, "title"),
        ({"title": "T", "needs": [{"need": "a", "capability": "pcr-tests"}]}, "did you mean"),
        ({"title": "T", "needs": [{"need": "a", "capability": "pcr-testing", "amount": 5,
                                   "unit": "beds"}]}, "is not counted in 'beds'; use"),
        ({"title": "T", "needs": [{"need": "a", "capability": "pcr-testing", "amount": -1,
                                   "unit": "samples/day"}]}, "needs.0.amount is '-1'"),
        ({"title": "T", "colour": "red"}, "colour is 'red'"),
        ({"title": "T", "needs": [{"need": "a", "capability": "mri"}] * 2}, "two needs are called"),
    ],
)  # fmt: skip
def test_what_makes_no_call_is_refused_with_the_remedy(content, words):
    with pytest.raises(InputError, match=words):
        checked_content(content, CAPABILITIES, complete=True)


@ON_SQLITE
def test_a_draft_may_lack_needs_and_an_open_call_may_not(stage):
    made = create_call(stage.registry, stage.as_("steward"), {"title": "Later"}, CAPABILITIES,
                       network_id=stage.network)  # fmt: skip
    assert call(stage.registry, stage.as_("steward"), made).call is None
    with pytest.raises(InputError, match="needs"):
        open_call(stage.registry, stage.as_("steward"), made, CAPABILITIES)


def test_content_comes_back_as_it_was_written():
    said = checked_content({**CONTENT, "rules": {"most_partners": 3}}, CAPABILITIES, complete=True)
    again = checked_content(content_of(said), CAPABILITIES, complete=True)
    assert again == said
    assert call_of({**said, "state": "open", "progress": False}).rules.most_partners == 3


def test_a_call_is_found_by_its_title_and_state(stage):
    stage.open()
    create_call(stage.registry, stage.as_("steward"), {"title": "Vectors"}, CAPABILITIES,
                network_id=stage.network)  # fmt: skip
    found = calls(stage.registry, stage.as_("steward"), CAPABILITIES)
    assert [(one.title, one.state) for one in found.calls] == [
        ("Testing for the region", "open"), ("Vectors", "draft")]  # fmt: skip
    assert [one.title for one in calls(stage.registry, stage.as_(""), CAPABILITIES).calls] == [
        "Testing for the region"
    ]
    assert calls(stage.registry, stage.as_("steward"), CAPABILITIES, "region test").total == 1
    assert calls(stage.registry, stage.as_("steward"), CAPABILITIES, state="closed").total == 0
    with pytest.raises(InputError, match="'done' is no state of a call"):
        calls(stage.registry, stage.as_("steward"), CAPABILITIES, state="done")


@ON_SQLITE
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("who can do swab tests", True),  # a synonym of the capability that is needed
        ("PCR", True), ("qpcr region", True), ("test", True), ("Régions", True),
        ("we need tests", True), ("vent", False), ("pcr vectors", False), ("te", False),
    ],
)  # fmt: skip
def test_a_call_is_found_by_what_it_says(stage, asked, found):
    stage.open()
    hits = calls(stage.registry, stage.as_(""), CAPABILITIES, asked).calls
    assert [one.title for one in hits] == (["Testing for the region"] if found else [])


@ON_SQLITE
def test_the_closest_calls_come_first_whatever_the_order_they_were_written_in(world):
    stage = Stage(world)
    steward = stage.as_("steward")
    for title, text in (
        ("Beds", "beside PCR tests"),
        ("PCR tests here", ""),
        ("More PCR", "tests"),
    ):
        create_call(stage.registry, steward, {"title": title, "text": text}, CAPABILITIES,
                    network_id=stage.network)  # fmt: skip
    with stage.registry.look(steward) as sight:
        records = sight.records(call_ids(sight), "call")
    for seed in range(5):
        Random(seed).shuffle(records)
        found = [one.name for one in called(records, "PCR tests", CAPABILITIES)]
        assert found == ["PCR tests here", "More PCR", "Testing for the region", "Beds"]


@ON_SQLITE
def test_what_is_hidden_of_a_call_finds_nothing(world):
    """A hidden call, hidden needs and a sealed need change no byte of what others find."""
    sealed = {"need": "secret", "capability": "dna-sequencing", "sealed": True}
    stage = Stage(world, needs=[*CONTENT["needs"], sealed]).open()

    def finds(who: str, words: str) -> str:
        return repr(calls(stage.registry, stage.as_(who), CAPABILITIES, words))

    people = ("", "eve", "ann")
    before = {(who, words): finds(who, words) for who in people
              for words in ("pcr", "sequencing", "secret", "quiet")}  # fmt: skip
    assert all("Testing" not in before[who, "sequencing"] for who in people)
    assert "Testing" in finds("steward", "sequencing") and "Testing" in before["eve", "pcr"]
    create_call(stage.registry, stage.as_("steward"), {"title": "Quiet secret pcr sequencing"},
                CAPABILITIES, network_id=stage.network)  # fmt: skip
    assert {key: finds(*key) for key in before} == before
    with stage.registry.change(stage.as_("steward")) as change:
        change.share("call", stage.call, {"*": "public", "needs": "private"})
    assert "Testing" not in finds("eve", "swab") and "Testing" in finds("steward", "swab")


@ON_SQLITE
def test_two_who_edit_at_once_are_told(stage):
    version = call_to_edit(stage.registry, stage.as_("steward"), stage.call).version
    edit_call(stage.registry, stage.as_("steward"), stage.call, {**CONTENT, "heading": "Now"},
              CAPABILITIES, version=version)  # fmt: skip
    with pytest.raises(Conflict, match="somebody else has changed this record"):
        edit_call(stage.registry, stage.as_("steward"), stage.call, CONTENT, CAPABILITIES,
                  version=version)  # fmt: skip


def test_calls_go_out_as_json_lines_and_come_back(stage, tmp_path):
    """Into an empty registry, under their ids, with their holder and visibility."""
    sealed = {
        **CONTENT,
        "needs": [*CONTENT["needs"], {"need": "s", "capability": "mri", "sealed": True}],
    }
    edit_call(stage.registry, stage.as_("steward"), stage.call, sealed, CAPABILITIES)
    stage.open()
    whole = b"".join(export(stage.registry, COMMAND_LINE, "jsonl"))
    shown = b"".join(export(stage.registry, stage.as_(""), "jsonl"))
    assert stage.call.encode() in shown and b"sealed_needs" not in shown
    other = open_registry(str(tmp_path / "other.db"))
    create_registry(other)
    path = tmp_path / "all.jsonl"
    path.write_bytes(whole)
    done = import_file(other, COMMAND_LINE, path, format="jsonl")
    assert not [row for row in done.rows if row.status == "faulty"]
    again = call(other, COMMAND_LINE, stage.call)
    before = call(stage.registry, COMMAND_LINE, stage.call)
    assert (again.call, again.state, again.visibility) == (before.call, "open", before.visibility)
    lines = [
        json.loads(line) for line in b"".join(export(other, COMMAND_LINE, "jsonl")).splitlines()
    ]
    assert [one["is"] for one in lines if one.get("id") == stage.call] == ["call"]
    other.close()


def test_a_person_is_given_what_they_said_and_erased_from_it(stage):
    stage.open()
    first = stage.invite()[0]
    answer(stage.registry, stage.as_("ann"), first, "accept", CAPABILITIES,
           reason="write to ann@example.org")  # fmt: skip
    told = export_person(stage.registry, stage.as_("ann"), stage.users["ann"])
    [said] = told["tables"]["commitment_events"]
    assert (said["state"], said["reason"]) == ("accepted", "write to ann@example.org")
    erase_person(stage.registry, stage.as_("admin"), stage.users["ann"])
    kept = commitments_to(stage.registry, stage.as_("steward"), stage.call)[0]
    assert [(e.event.state, e.who, e.event.reason) for e in kept.events] == [
        ("invited", "Steward", None), ("accepted", None, "write to (erased)")]  # fmt: skip
    assert kept.commitment.state == "accepted"
    steward = export_person(stage.registry, stage.as_("steward"), stage.users["steward"])
    assert "result" not in steward["tables"]["proposals"][0]

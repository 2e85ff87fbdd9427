"""Sealed matching: one bit, of what its holder lets be told, once; names when both consent."""

from typing import Any

import pytest

from tests.app.calls.staged import CAPABILITIES, CONTENT, Stage
from tests.registry_worlds import Clock, Ids, World
from triplehelix.app.calls.landscape import landscape_for
from triplehelix.app.calls.records import call, create_call, edit_call, open_call
from triplehelix.app.calls.sealed import (
    ask,
    consent,
    let_tell,
    sealed,
    take_back,
    verify,
    withdraw_consent,
)
from triplehelix.app.registry.log import history
from triplehelix.errors import Forbidden, InputError, TooOften, UnknownName
from triplehelix.registry.sealed import QUESTIONS_A_DAY, matching_needs
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.opening import open_registry

ON_SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


SEALED_NEED = {"need": "secret", "capability": "cryo-em", "sealed": True}


@pytest.fixture
def stage(world):
    """An open call of a verified body; Ann's university has a private sequencer, and tests."""
    stage = Stage(world).open()
    verify(stage.registry, stage.as_("admin"), stage.network)
    stage.private = world.asset("Hidden robot", stage.members[0], "private",
                                capabilities=["pcr-testing"], contacts=[{"name": "Desk"}])  # fmt: skip
    return stage


def asks(stage: Stage, who: str = "steward", what: str | None = None) -> bool:
    return ask(stage.registry, stage.as_(who), what or stage.call, CAPABILITIES)


@ON_SQLITE
def test_only_what_is_let_be_told_is_told(stage):
    assert asks(stage) is False
    let_tell(stage.registry, stage.as_("ann"), stage.private)
    assert asks(stage) is True
    # Its holder sees that it was used, when, and by which call: once, after it was let.
    used = sealed(stage.registry, stage.as_("ann"), stage.private).uses
    assert [(one.call_id, one.at, one.matched) for one in used] == [
        (stage.call, stage.registry.clock(), True)]  # fmt: skip


@ON_SQLITE
def test_one_call_may_be_named(stage):
    let_tell(stage.registry, stage.as_("ann"), stage.private, call_id=stage.call)
    other = create_call(stage.registry, stage.as_("steward"), {**CONTENT, "title": "Other"},
                        CAPABILITIES, network_id=stage.network)  # fmt: skip
    open_call(stage.registry, stage.as_("steward"), other, CAPABILITIES)
    assert (asks(stage), asks(stage, what=other)) == (True, False)


def test_nothing_but_the_bit_comes_out_before_both_consent(stage):
    let_tell(stage.registry, stage.as_("ann"), stage.private)
    asks(stage)
    assert consent(stage.registry, stage.as_("steward"), stage.call) == 0
    told = repr(sealed(stage.registry, stage.as_("steward"), stage.call))
    told += repr(history(stage.registry, stage.as_("steward"), stage.call))
    for hidden in (stage.private, "Hidden robot", stage.users["ann"]):
        assert hidden not in told
    with pytest.raises(UnknownName):
        sealed(stage.registry, stage.as_("steward"), stage.private)


def test_names_open_when_both_sides_consent(stage):
    let_tell(stage.registry, stage.as_("ann"), stage.private)
    asks(stage)
    assert consent(stage.registry, stage.as_("ann"), stage.private, call_id=stage.call) == 0
    assert sealed(stage.registry, stage.as_("ann"), stage.private).opened == []
    assert consent(stage.registry, stage.as_("steward"), stage.call) == 1
    for who, what in (("ann", stage.private), ("steward", stage.call)):
        [one] = sealed(stage.registry, stage.as_(who), what).opened
        assert (one.said["asset"], one.said["member"], one.said["call"], one.said["holder"]) == (
            "Hidden robot", "University", "Testing for the region", "Body")  # fmt: skip
        assert [need["need"] for need in one.said["needs"]] == ["tests"]
    # The record itself stays as private as it was.
    with pytest.raises(UnknownName), stage.registry.look(stage.as_("steward")) as sight:
        sight.record("asset", stage.private)


@ON_SQLITE
def test_consent_can_be_withdrawn_before_it_opens(stage):
    let_tell(stage.registry, stage.as_("ann"), stage.private)
    asks(stage)
    consent(stage.registry, stage.as_("ann"), stage.private)
    withdraw_consent(stage.registry, stage.as_("ann"), stage.private)
    assert consent(stage.registry, stage.as_("steward"), stage.call) == 0


@ON_SQLITE
def test_an_asset_answers_a_call_once_whatever_the_call_asks_later(stage):
    """Else amounts, places and capabilities could be tried one after the other."""
    let_tell(stage.registry, stage.as_("ann"), stage.private)
    edited = {**CONTENT, "needs": [{"need": "scan", "capability": "cryo-em"}]}
    edit_call(stage.registry, stage.as_("steward"), stage.call, edited, CAPABILITIES)
    assert asks(stage) is False
    edit_call(stage.registry, stage.as_("steward"), stage.call, CONTENT, CAPABILITIES)
    assert asks(stage) is False


@ON_SQLITE
def test_what_is_taken_back_is_told_no_more(stage):
    offer = let_tell(stage.registry, stage.as_("ann"), stage.private)
    assert let_tell(stage.registry, stage.as_("ann"), stage.private) == offer
    take_back(stage.registry, stage.as_("ann"), offer)
    assert asks(stage) is False
    with pytest.raises(UnknownName):
        take_back(stage.registry, stage.as_("ann"), offer)


@ON_SQLITE
def test_a_new_holder_has_let_nothing_be_told(stage):
    let_tell(stage.registry, stage.as_("ann"), stage.private)
    with stage.registry.change(stage.as_("admin")) as change:
        change.hand_over("asset", stage.private, Holder(stage.members[1]))
    assert asks(stage) is False
    assert sealed(stage.registry, stage.as_("bob"), stage.private).offers == []


@ON_SQLITE
def test_so_many_questions_a_day(stage):
    for _ in range(QUESTIONS_A_DAY):
        asks(stage)
    with pytest.raises(TooOften, match="were asked within a day, and no more may be"):
        asks(stage)
    stage.registry.clock.pass_(hours=24, seconds=1)
    assert asks(stage) is False


@ON_SQLITE
@pytest.mark.parametrize(
    ("who", "error", "words"),
    [("eve", Forbidden, "you may not edit this"), ("", Forbidden, "you may not edit this")],
)
def test_only_a_calls_holder_asks_for_it(stage, who, error, words):
    with pytest.raises(error, match=words):
        asks(stage, who)


@ON_SQLITE
def test_only_the_verified_ask(stage):
    verify(stage.registry, stage.as_("admin"), stage.network, verified=False)
    with pytest.raises(Forbidden, match="only a verified member or network may ask"):
        asks(stage)
    with pytest.raises(Forbidden):
        verify(stage.registry, stage.as_("steward"), stage.network)


@ON_SQLITE
def test_only_a_published_call_asks(world):
    stage = Stage(world).open("signed-in")
    verify(stage.registry, stage.as_("admin"), stage.network)
    with pytest.raises(InputError, match="only a published call can be matched"):
        asks(stage)


def sealed_call(stage: Stage) -> str:
    content = {"title": "Quiet", "needs": [*CONTENT["needs"], SEALED_NEED]}
    made = create_call(stage.registry, stage.as_("steward"), content, CAPABILITIES,
                       network_id=stage.network)  # fmt: skip
    open_call(stage.registry, stage.as_("steward"), made, CAPABILITIES)
    return made


@ON_SQLITE
def test_a_sealed_need_is_seen_by_its_holder_alone(stage):
    made = sealed_call(stage)
    seen = {who: call(stage.registry, stage.as_(who), made).call for who in ("steward", "ann", "")}
    assert {who: len(one.needs) for who, one in seen.items()} == {"steward": 2, "ann": 1, "": 1}
    with pytest.raises(InputError, match="a rule names the need 'secret', which is sealed"):
        create_call(stage.registry, stage.as_("steward"), {
            "title": "T", "needs": [SEALED_NEED],
            "rules": {"member_caps": [{"need": "secret", "share": 0.5}]}},
            CAPABILITIES, network_id=stage.network)  # fmt: skip


def test_an_asset_asks_for_sealed_needs(stage):
    made = sealed_call(stage)
    microscope = stage.world.asset("Quiet microscope", stage.members[0], "private",
                                   capabilities=["cryo-em"])  # fmt: skip
    with pytest.raises(Forbidden, match="only a verified"):
        asks(stage, "ann", microscope)
    verify(stage.registry, stage.as_("admin"), stage.members[0])
    assert asks(stage, "ann", microscope) is False  # its holder has not let it be told
    let_tell(stage.registry, stage.as_("steward"), made)
    assert asks(stage, "ann", microscope) is True
    told = repr(sealed(stage.registry, stage.as_("ann"), microscope))
    assert made not in told
    used = sealed(stage.registry, stage.as_("steward"), made)
    assert [(one.call_id, one.matched) for one in used.uses] == [(None, True)]
    told = repr(used) + repr(history(stage.registry, stage.as_("steward"), made))
    for hidden in (microscope, "Quiet microscope", stage.members[0], stage.users["ann"]):
        assert hidden not in told
    consent(stage.registry, stage.as_("ann"), microscope)
    assert consent(stage.registry, stage.as_("steward"), made) == 1
    [one] = sealed(stage.registry, stage.as_("ann"), microscope).opened
    assert [need["need"] for need in one.said["needs"]] == ["secret"]


def test_nothing_that_is_not_let_be_told_changes_a_byte(empty_registries, tmp_path, request):
    """Registries with and without hidden assets: all that the asker and visitors get is the same."""
    said = []
    for name, hidden in (("bare", 0), ("unlet", 1), ("let, and no match", 2)):
        folder = tmp_path / str(len(said))
        folder.mkdir()
        address = empty_registries["sqlite"](folder, request)
        registry = open_registry(address, clock=Clock(), ids=Ids())
        stage = Stage(World(registry)).open()
        verify(registry, stage.as_("admin"), stage.network)
        if hidden:
            can = ["pcr-testing"] if hidden == 1 else ["cryo-em"]
            one = stage.world.asset("Unlet", stage.members[1], "private", capabilities=can)
            if hidden == 2:
                let_tell(registry, stage.as_("bob"), one)
        answers = [asks(stage), asks(stage), consent(registry, stage.as_("steward"), stage.call)]
        for who in ("steward", "ann", "eve", ""):
            answers.append(repr(call(registry, stage.as_(who), stage.call)))
            answers.append(repr(landscape_for(registry, stage.as_(who))))
        answers.append(repr(sealed(registry, stage.as_("steward"), stage.call)))
        told = history(registry, stage.as_("steward"), stage.call)
        # Ids are random, and tell nothing; here they are counted, so entries' own are left out.
        own = [{k: v for k, v in (one.said or {}).items() if k != "entry"} for one in told]
        answers.append(repr(own))
        said.append((name, answers))
        registry.close()
    for name, answers in said[1:]:
        assert answers == said[0][1], name


NEED: dict[str, Any] = {"need": "n", "capability": "tests", "place": {"lat": 53.8, "lon": -1.55},
                        "within_km": 50, "countries": ["GB"]}  # fmt: skip
ASSET: dict[str, Any] = {
    "capabilities": ["pcr"],
    "place": {"lat": 53.96, "lon": -1.08, "country": "GB"},
}
KINDS = {"tests": ["tests", "pcr"], "mri": ["mri"]}


@pytest.mark.parametrize(
    ("need", "asset", "capacities", "matches"),
    [
        ({}, {}, [], True),  # York is 35 km from Leeds, and PCR is a kind of test
        ({"within_km": 30}, {}, [], False),
        ({"countries": ["IE"]}, {}, [], False),
        ({"capability": "mri"}, {}, [], False),
        ({"capability": "mri"}, {}, [{"capability": "mri"}], True),
        ({}, {"status": "closed"}, [], False),
        ({}, {"status": "planned"}, [], False),
        ({}, {"place": {"country": "GB"}}, [], False),
        ({"within_km": None}, {"place": {"country": "GB"}}, [], True),
        ({"amount": 1e9, "unit": "tests/day"}, {}, [], True),  # amounts are never compared
    ],
)
def test_what_matches(need, asset, capacities, matches):
    found = matching_needs([{**NEED, **need}], {**ASSET, **asset}, capacities, KINDS.get)
    assert found == (["n"] if matches else [])

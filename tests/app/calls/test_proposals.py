"""Proposals: seen by whoever sees every part, at the moment of reading."""

from dataclasses import replace

import pytest

from tests.app.calls.staged import CAPABILITIES, Stage, halves
from triplehelix.ally.assets import Promised
from triplehelix.app.calls.commitments import answer, invite
from triplehelix.app.calls.following import following, report
from triplehelix.app.calls.landscape import landscape_for
from triplehelix.app.calls.losing import Losing
from triplehelix.app.calls.proposals import (
    keep,
    proposal,
    proposals,
    question_for,
    remove_proposal,
    repair_for,
    show_proposal,
)
from triplehelix.app.calls.runs import Solves
from triplehelix.app.calls.shown import show_answer
from triplehelix.app.calls.solver import Found, left_of
from triplehelix.errors import Forbidden, InputError, UnknownName
from triplehelix.registry.visibility import Holder

ON_SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def stage(world):
    return Stage(world).open()


def sees(stage: Stage, who: str, one: str) -> bool:
    listed = [row.proposal_id for row in proposals(stage.registry, stage.as_(who), stage.call)]
    try:
        proposal(stage.registry, stage.as_(who), one)
    except UnknownName as err:
        assert "there is no such proposal, or it is not shown to you" in str(err)
        assert one not in listed
        return False
    assert one in listed
    return True


def narrow(stage: Stage, shown: dict[str, str]) -> None:
    """The hospital narrows what others see of its laboratory."""
    with stage.registry.change(stage.as_("bob")) as change:
        change.share("asset", stage.assets[1], shown)


def test_a_proposal_is_its_calls_holders_until_it_is_shown(stage):
    one = stage.propose()
    assert [sees(stage, who, one) for who in ("steward", "ann", "eve", "")] == [
        True, False, False, False]  # fmt: skip
    show_proposal(stage.registry, stage.as_("steward"), one, f"named:{stage.members[0]}")
    assert [sees(stage, who, one) for who in ("steward", "ann", "bob", "")] == [
        True, True, False, False]  # fmt: skip
    show_proposal(stage.registry, stage.as_("steward"), one, "public")
    assert sees(stage, "", one)
    with pytest.raises(Forbidden):
        show_proposal(stage.registry, stage.as_("ann"), one, "private")


@pytest.mark.parametrize(
    "shown",
    [
        {"*": "private"}, {"*": "public", "capacities": "private"},
        {"*": "public", "place": "private"}, {"*": "public", "terms": "private"},
    ],
)  # fmt: skip
def test_whoever_loses_sight_of_a_part_loses_sight_of_the_proposal(world, shown):
    """At the next request; of a field that it was made from, too."""
    stage = Stage(world).open()
    with stage.registry.change(stage.as_("bob")) as change:
        fields = {"name": "L", "kind": "laboratory", "place": {"town": "Leeds", "country": "GB"},
                  "terms": {"price": 5.0, "currency": "GBP"}}  # fmt: skip
        change.update("asset", stage.assets[1], fields)
    one = stage.propose()
    assert sees(stage, "steward", one)
    narrow(stage, shown)
    assert not sees(stage, "steward", one)
    assert sees(stage, "admin", one)
    narrow(stage, {"*": "public"})
    assert sees(stage, "steward", one)


@ON_SQLITE
def test_a_removed_asset_takes_its_proposals_out_of_sight(stage):
    one = stage.propose()
    with stage.registry.change(stage.as_("bob")) as change:
        change.remove("asset", stage.assets[1])
    assert not sees(stage, "steward", one)


@ON_SQLITE
def test_what_an_answer_only_names_counts_as_a_part(stage):
    """ "The nearest that could be asked" names an asset that gives nothing."""
    stage.world.asset("Rival store", stage.members[0])
    viewer = stage.as_("steward")
    question = question_for(stage.registry, viewer, stage.call, CAPABILITIES)
    named = replace(halves(question), notes=("the nearest is Rival store",))
    one = keep(stage.registry, viewer, stage.call, question, Found(named))
    assert sees(stage, "steward", one)
    rival = next(a.asset for a in question.landscape.assets if a.name == "Rival store")
    with stage.registry.change(stage.as_("ann")) as change:
        change.share("asset", rival, {"*": "private"})
    assert not sees(stage, "steward", one)


@ON_SQLITE
def test_what_was_hidden_meanwhile_is_not_kept(stage):
    viewer = stage.as_("steward")
    question = question_for(stage.registry, viewer, stage.call, CAPABILITIES)
    narrow(stage, {"*": "private"})
    with pytest.raises(Forbidden, match="is no longer shown; solve again"):
        keep(stage.registry, viewer, stage.call, question, Found(halves(question)))


@ON_SQLITE
def test_only_the_calls_holder_keeps_and_removes(stage):
    for who in ("ann", "eve", ""):
        with pytest.raises(Forbidden):
            stage.propose(who)
    one = stage.propose()
    show_proposal(stage.registry, stage.as_("steward"), one, "public")
    with pytest.raises(Forbidden):
        remove_proposal(stage.registry, stage.as_("ann"), one)
    remove_proposal(stage.registry, stage.as_("steward"), one)
    assert not sees(stage, "admin", one)


@ON_SQLITE
def test_to_whom_a_proposal_is_shown_is_told_to_its_holder_alone(stage):
    """It may name members of whom the others know nothing."""
    one = stage.propose()
    hidden = stage.world.member("Unheard of", shown="private")
    named = f"named:{stage.members[0]},{hidden}"
    show_proposal(stage.registry, stage.as_("steward"), one, named)
    told = {
        who: [(row.proposal_id, row.visibility) for row in proposals(
            stage.registry, stage.as_(who), stage.call)]
        for who in ("steward", "ann", "bob")
    }  # fmt: skip
    assert told["ann"] == [(one, None)] and told["bob"] == []
    assert hidden in str(told["steward"])
    found = show_answer(Solves(), stage.registry, stage.as_("ann"), stage.call, one, CAPABILITIES)
    assert found.proposal_id == one and hidden not in repr(found)


def test_a_solve_sees_what_its_caller_sees(stage):
    """The hospital's own people see their private store and what is promised of it."""
    hidden = stage.world.asset("Private store", stage.members[1], "private")
    stage.world.capacity(hidden, amount=70)
    seen = {
        who: {one.asset: one for one in landscape_for(stage.registry, stage.as_(who)).assets}
        for who in ("bob", "ann", "steward", "")
    }  # fmt: skip
    assert {who: hidden in own for who, own in seen.items()} == {
        "bob": True, "ann": False, "steward": False, "": False}  # fmt: skip


@ON_SQLITE
def test_what_is_promised_is_taken_for_those_who_know_of_it(stage):
    first, _ = stage.invite()
    answer(stage.registry, stage.as_("ann"), first, "accept", CAPABILITIES)

    def taken(who: str, call_id: str | None = None) -> tuple[Promised, ...]:
        found = landscape_for(stage.registry, stage.as_(who), call_id=call_id)
        return (
            next(one for one in found.assets if one.asset == stage.assets[0]).capacities[0].promised
        )

    assert [one.amount for one in taken("ann")] == [400]
    # The call's holder knows what is agreed with it; a solve of the same call keeps it by rule.
    assert [one.amount for one in taken("steward")] == [400]
    assert taken("steward", stage.call) == () == taken("eve") == taken("bob")


@ON_SQLITE
def test_a_new_solve_keeps_what_is_accepted_and_leaves_out_who_declined(stage):
    first, second = stage.invite()
    answer(stage.registry, stage.as_("ann"), first, "accept", CAPABILITIES)
    answer(stage.registry, stage.as_("bob"), second, "decline", CAPABILITIES)
    question = question_for(stage.registry, stage.as_("steward"), stage.call, CAPABILITIES)
    [fixed] = question.call.rules.fixed
    assert (fixed.need, fixed.asset, fixed.amount) == ("tests", stage.assets[0], 400)
    assert [one.asset for one in question.landscape.assets] == [stage.assets[0]]
    assert question.said == (
        "Of earlier answers, accepted and kept: 1.",
        "Of earlier answers, declined or withdrawn, and so left out: 1.",
    )


@ON_SQLITE
def test_a_repair_keeps_what_is_accepted_and_loses_what_was_declined(stage):
    one = stage.propose()
    made = invite(stage.registry, stage.as_("steward"), one, CAPABILITIES).made
    answer(stage.registry, stage.as_("ann"), made[0], "accept", CAPABILITIES)
    answer(stage.registry, stage.as_("bob"), made[1], "decline", CAPABILITIES)
    lost = stage.world.member("Company")
    question = repair_for(
        stage.registry, stage.as_("steward"), one, [stage.members[1]], CAPABILITIES
    )
    old, losses = left_of(question, question.old)
    assert [(each.asset, each.amount) for each in old.call.rules.fixed] == [(stage.assets[0], 400)]
    assert losses == (stage.members[1],)  # its asset goes with it
    other = replace(question, losses=(lost,))
    assert left_of(other, question.old)[1] == (lost, stage.assets[1])


@ON_SQLITE
def test_a_counter_is_the_most_that_its_capacity_gives(stage):
    first, _ = stage.invite()
    answer(stage.registry, stage.as_("ann"), first, "counter", CAPABILITIES, amount=150)
    question = question_for(stage.registry, stage.as_("steward"), stage.call, CAPABILITIES)
    ours = next(one for one in question.landscape.assets if one.asset == stage.assets[0])
    assert ours.capacities[0].amount == 150


@ON_SQLITE
def test_out_of_bounds_is_refused(stage):
    for asked, words in (
        ({"seconds": 601.0}, "601 seconds and a gap of 0 cannot be asked for; give up to 600"),
        ({"losing": Losing(robust=9)}, "robust is 9; give how many members may drop out, 0 to 5"),
        ({"losing": Losing(robust=1, share=0)}, "share is 0; give a number above 0"),
        ({"losing": Losing(share=0.5)}, "share is 0.5 and robust 0; give how many"),
        ({"losing": Losing(1, 1.0, 1)}, "robust is 1 and recoverable 1; give one of the two"),
        ({"losing": Losing(recoverable=1), "several": True}, "leave out robust, share"),
    ):
        with pytest.raises(InputError, match=words):
            question_for(stage.registry, stage.as_("steward"), stage.call, CAPABILITIES, **asked)
    one = stage.propose()
    with pytest.raises(InputError, match="is no partner of this proposal"):
        repair_for(stage.registry, stage.as_("steward"), one, [stage.network], CAPABILITIES)
    with pytest.raises(InputError, match="nobody is taken out"):
        repair_for(stage.registry, stage.as_("steward"), one, [], CAPABILITIES)


def test_a_new_holder_of_the_call_sees_its_proposals(stage):
    one = stage.propose()
    other = stage.world.network("Other body")
    stage.users["taker"] = stage.world.user("Taker", ("steward", other))
    with stage.registry.change(stage.as_("admin")) as change:
        change.hand_over("call", stage.call, Holder(None, other))
    assert [sees(stage, who, one) for who in ("taker", "steward")] == [True, False]


def test_an_acceptance_and_a_refusal_change_the_curve(stage):
    """800 are asked for from 1 April; each of two gives 400."""
    one = stage.propose()
    made = invite(stage.registry, stage.as_("steward"), one, CAPABILITIES).made

    def agreed_and_expected() -> list[float]:
        found = following(stage.registry, stage.as_("steward"), one, CAPABILITIES)
        need = found.readiness.of("tests")
        day = found.readiness.as_of.replace(month=4, day=10)
        return [need.agreed.on(day), need.expected.on(day)]

    assert agreed_and_expected() == [0, 800]
    answer(stage.registry, stage.as_("ann"), made[0], "accept", CAPABILITIES)
    assert agreed_and_expected() == [400, 800]
    answer(stage.registry, stage.as_("bob"), made[1], "decline", CAPABILITIES)
    assert agreed_and_expected() == [400, 400]
    stage.registry.clock.pass_(days=40)
    report(stage.registry, stage.as_("ann"), made[0], stage.registry.clock().date(), 350)
    [need] = following(stage.registry, stage.as_("steward"), one, CAPABILITIES).actual
    assert (need.expected, need.behind[0].actual) == (400, 350)

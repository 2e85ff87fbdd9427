"""Who may do what: every function that changes something, asked by those who may not."""

from datetime import date

import pytest

from tests.app.calls.staged import CAPABILITIES, CONTENT, FIRST, Stage
from triplehelix.app.calls import commitments, following, proposals, records, sealed
from triplehelix.app.calls.asked import ByHand
from triplehelix.errors import Forbidden, UnknownName
from triplehelix.registry.viewer import Viewer

REFUSED = (Forbidden, UnknownName)


def changes(stage: Stage, plan: str, one: str, offered: str):
    """(name, who may, what is done) of every change; each is tried by all who may not."""
    given = ByHand("tests", stage.assets[0], stage.capacities[0], 10.0, date(2026, 6, 1))
    registry, call = stage.registry, stage.call
    yield "create", {"steward"}, lambda v: records.create_call(
        registry, v, CONTENT, CAPABILITIES, network_id=stage.network)  # fmt: skip
    yield "edit", {"steward"}, lambda v: records.edit_call(registry, v, call, CONTENT, CAPABILITIES)
    yield "open", {"steward"}, lambda v: records.open_call(registry, v, call, CAPABILITIES)
    yield "close", {"steward"}, lambda v: records.close_call(registry, v, call)
    yield "remove", {"steward"}, lambda v: records.remove_call(registry, v, call)
    yield "show", {"steward"}, lambda v: proposals.show_proposal(registry, v, plan, "public")
    yield "drop", {"steward"}, lambda v: proposals.remove_proposal(registry, v, plan)
    yield "invite", {"steward"}, lambda v: commitments.invite(registry, v, plan, CAPABILITIES)
    yield "invite one", {"steward"}, lambda v: commitments.invite_one(
        registry, v, call, CAPABILITIES, given)  # fmt: skip
    yield "offer", {"ann"}, lambda v: commitments.offer(registry, v, call, CAPABILITIES, given)
    yield "accept", {"ann"}, lambda v: commitments.answer(registry, v, one, "accept", CAPABILITIES)
    yield "report", {"ann"}, lambda v: following.report(registry, v, one, FIRST, 1.0)
    yield "verify", set(), lambda v: sealed.verify(registry, v, stage.network)
    yield "let tell", {"ann"}, lambda v: sealed.let_tell(registry, v, stage.assets[0])
    yield "take back", {"ann"}, lambda v: sealed.take_back(registry, v, offered)
    yield "ask", {"steward"}, lambda v: sealed.ask(registry, v, call, CAPABILITIES)
    yield "consent", {"ann"}, lambda v: sealed.consent(registry, v, stage.assets[0])
    yield (
        "consent no more",
        {"ann"},
        lambda v: sealed.withdraw_consent(registry, v, stage.assets[0]),
    )
    yield "look at sealed", {"ann"}, lambda v: sealed.sealed(registry, v, stage.assets[0])


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_who_may_not_is_refused_and_nothing_is_changed(world):
    stage = Stage(world).open()
    plan = stage.propose()
    proposals.show_proposal(stage.registry, stage.as_("steward"), plan, "public")
    one = commitments.invite(stage.registry, stage.as_("steward"), plan, CAPABILITIES,
                             only=[stage.members[0]]).made[0]  # fmt: skip
    offered = sealed.let_tell(stage.registry, stage.as_("ann"), stage.assets[0])
    before = records.call(stage.registry, stage.as_("admin"), stage.call)
    for name, may, do in changes(stage, plan, one, offered):
        for who in {"steward", "ann", "bob", "eve", ""} - may:
            if (name, who) == ("accept", "steward"):
                continue  # the other side: told what it can do, elsewhere
            with pytest.raises(REFUSED):
                do(stage.as_(who))
                pytest.fail(f"{who or 'a visitor'} may {name}")
    assert records.call(stage.registry, stage.as_("admin"), stage.call) == before
    told = commitments.commitments_to(stage.registry, stage.as_("admin"), stage.call)
    assert [each.commitment.state for each in told] == ["invited"]


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_a_token_that_may_only_read_changes_nothing(world):
    stage = Stage(world).open()
    plan = stage.propose()
    made = commitments.invite(stage.registry, stage.as_("steward"), plan, CAPABILITIES).made
    offered = sealed.let_tell(stage.registry, stage.as_("ann"), stage.assets[0])
    for name, may, do in changes(stage, plan, made[0], offered):
        for who in may:
            whole = stage.as_(who)
            reader = Viewer(whole.user_id, whole.name, whole.grants, scopes=frozenset({"read"}))
            with pytest.raises(REFUSED):
                do(reader)
                pytest.fail(f"{who} may {name} with a token to read")

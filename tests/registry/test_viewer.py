"""What somebody may change."""

import pytest

from triplehelix.errors import Forbidden
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Action, Viewer, may, require
from triplehelix.registry.visibility import Holder

OWN = Holder("mb_1", "nw_1")
MEMBER = Viewer("us_1", grants=frozenset({"signed-in", "member:mb_1", "network:nw_1"}))
STEWARD = Viewer("us_2", grants=frozenset({"signed-in", "steward:nw_1", "network:nw_1"}))
OTHER = Viewer("us_3", grants=frozenset({"signed-in", "member:mb_2", "network:nw_1"}))
READING = Viewer("us_1", grants=MEMBER.grants, scopes=frozenset({"read"}))
ADMINISTRATOR = Viewer("us_4", grants=frozenset({"signed-in"}), everything=True)

CHANGES = [a for a in Action if a not in (Action.ADMINISTER, Action.CURATE)]


@pytest.mark.parametrize("action", CHANGES)
def test_holders_change_what_they_hold_and_others_do_not(action: Action) -> None:
    assert may(MEMBER, action, OWN)
    assert may(STEWARD, action, OWN)
    assert may(ADMINISTRATOR, action, OWN)
    assert may(COMMAND_LINE, action, OWN)
    assert not may(OTHER, action, OWN)
    assert not may(VISITOR, action, OWN)
    assert not may(READING, action, OWN)


def test_only_stewards_curate_their_network() -> None:
    assert may(STEWARD, Action.CURATE, OWN)
    assert not may(MEMBER, Action.CURATE, OWN)
    assert not may(STEWARD, Action.CURATE, Holder(None, "nw_2"))


def test_only_administrators_administer() -> None:
    for viewer in (MEMBER, STEWARD, OTHER, VISITOR):
        assert not may(viewer, Action.ADMINISTER, Holder())
    assert may(ADMINISTRATOR, Action.ADMINISTER, Holder())


@pytest.mark.parametrize("viewer", [VISITOR, MEMBER, ADMINISTRATOR, COMMAND_LINE])
@pytest.mark.parametrize("action", list(Action))
def test_a_check_without_its_object_is_an_error(viewer: Viewer, action: Action) -> None:
    with pytest.raises(TypeError, match="asked for with its object"):
        may(viewer, action, None)


def test_what_nobody_holds_is_for_administrators() -> None:
    for viewer in (MEMBER, STEWARD, OTHER, VISITOR):
        assert not may(viewer, Action.EDIT, Holder())


def test_a_refusal_says_whom_to_ask() -> None:
    with pytest.raises(Forbidden, match=r"may not share this.*ask them"):
        require(OTHER, Action.SHARE, OWN)


def test_what_a_viewer_acts_for() -> None:
    assert MEMBER.members == ("mb_1",)
    assert STEWARD.stewards == ("nw_1",)
    assert VISITOR.members == VISITOR.stewards == ()

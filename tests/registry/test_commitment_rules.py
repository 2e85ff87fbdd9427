"""Who may say what next, against the table in docs/how-to/run-a-call.md, and what binds."""

import itertools
import re
from pathlib import Path

import pytest

from triplehelix.errors import InputError
from triplehelix.registry.commitments import (
    Act,
    Standing,
    State,
    acts,
    acts_for,
    after,
    between,
    binds,
)
from triplehelix.registry.visibility import Holder, meets

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "run-a-call.md"
SIDES = ("call", "member")


def documented() -> dict[tuple[str, str], tuple[str, str]]:
    """(state, who spoke last) and what the member and the call may do then."""
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].split(",")[0].split(" ")[0] in ("invited", "offered",
                                                                       "countered", "accepted"):  # fmt: skip
            by = "member" if "member" in cells[0] else "call"
            for state in re.findall(r"invited|offered|countered|accepted", cells[0]):
                found[state, by] = (cells[1], cells[2])
    return found


def verbs(cell: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall(r"\w+", cell)}


def test_the_page_says_what_each_side_may_do():
    said = documented()
    assert len(said) == 5
    for (state, by), cells in said.items():
        for side, cell in zip(("member", "call"), cells, strict=True):
            can = {str(act) for act in acts(Standing(State(state), by), side)}
            assert can == verbs(cell), (state, by, side)


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_what_is_over_stays_over(state):
    for side, act in itertools.product(SIDES, Act):
        with pytest.raises(InputError, match="it is over; a new one can be begun"):
            after(Standing(State(state), "call"), act, side)


def test_only_the_members_own_word_binds_it():
    bound = {(s, by) for s, by in itertools.product(State, SIDES) if binds(Standing(s, by))}
    assert bound == {("accepted", "call"), ("accepted", "member"), ("offered", "member"),
                     ("countered", "member")}  # fmt: skip


def test_both_sides_see_it_and_nobody_else():
    member, network = "mb_" + "0" * 26, "nw_" + "0" * 26
    asked = between(Holder(None, network), member)
    assert meets([f"member:{member}"], asked) and meets([f"steward:{network}"], asked)
    assert not meets(["signed-in", f"network:{network}", "member:mb_other"], asked)
    assert acts_for(network) == f"steward:{network}"

"""What costs nothing is settled for the reader: a plan goes on as it was."""

from datetime import date

import pytest

from tests.ally.worlds import OURS, TODAY, asset, call, landscape
from triplehelix.ally import repair, solve

LONDON = {"lat": 51.5, "lon": -0.1}
LATER = (asset("late", "d", 200, starts=date(2027, 1, 1)), asset("later", "e", 200, starts=date(2028, 1, 1)))  # fmt: skip
OFFERED = (asset("first", "a", 90, lat=51.6), asset("second", "b", 90), asset("third", "c", 90, lat=51.9))  # fmt: skip
PROMISED = {"fixed": [{"need": "need-1", "asset": "first", "amount": 40}]}


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"member_caps": [{"need": "need-1", "amount": 60, "unit": "tests/day"}]},
        {"budget": 1e9, "currency": "GBP"},
    ],
)
def test_a_promise_changes_nothing_after_the_priced_days(rules: dict) -> None:
    """
    100 a day for good, of which a has promised 40: b, who is at the place, gives the other 60. Days
    from 2027 on, when others could give too, are not priced, and everybody goes on as before.
    """
    found = solve(call(rules=PROMISED | rules, place=LONDON), landscape(*OFFERED, *LATER), OURS, today=TODAY)  # fmt: skip
    given = [(one.member, one.amount, one.ends) for one in found.contributions]
    assert found.checked and given == [("a", 40.0, None), ("b", 60.0, None)]


def test_a_repair_changes_what_was_lost_alone() -> None:
    """b is lost: a, who is in already, gives its 90 and c, who is new, the other 10; on all days."""
    offered = landscape(*OFFERED, *LATER)
    before = solve(call(rules=PROMISED, place=LONDON), offered, OURS, today=TODAY)
    mended = repair(before, ["b"], offered, OURS, today=TODAY)
    changed = {(one.what, one.member, one.before, one.after) for one in mended.changes}
    assert changed == {
        ("lost", "b", 60.0, 0.0), ("more", "a", 40.0, 90.0), ("added", "c", 0.0, 10.0)
    }  # fmt: skip
    assert all(one.ends is None for one in mended.contributions)
    assert sum(one.amount for one in mended.contributions) == pytest.approx(100)

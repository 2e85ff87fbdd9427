"""What may be published of how a call gets on: counts and sums, of nobody in particular."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from triplehelix.registry.commitments import Commitment, State


def progress(
    needs: Sequence[Mapping[str, Any]], commitments: Iterable[Commitment]
) -> dict[str, Any]:
    """
    How many members were asked and how they answered, and what is agreed for each need.

    Parameters
    ----------
    needs : of the call, those that are shown with it; commitments to others are left out.

    Returns
    -------
    `states`: members by their commitments' states. `needs`: for each its amount `asked` and unit
    (None for one met by yes or no), and its `curve`: (first day, amount agreed from then on), in
    the need's unit, the earliest first. Nobody's name or id, nothing that is only offered.

    Examples
    --------
    >>> progress([{"need": "tests", "amount": 20, "unit": "tests/day"}], [])
    {'states': {}, 'needs': [{'need': 'tests', 'asked': 20, 'unit': 'tests/day', 'curve': []}]}
    """
    names = {str(need["need"]) for need in needs}
    ours = [one for one in commitments if one.need in names]
    members = {(one.state, one.member_id) for one in ours}
    counted = Counter(state for state, _ in members)
    return {
        "states": {str(state): counted[state] for state in State if counted[state]},
        "needs": [
            {"need": need["need"], "asked": need.get("amount"), "unit": need.get("unit"),
             "curve": _curve([one for one in ours if one.need == need["need"]])}
            for need in needs
        ],
    }  # fmt: skip


def _curve(ours: Sequence[Commitment]) -> list[list[Any]]:
    agreed = [one for one in ours if one.state == State.ACCEPTED]
    days = {one.starts for one in agreed}
    days |= {one.ends + timedelta(days=1) for one in agreed
             if one.ends is not None and one.ends < date.max}  # fmt: skip
    return [[day.isoformat(), _agreed_on(day, agreed)] for day in sorted(days)]


def _agreed_on(day: date, agreed: Sequence[Commitment]) -> float:
    # Sorted, so that the sum does not hang on the order of the rows.
    return sum(sorted(
        one.amount if one.amount is not None else 1.0
        for one in agreed if one.starts <= day and (one.ends is None or day <= one.ends)
    ))  # fmt: skip

"""What accepted assets actually gave, as their members report it."""

import math
from datetime import date

from sqlalchemy import func, insert, select

from triplehelix.errors import Forbidden, InputError
from triplehelix.registry.commitments import Report, State
from triplehelix.store.registry.call_tables import COMMITMENTS, REPORTS
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.commitments import commitment, sides
from triplehelix.store.registry.sight import Sight


def report(change: Change, commitment_id: str, day: date, amount: float) -> str:
    """
    Say what an accepted asset gave on a day; a later word on the same day corrects it.

    Raises
    ------
    InputError
        If the commitment is not accepted, the day is to come or outside it, or the amount is
        below 0 or no number.
    UnknownName, Forbidden
    """
    one = commitment(change.sight, commitment_id)
    if "member" not in sides(change.viewer, one, of_call=False):
        raise Forbidden("what was given is reported by the member's own people; ask one of them")
    if one.state != State.ACCEPTED:
        raise InputError(f"this commitment is {one.state}; only what is accepted is reported on")
    if day > change.now.date() or day < one.starts or (one.ends is not None and day > one.ends):
        raise InputError(
            f"{day} is to come, or outside the commitment's days ({one.starts} to "
            f"{one.ends or 'no end'}); report on days that have been"
        )
    if not math.isfinite(amount) or amount < 0:
        raise InputError(f"an amount of {amount} was given; report 0 or more")
    new = change.ids("report")
    mine = REPORTS.c.commitment_id == commitment_id
    n = change.connection.scalar(select(func.count()).select_from(REPORTS).where(mine)) or 0
    seen_by = change.connection.scalar(
        select(COMMITMENTS.c.seen_by).where(COMMITMENTS.c.commitment_id == commitment_id)
    )
    change.connection.execute(insert(REPORTS), {
        "report_id": new, "commitment_id": commitment_id, "n": n + 1, "call_id": one.call_id,
        "seen_by": seen_by, "asset_id": one.asset_id, "need": one.need, "day": day,
        "amount": amount, "made_at": change.now, "by_user": change.viewer.user_id,
    })  # fmt: skip
    change.log(one.call_id, "report", commitment=commitment_id, asset=one.asset_id,
               need=one.need, day=day.isoformat(), amount=amount)  # fmt: skip
    return new


def reports(sight: Sight, call_id: str) -> list[Report]:
    """Reports to a call that the viewer sees, the newest of each commitment and day; by day."""
    columns = [REPORTS.c[name] for name in Report.__dataclass_fields__]
    asked = (
        select(*columns).where(REPORTS.c.call_id == call_id, sight.seen(REPORTS))
        .order_by(REPORTS.c.day, REPORTS.c.commitment_id, REPORTS.c.n)
    )  # fmt: skip
    found = [Report(**row) for row in sight.connection.execute(asked).mappings()]
    return list({(one.day, one.commitment_id): one for one in found}.values())

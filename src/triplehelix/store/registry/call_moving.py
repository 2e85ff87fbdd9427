"""What hangs on calls, out and in: proposals and commitments as they were elsewhere."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, select, update

from triplehelix.registry.commitments import Commitment, Report, between
from triplehelix.store.registry.among import among
from triplehelix.store.registry.call_following import (
    holder_of,
    proposal_condition,
    refresh_progress,
)
from triplehelix.store.registry.call_tables import (
    CALL_PROGRESS,
    COMMITMENT_EVENTS,
    COMMITMENTS,
    PROPOSAL_PARTS,
    PROPOSALS,
    REPORTS,
)
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sight import Sight


def proposal_parts(sight: Sight, proposal_ids: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """What each proposal that the viewer sees was made from: ids, each with the fields taken."""
    table = PROPOSAL_PARTS
    asked = select(table).where(
        among(table.c.proposal_id, sorted(proposal_ids)), sight.seen(table)
    ).order_by(table.c.proposal_id, table.c.part_id)  # fmt: skip
    found: dict[str, dict[str, list[str]]] = {}
    for row in sight.connection.execute(asked):
        found.setdefault(row.proposal_id, {})[row.part_id] = row.fields
    return found


def all_reports(sight: Sight, commitment_ids: Collection[str]) -> dict[str, list[Report]]:
    """Every report that the viewer sees, corrected ones too, in their order, by commitment."""
    columns = [REPORTS.c[name] for name in Report.__dataclass_fields__]
    asked = (
        select(*columns)
        .where(among(REPORTS.c.commitment_id, sorted(commitment_ids)), sight.seen(REPORTS))
        .order_by(REPORTS.c.commitment_id, REPORTS.c.n)
    )
    found: dict[str, list[Report]] = {}
    for row in sight.connection.execute(asked).mappings():
        found.setdefault(row["commitment_id"], []).append(Report(**row))
    return found


def bring_proposal(change: Change, said: Mapping[str, Any]) -> None:
    """Write a proposal under the id it had, as its line says it."""
    call_id, result = said["call_id"], said["result"]
    seen_by = change.keep(proposal_condition(change, call_id, said["visibility"]))
    change.connection.execute(insert(PROPOSALS), {
        "proposal_id": said["id"], "call_id": call_id, "seen_by": seen_by,
        "visibility": said["visibility"], "asked": said["asked"], "status": result["status"],
        "objective": result.get("objective"), "bound": result.get("bound"), "result": result,
        "made_at": said.get("made_at", change.now), "by_user": None,
    })  # fmt: skip
    rows = [{"proposal_id": said["id"], "part_id": one, "seen_by": seen_by, "fields": fields}
            for one, fields in sorted(said["parts"].items())]  # fmt: skip
    if rows:
        change.connection.execute(insert(PROPOSAL_PARTS), rows)
    change.log(call_id, "bring proposal", proposal=said["id"], status=result["status"])


def bring_commitment(change: Change, said: Mapping[str, Any]) -> None:
    """Write a commitment under the id it had, with its talk and reports, as its line says them."""
    call_id, own = said["call_id"], said["id"]
    seen_by = change.keep(between(holder_of(change, call_id), said["member_id"]))
    columns = Commitment.__dataclass_fields__
    change.connection.execute(insert(COMMITMENTS), {
        **{name: said.get(name) for name in columns}, "commitment_id": own, "seen_by": seen_by,
        "made_at": said["made_at"] or change.now, "changed_at": said["changed_at"] or change.now,
    })  # fmt: skip
    change.connection.execute(insert(COMMITMENT_EVENTS), [
        {**{name: each[name] for name in ("n", "at", "by", "state", "amount", "starts", "ends",
                                          "reason")},
         "commitment_id": own, "seen_by": seen_by, "by_user": None}
        for each in said["events"]
    ])  # fmt: skip
    rows = [
        {"report_id": each["id"], "commitment_id": own, "n": n, "call_id": call_id,
         "seen_by": seen_by, "asset_id": said["asset_id"], "need": said["need"],
         "day": each["day"], "amount": each["amount"],
         "made_at": each.get("made_at", change.now), "by_user": None}
        for n, each in enumerate(said["reports"], 1)
    ]  # fmt: skip
    if rows:
        change.connection.execute(insert(REPORTS), rows)
    change.log(call_id, "bring commitment", commitment=own, member=said["member_id"],
               asset=said["asset_id"], need=said["need"], state=said["state"])  # fmt: skip


def bring_progress(change: Change, call_id: str) -> None:
    """Count anew what a call lets be known, as of the last word of its commitments."""
    refresh_progress(change, call_id)
    asked = select(COMMITMENTS.c.changed_at).where(COMMITMENTS.c.call_id == call_id)
    last = max(change.connection.scalars(asked).all(), default=None)
    if last is not None:
        mine = CALL_PROGRESS.c.call_id == call_id
        change.connection.execute(update(CALL_PROGRESS).where(mine).values(changed_at=last))

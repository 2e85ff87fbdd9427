"""
Alliances that were computed for calls, each seen by whoever sees all that it was made from.

That is looked up at every reading: whoever loses sight of one asset, capacity, member or field
in a proposal loses sight of the proposal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.showing import checked_audience
from triplehelix.registry.viewer import Action
from triplehelix.store.registry.among import among
from triplehelix.store.registry.call_following import proposal_condition
from triplehelix.store.registry.call_tables import PROPOSAL_PARTS, PROPOSALS
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sight import Sight

Parts = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    An alliance computed for a call.

    `asked` is what was asked for (the losses it is to bear, `seconds`, what was taken out);
    `result` the alliance as JSON. `visibility` is whom it is shown to beside the call's holder.
    """

    proposal_id: str
    call_id: str
    visibility: str
    asked: Mapping[str, Any]
    status: str
    objective: float | None
    bound: float | None
    result: Mapping[str, Any]
    made_at: datetime
    by_user: str | None


_COLUMNS = [PROPOSALS.c[name] for name in Proposal.__dataclass_fields__]


def keep_proposal(
    change: Change, call_id: str, result: Mapping[str, Any], *, asked: Mapping[str, Any],
    parts: Parts,
) -> str:  # fmt: skip
    """
    Keep an alliance that was computed for a call; its id. It is seen by the call's holder.

    Parameters
    ----------
    result : the alliance, with its `status`, `objective` and `bound`.
    parts : ids of every record and capacity that the result tells of, each with the fields of it
        that it was made from.

    Raises
    ------
    UnknownName, Forbidden
    """
    change.editable("call", call_id, Action.EDIT, None)
    new = change.ids("proposal")
    seen_by = change.keep(proposal_condition(change, call_id, "private"))
    change.connection.execute(insert(PROPOSALS), {
        "proposal_id": new, "call_id": call_id, "seen_by": seen_by, "visibility": "private",
        "asked": dict(asked), "status": result["status"], "objective": result.get("objective"),
        "bound": result.get("bound"), "result": dict(result), "made_at": change.now,
        "by_user": change.viewer.user_id,
    })  # fmt: skip
    rows = [{"proposal_id": new, "part_id": one, "seen_by": seen_by, "fields": sorted(fields)}
            for one, fields in sorted(parts.items())]  # fmt: skip
    if rows:
        change.connection.execute(insert(PROPOSAL_PARTS), rows)
    change.log(call_id, "propose", proposal=new, status=result["status"])
    return new


def show_proposal(change: Change, proposal_id: str, visibility: str) -> None:
    """Show a proposal to others, of whom those see it who see all its parts."""
    one = proposal(change.sight, proposal_id)
    change.editable("call", one.call_id, Action.SHARE, None)
    shown = checked_audience(visibility)
    seen_by = change.keep(proposal_condition(change, one.call_id, shown))
    for table in (PROPOSALS, PROPOSAL_PARTS):
        mine = table.c.proposal_id == proposal_id
        change.connection.execute(update(table).where(mine), {"seen_by": seen_by})
    mine = PROPOSALS.c.proposal_id == proposal_id
    change.connection.execute(update(PROPOSALS).where(mine), {"visibility": shown})
    change.log(one.call_id, "share proposal", proposal=proposal_id, visibility=shown)


def remove_proposal(change: Change, proposal_id: str) -> None:
    """Take a proposal away; commitments that came of it stay."""
    one = proposal(change.sight, proposal_id)
    change.editable("call", one.call_id, Action.EDIT, None)
    change.connection.execute(delete(PROPOSALS).where(PROPOSALS.c.proposal_id == proposal_id))
    change.log(one.call_id, "remove proposal", proposal=proposal_id)


def proposals(sight: Sight, call_id: str) -> list[Proposal]:
    """Proposals for a call that the viewer sees, the newest first."""
    return _whole(sight, PROPOSALS.c.call_id == call_id)


def proposal(sight: Sight, proposal_id: str) -> Proposal:
    """
    One proposal.

    Raises
    ------
    UnknownName
        If there is none, or the viewer does not see all of it: the same words for both.
    """
    found = _whole(sight, PROPOSALS.c.proposal_id == proposal_id)
    if not is_id(proposal_id, "proposal") or not found:
        raise nothing_so_named("proposal")
    return found[0]


def sees_all(sight: Sight, parts: Parts) -> bool:
    """Whether the viewer sees all of these records and capacities, and these fields of theirs."""
    return sight.viewer.everything or not _hidden(sight, {"": parts})


def _whole(sight: Sight, which: Any) -> list[Proposal]:
    asked = (
        select(*_COLUMNS).where(which, sight.seen(PROPOSALS))
        .order_by(PROPOSALS.c.made_at.desc(), PROPOSALS.c.proposal_id)
    )  # fmt: skip
    found = [Proposal(**row) for row in sight.connection.execute(asked).mappings()]
    if sight.viewer.everything or not found:
        return found
    parts: dict[str, dict[str, list[str]]] = {one.proposal_id: {} for one in found}
    rows = sight.connection.execute(
        select(PROPOSAL_PARTS).where(
            among(PROPOSAL_PARTS.c.proposal_id, sorted(parts)), sight.seen(PROPOSAL_PARTS)
        )
    )
    for row in rows:
        parts[row.proposal_id][row.part_id] = row.fields
    hidden = _hidden(sight, parts)
    return [one for one in found if one.proposal_id not in hidden]


def _hidden(sight: Sight, parts: Mapping[str, Parts]) -> set[str]:
    """Those of some sets of parts of which the viewer does not see all."""
    ids = sorted({part for own in parts.values() for part in own})
    records = {one.record_id: one for one in sight.records(ids)}
    assets = [one for one, record in records.items() if record.kind == "asset"]
    capacities = {one.capacity_id for one in sight.capacities(assets)}

    def sees(part: str, fields: Collection[str]) -> bool:
        if is_id(part, "capacity"):
            return part in capacities
        return part in records and set(fields) <= set(records[part].fields)

    return {
        name for name, own in parts.items()
        if not all(sees(part, fields) for part, fields in own.items())
    }  # fmt: skip

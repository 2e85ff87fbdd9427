"""What hangs on calls as lines of the registry's own form: written, and brought back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triplehelix.ally.to_json import alliance_from_json
from triplehelix.errors import InputError, UnknownName
from triplehelix.registry.commitments import Commitment, CommitmentEvent
from triplehelix.registry.exchange import jsonl_calls
from triplehelix.registry.records import Record
from triplehelix.registry.showing import checked_audience
from triplehelix.store.registry.call_moving import (
    all_reports,
    bring_commitment,
    bring_progress,
    bring_proposal,
    proposal_parts,
)
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.commitments import commitments, events
from triplehelix.store.registry.proposals import proposal, proposals, show_proposal
from triplehelix.store.registry.sight import Sight


def lines_of_call(sight: Sight, call: Record) -> Iterator[dict[str, Any]]:
    """The proposals and commitments of a call that the viewer sees, the earliest first."""
    kept = sorted(proposals(sight, call.record_id), key=lambda one: (one.made_at, one.proposal_id))
    parts = proposal_parts(sight, [one.proposal_id for one in kept])
    for one in kept:
        # To whom it is shown beside is for those who may change that.
        shown = one.visibility if call.editable else None
        said = {"id": one.proposal_id, "call_id": one.call_id, "asked": dict(one.asked),
                "result": dict(one.result), "made_at": one.made_at}  # fmt: skip
        own = parts.get(one.proposal_id, {})
        yield jsonl_calls.proposal_line(said, own, visibility=shown)
    yield from _lines_of(sight, commitments(sight, call_id=call.record_id))


def bring_line(change: Change, said: Mapping[str, Any]) -> str:
    """
    Bring a proposal or a commitment back: `created`, `updated`, `unchanged`, or `differs`.

    A commitment that is there and not as the line says it differs: what was said since stays. Of a
    proposal only to whom it is shown can have changed.

    Raises
    ------
    InputError
        If its call is not there, or the alliance cannot be read.
    """
    try:
        change.sight.record("call", said["call_id"])
    except UnknownName as err:
        raise InputError(
            f"its call {said['call_id']} is neither here nor in the file before it; bring it first"
        ) from err
    return _proposal(change, said) if said["is"] == "proposal" else _commitment(change, said)


def count_anew(change: Change, call_ids: set[str]) -> None:
    """Once all their commitments are there: what these calls let be known of their progress."""
    for call_id in sorted(call_ids):
        bring_progress(change, call_id)


def _proposal(change: Change, said: Mapping[str, Any]) -> str:
    visibility = checked_audience(said["visibility"])
    try:
        there = proposal(change.sight, said["id"])
    except UnknownName:
        alliance_from_json(said["result"])
        bring_proposal(change, {**said, "visibility": visibility})
        return "created"
    if there.result != said["result"]:
        return "differs"
    if there.visibility == visibility:
        return "unchanged"
    show_proposal(change, said["id"], visibility)
    return "updated"


def _commitment(change: Change, said: Mapping[str, Any]) -> str:
    there = commitments(change.sight, ids=[said["id"]])
    if not there:
        bring_commitment(change, said)
        return "created"
    [line] = _lines_of(change.sight, there)
    return "unchanged" if jsonl_calls.checked_line(line) == said else "differs"


def _lines_of(sight: Sight, found: Sequence[Commitment]) -> Iterator[dict[str, Any]]:
    ids = [one.commitment_id for one in found]
    said: dict[str, list[CommitmentEvent]] = {}
    for event in events(sight, ids):
        said.setdefault(event.commitment_id, []).append(event)
    told = all_reports(sight, ids)
    for one in found:
        own = one.commitment_id
        yield jsonl_calls.commitment_line(one, said.get(own, []), told.get(own, []))

"""An answer to a call by its id: kept as a proposal, or what somebody just worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.answers import Answer
from triplehelix.ally.assets import Landscape
from triplehelix.ally.to_json import alliance_from_json, alliance_json
from triplehelix.app.calls.following import answers_by_pair
from triplehelix.app.calls.landscape import landscape_in
from triplehelix.app.calls.runs import Solves
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import proposals as stored
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class Found:
    """An answer by itself: its alliance, what was asked, where it is kept."""

    answer_id: str
    alliance: Alliance
    asked: Mapping[str, Any]
    proposal_id: str | None = None
    visibility: str | None = None
    made_at: datetime | None = None


def find_answer(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, answer_id: str
) -> Found:
    """
    An answer to a call by its id.

    Raises
    ------
    UnknownName
        If there is none, it is forgotten, it is of another call, or something in it is not shown
        to the viewer: the same words for all.
    """
    if is_id(answer_id, "proposal"):
        with registry.look(viewer) as sight:
            call = sight.record("call", call_id)
            kept = stored.proposal(sight, answer_id)
        if kept.call_id != call_id:
            raise nothing_so_named("proposal")
        return Found(answer_id, alliance_from_json(kept.result), kept.asked, answer_id,
                     kept.visibility if call.editable else None, kept.made_at)  # fmt: skip
    run_id, _, which = answer_id.partition(".")
    run = solves.look_at(registry, viewer, run_id)
    found, n = run.found, int(which) if which.isascii() and which.isdigit() else 0
    if run.call_id != call_id or n >= len(found) or which not in ("", str(n)):
        raise nothing_so_named("solve")
    asked = {**(run.result or {}).get("asked", {}), **found[n].about}
    return Found(answer_id, found[n].alliance, asked)


def keep_answer(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, answer_id: str
) -> str:
    """
    Keep an answer of one's own solve as a proposal for the call's holder; its id.

    Raises
    ------
    UnknownName, Forbidden
        If the call is not the viewer's to change.
    """
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    if found.proposal_id is not None:
        return found.proposal_id
    parts = solves.parts_of(viewer, answer_id.partition(".")[0])
    with registry.change(viewer) as change:
        return stored.keep_proposal(change, call_id, alliance_json(found.alliance),
                                    asked=found.asked, parts=parts)  # fmt: skip


def landscape_of(sight: Sight, alliance: Alliance, call_id: str) -> Landscape:
    """The assets of an alliance, as far as the viewer sees them now."""
    assets = {one.asset for one in alliance.contributions}
    return landscape_in(sight, None, as_of=alliance.call.as_of, call_id=call_id, assets=assets)


def seen_of(
    registry: Registry, viewer: Viewer, call_id: str, alliance: Alliance
) -> tuple[Landscape, dict[tuple[str, str], Answer], datetime]:
    """The assets of an answer as they are seen, where each contribution stands, the moment."""
    with registry.look(viewer) as sight:
        landscape = landscape_of(sight, alliance, call_id)
        own = commitments(sight, call_id=call_id)
        return landscape, answers_by_pair(alliance, own), sight.now

"""Solves of calls: begun, watched, stopped; each known to who began it."""

from collections.abc import Callable
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.app.calls.landscape import parts_of
from triplehelix.app.calls.proposals import keep, question_for, repair_for, repair_of
from triplehelix.app.calls.runs import MOST_AT_ONCE as MOST_AT_ONCE
from triplehelix.app.calls.runs import MOST_OF_ONE as MOST_OF_ONE
from triplehelix.app.calls.runs import MOST_OF_VISITORS as MOST_OF_VISITORS
from triplehelix.app.calls.runs import Ended, Running, found_json
from triplehelix.app.calls.runs import Solves as Solves
from triplehelix.app.calls.solver import Found, Question, finished
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Progress
from triplehelix.registry.viewer import Action, Viewer, may
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import proposal
from triplehelix.store.registry.viewers import viewer_of

# A visitor's solve is a try: short, and one after the other.
VISITORS_S = 10.0


def start_solve(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities,
    *, edition: Edition | None = None, **asked: Any,
) -> str:  # fmt: skip
    """
    Begin to solve a call; the id under which it is watched. `asked` as for `question_for`.

    What comes out is kept as a proposal where the call is the viewer's; else it is theirs to look
    at for an hour, while they see all of it.

    Raises
    ------
    InputError, UnknownName
    TooOften
        If too many solves are under way.
    """
    question = question_for(
        registry, viewer, call_id, capabilities, edition=edition, **bounded(viewer, asked)
    )
    kind = "alternatives" if question.several else "solve"
    return _go(solves, registry, viewer, call_id, question, kind=kind)


def start_repair(
    solves: Solves, registry: Registry, viewer: Viewer, proposal_id: str, losses: list[str],
    capabilities: Capabilities, *, edition: Edition | None = None, seconds: float = 10.0,
) -> str:  # fmt: skip
    """
    Begin to mend a proposal that members have left; as `start_solve`.

    Raises
    ------
    InputError, UnknownName, TooOften
    """
    seconds = bounded(viewer, {"seconds": seconds})["seconds"]
    question = repair_for(
        registry, viewer, proposal_id, losses, capabilities, edition=edition, seconds=seconds
    )
    with registry.look(viewer) as sight:
        call_id = proposal(sight, proposal_id).call_id
    return _go(solves, registry, viewer, call_id, question, kind="repair", of=proposal_id)


def start_repair_of(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, answer: tuple[str, Alliance],
    losses: list[str], capabilities: Capabilities, *, edition: Edition | None = None,
    seconds: float = 10.0,
) -> str:  # fmt: skip
    """
    Begin to mend an answer, by its id, that may not be kept; as `start_solve`.

    Raises
    ------
    InputError, UnknownName, TooOften
    """
    answer_id, old = answer
    seconds = bounded(viewer, {"seconds": seconds})["seconds"]
    question = repair_of(registry, viewer, call_id, old, losses, capabilities, edition=edition,
                         seconds=seconds, name=answer_id)  # fmt: skip
    return _go(solves, registry, viewer, call_id, question, kind="repair", of=answer_id)


def look_at(solves: Solves, registry: Registry, viewer: Viewer, run_id: str) -> Running:
    """
    How a solve stands.

    Raises
    ------
    UnknownName
        If it is not the viewer's, or something in what came out is no longer shown to them.
    """
    return solves.look_at(registry, viewer, run_id)


def stop(solves: Solves, viewer: Viewer, run_id: str) -> None:
    """Let a solve end with the best it has; UnknownName if it is not the viewer's."""
    solves.stop(viewer, run_id)


def wait_for(
    solves: Solves, registry: Registry, viewer: Viewer, run_id: str, seconds: float
) -> Running:
    """How a solve stands once it has ended, or after so many seconds."""
    return solves.wait_for(registry, viewer, run_id, seconds)


def bounded(viewer: Viewer, asked: dict[str, Any]) -> dict[str, Any]:
    """The same, but a visitor's time is short."""
    if viewer.user_id is None and not viewer.everything:
        return {**asked, "seconds": min(asked.get("seconds", VISITORS_S), VISITORS_S)}
    return asked


def _go(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, question: Question, *,
    kind: str = "solve", of: str | None = None,
) -> str:  # fmt: skip
    def work(heard: Callable[[Progress], object]) -> Ended:
        found = tuple(finished(question, one) for one in solves.solve(question, heard))
        kept = _kept(registry, viewer, call_id, question, found)
        result = {"found": [found_json(one) for one in found], "asked": dict(question.asked)}
        return Ended(result, parts_of(question.landscape, result), kept)

    return solves.begin(viewer, call_id, work, kind=kind, of=of)


def _kept(
    registry: Registry, viewer: Viewer, call_id: str, question: Question, found: tuple[Found, ...]
) -> tuple[str, ...]:
    """The proposals, if the call is still the viewer's to change: rights are asked anew."""
    if viewer.user_id is not None:
        with registry.reading() as connection:
            viewer = viewer_of(connection, viewer.user_id, viewer.scopes)
    with registry.look(viewer) as sight:
        sight.record("call", call_id)
        mine = may(viewer, Action.EDIT, sight.holder(call_id))
    worth_keeping = [one for one in found if one.alliance.status != "unknown"] if mine else []
    return tuple(keep(registry, viewer, call_id, question, one) for one in worth_keeping)

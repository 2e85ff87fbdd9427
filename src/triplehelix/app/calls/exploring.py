"""What else there is to know of an answer, worked out when asked for: alternatives, what each adds."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.alternatives import Alternative, alternatives
from triplehelix.ally.to_json import alliance_json
from triplehelix.ally.worth import worth
from triplehelix.app.calls.landscape import parts_of
from triplehelix.app.calls.proposals import question_for
from triplehelix.app.calls.running import bounded
from triplehelix.app.calls.runs import Ended, Solves
from triplehelix.app.calls.solver import Question
from triplehelix.app.calls.workers import in_worker
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Progress
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

Heard = Callable[[Progress], object]
Find = Callable[[Question, Heard], dict[str, Any]]
# Each of the several solves behind an exploration may take so long.
EACH_S = 5.0


def start_alternatives(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities,
    *, edition: Edition | None = None,
) -> str:  # fmt: skip
    """
    Begin to look for truly different answers to a call; the id under which it is watched.

    Raises
    ------
    InputError, UnknownName, TooOften
    """

    def find(question: Question, heard: Heard) -> dict[str, Any]:
        found = alternatives(
            question.call, question.landscape, question.capabilities, today=question.today,
            limits=question.limits, solver=in_worker(heard),
        )  # fmt: skip
        return {"alternatives": [_alternative(one) for one in found]}

    asked = bounded(viewer, {"seconds": EACH_S})
    question = question_for(registry, viewer, call_id, capabilities, edition=edition, **asked)
    return _begin(solves, viewer, call_id, question, find, kind="alternatives")


def start_worth(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str,
    answer: tuple[str, Alliance], capabilities: Capabilities, *, edition: Edition | None = None,
) -> str:  # fmt: skip
    """
    Begin to work out what each partner of an answer adds; the id under which it is watched.

    Raises
    ------
    InputError, UnknownName, TooOften
    """
    answer_id, alliance = answer

    def find(question: Question, heard: Heard) -> dict[str, Any]:
        found = worth(
            alliance, question.landscape, question.capabilities, today=question.today,
            limits=question.limits, solver=in_worker(heard),
        )  # fmt: skip
        return {"worth": [asdict(one) for one in found]}

    asked = bounded(viewer, {"seconds": EACH_S})
    question = question_for(registry, viewer, call_id, capabilities, edition=edition, **asked)
    return _begin(solves, viewer, call_id, question, find, kind="worth", of=answer_id)


def _begin(
    solves: Solves, viewer: Viewer, call_id: str, question: Question, find: Find, *, kind: str,
    of: str | None = None,
) -> str:  # fmt: skip
    def work(heard: Heard) -> Ended:
        result: Mapping[str, Any] = find(question, heard)
        return Ended(result, parts_of(question.landscape, result))

    return solves.begin(viewer, call_id, work, kind=kind, of=of)


def _alternative(one: Alternative) -> dict[str, Any]:
    return {
        "name": one.name, "same_as": one.same_as, "trade": one.trade,
        "measures": asdict(one.measures), "alliance": alliance_json(one.alliance),
    }  # fmt: skip

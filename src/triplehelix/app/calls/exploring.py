"""What else there is to know of an answer, worked out when asked for: what each partner adds."""

from dataclasses import asdict

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.worth import worth
from triplehelix.app.calls.landscape import parts_of
from triplehelix.app.calls.proposals import question_for
from triplehelix.app.calls.running import bounded
from triplehelix.app.calls.runs import Ended, Heard, Solves
from triplehelix.app.calls.workers import in_worker
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

# Each of the several solves behind it may take so long.
EACH_S = 5.0


def start_worth(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str,
    answer: tuple[str, Alliance], capabilities: Capabilities, *, edition: Edition | None = None,
) -> str:  # fmt: skip
    """
    Begin to work out what each partner of an answer, by its id, adds; the id to watch it under.

    Raises
    ------
    InputError, UnknownName, TooOften
    """
    answer_id, alliance = answer
    asked = bounded(viewer, {"seconds": EACH_S})
    question = question_for(registry, viewer, call_id, capabilities, edition=edition, **asked)

    def work(heard: Heard) -> Ended:
        found = worth(
            alliance, question.landscape, question.capabilities, today=question.today,
            limits=question.limits, solver=in_worker(heard),
        )  # fmt: skip
        result = {"worth": [asdict(one) for one in found]}
        return Ended(result, parts_of(question.landscape, result))

    return solves.begin(viewer, call_id, work, kind="worth", of=answer_id)

"""What else there is to know of an answer, worked out when asked for."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.sharing import share_benefit, share_cost
from triplehelix.ally.worth import worth
from triplehelix.app.calls.landscape import parts_of
from triplehelix.app.calls.proposals import question_for
from triplehelix.app.calls.running import bounded
from triplehelix.app.calls.runs import Ended, Heard, Solves
from triplehelix.app.calls.solver import Question
from triplehelix.app.calls.workers import in_worker
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

# What the Shapley value of many partners is sampled with: the same question, the same answer.
SEED = 1953
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
    question = _question(registry, viewer, call_id, capabilities, alliance, edition=edition,
                         **asked)  # fmt: skip

    def work(heard: Heard) -> Ended:
        found = worth(
            alliance, question.landscape, question.capabilities, today=question.today,
            limits=question.limits, solver=in_worker(heard),
        )  # fmt: skip
        result = {"worth": [asdict(one) for one in found]}
        return Ended(result, parts_of(question.landscape, result))

    return solves.begin(viewer, call_id, work, kind="worth", of=answer_id)


def start_sharing(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str,
    answer: tuple[str, Alliance], capabilities: Capabilities, *,
    outside: Mapping[str, float] | None = None,
) -> str:  # fmt: skip
    """
    Begin to work out how partners could share what an answer, by its id, brings.

    Parameters
    ----------
    outside : by need, what all of it would cost elsewhere; with it the cost is shared too.

    Raises
    ------
    InputError, UnknownName, TooOften
    """
    answer_id, alliance = answer
    question = _question(registry, viewer, call_id, capabilities, alliance)

    def work(_: Heard) -> Ended:
        today, rng = question.today, np.random.default_rng(SEED)
        landscape, known = question.landscape, question.capabilities
        benefit = share_benefit(alliance, landscape, known, today=today, rng=rng)
        found = {"benefit": asdict(benefit)}
        if outside:
            cost = share_cost(alliance, landscape, known, outside, today=today, rng=rng)
            found["cost"] = asdict(cost)
        result = {"sharing": found}
        return Ended(result, parts_of(question.landscape, result))

    return solves.begin(viewer, call_id, work, kind="sharing", of=answer_id)


def _question(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities,
    alliance: Alliance, **asked: Any,
) -> Question:  # fmt: skip
    """Around the answers of members, unless one of the alliance has declined since it was found."""
    found = question_for(registry, viewer, call_id, capabilities, **asked)
    there = {one.asset for one in found.landscape.assets}
    if all(one.asset in there for one in alliance.contributions):
        return found
    return question_for(registry, viewer, call_id, capabilities, answers=False, **asked)

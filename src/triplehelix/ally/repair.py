"""An alliance mended after losses: what is agreed is kept, and as little as possible changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.ally.changes import changes_between, changes_said
from triplehelix.ally.check import check
from triplehelix.ally.question import Narrowed, Question, put
from triplehelix.ally.repairing import Repairing
from triplehelix.ally.solver import Solver, in_process
from triplehelix.ally.timing import Clock, Within
from triplehelix.ally.words import status_said
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import UnknownName
from triplehelix.optimise.outcome import Limits

# At which relative gap of what a change weighs a search for less change may stop.
NEAR = 1e-3


def repair(
    alliance: Alliance, losses: Sequence[str], landscape: Landscape, capabilities: Capabilities,
    *, today: date, limits: Limits | None = None, solver: Solver = in_process,
    clock: Clock | None = None,
) -> Alliance:  # fmt: skip
    """
    Mend an alliance that members or assets have left.

    First every other contribution is kept as it is and only what is missing is added, at least
    cost, a new partner weighing `mending.NEW_PARTNER` more. Where that cannot be, contributions
    may also be taken back, all of a need weighing `taking_back.TAKEN_BACK`. The answer's `changes`
    and `notes` say what changed. It has no bound: a free choice might be better.

    Parameters
    ----------
    losses : ids of members or assets that take part no more.
    limits, solver, clock : as for `solve`.

    Returns
    -------
    Alliance
        `infeasible`, with gaps and all that can be covered, where the losses cannot be made good.

    Raises
    ------
    UnknownName
        If a loss is no part of the alliance.
    """
    there = {*alliance.partners, *(one.asset for one in alliance.contributions)}
    for name in sorted(set(losses) - there):
        raise UnknownName(
            f"{name!r} is no part of this alliance; name one of its members or assets"
        )
    limits = limits or Limits()

    def asked(changed: Call, narrowed: Narrowed | None) -> Question:
        return put(changed, landscape, capabilities, today=today, narrowed=narrowed)

    repairing = Repairing(
        alliance, frozenset(losses), _without(alliance, losses), landscape, asked,
        Within(solver, limits.seconds, clock), replace(limits, gap=max(limits.gap, NEAR)),
    )  # fmt: skip
    mended = repairing.narrowly() or repairing.wholly()
    if mended.objective is not None:
        problems = check(mended, landscape, capabilities, today=today)
        mended = replace(mended, checked=not problems, problems=problems)
    return _told(alliance, mended, losses)


def _without(alliance: Alliance, losses: Sequence[str]) -> Call:
    """The call with the losses excluded, and no longer asked for by any rule."""
    rules = alliance.call.rules
    holder = {one.asset: one.member for one in alliance.contributions}
    fixed = tuple(one for one in rules.fixed
                  if one.asset not in losses and holder.get(one.asset) not in losses)  # fmt: skip
    include = tuple(name for name in rules.include if name not in losses)
    exclude = tuple(sorted({*rules.exclude, *losses}))
    changed = rules.model_copy(update={"exclude": exclude, "include": include, "fixed": fixed})
    return alliance.call.model_copy(update={"rules": changed})


def _told(before: Alliance, mended: Alliance, losses: Sequence[str]) -> Alliance:
    changes = changes_between(before, mended, losses)
    status = mended.status
    said = dict(mended.said)
    if status in ("optimal", "feasible"):
        said["status"] = "Every need is met again, with as much kept as could be."
        status = "feasible"
    else:
        said["status"] = status_said(mended)
    return replace(
        mended, status=status, bound=None, said=said, changes=changes,
        notes=(*changes_said(changes, mended), *mended.notes),
    )  # fmt: skip

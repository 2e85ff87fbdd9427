"""Proposals: alliances computed for a call, kept, shown, and put again around answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.to_json import alliance_from_json, alliance_json
from triplehelix.app.calls.answers import around_answers
from triplehelix.app.calls.landscape import landscape_in, parts_of
from triplehelix.app.calls.losing import NOTHING, Losing, require_bearable
from triplehelix.app.calls.records import needs_shown
from triplehelix.app.calls.solver import Found, Question
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import Forbidden, InputError
from triplehelix.optimise.outcome import Limits
from triplehelix.registry.ids import is_id
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry import proposals as stored
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import Proposal
from triplehelix.store.registry.sight import Sight

MOST_LOSSES = 5


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """
    A proposal in a list.

    `asked` is what was asked for: `robust`, `share` and `recoverable` where they were, `seconds`,
    `gap`, `leave_out`, `answers`; `repairs` and `losses` of a repair; and what was told beside:
    `alternative`, `trade`, `worth`.
    `visibility` is told to those who may change the call: it may name others.
    """

    proposal_id: str
    status: str
    objective: float | None
    bound: float | None
    n_partners: int
    robust: int | None
    asked: Mapping[str, Any]
    visibility: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalAnswer:
    """A proposal with its alliance; `names` of the members and assets in it, by id."""

    row: ProposalRow
    call_id: str
    alliance: Alliance
    names: Mapping[str, str]
    editable: bool


def question_for(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities, *,
    edition: Edition | None = None, losing: Losing = NOTHING, seconds: float = 10.0,
    gap: float = 0.0, leave_out: Sequence[str] = (), answers: bool = True, several: bool = False,
    worth: bool = False,
) -> Question:  # fmt: skip
    """
    What a viewer asks when they solve a call: it and the landscape, as far as they see both.

    Parameters
    ----------
    losing : what the answer is to bear when members drop out.
    leave_out : ids of members or assets that are not to be in it.
    answers : whether what members have answered counts: accepted ones fixed, declined ones out.
    several : for three to five truly different alternatives, instead of the best one.
    worth : with what each partner adds.

    Raises
    ------
    UnknownName
        If the call is not shown to the viewer.
    InputError
        If none of its needs is, or something asked for is out of bounds.
    """
    if not 0 < seconds <= 600 or not 0 <= gap < 1:
        raise InputError(
            f"{seconds:g} seconds and a gap of {gap:g} cannot be asked for; give up to 600, and "
            "0 to 1"
        )
    require_bearable(losing, MOST_LOSSES)
    if several and losing != NOTHING:
        raise InputError(
            "several different answers are looked for without losses; leave out robust, share "
            "and recoverable, or several"
        )
    with registry.look(viewer) as sight:
        call = needs_shown(sight.record("call", call_id))
        networks = {one for one in (*call.rules.include, *call.rules.exclude, *(
            each for group in call.rules.never_together for each in group))
            if is_id(one, "network")}  # fmt: skip
        landscape = landscape_in(
            sight, edition, as_of=call.as_of, call_id=call_id, named=sorted(networks)
        )
        said: tuple[str, ...] = ()
        if answers:
            own = commitments(sight, call_id=call_id)
            call, landscape, said = around_answers(call, landscape, own)
        today = sight.now.date()
    if leave_out:
        rules = {"exclude": tuple(sorted({*call.rules.exclude, *leave_out}))}
        call = call.model_copy(update={"rules": call.rules.model_copy(update=rules)})
    asked = {**losing.told, "seconds": seconds, "gap": gap, "leave_out": sorted(leave_out),
             "answers": answers}  # fmt: skip
    return Question(call, landscape, capabilities, today, Limits(seconds, gap), losing,
                    several=several, worth=worth, said=said, asked=asked)  # fmt: skip


def repair_for(
    registry: Registry, viewer: Viewer, proposal_id: str, losses: Sequence[str],
    capabilities: Capabilities, *, edition: Edition | None = None, seconds: float = 10.0,
) -> Question:  # fmt: skip
    """
    What is asked when members are taken out of a proposal: as little as possible is changed.

    Parameters
    ----------
    losses : ids of members that drop out.

    Raises
    ------
    UnknownName
        If the proposal is not shown to the viewer.
    InputError
        If one of them is not in it.
    """
    with registry.look(viewer) as sight:
        kept = stored.proposal(sight, proposal_id)
        call_id = kept.call_id
    return repair_of(
        registry, viewer, call_id, alliance_from_json(kept.result), losses, capabilities,
        edition=edition, seconds=seconds, name=proposal_id,
    )  # fmt: skip


def repair_of(
    registry: Registry, viewer: Viewer, call_id: str, old: Alliance, losses: Sequence[str],
    capabilities: Capabilities, *, edition: Edition | None = None, seconds: float = 10.0,
    name: str = "",
) -> Question:  # fmt: skip
    """
    As `repair_for`, of an alliance that need not be kept; `name` is what it is known by.

    Raises
    ------
    UnknownName
        If the call is not shown to the viewer.
    InputError
        If one of the losses is not in it.
    """
    strange = sorted(set(losses) - set(old.partners))
    if strange or not losses:
        raise InputError(
            f"{strange[0]!r} is no partner of this proposal; name one that is" if strange
            else "nobody is taken out; name at least one partner"
        )  # fmt: skip
    whole = question_for(registry, viewer, call_id, capabilities, edition=edition,
                         seconds=seconds, answers=True)  # fmt: skip
    asked = {"repairs": name, "losses": sorted(losses), "seconds": seconds}
    return replace(whole, old=old, losses=tuple(sorted(losses)), asked=asked)


def keep(registry: Registry, viewer: Viewer, call_id: str, question: Question, found: Found) -> str:
    """
    Keep an answer as a proposal, for the call's holder; its id.

    Raises
    ------
    UnknownName, Forbidden
        If the call is not the viewer's to change.
    """
    result = alliance_json(found.alliance)
    asked = {**question.asked, **found.about}
    parts = parts_of(question.landscape, {"result": result, "asked": asked})
    with registry.change(viewer) as change:
        if not stored.sees_all(change.sight, parts):
            raise Forbidden("something this alliance was made from is no longer shown; solve again")
        return stored.keep_proposal(change, call_id, result, asked=asked, parts=parts)


def proposals(registry: Registry, viewer: Viewer, call_id: str) -> list[ProposalRow]:
    """
    Proposals for a call of which the viewer sees every part, the newest first.

    Raises
    ------
    UnknownName
        If the call is not shown to the viewer.
    """
    with registry.look(viewer) as sight:
        call = sight.record("call", call_id)
        return [_row(one, editable=call.editable) for one in stored.proposals(sight, call_id)]


def proposal(registry: Registry, viewer: Viewer, proposal_id: str) -> ProposalAnswer:
    """
    One proposal.

    Raises
    ------
    UnknownName
        If there is none, or something in it is not shown to the viewer: the same words for both.
    """
    with registry.look(viewer) as sight:
        return _answer(sight, stored.proposal(sight, proposal_id))


def show_proposal(registry: Registry, viewer: Viewer, proposal_id: str, visibility: str) -> None:
    """
    Show a proposal to others: of those, it is seen by who sees the call and every part of it.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        stored.show_proposal(change, proposal_id, visibility)


def remove_proposal(registry: Registry, viewer: Viewer, proposal_id: str) -> None:
    """Take a proposal away; commitments that came of it stay."""
    with registry.change(viewer) as change:
        stored.remove_proposal(change, proposal_id)


def _answer(sight: Sight, one: Proposal) -> ProposalAnswer:
    alliance = alliance_from_json(one.result)
    ids = {each for given in alliance.contributions for each in (given.member, given.asset)}
    names = sight.names(ids | set(alliance.partners))
    call = sight.record("call", one.call_id)
    return ProposalAnswer(
        _row(one, editable=call.editable), one.call_id, alliance, names, call.editable
    )


def _row(one: Proposal, *, editable: bool) -> ProposalRow:
    return ProposalRow(
        one.proposal_id, one.status, one.objective, one.bound, len(one.result["partners"]),
        one.result.get("robust"), one.asked,
        one.visibility if editable else None, one.made_at,
    )  # fmt: skip

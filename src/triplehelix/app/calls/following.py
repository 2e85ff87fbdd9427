"""How a call gets on: readiness by day, what members report, beside the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.answers import Answer
from triplehelix.ally.milestones import Milestone, milestones
from triplehelix.ally.readiness import Readiness, readiness
from triplehelix.ally.reports import NeedActual, Report, actual
from triplehelix.ally.to_json import alliance_from_json
from triplehelix.app.calls.landscape import landscape_in
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.commitments import OPEN, Commitment, State
from triplehelix.registry.commitments import Report as Told
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry import reports as stored
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import proposal


@dataclass(frozen=True, slots=True)
class Following:
    """
    A proposal's way to its targets: `readiness` by need, `milestones` by day, and `actual`: each
    need as members report it, beside what is expected by today.
    """

    readiness: Readiness
    milestones: tuple[Milestone, ...]
    actual: tuple[NeedActual, ...]


def following(
    registry: Registry, viewer: Viewer, proposal_id: str, capabilities: Capabilities, *,
    edition: Edition | None = None,
) -> Following:  # fmt: skip
    """
    How the plan of a proposal gets on, with the answers and reports that the viewer sees.

    Raises
    ------
    UnknownName
        If there is no such proposal, or something in it is not shown.
    """
    with registry.look(viewer) as sight:
        kept = proposal(sight, proposal_id)
        alliance = alliance_from_json(kept.result)
        landscape = landscape_in(sight, edition, as_of=alliance.call.as_of, call_id=kept.call_id)
        own = commitments(sight, call_id=kept.call_id)
        told = stored.reports(sight, kept.call_id)
        today = sight.now.date()
    answers = _answers(alliance, own)
    ready = readiness(alliance, landscape, capabilities, today=today, answers=answers)
    given = actual(alliance, landscape, capabilities, _reports(alliance, told), today=today,
                   answers=answers)  # fmt: skip
    return Following(ready, milestones(alliance.call, ready), given)


def report(registry: Registry, viewer: Viewer, commitment_id: str, day: date, amount: float) -> str:
    """
    Say what an accepted asset gives from a day on, in the need's unit; the report's id.

    For things made in all, how many it has made by the end of that day. A later word on the same
    day corrects it; both stay in the log.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        return stored.report(change, commitment_id, day, amount)


def reports(registry: Registry, viewer: Viewer, call_id: str) -> list[Told]:
    """
    What was reported to a call, as far as the viewer is of one of its sides; by day.

    Raises
    ------
    UnknownName
        If the call is not shown to the viewer.
    """
    with registry.look(viewer) as sight:
        sight.record("call", call_id)
        return stored.reports(sight, call_id)


def _answers(alliance: Alliance, own: Sequence[Commitment]) -> dict[tuple[str, str], Answer]:
    """Where each contribution of the alliance stands; of several stretches, the best word."""
    pairs = {(one.need, one.asset) for one in alliance.contributions}
    found: dict[tuple[str, str], list[Commitment]] = {}
    for one in own:
        if (one.need, one.asset_id) in pairs:
            found.setdefault((one.need, one.asset_id), []).append(one)
    return {pair: _answer(ours) for pair, ours in sorted(found.items())}


def _answer(ours: Sequence[Commitment]) -> Answer:
    accepted = [one for one in ours if one.state == State.ACCEPTED]
    waiting = [one for one in ours if one.state in OPEN]
    standing = accepted or waiting or ours[-1:]
    last = standing[-1]
    amounts = [one.amount for one in standing if one.amount is not None]
    said = last.state in (State.ACCEPTED, State.OFFERED, State.COUNTERED)
    state = str(last.state)
    return Answer(
        state,  # type: ignore[arg-type]
        max(amounts) if said and amounts else None,
        min(one.starts for one in standing) if said else None,
    )


def _reports(alliance: Alliance, told: Sequence[Told]) -> list[Report]:
    """One amount for each asset, need and day: what several commitments of it give together."""
    needs = {need.need for need in alliance.call.needs}
    together: dict[tuple[str, str, date], float] = {}
    for one in told:
        if one.need in needs:
            key = (one.asset_id, one.need, one.day)
            together[key] = together.get(key, 0.0) + one.amount
    return [Report(*key, amount) for key, amount in sorted(together.items())]

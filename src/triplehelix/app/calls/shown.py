"""An answer to a call as a page shows it: kept as a proposal, or what somebody just worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.milestones import Milestone, milestones
from triplehelix.ally.readiness import Readiness, readiness
from triplehelix.ally.reports import NeedActual, actual
from triplehelix.app.calls.finding import find_answer, landscape_of
from triplehelix.app.calls.following import answers_by_pair, told_reports
from triplehelix.app.calls.partners import Partner, partners_of
from triplehelix.app.calls.records import CallAnswer, call_answer
from triplehelix.app.calls.runs import Solves
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import reports as stored_reports
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry


@dataclass(frozen=True, slots=True)
class AllianceAnswer:
    """
    An answer to a call, whole.

    `answer_id` is a proposal's id, or that of a solve of the viewer's own, which is gone after an
    hour; a solve for alternatives has several, told apart by `.0`, `.1` after it. `proposal_id`,
    `visibility` and `made_at` are there where it is kept. `names` of the members and assets that
    it tells of, by id. `editable`: whether the call is the viewer's to change.
    """

    answer_id: str
    call: CallAnswer
    alliance: Alliance
    partners: list[Partner]
    readiness: Readiness
    milestones: tuple[Milestone, ...]
    actual: tuple[NeedActual, ...]
    names: Mapping[str, str]
    asked: Mapping[str, Any]
    proposal_id: str | None
    visibility: str | None
    made_at: datetime | None
    editable: bool


def show_answer(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, answer_id: str,
    capabilities: Capabilities,
) -> AllianceAnswer:  # fmt: skip
    """
    An answer to a call with everything that its page tells.

    Raises
    ------
    UnknownName
        As `find_answer`.
    """
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    with registry.look(viewer) as sight:
        call = call_answer(sight, sight.record("call", call_id))
        landscape = landscape_of(sight, found.alliance, call_id)
        own = commitments(sight, call_id=call_id)
        reports = told_reports(found.alliance, stored_reports.reports(sight, call_id))
        names = sight.names(_ids(found.alliance))
        partners = partners_of(sight, found.alliance, landscape, own, names)
        today = sight.now.date()
    answers = answers_by_pair(found.alliance, own)
    ready = readiness(found.alliance, landscape, capabilities, today=today, answers=answers)
    given = actual(found.alliance, landscape, capabilities, reports, today=today, answers=answers)
    return AllianceAnswer(
        answer_id, call, found.alliance, partners, ready, milestones(found.alliance.call, ready),
        given if reports else (), names, found.asked, found.proposal_id, found.visibility,
        found.made_at, call.editable,
    )  # fmt: skip


def last_day(answer: AllianceAnswer) -> date | None:
    """The day from which on all needs are met as planned; None where that never is."""
    days = [one.planned.reached for one in answer.readiness.needs if _must(answer, one.need)]
    return None if None in days or not days else max(day for day in days if day)


def broken_off(answer: AllianceAnswer) -> bool:
    """Whether what members have answered leaves a need unmet that the plan would meet."""
    return any(
        one.planned.reached is not None and one.expected.reached is None
        for one in answer.readiness.needs if _must(answer, one.need)
    )  # fmt: skip


def _must(answer: AllianceAnswer, name: str) -> bool:
    return next(one.must for one in answer.alliance.call.needs if one.need == name)


def _ids(alliance: Alliance) -> set[str]:
    ids = {each for one in alliance.contributions for each in (one.member, one.asset)}
    ids |= {each for one in alliance.changes for each in (one.member, one.asset)}
    rules = alliance.call.rules
    return ids | {*alliance.partners, *rules.include, *rules.exclude}

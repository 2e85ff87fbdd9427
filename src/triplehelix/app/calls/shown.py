"""An answer to a call as a page shows it: kept as a proposal, or what somebody just worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.answers import Answer
from triplehelix.ally.assets import Landscape
from triplehelix.ally.measures import Measures, measures_of
from triplehelix.ally.milestones import Milestone, milestones
from triplehelix.ally.readiness import Readiness, readiness
from triplehelix.ally.reports import NeedActual, actual
from triplehelix.ally.to_json import alliance_from_json, alliance_json
from triplehelix.ally.what_if import Effect, Idea, what_if
from triplehelix.app.calls.following import answers_by_pair, told_reports
from triplehelix.app.calls.landscape import landscape_in
from triplehelix.app.calls.records import CallAnswer, call_answer
from triplehelix.app.calls.runs import Running, Solves
from triplehelix.app.registry.asset_rows import Named
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.registry.commitments import Commitment
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import proposals as stored
from triplehelix.store.registry import reports as stored_reports
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

MOST_TRIED = 20


@dataclass(frozen=True, slots=True)
class Given:
    """
    What one asset gives to one need over one stretch of days, and how sure that is.

    `state` is the capacity's (`available`, `stated`, `planned`, `past`; None where it gives by
    yes or no), `year` that of the figure, `confidence` the source's, `status` the asset's.
    `answer` is where its commitment stands, None where nobody was asked yet.
    """

    contribution: Contribution
    asset: Named
    state: str | None
    year: int | None
    status: str
    confidence: str | None
    town: str | None
    lat: float | None
    lon: float | None
    answer: str | None
    commitment_id: str | None


@dataclass(frozen=True, slots=True)
class Partner:
    """A member of the alliance and all that it gives, by need and day."""

    member: Named
    helix: str
    country: str | None
    gives: list[Given]


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


@dataclass(frozen=True, slots=True)
class Placed:
    """An asset with where it stands; degrees, None where that is not known."""

    asset_id: str
    name: str
    member: str
    town: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One of several answers beside each other: what it is best in, and its measures."""

    letter: str
    name: str
    answer_id: str
    trade: str
    measures: Measures
    status: str
    objective: float | None
    checked: bool
    members: list[str]


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
            sight.record("call", call_id)
            kept = stored.proposal(sight, answer_id)
        if kept.call_id != call_id:
            raise nothing_so_named("proposal")
        return Found(answer_id, alliance_from_json(kept.result), kept.asked, answer_id,
                     kept.visibility, kept.made_at)  # fmt: skip
    run_id, _, which = answer_id.partition(".")
    run = solves.look_at(registry, viewer, run_id)
    found, n = run.found, int(which) if which.isascii() and which.isdigit() else 0
    if run.call_id != call_id or n >= len(found) or which not in ("", str(n)):
        raise nothing_so_named("solve")
    asked = {**(run.result or {}).get("asked", {}), **found[n].about}
    return Found(answer_id, found[n].alliance, asked)


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
        partners = _partners(sight, found.alliance, landscape, own)
        names = sight.names(_ids(found.alliance))
        today = sight.now.date()
    answers = answers_by_pair(found.alliance, own)
    ready = readiness(found.alliance, landscape, capabilities, today=today, answers=answers)
    given = actual(found.alliance, landscape, capabilities, reports, today=today, answers=answers)
    return AllianceAnswer(
        answer_id, call, found.alliance, partners, ready, milestones(found.alliance.call, ready),
        given if reports else (), names, found.asked, found.proposal_id, found.visibility,
        found.made_at, call.editable,
    )  # fmt: skip


def try_ideas(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, answer_id: str,
    ideas: list[Idea], capabilities: Capabilities,
) -> tuple[Effect, ...]:  # fmt: skip
    """
    What ideas about assets of an answer would do to its needs, the others as they stand.

    Raises
    ------
    InputError, UnknownName
    """
    if not 0 < len(ideas) <= MOST_TRIED:
        raise InputError(f"{len(ideas)} ideas cannot be tried at once; give 1 to {MOST_TRIED}")
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    with registry.look(viewer) as sight:
        landscape = landscape_of(sight, found.alliance, call_id)
        own = commitments(sight, call_id=call_id)
        today = sight.now.date()
    return what_if(found.alliance, landscape, capabilities, ideas, today=today,
                   answers=answers_by_pair(found.alliance, own))  # fmt: skip


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


def placed(
    registry: Registry, viewer: Viewer, call_id: str, alliances: Sequence[Alliance]
) -> list[Placed]:
    """The assets of some answers to a call with where they stand, as far as the viewer sees it."""
    asked = {one.asset for each in alliances for one in each.contributions}
    with registry.look(viewer) as sight:
        found = landscape_in(sight, None, call_id=call_id, assets=asked)
    names = {one.member: one.name for one in found.members}
    return [Placed(one.asset, one.name, names[one.member], one.town, one.lat, one.lon)
            for one in found.assets]  # fmt: skip


def side_by_side(registry: Registry, viewer: Viewer, run: Running) -> list[Column]:
    """The answers of a solve for alternatives, beside each other; the first is the balanced one."""
    alliances = [one.alliance for one in run.found]
    assets = {one.asset for each in alliances for one in each.contributions}
    with registry.look(viewer) as sight:
        landscape = landscape_in(sight, None, call_id=run.call_id, assets=assets)
        names = sight.names({one for each in alliances for one in each.partners})
    ids = run.proposal_ids or tuple(f"{run.run_id}.{n}" for n in range(len(alliances)))
    return [
        Column(chr(ord("A") + n), str(one.about.get("alternative", "balanced")), answer_id,
               str(one.about.get("trade", "")), measures_of(one.alliance, landscape),
               one.alliance.status, one.alliance.objective, one.alliance.checked,
               [names.get(each, each) for each in one.alliance.partners])
        for n, (one, answer_id) in enumerate(zip(run.found, ids, strict=True))
    ]  # fmt: skip


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


def seen_of(
    registry: Registry, viewer: Viewer, call_id: str, alliance: Alliance
) -> tuple[Landscape, dict[tuple[str, str], Answer], datetime]:
    """The assets of an answer as they are seen, where each contribution stands, the moment."""
    with registry.look(viewer) as sight:
        landscape = landscape_of(sight, alliance, call_id)
        own = commitments(sight, call_id=call_id)
        return landscape, answers_by_pair(alliance, own), sight.now


def _ids(alliance: Alliance) -> set[str]:
    ids = {each for one in alliance.contributions for each in (one.member, one.asset)}
    ids |= {each for one in alliance.changes for each in (one.member, one.asset)}
    rules = alliance.call.rules
    return ids | {*alliance.partners, *rules.include, *rules.exclude}


def _partners(
    sight: Sight, alliance: Alliance, landscape: Landscape, own: list[Commitment]
) -> list[Partner]:
    assets = {one.asset: one for one in landscape.assets}
    members = {one.member: one for one in landscape.members}
    records = {one.record_id: one for one in sight.records(sorted(assets), "asset")}
    said = {(one.need, one.asset_id, one.starts): one for one in own}
    last = {(one.need, one.asset_id): one for one in own}
    names = sight.names(_ids(alliance))
    found: list[Partner] = []
    for member in alliance.partners:
        gives = []
        for one in alliance.contributions:
            if one.member != member:
                continue
            asset = assets.get(one.asset)
            fields = records[one.asset].fields if one.asset in records else {}
            capacity = (
                next((c for c in asset.capacities if c.capacity == one.capacity), None)
                if asset
                else None
            )
            answered = said.get((one.need, one.asset, one.starts)) or last.get(
                (one.need, one.asset)
            )
            gives.append(Given(
                one, Named(one.asset, names.get(one.asset, one.asset)),
                capacity.state if capacity else None, capacity.year if capacity else None,
                asset.status if asset else "unknown",
                (fields.get("provenance") or {}).get("confidence"),
                asset.town if asset else None, asset.lat if asset else None,
                asset.lon if asset else None, answered.state if answered else None,
                answered.commitment_id if answered else None,
            ))  # fmt: skip
        known = members.get(member)
        found.append(Partner(Named(member, names.get(member, member)),
                             known.helix if known else "unknown",
                             known.country if known else None, gives))  # fmt: skip
    return found

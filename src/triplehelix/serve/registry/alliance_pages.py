"""The page of an answer to a call, and what can be done with it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.ally.call import Weights
from triplehelix.ally.changes import changes_said
from triplehelix.ally.what_if import Effect, Idea
from triplehelix.app.calls import records
from triplehelix.app.calls.commitments import invite
from triplehelix.app.calls.comparing import placed
from triplehelix.app.calls.exploring import start_worth
from triplehelix.app.calls.finding import find_answer, keep_answer
from triplehelix.app.calls.proposals import show_proposal
from triplehelix.app.calls.running import look_at, start_repair_of
from triplehelix.app.calls.runs import Solves
from triplehelix.app.calls.shown import AllianceAnswer, show_answer
from triplehelix.app.calls.trying import try_ideas
from triplehelix.app.registry.naming import choices_of
from triplehelix.errors import InputError, TripleHelixError, UnknownName
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.audiences import choices, ids_in
from triplehelix.serve.registry.call_words import rule_notes, with_names
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of, shown_to, take
from triplehelix.serve.registry.forms import typed
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.solve_pages import watched
from triplehelix.serve.registry.typed import text, texts
from triplehelix.serve.registry.visits import visited_page
from triplehelix.serve.render import View, edition_of
from triplehelix.store.registry.opening import Registry

router = APIRouter(include_in_schema=False)


@visited_page(router, "/calls/{call_id}/alliances/{answer_id}", "json", "geojson")
def alliance_page(
    request: Request, call_id: str, answer_id: str, worth: str = "", asset: str = "",
    change: str = "", days: str = "", invited: str = "", left_out: str = "",
) -> View:  # fmt: skip
    """An answer to a call, with its proof; `worth` is a solve for what each member adds."""
    found = show_answer(
        calling.solves_of(request), registry_of(request), viewer_of(request), call_id, answer_id,
        capabilities_of(request),
    )  # fmt: skip
    idea = {"asset": asset, "change": change, "days": days}
    context = {
        **calling.context(request, found.alliance.call),
        **_tables(found), **_tried(request, found, idea), **_worth(request, found, worth),
        "here": f"/calls/{call_id}/alliances/{answer_id}", "idea": idea,
        "invited": int(invited) if invited.isdigit() else None,
        "left_out": int(left_out) if left_out.isdigit() else 0,
    }  # fmt: skip
    return View("registry/alliance.html", found, context, features=lambda: _points(request, found))


@router.post("/calls/{call_id}/alliances/{answer_id}/without")
def take_out(request: Request, call_id: str, answer_id: str, form: Form) -> Response:
    """Take members out, and mend what is left."""
    solves, registry, viewer = _asked(request)
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    run_id = start_repair_of(
        solves, registry, viewer, call_id, (answer_id, found.alliance), texts(form, "member"),
        capabilities_of(request), edition=edition_of(request),
    )  # fmt: skip
    return watched(request, call_id, run_id)


@router.post("/calls/{call_id}/alliances/{answer_id}/worth")
def find_worth(request: Request, call_id: str, answer_id: str, form: Form) -> Response:
    """Work out what each member adds."""
    solves, registry, viewer = _asked(request)
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    run_id = start_worth(
        solves, registry, viewer, call_id, (answer_id, found.alliance), capabilities_of(request),
        edition=edition_of(request),
    )  # fmt: skip
    return watched(request, call_id, run_id)


@router.post("/calls/{call_id}/alliances/{answer_id}/keep")
def keep(request: Request, call_id: str, answer_id: str, form: Form) -> Response:
    """Keep it for the call."""
    kept = keep_answer(*_asked(request), call_id, answer_id)
    return see_other(f"/calls/{call_id}/alliances/{kept}")


@router.post("/calls/{call_id}/alliances/{answer_id}/invite")
def invite_all(request: Request, call_id: str, answer_id: str, form: Form) -> Response:
    """Invite all members of it, or those that the form names."""
    found = _kept(request, call_id, answer_id)
    made = invite(
        registry_of(request), viewer_of(request), found, capabilities_of(request),
        only=texts(form, "only"), reason=text(form, "reason"),
    )  # fmt: skip
    said = f"invited={len(made.made)}&left_out={len(made.left_out)}"
    return see_other(f"/calls/{call_id}/alliances/{answer_id}?{said}")


@live_page(router, "/calls/{call_id}/alliances/{answer_id}/show")
def proposal_to_show(request: Request, call_id: str, answer_id: str) -> View:
    """Asks who is to see it."""
    return _showing(request, call_id, answer_id)


@router.post("/calls/{call_id}/alliances/{answer_id}/show")
def show(request: Request, call_id: str, answer_id: str, form: Form) -> Response:
    """Let others see it too."""
    kept = _kept(request, call_id, answer_id)

    def do() -> str:
        shown = shown_to(request, form).get("*", "private")
        show_proposal(registry_of(request), viewer_of(request), kept, shown)
        return f"/calls/{call_id}/alliances/{answer_id}"

    return take(
        request, do,
        lambda r: _showing(request, call_id, answer_id, typed(form), r.errors, r.message),
    )  # fmt: skip


def _asked(request: Request) -> tuple[Solves, Registry, Viewer]:
    return calling.solves_of(request), registry_of(request), viewer_of(request)


def _kept(request: Request, call_id: str, answer_id: str) -> str:
    """The proposal's id; only what is kept for a call can be shown, or members invited to it."""
    found = find_answer(*_asked(request), call_id, answer_id)
    if found.proposal_id is None:
        require(viewer_of(request), Action.EDIT, _holder(request, call_id))
        raise InputError("this answer is not kept yet; keep it for the call first")
    return found.proposal_id


def _holder(request: Request, call_id: str) -> Holder:
    with registry_of(request).look(viewer_of(request)) as sight:
        sight.record("call", call_id)
        holder: Holder = sight.holder(call_id)
        return holder


def _tables(found: AllianceAnswer) -> dict[str, Any]:
    alliance = found.alliance
    changed = set(changes_said(alliance.changes, alliance))
    givers: dict[str, set[str]] = {}
    for one in alliance.contributions:
        givers.setdefault(one.need, set()).add(one.member)
    weights = alliance.call.weights.model_dump()
    answers = [{one.answer for one in each.gives} for each in found.partners]
    # What changed has a table of its own.
    of_rules, notes = rule_notes(one for one in alliance.notes if one not in changed)
    return {
        "names": found.names,
        "needs": {one.need: one for one in alliance.call.needs},
        "by_need": {need: sorted(who) for need, who in givers.items()},
        "weights": {name: weights.get(name) for name in Weights.model_fields},
        "actuals": {one.need: one.actual for one in found.actual},
        "answered": any(said - {None, "invited"} for said in answers),
        "unasked": sum(None in said for said in answers),
        "gone": [each for each, said in zip(found.partners, answers, strict=True)
                 if said and said <= {"declined", "withdrawn"}],
        "notes": [with_names(one, found.names) for one in notes],
        "rule_notes": [with_names(one, found.names) for one in of_rules],
        "all_tried": not any(one.startswith("Time ended before") for one in notes),
    }  # fmt: skip


def _worth(request: Request, found: AllianceAnswer, run_id: str) -> dict[str, Any]:
    if not run_id:
        return {"worth": {}, "worth_said": []}
    run = look_at(*_asked(request), run_id)
    if run.kind != "worth" or run.of != found.answer_id:
        raise nothing_so_named("solve")
    listed = (run.result or {}).get("worth", ())
    names = found.names
    return {
        "worth": {one["member"]: one for one in listed},
        "worth_said": [(names.get(one["member"], one["member"]), with_names(one["said"], names))
                       for one in listed],
    }  # fmt: skip


def _tried(request: Request, found: AllianceAnswer, idea: dict[str, str]) -> dict[str, Any]:
    effects: tuple[Effect, ...] = ()
    fault = ""
    if idea["asset"] and idea["change"]:
        try:
            effects = try_ideas(*_asked(request), found.call.call_id, found.answer_id,
                                [_idea(idea)], capabilities_of(request))  # fmt: skip
        except UnknownName:
            raise
        except TripleHelixError as err:
            fault = str(err)
    return {"effects": effects, "idea_fault": fault}


def _idea(idea: dict[str, str]) -> Idea:
    if idea["change"] == "without":
        return Idea(idea["asset"], without=True)
    days = idea["days"].strip()
    if not days.isascii() or not days.isdigit() or not 0 < int(days) <= 3_660:
        raise InputError(f"days is {days[:20]!r}; give a whole number from 1 to 3,660, such as 14")
    sign = -1 if idea["change"] == "later" else 1
    return Idea(idea["asset"], days_earlier=sign * int(days))


def _points(request: Request, found: AllianceAnswer) -> list[dict[str, Any]]:
    _, registry, viewer = _asked(request)
    there = placed(registry, viewer, found.call.call_id, [found.alliance])
    return [calling.asset_point(one) for one in there]


def _showing(
    request: Request, call_id: str, answer_id: str, shown: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None, message: str = "",
) -> View:  # fmt: skip
    _kept(request, call_id, answer_id)
    found = find_answer(*_asked(request), call_id, answer_id)
    call = records.call_to_edit(registry_of(request), viewer_of(request), call_id)
    now = found.visibility or "private"
    known = choices_of(registry_of(request), viewer_of(request), ids_in([now]))
    offered = choices(known.networks, now, known.names, whole=True)
    return View("registry/alliance_show.html", call, {
        "here": f"/calls/{call_id}/alliances/{answer_id}", "offered": offered,
        "typed": shown if shown is not None else {"see.*": now}, "errors": errors or {},
        "message": message,
    })  # fmt: skip

"""Solving a call: begun, watched, stopped; and different answers side by side."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.calls import records
from triplehelix.app.calls.comparing import Column, placed, side_by_side
from triplehelix.app.calls.losing import NOTHING, Losing
from triplehelix.app.calls.running import look_at, start_solve, stop, wait_for
from triplehelix.app.calls.runs import Running
from triplehelix.errors import InputError
from triplehelix.registry.ids import nothing_so_named
from triplehelix.serve.registry import calling, strips
from triplehelix.serve.registry.calling import asset_point
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import see_other
from triplehelix.serve.registry.typed import text
from triplehelix.serve.registry.visits import answer_visit, visited_page
from triplehelix.serve.render import View, edition_of

router = APIRouter(include_in_schema=False)
# A small call is solved before anybody has to wait on another page.
AT_ONCE_S, AGAIN_S = 2.5, 2
# What is to be so when members drop out: the share still met, or mending at the least cost.
THEN = {"all": 1.0, "90": 0.9, "75": 0.75, "50": 0.5, "mend": None}


@router.post("/calls/{call_id}/solve")
def solve(request: Request, call_id: str, form: Form) -> Response:
    """Begin to solve a call."""
    run_id = start_solve(
        calling.solves_of(request), registry_of(request), viewer_of(request), call_id,
        capabilities_of(request), edition=edition_of(request), losing=_losing(form),
        seconds=float(_whole(form, "seconds", 10)),
    )  # fmt: skip
    return watched(request, call_id, run_id)


@router.post("/calls/{call_id}/alternatives")
def find_alternatives(request: Request, call_id: str, form: Form) -> Response:
    """Begin to look for different answers."""
    run_id = start_solve(
        calling.solves_of(request), registry_of(request), viewer_of(request), call_id,
        capabilities_of(request), edition=edition_of(request), several=True, seconds=5.0,
    )  # fmt: skip
    return watched(request, call_id, run_id)


@router.get("/calls/{call_id}/solves/{run_id}")
def solve_page(request: Request, call_id: str, run_id: str, still: str = "") -> Response:
    """How a solve stands; once it is done, what came out."""
    run = _run(request, call_id, run_id)
    if run.state == "done" and not still:
        return see_other(outcome_of(run))
    call = records.call(registry_of(request), viewer_of(request), call_id)
    context = {
        **calling.context(request, call.call), "title": call.title, "still": bool(still),
        "here": f"/calls/{call_id}/solves/{run_id}", "then": outcome_of(run),
    }  # fmt: skip
    response = answer_visit(request, View("registry/solve_run.html", run, context))
    if run.state == "running" and not still:
        response.headers["refresh"] = str(AGAIN_S)
    return response


@router.post("/calls/{call_id}/solves/{run_id}/stop")
def stop_solve(request: Request, call_id: str, run_id: str, form: Form) -> Response:
    """Let it end with the best it has."""
    _run(request, call_id, run_id)
    stop(calling.solves_of(request), viewer_of(request), run_id)
    return see_other(f"/calls/{call_id}/solves/{run_id}")


@visited_page(router, "/calls/{call_id}/alternatives", "json", "geojson")
def alternatives_page(request: Request, call_id: str, run: str = "") -> View:
    """Different answers side by side: those of a solve of the viewer's own."""
    call = records.call(registry_of(request), viewer_of(request), call_id)
    if not run:
        return View("registry/alternatives_ask.html", [], {
            **calling.context(request, call.call), "call": call}, features=list)  # fmt: skip
    found = _run(request, call_id, run)
    if found.kind != "alternatives" or not found.found:
        raise nothing_so_named("solve")
    columns = side_by_side(registry_of(request), viewer_of(request), found)
    context = {**calling.context(request, call.call), "call": call, "run_id": run,
               "strips": strips, "drawn": strips.strips(columns)}  # fmt: skip
    return View("registry/alternatives.html", columns, context,
                features=lambda: _points(request, found, columns))  # fmt: skip


def watched(request: Request, call_id: str, run_id: str) -> Response:
    """The page of what came out, if that is soon; else the one that shows how it stands."""
    solves, registry, viewer = (calling.solves_of(request), registry_of(request),
                                viewer_of(request))  # fmt: skip
    run = wait_for(solves, registry, viewer, run_id, AT_ONCE_S)
    done = run.state == "done"
    return see_other(outcome_of(run) if done else f"/calls/{call_id}/solves/{run_id}")


def outcome_of(run: Running) -> str:
    """The address of what comes out of a solve."""
    call = f"/calls/{run.call_id}"
    if run.kind == "alternatives":
        return f"{call}/alternatives?run={run.run_id}"
    if run.kind == "worth":
        return f"{call}/alliances/{run.of}?worth={run.run_id}#group"
    if run.kind == "sharing":
        return f"{call}/alliances/{run.of}/sharing?run={run.run_id}"
    kept = run.proposal_ids[0] if run.proposal_ids else run.run_id
    return f"{call}/alliances/{kept}"


def _run(request: Request, call_id: str, run_id: str) -> Running:
    run = look_at(calling.solves_of(request), registry_of(request), viewer_of(request), run_id)
    if run.call_id != call_id:
        raise nothing_so_named("solve")
    return run


def _points(request: Request, run: Running, columns: list[Column]) -> list[dict[str, Any]]:
    """Assets as points, each with the letters of the answers it stands in."""
    alliances = [one.alliance for one in run.found]
    letters: dict[str, str] = {}
    for column, alliance in zip(columns, alliances, strict=True):
        for asset in sorted({one.asset for one in alliance.contributions}):
            letters[asset] = letters.get(asset, "") + column.letter
    found = placed(registry_of(request), viewer_of(request), run.call_id, alliances)
    return [asset_point(one, letters[one.asset_id]) for one in found]


def _losing(form: Form) -> Losing:
    lost, then = _whole(form, "lost", 0), text(form, "then") or "all"
    if then not in THEN:
        raise InputError(f"then is {then[:20]!r}; give {', '.join(THEN)}")
    if not lost:
        return NOTHING
    share = THEN[then]
    return Losing(recoverable=lost) if share is None else Losing(robust=lost, share=share)


def _whole(form: Form, name: str, otherwise: int) -> int:
    given = text(form, name)
    if given is None:
        return otherwise
    if not given.isascii() or not given.isdigit() or len(given) > 4:
        raise InputError(f"{name} is {given[:20]!r}; give a whole number, such as {otherwise}")
    return int(given)

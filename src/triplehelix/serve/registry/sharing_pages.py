"""How the partners of an answer could share what it brings, and what it costs."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.calls import records
from triplehelix.app.calls.exploring import start_sharing
from triplehelix.app.calls.finding import find_answer
from triplehelix.app.calls.running import look_at
from triplehelix.errors import InputError
from triplehelix.registry.ids import nothing_so_named
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.solve_pages import watched
from triplehelix.serve.registry.typed import text
from triplehelix.serve.registry.visits import visited_page
from triplehelix.serve.render import View

router = APIRouter(include_in_schema=False)
# For more needs than these nobody types prices in.
MOST_PRICED = 12


@visited_page(router, "/calls/{call_id}/alliances/{answer_id}/sharing", "json")
def sharing_page(request: Request, call_id: str, answer_id: str, run: str = "") -> View:
    """Shares of the benefit and of the cost; `run` is the solve that worked them out."""
    solves, registry, viewer = (calling.solves_of(request), registry_of(request),
                                viewer_of(request))  # fmt: skip
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    call = records.call(registry, viewer, call_id)
    shares: dict[str, Any] = {}
    if run:
        done = look_at(solves, registry, viewer, run)
        if done.kind != "sharing" or done.of != answer_id:
            raise nothing_so_named("solve")
        shares = dict((done.result or {}).get("sharing", {}))
    with registry.look(viewer) as sight:
        names = sight.names(found.alliance.partners)
    return View("registry/sharing.html", shares, {
        **calling.context(request, found.alliance.call), "call": call, "names": names,
        "here": f"/calls/{call_id}/alliances/{answer_id}",
        "priced": found.alliance.call.needs[:MOST_PRICED]
        if len(found.alliance.call.needs) <= MOST_PRICED else (),
        "currency": found.alliance.call.rules.currency,
    })  # fmt: skip


@router.post("/calls/{call_id}/alliances/{answer_id}/sharing")
def share(request: Request, call_id: str, answer_id: str, form: Form) -> Response:
    """Work it out."""
    solves, registry, viewer = (calling.solves_of(request), registry_of(request),
                                viewer_of(request))  # fmt: skip
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    needs = [one.need for one in found.alliance.call.needs]
    run_id = start_sharing(
        solves, registry, viewer, call_id, (answer_id, found.alliance), capabilities_of(request),
        outside=_outside(form, needs),
    )  # fmt: skip
    return watched(request, call_id, run_id)


def _outside(form: FormData, needs: list[str]) -> dict[str, float]:
    given = {need: said for need in needs if (said := text(form, f"outside.{need}"))}
    try:
        prices = {need: float(said.replace(",", "")) for need, said in given.items()}
    except ValueError as err:
        raise InputError("a price is no number; write one, such as 25000") from err
    if prices and len(prices) < len(needs):
        missing = next(need for need in needs if need not in prices)
        raise InputError(f"the need {missing!r} has no price elsewhere; give one for each, or none")
    return prices

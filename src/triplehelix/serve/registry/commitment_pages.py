"""Mobilising: what members were asked and have answered, and how the call gets on."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.calls import commitments as asked
from triplehelix.app.calls import records
from triplehelix.app.calls.commitments import CommitmentAnswer
from triplehelix.app.calls.following import report, reports
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import FieldFault, again, day, kept, number, text
from triplehelix.serve.render import Table, View

router = APIRouter(include_in_schema=False)


@live_page(router, "/calls/{call_id}/commitments", "json", "csv")
def commitments_page(request: Request, call_id: str) -> View:
    """All that was asked and answered, for the call's holder; of one's own for others."""
    registry, viewer = registry_of(request), viewer_of(request)
    call = records.call(registry, viewer, call_id)
    found = asked.commitments_to(registry, viewer, call_id)
    if not found and not call.editable:
        # Whether a call has answers is no matter of whoever is of neither side.
        require(viewer, Action.EDIT, Holder())
    context = {
        **calling.context(request, call.call), "call": call,
        "reported": _reported(request, call_id),
    }  # fmt: skip
    return View("registry/commitments.html", found, context, lambda: _table(found))


@live_page(router, "/invitations-to-calls", "json")
def invitations_page(request: Request) -> View:
    """What members that the viewer acts for were asked for."""
    found = asked.my_commitments(registry_of(request), viewer_of(request))
    return View("registry/invitations.html", found, calling.context(request))


@live_page(router, "/commitments/{commitment_id}", "json")
def commitment_page(request: Request, commitment_id: str) -> View:
    """One commitment: all that was said, and what can be said now."""
    return _page(request, commitment_id)


@router.post("/commitments/{commitment_id}/answer")
def answer(request: Request, commitment_id: str, form: Form) -> Response:
    """Offer, accept, counter, decline or withdraw."""

    def do() -> None:
        act = text(form, "act") or ""
        new = act in ("counter", "offer")
        asked.answer(
            registry_of(request), viewer_of(request), commitment_id, act, capabilities_of(request),
            amount=number(form, "amount") if new else None,
            starts=day(form, "starts") if new else None,
            ends=day(form, "ends") if new else None, reason=text(form, "reason"),
        )  # fmt: skip

    return _done(request, commitment_id, form, do)


@router.post("/commitments/{commitment_id}/report")
def tell(request: Request, commitment_id: str, form: Form) -> Response:
    """Say what is given from a day on."""

    def do() -> None:
        amount, since = number(form, "told"), day(form, "day")
        if amount is None or since is None:
            missing = "told" if amount is None else "day"
            raise FieldFault(missing, "this cannot be left empty")
        report(registry_of(request), viewer_of(request), commitment_id, since, amount)

    return _done(request, commitment_id, form, do)


@live_page(router, "/calls/{call_id}/progress", "json")
def progress_page(request: Request, call_id: str) -> View:
    """How a call gets on, as far as it lets that be known: counts and sums, no names."""
    call = records.call(registry_of(request), viewer_of(request), call_id)
    if call.progress is None:
        raise nothing_so_named("page of progress")
    context = {**calling.context(request, call.call), "call": call}
    said = {**call.progress, "changed_at": call.progress_changed_at}
    return View("registry/progress.html", said, context)


def _page(request: Request, commitment_id: str) -> View:
    found = asked.commitment(registry_of(request), viewer_of(request), commitment_id)
    context = {
        **calling.context(request), "typed": _typed(found), "faults": {}, "stale": False,
        "told": _told(request, found),
    }  # fmt: skip
    return View("registry/commitment.html", found, context)


def _done(
    request: Request, commitment_id: str, form: Form, do: Callable[[], None]
) -> Response:  # fmt: skip
    try:
        do()
    except (InputError, Conflict) as err:
        view = _page(request, commitment_id)
        context = {k: v for k, v in view.context.items() if k not in ("typed", "faults", "stale")}
        return again(request, view.template, view.answer, {**view.context["typed"], **kept(form)},
                     err, **context)  # fmt: skip
    return see_other(f"/commitments/{commitment_id}")


def _typed(found: CommitmentAnswer) -> dict[str, Any]:
    said = found.commitment
    return {
        "amount": f"{said.amount:g}" if said.amount is not None else "",
        "starts": said.starts.isoformat(), "ends": said.ends.isoformat() if said.ends else "",
    }  # fmt: skip


def _told(request: Request, found: CommitmentAnswer) -> list[Any]:
    if found.call is None:
        return []
    told = reports(registry_of(request), viewer_of(request), found.commitment.call_id)
    return [one for one in told if one.commitment_id == found.commitment.commitment_id]


def _reported(request: Request, call_id: str) -> dict[str, Any]:
    """The newest report of each commitment."""
    told = reports(registry_of(request), viewer_of(request), call_id)
    return {one.commitment_id: one for one in sorted(told, key=lambda one: one.day)}


def _table(found: list[CommitmentAnswer]) -> Table:
    columns = ["commitment_id", "member", "asset", "need", "amount", "unit", "starts", "ends",
               "state", "by", "made_at", "changed_at", "reason"]  # fmt: skip
    return columns, [
        [one.commitment.commitment_id, one.member.name if one.member else None,
         one.asset.name if one.asset else None, one.commitment.need, one.commitment.amount,
         one.commitment.unit, one.commitment.starts, one.commitment.ends, one.commitment.state,
         one.commitment.by, one.commitment.made_at, one.commitment.changed_at,
         one.events[-1].event.reason if one.events else None]
        for one in found
    ]  # fmt: skip

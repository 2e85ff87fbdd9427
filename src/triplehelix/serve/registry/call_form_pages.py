"""Writing a call: a form, a file to paste, or needs suggested from what somebody describes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.calls import records
from triplehelix.app.registry.naming import choices_of
from triplehelix.errors import Conflict, InputError, TripleHelixError, UnknownName
from triplehelix.read.call_files import parsed_call
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.call_forms import (
    BLANK_ROWS,
    MOST_ROWS,
    STATES,
    as_file,
    blank_row,
    content_of_form,
    typed_of_content,
    typed_of_form,
)
from triplehelix.serve.registry.call_suggestions import suggested_rows
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of, holder_of, holder_text, tree
from triplehelix.serve.registry.live import answer, live_page, see_other
from triplehelix.serve.registry.typed import again, text, whole
from triplehelix.serve.render import View

router = APIRouter(include_in_schema=False)
MOST_DESCRIBED = 2_000


@live_page(router, "/calls/new")
def new_call(request: Request, way: str = "", described: str = "") -> View:
    """The form of a new call; `way` is `file` to paste one, `described` what is needed in words."""
    typed = typed_of_content({}) | {"progress": "yes"}
    if said := described.strip()[:MOST_DESCRIBED]:
        as_of = registry_of(request).clock().date()
        rows = suggested_rows(said, as_of, capabilities_of(request))
        typed |= {"described": said, "rows": rows, "n_suggested": len(rows)}
    return _view(request, None, typed, way == "file")


@router.post("/calls/new")
def add_call(request: Request, form: Form) -> Response:
    """Make a draft of the call that a form tells of, or suggest needs for it."""
    require(viewer_of(request), Action.CREATE, holder_of(form))
    if text(form, "do") in ("suggest", "more"):
        return _once_more(request, None, form)
    holder = holder_of(form)
    try:
        made = records.create_call(
            registry_of(request), viewer_of(request), _content(form, {}), capabilities_of(request),
            member_id=holder.member_id, network_id=holder.network_id,
            progress=bool(text(form, "progress")),
        )  # fmt: skip
    except (InputError, Conflict, UnknownName) as err:
        return _refused(request, None, form, err)
    return see_other(f"/calls/{made}")


@live_page(router, "/calls/{call_id}/edit")
def call_to_edit(request: Request, call_id: str, way: str = "") -> View:
    """The form of a call, filled in."""
    found = records.call_to_edit(registry_of(request), viewer_of(request), call_id)
    typed = typed_of_content(found.content) | {
        "file": as_file(found.content), "version": found.version,
        "progress": "yes" if found.shows_progress else "",
    }  # fmt: skip
    return _view(request, found, typed, way == "file" or len(typed["rows"]) > MOST_ROWS)


@router.post("/calls/{call_id}/edit")
def edit_call(request: Request, call_id: str, form: Form) -> Response:
    """Let the call be what a form says."""
    found = records.call_to_edit(registry_of(request), viewer_of(request), call_id)
    if text(form, "do") in ("suggest", "more"):
        return _once_more(request, found, form)
    try:
        records.edit_call(
            registry_of(request), viewer_of(request), call_id, _content(form, found.content),
            capabilities_of(request), progress=bool(text(form, "progress")),
            version=whole(form, "version"),
        )  # fmt: skip
    except (InputError, Conflict, UnknownName) as err:
        return _refused(request, found, form, err)
    return see_other(f"/calls/{call_id}")


def _content(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says, from its fields or from a file that was pasted."""
    pasted = text(form, "file")
    if pasted is None:
        return content_of_form(form, before)
    call = parsed_call(pasted.encode(), "the file")
    said: dict[str, Any] = call.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return said


def _once_more(request: Request, found: records.CallAnswer | None, form: FormData) -> Response:
    """The form with what was typed, and with more rows: suggested ones, or empty ones."""
    typed = typed_of_form(form)
    if text(form, "do") == "suggest":
        as_of = _day(text(form, "as_of")) or registry_of(request).clock().date()
        said = " ".join(filter(None, (text(form, "described"), text(form, "text"))))
        rows = suggested_rows(said, as_of, capabilities_of(request))
        kept = [row for row in typed["rows"] if row["capability"]]
        there = {row["capability"] for row in kept}
        new = [row for row in rows if row["capability"] not in there]
        typed |= {"rows": [*kept, *new], "n_suggested": len(new)}
    return answer(request, _view(request, found, typed, as_pasted=False))


def _refused(
    request: Request, found: records.CallAnswer | None, form: FormData,
    error: TripleHelixError,
) -> Response:  # fmt: skip
    if isinstance(error, UnknownName):
        # A capability, say: what is wrong is in the form, and no page is missing.
        error = InputError(str(error))
    typed = typed_of_form(form)
    view = _view(request, found, typed, text(form, "file") is not None)
    context = {name: value for name, value in view.context.items()
               if name not in ("typed", "faults", "stale")}  # fmt: skip
    return again(request, view.template, found, view.context["typed"], error, **context)


def _view(
    request: Request, found: records.CallAnswer | None, typed: dict[str, Any], as_pasted: bool
) -> View:
    known = choices_of(registry_of(request), viewer_of(request))
    holders = [(holder_text(holder), words) for holder, words in known.holders]
    if found is None and not holders and not viewer_of(request).everything:
        # Whoever holds nothing may write no call: refused as the form itself would be.
        require(viewer_of(request), Action.CREATE, Holder())
    if viewer_of(request).everything:
        holders += [(one, name) for one, name in known.networks.items()]
    rows = [*typed.get("rows", ()), *(blank_row() for _ in range(BLANK_ROWS))]
    listed = [("", "choose"), *((one.capability, one.label) for group in tree(
        capabilities_of(request)) for one in group)]  # fmt: skip
    return View("registry/call_form.html", found, {
        **calling.context(request), "typed": typed | {"rows": rows}, "faults": {}, "stale": False,
        "holders": holders, "listed": listed, "as_pasted": as_pasted, "states": STATES,
        "action": f"/calls/{found.call_id}/edit" if found else "/calls/new",
    })  # fmt: skip


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None

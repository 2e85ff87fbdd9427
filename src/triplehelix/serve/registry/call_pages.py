"""Pages about calls: the list, one call, opening, closing and removing it."""

import re
from typing import Any

import yaml
from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.calls import records
from triplehelix.app.calls.commitments import my_commitments
from triplehelix.app.calls.proposals import proposals
from triplehelix.app.calls.records import CallAnswer
from triplehelix.app.registry.naming import choices_of
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.audiences import choices, ids_in
from triplehelix.serve.registry.call_words import rules_of
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of, in_words, shown_to, take, version_of
from triplehelix.serve.registry.forms import typed
from triplehelix.serve.registry.live import live_page, see_other, unkept
from triplehelix.serve.registry.visits import visited_page
from triplehelix.serve.render import Table, View

router = APIRouter(include_in_schema=False)


@live_page(router, "/calls", "json", "csv")
def calls_page(request: Request, q: str = "", state: str = "", page: int = 1) -> View:
    """Calls by words that they say and by state."""
    registry, viewer = registry_of(request), viewer_of(request)
    found = records.calls(registry, viewer, capabilities_of(request), " ".join(q.split()),
                          state=state or None, page=page)  # fmt: skip
    context = {**calling.context(request), "may_write": may_write(request)}
    return View("registry/calls.html", found, context, lambda: _table(found.calls))


def may_write(request: Request) -> bool:
    """Whether the viewer holds anything that a call could be of."""
    viewer = viewer_of(request)
    return bool(viewer.everything or viewer.members or viewer.stewards)


# Before the page itself, which would take the suffix for a part of the id.
@router.get("/calls/{call_id}.yaml")
def call_file(request: Request, call_id: str) -> Response:
    """The call as a file that `triplehelix call solve` reads."""
    found = records.call(registry_of(request), viewer_of(request), call_id)
    named = {"content-disposition": f'attachment; filename="{_slug(found.title)}.yaml"'}
    return unkept(Response(as_yaml(found), media_type="application/yaml", headers=named))


@visited_page(router, "/calls/{call_id}", "json")
def call_page(request: Request, call_id: str) -> View:
    """One call, and the answers to it that the viewer sees."""
    registry, viewer = registry_of(request), viewer_of(request)
    found = records.call(registry, viewer, call_id)
    return View("registry/call.html", found, _context(request, found))


@live_page(router, "/calls/{call_id}/open")
def call_to_open(request: Request, call_id: str) -> View:
    """Asks to whom it is to be opened."""
    return _opening(request, call_id, {"see.*": "public"})


@router.post("/calls/{call_id}/open")
def open_call(request: Request, call_id: str, form: Form) -> Response:
    """Open it."""
    registry, viewer = registry_of(request), viewer_of(request)
    records.call_to_edit(registry, viewer, call_id)

    def do() -> str:
        shown = shown_to(request, form).get("*", "private")
        records.open_call(registry, viewer, call_id, capabilities_of(request), visibility=shown,
                          version=version_of(form))  # fmt: skip
        return f"/calls/{call_id}"

    return take(request, do, lambda r: _opening(request, call_id, typed(form), r.errors, r.message))


@live_page(router, "/calls/{call_id}/close")
def call_to_close(request: Request, call_id: str) -> View:
    """Asks once."""
    return _sure(request, call_id, "close")


@router.post("/calls/{call_id}/close")
def close_call(request: Request, call_id: str, form: Form) -> Response:
    """Close it."""
    records.close_call(registry_of(request), viewer_of(request), call_id)
    return see_other(f"/calls/{call_id}")


@live_page(router, "/calls/{call_id}/remove")
def call_to_remove(request: Request, call_id: str) -> View:
    """Asks once."""
    return _sure(request, call_id, "remove")


@router.post("/calls/{call_id}/remove")
def remove_call(request: Request, call_id: str, form: Form) -> Response:
    """Take it away."""
    records.remove_call(registry_of(request), viewer_of(request), call_id)
    return see_other("/calls")


def as_yaml(found: CallAnswer) -> str:
    """A call as its file, without what is not shown."""
    said = found.call.model_dump(mode="json", exclude_none=True, exclude_defaults=True) if (
        found.call) else dict(found.content)  # fmt: skip
    text: str = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)
    return text


def _context(request: Request, found: CallAnswer) -> dict[str, Any]:
    registry, viewer = registry_of(request), viewer_of(request)
    known = proposals(registry, viewer, found.call_id)
    rules = found.call.rules if found.call else None
    ids = {one for each in known for one in (*each.asked.get("losses", ()),
                                              *each.asked.get("leave_out", ()))}  # fmt: skip
    if rules:
        ids |= {*rules.include, *rules.exclude, *(x for g in rules.never_together for x in g)}
    names = choices_of(registry, viewer, ids).names
    waiting = [one for one in my_commitments(registry, viewer)
               if one.commitment.call_id == found.call_id and "member" in one.as_side
               and "accept" in one.can] if viewer.user_id else []  # fmt: skip
    text = str(found.content.get("text", ""))
    return {
        **calling.context(request, found.call),
        "rules": rules_of(rules, names, calling.labels_of_needs(request, found.call))
        if rules else [], "names": names, "proposals": known,
        "paragraphs": [" ".join(p.split()) for p in re.split(r"\n\s*\n", text) if p.strip()],
        "mine": len(waiting), "answered": bool(found.progress and found.progress["states"]),
        "progress_said": _progress_said(found),
        "may_offer": bool(viewer.members or viewer.stewards) and found.state == "open"
        and found.call is not None,
        "seen": in_words(request, found.visibility),
    }  # fmt: skip


def _progress_said(found: CallAnswer) -> str:
    states = dict((found.progress or {}).get("states", {}))
    if not states:
        return "Nobody has been asked yet"
    said = [f"{n} {'asked' if state == 'invited' else state}" for state, n in states.items()]
    return f"Members: {', '.join(said)}"


def _opening(
    request: Request, call_id: str, shown: dict[str, Any], errors: dict[str, str] | None = None,
    message: str = "",
) -> View:  # fmt: skip
    found = records.call_to_edit(registry_of(request), viewer_of(request), call_id)
    now = str(shown.get("see.*", ""))
    ids = ids_in([now]) if ":" in now else set()
    known = choices_of(registry_of(request), viewer_of(request), ids)
    offered = choices(known.networks, None, known.names, whole=True)
    return View("registry/call_open.html", found, {
        **calling.context(request, found.call), "typed": shown, "errors": errors or {},
        "message": message, "offered": offered,
    })  # fmt: skip


def _sure(request: Request, call_id: str, what: str) -> View:
    found = records.call_to_edit(registry_of(request), viewer_of(request), call_id)
    return View("registry/call_sure.html", found, {"what": what})


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "call"


def _table(rows: list[records.CallRow]) -> Table:
    columns = ["call_id", "title", "heading", "state", "holder", "opens", "closes", "n_needs"]
    return columns, [
        [c.call_id, c.title, c.heading, c.state, c.holder.name if c.holder else None, c.opens,
         c.closes, c.n_needs]
        for c in rows
    ]  # fmt: skip

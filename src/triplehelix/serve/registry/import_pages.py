"""Bringing a file of assets in: checked first or at once, with what became of each row."""

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.registry.for_whom import for_whom
from triplehelix.app.registry.importing import corrections_file, import_file
from triplehelix.errors import InputError
from triplehelix.registry.exchange.reports import ImportReport, RowReport
from triplehelix.serve.registry.corrections import MOST_CORRECTED, corrected
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import answer, live_page, unkept
from triplehelix.serve.registry.typed import (
    FieldFault,
    again,
    audience,
    kept,
    text,
    upload,
)
from triplehelix.serve.render import MEDIA, View

router = APIRouter(include_in_schema=False)
CARRIED = 2_000_000  # bytes of a file that the page keeps for the next step
SHOWN = 200
_CHOICES = ("member", "network", "visibility", "format", "strict")


@live_page(router, "/import")
def import_page(request: Request) -> View:
    """The form."""
    choices = for_whom(registry_of(request), viewer_of(request))
    given = {name: request.query_params.get(name, "") for name in ("member", "network")}
    if len(choices.networks) == 1 and not choices.nobody:
        # Whoever looks after one network brings in for it, unless they say otherwise.
        given["network"] = given["network"] or choices.networks[0][0]
    return View("import.html", choices, {"typed": {"visibility": "private", **given},
                                         "faults": {}, "stale": False})  # fmt: skip


@router.post("/import")
def take_file(request: Request, form: Form) -> Response:
    """Check a file, or bring it in."""
    choices = for_whom(registry_of(request), viewer_of(request))
    try:
        name, content = _content(form)
        report = run_import(request, form, content)
    except InputError as err:
        return again(request, "import.html", choices, kept(form), err)
    return _reported(request, form, report, name, content)


@router.post("/import/faulty")
def faulty_rows(request: Request, form: Form) -> Response:
    """The faulty rows, which the page carried, as a file."""
    for_whom(registry_of(request), viewer_of(request))
    content = _carried(form)
    table = not content.startswith(b"{")
    name = "faulty-rows.csv" if table else "faulty-rows.jsonl"
    response = Response(content, media_type=MEDIA["csv"] if table else "application/jsonl")
    response.headers["content-disposition"] = f'attachment; filename="{name}"'
    return unkept(response)


def run_import(request: Request, form: FormData, content: bytes) -> ImportReport:
    """An import as a form asks for it."""
    return import_file(
        registry_of(request), viewer_of(request), content, format=text(form, "format"),
        member_id=text(form, "member"), network_id=text(form, "network"),
        visibility=audience(form), strict=text(form, "strict") is not None,
        dry_run=text(form, "do") == "check",
    )  # fmt: skip


def _content(form: FormData) -> tuple[str, bytes]:
    """The file that was chosen, that the page carried, or the rows that were corrected in it."""
    file = upload(form, "file")
    if file is not None:
        return file.filename or "file", file.file.read()
    if text(form, "carried"):
        return text(form, "name") or "file", _carried(form)
    rows = corrected(form)
    if rows:
        return f"corrected rows of {text(form, 'name') or 'the file'}", rows
    raise FieldFault("file", "choose a file first")


def _carried(form: FormData) -> bytes:
    try:
        return b64decode(text(form, "carried") or "", validate=True)
    except (NotBase64, ValueError) as err:
        raise FieldFault("file", "the file got lost on its way; choose it again") from err


def _reported(
    request: Request, form: FormData, report: ImportReport, name: str, content: bytes
) -> Response:
    faulty = corrections_file(report) if report.faulty else b""
    context = {
        "name": name[:200], "chosen": {one: text(form, one) or "" for one in _CHOICES},
        "carried": _packed(content) if not report.kept else "", "faulty_file": _packed(faulty),
        "faulty": [_open(row) for row in report.faulty[:MOST_CORRECTED]],
        "n_faulty": len(report.faulty), "warned": _told(report), "shown": SHOWN,
        "done": [row for row in report.rows if row.status in ("created", "updated")],
    }  # fmt: skip
    return answer(request, View("import_report.html", report, context))


def _packed(content: bytes) -> str:
    return b64encode(content).decode() if len(content) <= CARRIED else ""


def _told(report: ImportReport) -> list[RowReport]:
    """Rows that went in, or were left out without loss, and of which something is said."""
    return [row for row in report.rows if row.messages and row.status != "faulty"]


def _open(row: RowReport) -> dict[str, Any]:
    """A faulty row as fields: those that something is wrong with, and the others."""
    cells = row.cells or {}
    if any(not isinstance(value, str) for value in cells.values()):
        whole = json.dumps(cells, ensure_ascii=False, indent=1, default=str)
        return {"row": row, "json": whole, "wrong": [], "others": []}
    named = {message.where for message in row.messages}
    wrong = [(key, cells.get(key, "")) for key in _keys(named, cells)]
    others = [(key, value) for key, value in cells.items() if key not in dict(wrong)]
    return {"row": row, "json": "", "wrong": wrong, "others": others}


def _keys(named: set[str], cells: Any) -> list[str]:
    """The columns that messages name, as a message may name several; in the file's order."""
    exact = named & set(cells)
    told = {part.strip() for one in named - exact for part in re.split(r",| or | and ", one)}
    return [key for key in cells if key in exact or key in told]

"""From error to answer: one table of statuses, one handler."""

from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triplehelix.errors import (
    Conflict,
    EditionError,
    Forbidden,
    InputError,
    NotSignedIn,
    RegistryError,
    SolverError,
    SourceError,
    TooOften,
    TripleHelixError,
    UnknownName,
)
from triplehelix.serve.headers import LIVE, security_headers
from triplehelix.serve.render import site_of

STATUS: dict[type[TripleHelixError], int] = {
    UnknownName: 404,
    InputError: 422,
    SolverError: 503,
    SourceError: 502,
    EditionError: 503,
    RegistryError: 503,
    Forbidden: 403,
    Conflict: 409,
    NotSignedIn: 401,
    TooOften: 429,
    TripleHelixError: 500,
}
_TITLES = {401: "Not signed in", 403: "Not yours to change", 404: "Not found", 405: "Not allowed",
           409: "Changed or promised meanwhile", 422: "That cannot be answered",
           429: "Too often", 500: "Something went wrong", 502: "A source misbehaved",
           503: "It cannot be had at present"}  # fmt: skip
_DATA = (".json", ".csv", ".geojson", ".parquet")


def refuse_with(app: FastAPI) -> None:
    """Let every error reach the one handler."""
    for kind in (TripleHelixError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _refuse)


def status_of(error: Exception) -> int:
    """
    The HTTP status that stands for an error.

    Examples
    --------
    >>> status_of(UnknownName("no such cluster")), status_of(KeyError("ours"))
    (404, 500)
    """
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, RequestValidationError):
        return 422
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def _refuse(request: Request, error: Exception) -> Response:
    status = status_of(error)
    title = _TITLES.get(status, "That cannot be answered")
    detail = _detail(request, error)
    path = request.url.path
    # Starlette answers an unforeseen error outside all middleware, so it is dressed here.
    headers = {
        **security_headers(site_of(request).settings),
        **(getattr(error, "headers", None) or {}),
        **_what_next(error),
    }
    # What the registry answers to one asker is kept by nobody, and repeats no id.
    live = hasattr(request.state, "viewer")
    if live:
        headers["cache-control"] = LIVE
    if path.startswith("/api/") or path.endswith(_DATA):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JSONResponse(problem, status, headers=headers, media_type="application/problem+json")
    last = unquote(path.rstrip("/").rpartition("/")[2])
    # A name that was looked for in the address may be looked for again; an id may not.
    is_id = live or any(c.isdigit() for c in last)
    words = "" if is_id else last.replace("-", " ").replace("_", " ")[:100]
    context: dict[str, Any] = {
        "title": title,
        "detail": detail,
        "asked_for": words,
        "status": status,
    }
    response = site_of(request).html(request, "error.html", context, status=status)
    response.headers.update(headers)
    return response


def _what_next(error: Exception) -> dict[str, str]:
    """How a program may go on (RFC 6750, 3; RFC 9110, 10.2.3)."""
    if isinstance(error, NotSignedIn):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, TooOften):
        return {"retry-after": str(error.wait_s)}
    return {}


def _detail(request: Request, error: Exception) -> str:
    if isinstance(error, TripleHelixError):
        return str(error)
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][1:])
        where = "in what was sent" if first["loc"][0] == "body" else "in the address"
        return f"{name} is {str(first.get('input'))[:100]!r}: {first['msg']}; mend it {where}"
    if isinstance(error, HTTPException) and error.status_code == 404:
        return (
            f"nothing is at {unquote(request.url.path)[:200]}; the menu above leads to all there is"
        )
    if isinstance(error, HTTPException) and error.status_code != 405:
        return str(error.detail)
    if isinstance(error, HTTPException):
        allowed = (error.headers or {}).get("allow", "GET").replace("GET", "GET and HEAD")
        return f"{error.detail}: this address answers {allowed}"
    return "the fault is ours and has been written to the server's log; try another page"

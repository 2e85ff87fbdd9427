"""What people type into forms: taken from the form, kept on the page when something is wrong."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from triplehelix.errors import Conflict, InputError, TripleHelixError
from triplehelix.registry.visibility import Audience, Level
from triplehelix.serve.refusals import status_of
from triplehelix.serve.registry.live import answer
from triplehelix.serve.render import View

_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


class FieldFault(InputError):
    """Something is wrong with one field of a form, named first."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


def text(form: FormData, name: str) -> str | None:
    """What was typed into a field, without blanks around it; None for nothing."""
    value = form.get(name)
    return (value.strip() or None) if isinstance(value, str) else None


def texts(form: FormData, name: str) -> list[str]:
    """Every value of a field that may be there many times."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def upload(form: FormData, name: str) -> UploadFile | None:
    """A file that was chosen; None for none."""
    value = form.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


def words_of(form: FormData, name: str) -> list[str]:
    """A list typed with commas, blanks or lines between."""
    return [part for part in re.split(r"[,;\s]+", text(form, name) or "") if part]


def whole(form: FormData, name: str) -> int | None:
    """A whole number; None for nothing or for what is none."""
    value = text(form, name) or ""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def number(form: FormData, name: str) -> float | None:
    """
    A number, as people write it; None for nothing.

    Raises
    ------
    FieldFault
        If it is none.
    """
    given = text(form, name)
    if given is None:
        return None
    try:
        return float(given.replace(",", ""))
    except ValueError as err:
        raise FieldFault(name, f"{given[:40]!r} is no number; write one, such as 250") from err


def day(form: FormData, name: str) -> date | None:
    """
    A day; None for nothing.

    Raises
    ------
    FieldFault
        If it is none.
    """
    given = text(form, name)
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as err:
        raise FieldFault(name, "write a day, such as 2027-03-31") from err


def kept(form: FormData) -> dict[str, str]:
    """Everything that was typed, for the page to show again."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def paragraphs(typed: str | None) -> str | None:
    """
    Typed text as HTML: paragraphs where empty lines stand; what has tags already stays.

    Examples
    --------
    >>> paragraphs("Beds & benches\\nto share\\n\\nAsk us.")
    '<p>Beds &amp; benches<br>to share</p><p>Ask us.</p>'
    """
    if typed is None or _TAG.search(typed):
        return typed
    blocks = [b.strip() for b in re.split(r"\n\s*\n", typed.replace("\r\n", "\n")) if b.strip()]
    return "".join(f"<p>{escape(b, quote=False).replace(chr(10), '<br>')}</p>" for b in blocks)


def moment(form: FormData, name: str, zone: str | None) -> str:
    """
    A day and time typed into a field, with the offset that its zone has then.

    Raises
    ------
    FieldFault
        If it is none, the zone is none, or the clocks skip it.
    """
    try:
        bare = datetime.fromisoformat(text(form, name) or "")
    except ValueError as err:
        raise FieldFault(name, "give a day and a time, such as 2026-05-01T09:00") from err
    if bare.tzinfo is not None:
        return bare.isoformat()
    try:
        placed = bare.replace(tzinfo=ZoneInfo(zone or "Europe/London"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise FieldFault("zone", "choose a time zone of the list, such as Europe/London") from err
    if placed.astimezone(ZoneInfo("UTC")).astimezone(placed.tzinfo).replace(tzinfo=None) != bare:
        raise FieldFault(name, "the clocks skip this time; choose one an hour later")
    return placed.isoformat()


def audience(form: FormData) -> str:
    """
    The visibility chosen in a form; private where none was.

    Raises
    ------
    FieldFault
        If it is none.
    """
    try:
        return Audience.read(text(form, "visibility") or str(Level.PRIVATE)).text
    except InputError as err:
        raise FieldFault("visibility", str(err)) from err


def faults_of(error: TripleHelixError) -> dict[str, str]:
    """What is wrong, by field; under the empty name what is wrong with none of them."""
    cause = error.__cause__
    if isinstance(error, FieldFault):
        return {error.field: str(error)}
    if isinstance(cause, ValidationError):
        return {
            str(each["loc"][0]) if each["loc"] else "": _plain(each["msg"])
            for each in cause.errors()
        }
    return {"": str(error)}


def again(
    request: Request, template: str, answered: Any, typed: Mapping[str, Any],
    error: TripleHelixError, **context: Any,
) -> Response:  # fmt: skip
    """The same page once more: what was typed, and beside each field what is wrong with it."""
    status = status_of(error)
    if status == 404 or status >= 500:
        raise error
    given = {**context, "typed": typed, "faults": faults_of(error),
             "stale": isinstance(error, Conflict)}  # fmt: skip
    response = answer(request, View(template, answered, given))
    response.status_code = status
    return response


def _plain(message: str) -> str:
    said = message.removeprefix("Value error, ")
    return {
        "Field required": "fill this in",
        "Input should be a valid string": "fill this in",
    }.get(said, said[:1].lower() + said[1:])

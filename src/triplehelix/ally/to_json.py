"""An alliance as JSON, and back: what is stored, sent and kept beside a download."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pydantic import TypeAdapter, ValidationError

from triplehelix.ally.alliance import Alliance
from triplehelix.errors import InputError

FORM = 1
_ALLIANCE = TypeAdapter(Alliance)


def alliance_json(alliance: Alliance) -> dict[str, Any]:
    """
    The whole of an alliance as values of JSON: dates as `2020-12-14`, tuples as lists.

    `form` is the version of this layout; `gap` stands beside `objective` and `bound` for readers
    and is worked out anew when read back. Keys of mappings are in order, so that equal alliances
    give equal bytes.

    Raises
    ------
    InputError
        If a number is not finite: JSON has no such number.

    Examples
    --------
    >>> from triplehelix.ally.call import Call
    >>> call = Call.model_validate({"title": "T", "needs": [{"need": "a", "capability": "pcr"}]})
    >>> none = Alliance(call, "infeasible", None, None, {}, (), (), ())
    >>> alliance_json(none)["status"], alliance_from_json(alliance_json(none)) == none
    ('infeasible', True)
    """
    written: dict[str, Any] = _ALLIANCE.dump_python(alliance, mode="json")
    for holder, key in (
        (written, "terms"),
        (written, "said"),
        (written["call"]["rules"], "helices"),
    ):
        holder[key] = dict(sorted(holder[key].items()))
    whole = {"form": FORM, **written, "gap": alliance.gap}
    _require_finite(whole, "alliance")
    return whole


def alliance_from_json(value: Mapping[str, Any]) -> Alliance:
    """
    The alliance that `alliance_json` wrote.

    Raises
    ------
    InputError
        If it has another form, lacks something, or holds a value or key that no alliance has.
    """
    rest = dict(value)
    form = rest.pop("form", None)
    if form != FORM:
        raise InputError(
            f"form is {form!r}; this version reads alliances of form {FORM}: write it anew with it"
        )
    rest.pop("gap", None)
    try:
        alliance = _ALLIANCE.validate_python(rest)
    except ValidationError as err:
        first = err.errors()[0]
        raise InputError(
            f"{_where(first['loc'])}: {first['msg']} ({err.error_count()} such places); give an "
            "alliance as alliance_json writes it"
        ) from err
    _require_same_keys(rest, alliance)
    return alliance


def _require_same_keys(rest: Mapping[str, Any], alliance: Alliance) -> None:
    """A key that is not known would be lost without a word: a later version may have written it."""
    strange = _strange(rest, _ALLIANCE.dump_python(alliance, mode="json"), "alliance")
    if strange:
        raise InputError(
            f"{strange} is no part of an alliance of form {FORM}; take it out, or read it with the "
            "version that wrote it"
        )


def _strange(given: Any, known: Any, where: str) -> str | None:
    """Where the first key stands that is given and not known."""
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        for key in given:
            if key not in known:
                return f"{where}.{key}"
        parts = [(given[key], known[key], f"{where}.{key}") for key in given]
    elif isinstance(given, list | tuple) and isinstance(known, list):
        parts = [(a, b, f"{where}[{n}]") for n, (a, b) in enumerate(zip(given, known, strict=True))]
    else:
        return None
    return next((found for part in parts if (found := _strange(*part))), None)


def _require_finite(value: Any, where: str) -> None:
    if isinstance(value, float) and not isfinite(value):
        raise InputError(f"{where} is {value}, which JSON cannot say; use None where it is unknown")
    if isinstance(value, dict):
        for key, part in value.items():
            _require_finite(part, f"{where}.{key}")
    elif isinstance(value, list):
        for n, part in enumerate(value):
            _require_finite(part, f"{where}[{n}]")


def _where(parts: tuple[int | str, ...]) -> str:
    return ".".join(map(str, parts)) or "the alliance"

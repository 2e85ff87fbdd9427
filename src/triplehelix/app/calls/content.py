"""A call as its record keeps it, and as the alliance's own model of it."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from pydantic import ValidationError

from triplehelix.ally.call import Call
from triplehelix.capabilities.listed import Capabilities, Unit, read_unit
from triplehelix.errors import InputError

_OUTSIDE = ("state", "sealed_needs", "progress")
_NO_NEED_YET = {"need": "none-yet", "capability": "none-yet"}


def checked_content(
    content: Mapping[str, Any], capabilities: Capabilities, *, complete: bool
) -> dict[str, Any]:
    """
    The content of a call, as a call file has it, checked, as the fields of its record.

    Parameters
    ----------
    complete : whether it must have a need; a draft may have none yet.

    Raises
    ------
    InputError
        If a value is wrong or a key unknown; if a capability is not in the list, or not counted
        in the need's unit; if a rule names a sealed need, which all who see the rules would read.
    """
    if not isinstance(content, Mapping):
        raise InputError(f"a call is keys and values, not {str(content)[:40]!r}; give its title")
    given = {name: value for name, value in content.items() if value not in (None, "", [], {})}
    empty = not given.get("needs")
    if empty and not complete:
        given["needs"] = [_NO_NEED_YET]
    call = _validated(given)
    if not (empty and not complete):
        for need in call.needs:
            _require_counted(capabilities, need.need, need.capability, need.unit)
    _require_no_sealed_in_rules(call)
    said = call.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    needs = [] if empty else said.pop("needs")
    said.pop("needs", None)
    shown = [need for need in needs if not need.get("sealed")]
    sealed = [need for need in needs if need.get("sealed")]
    return {**said, "needs": shown, "sealed_needs": sealed}


def call_of(fields: Mapping[str, Any]) -> Call | None:
    """
    The call that these fields of a record make; None where no need is shown.

    Raises
    ------
    InputError
        If they are those of no call: somebody brought them in by hand.
    """
    needs = [*fields.get("needs", ()), *fields.get("sealed_needs", ())]
    if not needs:
        return None
    own = {name: value for name, value in fields.items() if name not in _OUTSIDE}
    return _validated({**own, "needs": needs})


def content_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a record as a call file has it: for the form, and to download."""
    own = {name: value for name, value in fields.items() if name not in _OUTSIDE}
    return {**own, "needs": [*fields.get("needs", ()), *fields.get("sealed_needs", ())]}


def _validated(content: Mapping[str, Any]) -> Call:
    try:
        return Call.model_validate(dict(content))
    except ValidationError as err:
        raise InputError("; ".join(_said(each) for each in err.errors())) from err


def _said(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the call"
    value = error.get("input")
    shown = "" if isinstance(value, dict) else f" is {str(value)[:80]!r}"
    return f"{where}{shown}: {error['msg'].removeprefix('Value error, ')}"


def _require_counted(
    capabilities: Capabilities, need: str, capability: str, unit: str | None
) -> None:
    known = capabilities[capability].units
    if unit is None or not known:
        return
    given = read_unit(unit)
    # A count of things that are made comes of a capacity to make so many in a while.
    rates = [Unit(given.unit, "day")] if given.per is None else []
    for asked, each in product((given, *rates), known):
        try:
            capabilities.convert(capability, 1.0, asked, each)
            return
        except InputError:
            continue
    raise InputError(
        f"the need {need!r}: {capability} is not counted in {unit!r}; use "
        f"{', '.join(each.text for each in known)}"
    )


def _require_no_sealed_in_rules(call: Call) -> None:
    sealed = {need.need for need in call.needs if need.sealed}
    named = {one.need for one in call.rules.fixed}
    named |= {one.need for one in call.rules.member_caps if one.need}
    for name in sorted(sealed & named):
        raise InputError(
            f"a rule names the need {name!r}, which is sealed: whoever sees the rules would learn "
            "of it; leave it out of the rules, or do not seal it"
        )

"""
What hangs on calls as lines of the registry's own form: proposals, and commitments with their talk.

A proposal stands with what it was made from, a commitment with every word that was said about it
and every report of what was given, corrected ones too. Who said it stays behind, as users do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from math import isfinite
from typing import Any

from triplehelix.errors import InputError
from triplehelix.registry.commitments import Commitment, CommitmentEvent, Report, State
from triplehelix.registry.exchange.line_values import days, listed, moments, texts
from triplehelix.registry.ids import is_id

KINDS = ("proposal", "commitment")
_OF_COMMITMENT = {"commitment_id", "call_id", "asset_id", "need", "by_user"}
_IDS = {
    "proposal_id": ("proposal",), "member_id": ("member", "network"), "asset_id": ("asset",),
    "capacity_id": ("capacity",), "reservation_id": ("reservation",),
}  # fmt: skip
_LONGEST = {"title": 300, "need": 80, "capability": 80, "unit": 300}


def proposal_line(
    said: Mapping[str, Any], parts: Mapping[str, Sequence[str]], *, visibility: str | None
) -> dict[str, Any]:
    """A proposal (`id`, `call_id`, `asked`, `result`, `made_at`) with what it was made from."""
    shown = {} if visibility is None else {"visibility": visibility}
    own = {one: sorted(fields) for one, fields in sorted(parts.items())}
    return {"is": "proposal", **_plain(said), **shown, "parts": own}


def commitment_line(
    one: Commitment, events: Sequence[CommitmentEvent], reports: Sequence[Report]
) -> dict[str, Any]:
    """A commitment with all that was said about it and reported, the earliest first."""
    own = asdict(one)
    return {
        "is": "commitment", "id": own.pop("commitment_id"), **_plain(own),
        "events": [_within(asdict(each)) for each in events],
        "reports": [{"id": each.report_id, **_within(asdict(each), "report_id")}
                    for each in reports],
    }  # fmt: skip


def checked_line(said: dict[str, Any]) -> dict[str, Any]:
    """
    A line of one of `KINDS`, checked; days and moments become Python's.

    Raises
    ------
    InputError
    """
    kind = str(said["is"])
    if not is_id(str(said.get("id")), kind):
        raise InputError(f"its id {str(said.get('id'))[:40]!r} is none of {kind}s")
    if not is_id(str(said.get("call_id")), "call"):
        raise InputError(f"its call_id {str(said.get('call_id'))[:40]!r} is none of calls")
    return _checked_proposal(said) if kind == "proposal" else _checked_commitment(said)


def _checked_proposal(said: dict[str, Any]) -> dict[str, Any]:
    texts(said, "visibility")
    given = {"asked": {}, "parts": {}, **said}
    for name in ("asked", "result", "parts"):
        if not isinstance(given.get(name), dict):
            raise InputError(f"its {name} is no object; write it as the export did")
    parts = given["parts"]
    if not all(is_id(one) and _are_texts(fields) for one, fields in parts.items()):
        raise InputError("its parts are no ids, each with names of fields")
    return {"visibility": "private", **given, **moments(said, "made_at")}


def _checked_commitment(said: dict[str, Any]) -> dict[str, Any]:
    _require_names(said)
    found = {**dict.fromkeys(Commitment.__dataclass_fields__), **said, **_word(said),
             **moments(said, "made_at", "changed_at")}  # fmt: skip
    _number(found, "held")
    events = [_checked_event(each) for each in listed(said, "events")]
    if not events or [each.get("n") for each in events] != list(range(1, len(events) + 1)):
        raise InputError("its events are not numbered from 1 on; write every word that was said")
    if (events[-1]["state"], events[-1]["by"]) != (found["state"], found["by"]):
        raise InputError("it does not stand as its last event says; correct one of them")
    reports = [_checked_report(each) for each in listed(said, "reports")]
    return {**found, "events": events, "reports": reports}


def _require_names(said: Mapping[str, Any]) -> None:
    texts(said, *_IDS, *_LONGEST)
    missing = [name for name in ("title", "member_id", "asset_id", "need", "capability", "starts")
               if not said.get(name)]  # fmt: skip
    if missing:
        raise InputError(f"it has no {missing[0]}; write it")
    for name, kinds in _IDS.items():
        if name in said and not any(is_id(said[name], kind) for kind in kinds):
            raise InputError(f"its {name} {said[name][:40]!r} is no id of that kind")
    for name, most in _LONGEST.items():
        if len(said.get(name, "")) > most:
            raise InputError(f"its {name} is longer than {most} letters; shorten it")


def _checked_event(said: dict[str, Any]) -> dict[str, Any]:
    texts(said, "reason")
    if "at" not in said or "starts" not in said:
        raise InputError("an event has no moment or no first day; write at and starts")
    return {"amount": None, "ends": None, "reason": None, **said, **_word(said),
            **moments(said, "at")}  # fmt: skip


def _checked_report(said: dict[str, Any]) -> dict[str, Any]:
    if not is_id(str(said.get("id")), "report") or "day" not in said:
        raise InputError("a report has no id or no day; write both")
    _number(said, "amount")
    if said.get("amount") is None:
        raise InputError("a report has no amount; write it")
    return {**said, **days(said, "day"), **moments(said, "made_at")}


def _word(said: Mapping[str, Any]) -> dict[str, Any]:
    """How something stands, who said so, how much, from when to when."""
    if str(said.get("state")) not in set(State) or said.get("by") not in ("call", "member"):
        raise InputError(
            f"its state is {str(said.get('state'))[:20]!r}, by {str(said.get('by'))[:20]!r}; write "
            f"one of {', '.join(State)}, by call or member"
        )
    _number(said, "amount")
    return dict(days(said, "starts", "ends"))


def _number(said: Mapping[str, Any], name: str) -> None:
    value = said.get(name)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise InputError(f"its {name} is {str(value)[:40]!r}; write a number, or leave it out")


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(one, str) for one in values)


def _within(said: dict[str, Any], *others: str) -> dict[str, Any]:
    return _plain({k: v for k, v in said.items() if k not in _OF_COMMITMENT and k not in others})


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in said.items() if value is not None
    }  # fmt: skip

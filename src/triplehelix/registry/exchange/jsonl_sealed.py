"""
Sealed matching as lines of the registry's own form, for who sees everything and nobody else.

Who is verified, what may be told, each bit and each use of it, questions, consents, opened names:
without them a call could ask for a bit anew where it has moved to, and ask more often. By whom it
was done stays behind, as users do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triplehelix.errors import InputError
from triplehelix.registry.exchange.line_values import moments, texts
from triplehelix.registry.ids import is_id

_RECORD = ("asset", "call")


@dataclass(frozen=True, slots=True)
class Shape:
    """
    What a line of a kind holds.

    `ids` by name, each with the kinds of things it may be of; `key` the names that tell a line
    from others. `optional` ids may be missing; `bits` are true or false; `moment` is when it was.
    `plain` has other values, by name, with what they are.
    """

    ids: Mapping[str, tuple[str, ...]]
    key: tuple[str, ...]
    moment: str
    optional: tuple[str, ...] = ()
    bits: tuple[str, ...] = ()
    plain: Mapping[str, type] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that a line holds."""
        return (*self.ids, *self.bits, *self.plain, self.moment)


SHAPES = {
    "verified": Shape({"record_id": ("member", "network")}, ("record_id",), "verified_at"),
    "sealed_offer": Shape(
        {"offer_id": ("offer",), "record_id": _RECORD, "call_id": ("call",)}, ("offer_id",),
        "made_at", optional=("call_id",),
    ),
    "sealed_pair": Shape(
        {"match_id": ("match",), "asset_id": ("asset",), "call_id": ("call",)}, ("match_id",),
        "at", bits=("matched",), plain={"asker": str, "needs": list},
    ),
    "sealed_use": Shape(
        {"use_id": ("use",), "record_id": _RECORD, "call_id": ("call",)}, ("use_id",), "at",
        optional=("call_id",), bits=("matched",),
    ),
    "sealed_question": Shape(
        {"question_id": ("question",), "record_id": _RECORD, "caller": ("member", "network")},
        ("question_id",), "at", bits=("answer",),
    ),
    "sealed_consent": Shape(
        {"record_id": _RECORD, "call_id": ("call",)}, ("record_id", "call_id"), "at",
        optional=("call_id",),
    ),
    "sealed_match": Shape(
        {"match_id": ("match",), "asset_id": ("asset",), "call_id": ("call",)}, ("match_id",),
        "opened_at", plain={"said": dict},
    ),
}  # fmt: skip
KINDS = tuple(SHAPES)


def sealed_line(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """
    A row as a line; what is not there is left out.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> sealed_line("verified", {"record_id": "mb_1", "verified_at": at, "by_user": "us_1"})
    {'is': 'verified', 'record_id': 'mb_1', 'verified_at': '2026-03-02T00:00:00+00:00'}
    """
    said = {name: row[name] for name in SHAPES[kind].names}
    return {"is": kind} | {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in said.items()
        if value not in (None, "")
    }


def checked_line(said: dict[str, Any]) -> dict[str, Any]:
    """
    A line of one of `KINDS`, checked: its moment becomes Python's, what is optional None.

    Raises
    ------
    InputError
    """
    kind = str(said["is"])
    shape = SHAPES[kind]
    texts(said, *shape.ids)
    for name, kinds in shape.ids.items():
        if name not in said and name in shape.optional:
            continue
        if not any(is_id(said.get(name, ""), one) for one in kinds):
            raise InputError(
                f"its {name} {str(said.get(name))[:40]!r} is no id of that kind "
                f"({' or '.join(kinds)})"
            )
    for name in shape.bits:
        if not isinstance(said.get(name), bool):
            raise InputError(f"its {name} is {str(said.get(name))[:20]!r}; write true or false")
    for name, wanted in shape.plain.items():
        if not isinstance(said.get(name), wanted):
            raise InputError(f"its {name} is not as the export writes it; write it so")
    if kind == "sealed_pair" and said["asker"] not in _RECORD:
        raise InputError(f"its asker is {said['asker'][:20]!r}; write asset or call")
    if shape.moment not in said:
        raise InputError(f"it has no {shape.moment}; write when it was")
    own = {name: said.get(name) for name in shape.names}
    return {"is": kind, **own, **moments(said, shape.moment)}

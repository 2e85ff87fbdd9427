"""
What a row said that no field of an asset holds, kept so that an export gives it back.

An export writes a row from an asset's fields. What the imported row said otherwise (another
case of letters, a column nobody knows) is kept beside what the fields gave at that time. An
export gives the row's own words as long as the fields still give the same; once somebody has
changed a field, the field counts.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

DEEPEST = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile(r"\r\n?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LOST = "\N{REPLACEMENT CHARACTER}"


def regular_text(text: str) -> str:
    """
    Text as the registry keeps it: line ends as \\n, no control letters, no blanks around it.

    Letters that turn the direction of the text are control letters too; half letters of UTF-16
    become U+FFFD.

    Examples
    --------
    >>> regular_text(" a\\r\\nb\\x00 ")
    'a\\nb'
    """
    return _SURROGATE.sub(_LOST, _CONTROL.sub("", _BREAK.sub("\n", text))).strip()


def regular(value: Any, depth: int = 0) -> Any:
    """
    A value of JSON with every text in it regular.

    Raises
    ------
    ValueError
        If it is nested more than 40 deep.
    """
    if depth > DEEPEST:
        raise ValueError(f"it is nested more than {DEEPEST} deep")
    if isinstance(value, str):
        return regular_text(value)
    if isinstance(value, list):
        return [regular(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {regular_text(key): regular(one, depth + 1) for key, one in value.items()}
    return value


def remember(said: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """
    Where a row and what its fields give are not the same.

    Examples
    --------
    >>> kept = remember({"Type": "EQUIPMENT", "Asset tag": "9"}, {"Type": "equipment"})
    >>> kept["Type"], kept["Asset tag"]
    ({'said': 'EQUIPMENT', 'shown': 'equipment'}, {'said': '9'})
    >>> recall(kept, {"Type": "equipment"})
    {'Type': 'EQUIPMENT', 'Asset tag': '9'}
    >>> recall(kept, {"Type": "facility"})
    {'Type': 'facility', 'Asset tag': '9'}
    """
    kept = {}
    for key in [*said, *(key for key in shown if key not in said)]:
        if not same(said, shown, key):
            kept[key] = {
                **({"said": said[key]} if key in said else {}),
                **({"shown": shown[key]} if key in shown else {}),
            }
    return kept


def recall(kept: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """What fields give now, in the row's own words where the fields still say the same."""
    row = dict(shown)
    for key, both in kept.items():
        before = {key: both["shown"]} if "shown" in both else {}
        if not same(before, shown, key):
            continue
        if "said" in both:
            row[key] = both["said"]
        else:
            row.pop(key, None)
    return row


def same(first: Mapping[str, Any], second: Mapping[str, Any], key: str) -> bool:
    """Whether two rows say the same under a key, in value and type; or neither says anything."""
    if (key in first) != (key in second):
        return False
    return key not in first or alike(first[key], second[key])


def alike(first: Any, second: Any) -> bool:
    """Whether two values are the same in JSON: 1, 1.0 and true are three values there."""
    if isinstance(first, str) or isinstance(second, str):
        return bool(first == second)
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def kept_of(fields: Mapping[str, Any], form: str) -> Mapping[str, Any]:
    """What an asset keeps of a row of a format; empty where it keeps nothing."""
    extra = fields.get("extra") or {}
    kept = extra.get(form)
    whole = isinstance(kept, dict) and all(isinstance(one, dict) for one in kept.values())
    return kept if whole and isinstance(kept, dict) else {}


def with_kept(fields: Mapping[str, Any], form: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """An asset's fields with what is kept of a row of a format, or without if that is nothing."""
    extra = {name: one for name, one in (fields.get("extra") or {}).items() if name != form}
    if kept:
        extra[form] = dict(kept)
    return {
        **{k: v for k, v in fields.items() if k != "extra"},
        **({"extra": extra} if extra else {}),
    }

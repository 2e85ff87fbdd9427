"""
An object of the Jisc equipment data service as an asset, and back.

The keys are those of its JSON: https://equipment.data.ac.uk. A key whose value no field of an
asset holds (`ukri_threshold`, `managing_facility`) is kept and given back.
"""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from triplehelix.registry.exchange.cells import fitted, name_from
from triplehelix.registry.exchange.remainder import (
    alike,
    kept_of,
    recall,
    regular,
    remember,
    with_kept,
)
from triplehelix.registry.exchange.reports import Notes
from triplehelix.registry.exchange.taking import (
    KEY_LONGEST,
    SourceRow,
    Taken,
    first_and_rest,
    identifier,
    laying,
    replaced,
    stable_html,
    whole,
    with_identifier,
)

FORM = "jisc"
KEYS = (
    "id", "name", "manufacturer", "model", "description", "commissioned_date",
    "decommissioned_date", "measured_variables", "subject", "contact_name", "contact_email",
    "managing_department", "managing_department_id", "managing_facility", "location", "access",
    "photo_link", "web_link", "related_link", "ukri_threshold",
)  # fmt: skip
_LINES = {
    "manufacturer": ("manufacturer", "text"), "model": ("model", "text"),
    "commissioned_date": ("commissioned", "text"),
    "decommissioned_date": ("decommissioned", "text"),
    "managing_department": ("department", "text"), "access": ("access", "long text"),
    "web_link": ("website", "address"),
}  # fmt: skip
_LISTS = {
    "measured_variables": ("measured_variables", "text"), "subject": ("subjects", "text"),
    "related_link": ("links", "address"),
}  # fmt: skip


def source_row(number: int, value: Mapping[str, Any]) -> SourceRow:
    """An object of a file, its texts made regular."""
    notes = Notes()
    try:
        said = regular(dict(value))
    except ValueError as err:
        notes.fault(str(err), "the object", "write it flatter")
        said = {}
    if isinstance(said.get("description"), str):
        said["description"] = stable_html(said["description"])
    for key in said:
        if key not in KEYS and key.casefold() != "problem":
            notes.warn("is no key of Jisc's", key[:80], "it is kept and given back by an export")
    said = {key: one for key, one in said.items() if key.casefold() != "problem"}
    own_id = said.get("id")
    own = str(own_id) if isinstance(own_id, str | int) and not isinstance(own_id, bool) else ""
    if len(own) > KEY_LONGEST:
        notes.fault(f"has {len(own):,} characters", "id", f"shorten it to {KEY_LONGEST}")
    return SourceRow(number, said, own, notes, value)


def object_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The object that an asset gives, in its own words where they still hold, keys in order."""
    row = recall(kept_of(fields, FORM), _plain(fields))
    return {key: row[key] for key in (*KEYS, *sorted(set(row) - set(KEYS))) if key in row}


def says_the_same(said: Mapping[str, Any], shown: Mapping[str, Any], record_id: str) -> bool:
    """Whether an object says what an export of the record would; its id may be the record's."""
    own = {"id": record_id} if said.get("id") == record_id and "id" not in shown else {}
    return alike(dict(said), {**shown, **own})


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    contacts = fields.get("contacts") or []
    row = {
        "id": identifier(fields, FORM),
        "name": fields.get("name"),
        "description": fields.get("description"),
        **{key: fields.get(name) for key, (name, _) in _LINES.items()},
        **{key: fields.get(name) for key, (name, _) in _LISTS.items()},
        "contact_name": _one_or_all([contact.get("name") for contact in contacts]),
        "contact_email": _one_or_all([contact.get("email") for contact in contacts]),
        "location": (fields.get("place") or {}).get("address"),
        "photo_link": _one_or_all(fields.get("photos") or []),
    }
    return {key: value for key, value in row.items() if value}


def _one_or_all(values: list[Any]) -> Any:
    if not any(values):
        return None
    return values[0] if len(values) == 1 else [value or "" for value in values]


def taken(row: SourceRow, before: Mapping[str, Any], record_id: str | None = None) -> Taken:
    """
    An asset's fields after an object; what Jisc's keys do not tell of stays.

    Parameters and result are those of `uniquip.taken`.
    """
    notes = row.notes
    new = _fields(row.said, before, record_id, notes)
    own = whole(new, notes) if not notes.faults else None
    if own is None:
        return Taken(None, tuple(notes.faults), tuple(notes.warnings))
    kept = remember(row.said, _plain(own))
    return Taken(with_kept(own, FORM, kept), (), tuple(notes.warnings))


def _fields(
    said: Mapping[str, Any], before: Mapping[str, Any], record_id: str | None, notes: Notes
) -> dict[str, Any]:
    new, lay = laying(before, said, object_of(before))
    for key, (name, kind) in _LINES.items():
        lay([key], name, fitted(kind, said.get(key), key, notes))
    for key, (name, kind) in _LISTS.items():
        lay([key], name, _all_fitted(kind, said.get(key), key, notes))
    lay(["description"], "description", fitted("html", said.get("description"), "description",
                                               notes))  # fmt: skip
    lay(["photo_link"], "photos", _all_fitted("address", said.get("photo_link"), "photo_link",
                                              notes))  # fmt: skip
    contacts = _contacts(said, notes)
    rest = first_and_rest(contacts, before.get("contacts"), len(contacts))
    lay(["contact_name", "contact_email"], "contacts", rest)
    address = fitted("text", said.get("location"), "location", notes)
    lay(["location"], "place", replaced(before.get("place") or {}, "address", address))
    own_id = str(said.get("id") or "") if said.get("id") != record_id else None
    lay(["id"], "identifiers", with_identifier(before, FORM, own_id))
    lay(["name"], "name", _name(said, before, notes))
    return {"kind": "equipment", "provenance": {"format": "Jisc equipment JSON"}, **new}


def _name(said: Mapping[str, Any], before: Mapping[str, Any], notes: Notes) -> str | None:
    made = fitted("text", said.get("name"), "name", notes) or before.get("name")
    text = said.get("description")
    made = made or name_from(text if isinstance(text, str) else "")
    if made is None:
        notes.fault("has neither name nor description", "name", "write at least one of them")
    return made


def texts(value: Any) -> list[str]:
    """The texts of a value that may be one text, several between semicolons, or a list of them."""
    if isinstance(value, str):
        value = value.split(";") if "://" not in value else [value]
    if not isinstance(value, list):
        return []
    return [one.strip() for one in value if isinstance(one, str) and one.strip()]


def _all_fitted(kind: str, value: Any, where: str, notes: Notes) -> list[str]:
    found = (fitted(kind, one, where, notes) for one in texts(value))
    return [one for one in found if one]


def _contacts(said: Mapping[str, Any], notes: Notes) -> list[dict[str, str]]:
    names = _all_fitted("text", said.get("contact_name"), "contact_name", notes)
    emails = _all_fitted("email", said.get("contact_email"), "contact_email", notes)
    pairs = zip_longest(names, emails)
    return [
        {key: one for key, one in (("name", name), ("email", email)) if one}
        for name, email in list(pairs)[:10]
    ]

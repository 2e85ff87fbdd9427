"""From what a form sent to the fields of a record, and back; what is wrong, by field."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

LINES = ("measured_variables", "subjects", "photos", "links", "part_of", "accreditations")
GROUPS = {
    "place": ("town", "postcode", "site", "building", "address", "country", "lat", "lon",
              "precision", "reference"),
    "terms": ("who", "price", "currency", "price_unit", "vat", "contract", "insurance", "training",
              "technician_included", "note"),
    "provenance": ("source", "url", "retrieved", "confidence", "note", "format"),
}  # fmt: skip
ASSET_TEXTS = (
    "name", "kind", "description", "manufacturer", "model", "commissioned", "decommissioned",
    "website", "department", "service_level", "access", "status",
)  # fmt: skip
ASSET_LINES = ("measured_variables", "subjects", "photos", "links", "part_of")
MEMBER_TEXTS = ("name", "organisation_id", "helix", "country", "website", "description")
CAPACITY_TEXTS = (
    "capability", "amount", "unit", "per", "starts", "ends", "surge_amount", "surge_lead_days",
    "lead_days", "staff", "containment", "state", "year", "note",
)  # fmt: skip
CONTACT = ("name", "telephone", "url", "email")
MOST_CONTACTS = 10
# What pydantic says, said so that one knows what to write.
_SAYS = {
    "missing": "this cannot be left empty",
    "string_too_short": "this cannot be left empty",
    "float_parsing": "write a number, such as 12.5",
    "int_parsing": "write a whole number",
    "date_from_datetime_parsing": "write a day, such as 2027-03-31",
    "date_parsing": "write a day, such as 2027-03-31",
    "enum": "choose one of the list",
    "literal_error": "choose one of the list",
    "bool_parsing": "choose one of the list",
}
_PATTERNS = {
    "country": "write the two capital letters of the country, such as GB",
    "currency": "write the three capital letters of the currency, such as GBP",
    "email": "write an e-mail address, such as desk@example.org",
    "capabilities": "choose from the list of capabilities",
    "part_of": "write the id of another asset, as its address ends",
}


def asset_fields(form: FormData) -> dict[str, Any]:
    """The fields of an asset that a form sent; what was left empty is not there."""
    said = _texts(form, ASSET_TEXTS) | _lists(form, ASSET_LINES) | _grouped(form)
    chosen = [str(one) for one in form.getlist("capabilities")]
    said |= {"capabilities": chosen} if chosen else {}
    for name, read in (("techniques", _technique), ("identifiers", _identifier)):
        found = [read(line) for line in _lines(form, name)]
        said |= {name: found} if found else {}
    return said


def member_fields(form: FormData) -> dict[str, Any]:
    """The fields of a member that a form sent."""
    said = _texts(form, MEMBER_TEXTS) | _grouped(form)
    found = [_identifier(line) for line in _lines(form, "identifiers")]
    return said | ({"identifiers": found} if found else {})


def capacity_fields(form: FormData) -> dict[str, Any]:
    """The fields of a capacity that a form sent."""
    return _texts(form, CAPACITY_TEXTS) | _lists(form, ("accreditations",))


def visibility(form: FormData, named: Iterable[str] = ()) -> dict[str, str]:
    """
    Visibilities that a form sent as `see.FIELD`, and `see.*` of the whole.

    A field left at "as the whole" is not there. `members` stands for the members that the form
    names, by their ids in `named`.
    """
    shown = {}
    for key, value in form.multi_items():
        if not key.startswith("see.") or not isinstance(value, str) or not value:
            continue
        ids = ",".join(sorted(set(named)))
        shown[key.removeprefix("see.")] = f"named:{ids}" if value == "members" else value
    return shown


def typed(form: FormData) -> dict[str, Any]:
    """What was typed, by the name of its field, to be shown again; lists of choices as lists."""
    shown: dict[str, Any] = {
        key: value for key, value in form.multi_items() if isinstance(value, str)
    }
    shown["capabilities"] = [str(one) for one in form.getlist("capabilities")]
    return shown


def as_typed(fields: Mapping[str, Any], shown: Mapping[str, str] | None = None) -> dict[str, Any]:
    """
    Fields of a record as a form shows them.

    Examples
    --------
    >>> as_typed({"name": "A", "place": {"lat": 52.1}, "subjects": ["x", "y"]})
    {'name': 'A', 'place.lat': '52.1', 'subjects': 'x\\ny'}
    """
    said: dict[str, Any] = {}
    for name, value in fields.items():
        if name in GROUPS:
            said |= {f"{name}.{part}": _text(each) for part, each in value.items()}
        elif name == "contacts":
            for n, contact in enumerate(value):
                said |= {f"contacts.{n}.{part}": _text(each) for part, each in contact.items()}
        elif name == "techniques":
            said[name] = "\n".join(
                _joined(" | ", t.get("term"), t.get("vocabulary")) for t in value
            )
        elif name == "identifiers":
            said[name] = "\n".join(f"{i['scheme']}: {i['value']}" for i in value)
        elif name == "capabilities":
            said[name] = list(value)
        elif name != "extra":
            said[name] = "\n".join(value) if isinstance(value, list | tuple) else _text(value)
    return said | {f"see.{name}": text for name, text in (shown or {}).items()}


def faults(model: type[BaseModel], fields: Mapping[str, Any]) -> dict[str, str]:
    """
    What is wrong, by the name of the form's field; empty where nothing is.

    Examples
    --------
    >>> from triplehelix.registry.fields import AssetFields
    >>> faults(AssetFields, {"name": "A", "kind": "equipment", "place": {"lat": "x", "lon": "0"}})
    {'place.lat': 'write a number, such as 12.5'}
    """
    try:
        model.model_validate(fields)
    except ValidationError as err:
        found: dict[str, str] = {}
        for each in err.errors():
            found.setdefault(_field_of(each["loc"]), _said(each))
        return found
    return {}


def n_contacts(shown: Mapping[str, Any]) -> int:
    """How many contacts a form has room for: those there are, and one more."""
    numbers = [int(found[1]) for key in shown if (found := re.match(r"contacts\.(\d+)\.", key))
               and shown[key]]  # fmt: skip
    return min(MOST_CONTACTS, max(numbers, default=-1) + 2)


def _texts(form: FormData, names: Iterable[str]) -> dict[str, Any]:
    found = {name: str(form.get(name) or "").strip() for name in names}
    return {name: text for name, text in found.items() if text}


def _lines(form: FormData, name: str) -> list[str]:
    return [line.strip() for line in str(form.get(name) or "").splitlines() if line.strip()]


def _lists(form: FormData, names: Iterable[str]) -> dict[str, Any]:
    found = {name: _lines(form, name) for name in names}
    return {name: lines for name, lines in found.items() if lines}


def _grouped(form: FormData) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for group, parts in GROUPS.items():
        found = {part: str(form.get(f"{group}.{part}") or "").strip() for part in parts}
        if any(found.values()):
            said[group] = {part: text for part, text in found.items() if text}
    contacts = []
    for n in range(MOST_CONTACTS):
        found = {part: str(form.get(f"contacts.{n}.{part}") or "").strip() for part in CONTACT}
        if any(found.values()):
            contacts.append({part: text for part, text in found.items() if text})
    return said | ({"contacts": contacts} if contacts else {})


def _technique(line: str) -> dict[str, str]:
    term, _, vocabulary = (part.strip() for part in line.partition("|"))
    return {"term": term, "vocabulary": vocabulary} if vocabulary else {"term": term}


def _identifier(line: str) -> dict[str, str]:
    scheme, _, value = (part.strip() for part in line.partition(":"))
    return {"scheme": scheme, "value": value}


def _field_of(where: tuple[int | str, ...]) -> str:
    names = [str(part) for part in where]
    if names and (names[0] in GROUPS or names[0] == "contacts"):
        # What is wrong with the whole of a group stands beside its first field.
        first = {"place": "lat", "terms": "currency", "provenance": "source"}.get(names[0], "name")
        return ".".join([*names, first] if len(names) < (3 if names[0] == "contacts" else 2)
                        else names)  # fmt: skip
    return names[0] if names else "form"


def _said(error: Any) -> str:
    last = next((str(p) for p in reversed(error["loc"]) if isinstance(p, str)), "")
    if error["type"] == "string_pattern_mismatch":
        return _PATTERNS.get(last, "this is not how it is written")
    return _SAYS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _joined(between: str, *parts: str | None) -> str:
    return between.join(part for part in parts if part)

"""
An instrument of PIDINST 1.0 as an asset, and back.

Krahl et al. (2022), doi:10.15497/RDA00070; `pidinst_schema` has the properties. A file may write
their names in any case and in singular or plural; an export writes them as the schema does.
"""

import re
from collections.abc import Mapping
from typing import Any

from triplehelix.registry.exchange.cells import fitted
from triplehelix.registry.exchange.jisc import texts
from triplehelix.registry.exchange.pidinst_schema import ALTERNATE_TYPES, SCHEMA
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
    laying,
    stable_html,
    whole,
)

FORM = "pidinst"
KEYS = tuple(SCHEMA["properties"])
NAMELESS = ":unav"  # DataCite's word for a value that is not available
PIDS = ("DOI", "Handle", "ARK", "PURL", "URN", "w3id", "IGSN", "RRID", "URL")
_BY_WORD = {key.lower().removesuffix("s"): key for key in KEYS}
_LISTS = {key for key, one in SCHEMA["properties"].items() if one.get("type") == "array"}
_DATES = {"Commissioned": "commissioned", "DeCommissioned": "decommissioned"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def source_row(number: int, value: Mapping[str, Any]) -> SourceRow:
    """An object of a file: its texts made regular, its properties under their names."""
    notes = Notes()
    try:
        said = _named(regular(dict(value)))
    except ValueError as err:
        notes.fault(str(err), "the object", "write it flatter")
        said = {}
    if isinstance(said.get("description"), str):
        said["description"] = stable_html(said["description"])
    _look_over(said, notes)
    own = _pid(said)[1]
    if len(own) > KEY_LONGEST:
        notes.fault(f"has {len(own):,} characters", "identifier", f"shorten it to {KEY_LONGEST}")
    return SourceRow(number, said, own, notes, value)


def _named(value: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, one in value.items():
        name = _BY_WORD.get(key.lower().removesuffix("s"), key)
        if key.casefold() != "problem" and name not in said:
            alone = isinstance(one, dict) and name in _LISTS
            said[name] = [one] if alone else one
    return said


def _look_over(said: Mapping[str, Any], notes: Notes) -> None:
    for key in SCHEMA["required"]:
        if not said.get(key) and key != "name":
            notes.warn("is missing, which PIDINST asks for", key, "add it where you can")
    if said.get("schemaVersion") not in (None, "1.0"):
        notes.warn(f"is {str(said['schemaVersion'])[:20]!r}", "schemaVersion",
                   "read as if it were 1.0; look the record over")  # fmt: skip
    for key in said:
        if key not in KEYS:
            notes.warn("is no property of PIDINST", key[:80],
                       "it is kept and given back by an export")  # fmt: skip


def object_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The object that an asset gives, in its own words where they still hold."""
    return _ordered(recall(kept_of(fields, FORM), _plain(fields)))


def with_mandatory(
    row: Mapping[str, Any], *, record_id: str, owner: str | None, page: str | None
) -> dict[str, Any]:
    """
    An object with all that PIDINST asks for, as far as it was not there.

    Parameters
    ----------
    record_id : stands in for an identifier.
    owner : name of the member who holds it; None where it is not known, which is written `:unav`.
    page : its page in the registry; None where the registry's address is not known.
    """
    filled = {
        "identifier": {"identifier": record_id, "identifierType": "Other"},
        "schemaVersion": "1.0",
        "landingPage": page or f"urn:triplehelix:{record_id}",
        "owners": [{"ownerName": owner or NAMELESS}],
        "manufacturers": [{"manufacturerName": NAMELESS}],
    }
    lacking = {key: value for key, value in filled.items() if not row.get(key)}
    return _ordered({**row, **lacking})


def says_the_same(said: Mapping[str, Any], shown: Mapping[str, Any], record_id: str) -> bool:
    """Whether an object says what an export of the record would, what was filled in aside."""
    added = {key for key in set(said) - set(shown) if _is_filled(key, said[key], record_id)}
    return alike({key: one for key, one in said.items() if key not in added}, dict(shown))


def _is_filled(key: str, value: Any, record_id: str) -> bool:
    if key == "identifier":
        return bool(value == {"identifier": record_id, "identifierType": "Other"})
    if key == "landingPage":
        return str(value).endswith(record_id)
    return key in ("schemaVersion", "owners") or value == [{"manufacturerName": NAMELESS}]


def _ordered(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in (*KEYS, *sorted(set(row) - set(KEYS))) if key in row}


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    own = _own_pid(fields)
    row = {
        "identifier": own and {"identifier": own["value"], "identifierType": own["scheme"]},
        "landingPage": fields.get("website"),
        "name": fields.get("name"),
        "manufacturers": _wrapped("manufacturerName", [fields.get("manufacturer")]),
        "model": next(iter(_wrapped("modelName", [fields.get("model")])), None),
        "description": fields.get("description"),
        "instrumentTypes": _wrapped(
            "instrumentTypeName", [one["term"] for one in fields.get("techniques") or []]
        ),
        "measuredVariables": fields.get("measured_variables"),
        "dates": [
            {"date": fields[name], "dateType": kind}
            for kind, name in _DATES.items()
            if _DATE.match(fields.get(name) or "")
        ],
        "relatedIdentifiers": [
            {"relatedIdentifier": link, "relatedIdentifierType": "URL",
             "relationType": "References"}
            for link in fields.get("links") or []
        ],
        "alternateIdentifiers": [
            _alternate(one) for one in fields.get("identifiers") or [] if one != own
        ],
    }  # fmt: skip
    return {key: value for key, value in row.items() if value}


def _wrapped(name: str, values: list[Any]) -> list[dict[str, Any]]:
    return [{name: value} for value in values if value]


def _own_pid(fields: Mapping[str, Any]) -> Mapping[str, str] | None:
    found = (one for one in fields.get("identifiers") or [] if one["scheme"] in PIDS)
    return next(found, None)


def _alternate(one: Mapping[str, str]) -> dict[str, str]:
    if one["scheme"] in ALTERNATE_TYPES:
        return {"alternateIdentifier": one["value"], "alternateIdentifierType": one["scheme"]}
    return {"alternateIdentifier": one["value"], "alternateIdentifierType": "Other",
            "alternateIdentifierName": one["scheme"]}  # fmt: skip


def taken(row: SourceRow, before: Mapping[str, Any], record_id: str | None = None) -> Taken:
    """
    An asset's fields after an object; what PIDINST does not tell of stays.

    Parameters and result are those of `uniquip.taken`.
    """
    notes = row.notes
    new = _fields(row.said, before, notes)
    if "name" not in new:
        notes.fault("is missing", "name", "write the name by which the instrument is known")
    own = whole(new, notes) if not notes.faults else None
    if own is None:
        return Taken(None, tuple(notes.faults), tuple(notes.warnings))
    kept = remember(row.said, _plain(own))
    return Taken(with_kept(own, FORM, kept), (), tuple(notes.warnings))


def _fields(said: Mapping[str, Any], before: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    new, lay = laying(before, said, object_of(before))
    lay(["name"], "name", fitted("text", said.get("name"), "name", notes))
    lay(["landingPage"], "website", _web(said.get("landingPage"), notes))
    makers = _inner(said, "manufacturers", "manufacturerName")
    lay(["manufacturers"], "manufacturer", _first_text(makers, "manufacturers", notes))
    models = _inner({"model": [said.get("model")]}, "model", "modelName")
    lay(["model"], "model", _first_text(models, "model", notes))
    lay(["description"], "description",
        fitted("html", said.get("description"), "description", notes))  # fmt: skip
    types = _inner(said, "instrumentTypes", "instrumentTypeName")
    lay(["instrumentTypes"], "techniques",
        [{"term": fits} for one in types
         if (fits := fitted("text", one, "instrumentTypes", notes))])  # fmt: skip
    variables = [one for one in _listed(said.get("measuredVariables")) if isinstance(one, str)]
    lay(["measuredVariables"], "measured_variables",
        [fits for one in variables
         if (fits := fitted("text", one, "measuredVariables", notes))])  # fmt: skip
    for kind, name in _DATES.items():
        lay(["dates"], name, _day(said, kind, notes))
    lay(["relatedIdentifiers"], "links", _links(said, notes))
    lay(["identifier", "alternateIdentifiers"], "identifiers", _identifiers(said, notes))
    return {"kind": "equipment", "provenance": {"format": "PIDINST 1.0"}, **new}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else texts(value) if isinstance(value, str) else []


def _inner(said: Mapping[str, Any], key: str, name: str) -> list[str]:
    """The names in a list of objects, or of texts where a file writes it shorter."""
    found = [one.get(name) if isinstance(one, dict) else one for one in _listed(said.get(key))]
    return [one for one in found if isinstance(one, str) and one and one != NAMELESS]


def _first_text(values: list[str], where: str, notes: Notes) -> str | None:
    return fitted("text", values[0], where, notes) if values else None


def _web(value: Any, notes: Notes) -> str | None:
    return fitted("address", value, "landingPage", notes)


def _day(said: Mapping[str, Any], kind: str, notes: Notes) -> str | None:
    found = [
        one.get("date") for one in _listed(said.get("dates"))
        if isinstance(one, dict) and one.get("dateType") == kind
    ]  # fmt: skip
    return fitted("text", found[0], "dates", notes) if found else None


def _links(said: Mapping[str, Any], notes: Notes) -> list[str]:
    found = [
        one.get("relatedIdentifier") for one in _listed(said.get("relatedIdentifiers"))
        if isinstance(one, dict) and one.get("relatedIdentifierType") == "URL"
    ]  # fmt: skip
    fits = (fitted("address", one, "relatedIdentifiers", notes) for one in found)
    return [one for one in fits if one]


def _pid(said: Mapping[str, Any]) -> tuple[str, str]:
    """(type, value) of the identifier; empty where there is none."""
    whole = said.get("identifier")
    if isinstance(whole, str):
        return str(said.get("identifierType") or ""), whole
    if not isinstance(whole, dict):
        return "", ""
    value = whole.get("identifier") or whole.get("identifierValue")
    kind = whole.get("identifierType")
    return (kind if isinstance(kind, str) else ""), (value if isinstance(value, str) else "")


def _identifiers(said: Mapping[str, Any], notes: Notes) -> list[dict[str, str]]:
    pairs: list[tuple[Any, Any]] = [_pid(said)] if _pid(said)[0] in PIDS else []
    for one in _listed(said.get("alternateIdentifiers")):
        if isinstance(one, dict):
            kind, name = one.get("alternateIdentifierType"), one.get("alternateIdentifierName")
            named = name if kind == "Other" and name else kind
            pairs.append((named, one.get("alternateIdentifier")))
    fits = (
        (fitted("text", kind, "alternateIdentifiers", notes),
         fitted("text", value, "alternateIdentifiers", notes))
        for kind, value in pairs
    )  # fmt: skip
    return [{"scheme": kind, "value": value} for kind, value in fits if kind and value]

"""
A row of UNIQUIP 1.0 as an asset, and an asset as a row.

The specification: https://equipment.data.ac.uk/uniquip. A row is a mapping from column to text
that holds only the cells that say something.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from triplehelix.formulas import unguarded
from triplehelix.registry.exchange.cells import CELL_LONGEST, fitted, name_from, town_of
from triplehelix.registry.exchange.remainder import (
    kept_of,
    recall,
    regular_text,
    remember,
    same,
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
from triplehelix.registry.exchange.uniquip_columns import TECHNIQUE, Header

FORM = "uniquip"
TYPES = {
    "equipment": "equipment", "facility": "facility", "laboratory": "facility",
    "workspace": "facility",
}  # fmt: skip
_WAYS = ("telephone", "url", "email")
_CONTACTS = ("Contact", "Secondary Contact")
_PARTS = {"Name": "name", "Telephone": "telephone", "URL": "url", "Email": "email"}
_KINDS = {"name": "text", "telephone": "text", "url": "address", "email": "email"}
_PLAIN = {
    "Department": ("department", "text"), "Service Level": ("service_level", "text"),
    "Web Address": ("website", "address"),
}  # fmt: skip
_WRITTEN = "Technique column "
_SHORTENED = re.compile(r"\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:]+)?")


def source_row(
    number: int, head: Header, cells: Sequence[str], marks: Mapping[int, str] | None = None
) -> SourceRow:
    """
    A row of a file, its cells made regular: no guard, no blanks around them, clean HTML.

    `marks` tells of cells, by place, that a spreadsheet holds as a date or a long number.
    """
    notes = Notes()
    said: dict[str, str] = {}
    for place, (key, cell) in enumerate(zip(head.keys, cells, strict=False)):
        if key is None or not (text := regular_text(unguarded(regular_text(cell)))):
            continue
        if len(text) > CELL_LONGEST:
            notes.fault(f"has {len(text):,} characters", key, f"shorten it to {CELL_LONGEST:,}")
            continue
        said[key] = text
        if key in ("ID", "Related Facility ID") and marks and place in marks:
            notes.warn(f"{text!r} is {marks[place]} in the sheet", key,
                       "check that it is your id, and format the column as text")  # fmt: skip
    if "Description" in said and not (html := stable_html(said["Description"])):
        del said["Description"]
    elif "Description" in said:
        said["Description"] = html
    _check_id(said.get("ID", ""), notes)
    said |= {_WRITTEN + key: head.written[key] for key in said if key in head.written}
    raw = {key: cell for key, cell in zip(head.keys, cells, strict=False) if key is not None}
    return SourceRow(number, said, said.get("ID", ""), notes, raw)


def _check_id(own_id: str, notes: Notes) -> None:
    if len(own_id) > KEY_LONGEST:
        notes.fault(f"has {len(own_id):,} characters", "ID", f"shorten it to {KEY_LONGEST}")
    elif _SHORTENED.fullmatch(own_id):
        notes.warn(f"{own_id!r} looks like a number that a spreadsheet has shortened", "ID",
                   "check it, and format the column as text")  # fmt: skip
    elif _DAY.fullmatch(own_id):
        notes.warn(f"{own_id!r} looks like a date that a spreadsheet has made of an id", "ID",
                   "check it, and format the column as text")  # fmt: skip


def related(said: Mapping[str, Any]) -> list[str]:
    """The ids of the facilities that a row is part of."""
    names = str(said.get("Related Facility ID", "")).split(",")
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def row_of(fields: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, str]:
    """
    The row that an asset gives, in the words of the row it came from where they still hold.

    Parameters
    ----------
    fields : as `registry.fields.AssetFields` has them.
    ids : the ID of each asset that this one may be part of, by record id.
    """
    return recall(kept_of(fields, FORM), _plain_row(fields, ids))


def says_the_same(said: Mapping[str, Any], shown: Mapping[str, Any], record_id: str) -> bool:
    """Whether a row says what an export of the record would; the record's id may stand as ID."""
    own = {"ID": record_id} if said.get("ID") == record_id and "ID" not in shown else {}
    return dict(said) == {**shown, **own}


def had_no_id(fields: Mapping[str, Any]) -> bool:
    """Whether an asset came in a row without an ID."""
    return not identifier(fields, FORM) and "ID" in kept_of(fields, FORM)


def _plain_row(fields: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, str]:
    place = fields.get("place") or {}
    row = {
        "Type": TYPES.get(fields.get("kind", ""), ""),
        "Name": fields.get("name"),
        "Description": fields.get("description"),
        "Related Facility ID": ", ".join(ids[i] for i in fields.get("part_of") or [] if i in ids),
        "Location": place.get("reference") or place.get("town"),
        "Site Location": place.get("site"),
        "Building": place.get("building"),
        "Photo": next(iter(fields.get("photos") or []), None),
        "ID": identifier(fields, FORM),
        **{column: fields.get(name) for column, (name, _) in _PLAIN.items()},
        **dict(_technique_cells(fields)),
    }
    for before, contact in zip(_CONTACTS, fields.get("contacts") or [], strict=False):
        row |= {f"{before} {part}": contact.get(name) for part, name in _PARTS.items()}
    return {column: str(text) for column, text in row.items() if text}


def _technique_cells(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    by_column: dict[str, list[str]] = {}
    for technique in fields.get("techniques") or []:
        vocabulary = technique.get("vocabulary")
        column = f"{TECHNIQUE}:{vocabulary}" if vocabulary else TECHNIQUE
        by_column.setdefault(column, []).append(technique["term"])
    for column, terms in by_column.items():
        yield column, _between(column).join(terms)


def _between(column: str) -> str:
    """Codes stand between commas; words of one's own may have commas in them."""
    return "; " if column == TECHNIQUE else ", "


def taken(
    row: SourceRow, before: Mapping[str, Any], facilities: Mapping[str, str],
    ids: Mapping[str, str], record_id: str | None = None,
) -> Taken:  # fmt: skip
    """
    An asset's fields after a row of UNIQUIP.

    Parameters
    ----------
    before : what the asset said, empty for a new one. What UNIQUIP has no column for stays, and
        so does what the row says already.
    facilities : record ids of the facilities that the row may name, by their ID.
    ids : the ID of each asset that this one may be part of, by record id.
    record_id : of the asset, where it is there already.

    Returns
    -------
    The fields; None where the row breaks a rule, which the faults then tell.
    """
    notes, said = row.notes, row.said
    shown = row_of(before, ids)
    new = _fields(said, before, shown, facilities, record_id, notes)
    _require(said, new, notes)
    own = whole(new, notes) if not notes.faults else None
    if own is None:
        return Taken(None, tuple(notes.faults), tuple(notes.warnings))
    kept = remember(said, _plain_row(own, ids))
    if not said.get("ID"):
        kept["ID"] = {"said": "", "shown": ""}
    return Taken(with_kept(own, FORM, kept), (), tuple(notes.warnings))


def _fields(
    said: Mapping[str, Any], before: Mapping[str, Any], shown: Mapping[str, str],
    facilities: Mapping[str, str], record_id: str | None, notes: Notes,
) -> dict[str, Any]:  # fmt: skip
    new, lay = laying(before, said, shown)
    lay(["Type"], "kind", _kind(said, notes))
    lay(["Description"], "description", said.get("Description"))
    lay(["Related Facility ID"], "part_of", _part_of(said, facilities, notes))
    techniques = [key for key in {**said, **shown} if key.partition(":")[0] == TECHNIQUE]
    lay(techniques, "techniques", _techniques(said, sorted(techniques), notes))
    lay(["Location", "Site Location", "Building"], "place", _place(said, before, shown, notes))
    contacts = [f"{before} {part}" for before in _CONTACTS for part in _PARTS]
    lay(contacts, "contacts", first_and_rest(_contacts(said, notes), before.get("contacts"), 2))
    photo = fitted("address", said.get("Photo"), "Photo", notes)
    lay(["Photo"], "photos", first_and_rest([photo] if photo else [], before.get("photos")))
    for column, (name, kind) in _PLAIN.items():
        lay([column], name, fitted(kind, said.get(column), column, notes))
    own_id = said.get("ID") if said.get("ID") != record_id else None
    lay(["ID"], "identifiers", with_identifier(before, FORM, own_id))
    lay(["Name"], "name", _name(said, before, notes))
    return {"provenance": {"format": "UNIQUIP 1.0"}, **new}


def _kind(said: Mapping[str, Any], notes: Notes) -> str | None:
    written = said.get("Type", "")
    if written.casefold() in ("equipment", "facility"):
        return str(written.casefold())
    what = f"{written[:80]!r} is neither" if written else "is missing"
    notes.fault(what, "Type", "write equipment or facility")
    return None


def _name(said: Mapping[str, Any], before: Mapping[str, Any], notes: Notes) -> str | None:
    if "Name" in said:
        return fitted("text", said["Name"], "Name", notes)
    made = before.get("name") or name_from(said.get("Description", ""))
    if made is None:
        notes.fault("has neither name nor description", "Name", "write at least one of them")
    return made


def _part_of(said: Mapping[str, Any], facilities: Mapping[str, str], notes: Notes) -> list[str]:
    names = related(said)
    if names and said.get("Type", "").casefold() == "facility":
        notes.fault("is given for a facility", "Related Facility ID",
                    "leave it empty: only equipment is part of a facility")  # fmt: skip
        return []
    for name in names:
        if name not in facilities:
            notes.fault(f"{name[:80]!r} is no facility of this file without a fault",
                        "Related Facility ID",
                        "write the ID of a row of Type facility, and mend that row")  # fmt: skip
    return [facilities[name] for name in names if name in facilities]


def _techniques(
    said: Mapping[str, Any], columns: Iterable[str], notes: Notes
) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for column in columns:
        vocabulary = column.removeprefix(TECHNIQUE).removeprefix(":")
        named = {"vocabulary": vocabulary} if vocabulary else {}
        terms = str(said.get(column, "")).split(_between(column).strip())
        fits = [fitted("text", term.strip(), column, notes) for term in terms]
        found += [{"term": term, **named} for term in fits if term]
    return found


def _place(
    said: Mapping[str, Any], before: Mapping[str, Any], shown: Mapping[str, str], notes: Notes
) -> dict[str, Any]:
    place = dict(before.get("place") or {})
    for column, name in (("Site Location", "site"), ("Building", "building")):
        place = replaced(place, name, fitted("text", said.get(column), column, notes))
    location = said.get("Location", "")
    if same(said, shown, "Location") and before.get("place"):
        return place
    place = replaced(replaced(place, "reference", None), "town", None)
    if location.casefold().startswith(("http://", "https://")):
        address = fitted("address", location, "Location", notes)
        place = replaced(place, "reference", address)
        return replaced(place, "town", town_of(address) if address else None)
    return replaced(place, "town", fitted("text", location, "Location", notes))


def _contacts(said: Mapping[str, Any], notes: Notes) -> list[dict[str, str]]:
    found = []
    for before in _CONTACTS:
        contact = {}
        for part, name in _PARTS.items():
            column = f"{before} {part}"
            if fits := fitted(_KINDS[name], said.get(column), column, notes):
                contact[name] = fits
        if contact:
            found.append(contact)
    return found


def _require(said: Mapping[str, Any], new: Mapping[str, Any], notes: Notes) -> None:
    contacts = new.get("contacts") or []
    if not any(contact.get(way) for contact in contacts for way in _WAYS):
        notes.fault("gives no way to reach anybody", "Contact Email",
                    "write a telephone, a web address or an e-mail of the contact")  # fmt: skip
    elif not any(said.get(f"Contact {part}") for part in ("Telephone", "URL", "Email")):
        notes.warn("has no way to reach it; the secondary contact has", "Contact Name",
                   "write a telephone, a web address or an e-mail of the first")  # fmt: skip
    if not said.get("Site Location"):
        notes.fault("is missing", "Site Location", "write the site or campus where it stands")


def written_columns(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """How files wrote the columns of techniques, by key; the first by letter of several."""
    found: dict[str, str] = {}
    for row in rows:
        for key, written in row.items():
            if key.startswith(_WRITTEN):
                column = key.removeprefix(_WRITTEN)
                found[column] = min(found.get(column, written), written)
    return found


def is_note(key: str) -> bool:
    """Whether a key of a row is no cell, but tells how a column was written."""
    return key.startswith(_WRITTEN)

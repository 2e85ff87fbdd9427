"""
The Research Organization Registry (ROR): its dump, schema v1 or v2, record by record.

Dataset: https://doi.org/10.5281/zenodo.6347574 (a zip on Zenodo), licence CC0 1.0, a new
release about every month; layout: https://ror.readme.io/docs/ror-data-structure. A reference
source: it names, places and relates organisations, and never adds one to an edition.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TextIO

from triplehelix.errors import SourceError
from triplehelix.read.files import Member
from triplehelix.read.inputs import Input
from triplehelix.read.rows import Kept, Outcome, Rejected, raw_text

ROR_ID = re.compile(r"https://ror\.org/0[a-z0-9]{6}[0-9]{2}")

# What a body does stands before who owns it: a university hospital treats patients, a state's
# laboratory does research; only a company's laboratory is foremost that of the company.
# `funder`, `archive` and `other` say nothing of the helix.
HELIX_BY_TYPE = {
    "healthcare": "health",
    "company": "industry",
    "education": "academia",
    "facility": "academia",
    "government": "government",
    "nonprofit": "nonprofit",
}

_SCHEMES = ("fundref", "grid", "isni", "wikidata")
_CHUNK = 1 << 18  # characters read at a time
_LONGEST_RECORD = 1 << 24  # the longest in a release of 2026 has about 60,000 characters
_GAP = re.compile(r"[\s,]*")
_FOLLOWS = frozenset(" \t\r\n,]")
_DUMP = re.compile(r"ror-data.*\.(json|csv)")
_WHOLE_DUMP = "take a whole release with `triplehelix fetch ror`"


class _UnfitError(Exception):
    """A record that cannot be kept; its text is the reason."""


class _Location(NamedTuple):
    place_id: str | None
    city: str | None
    country: str | None
    lat: float | None
    lon: float | None


class _Record(NamedTuple):
    """What both schemas say, under one set of names."""

    name: str
    names: list[str]
    acronyms: list[str]
    locations: list[_Location]
    identifiers: list[tuple[str, str]]
    website: str | None


def helix(types: Iterable[str]) -> str:
    """
    Helix of an organisation from its ROR types.

    Of several types the first of `HELIX_BY_TYPE` decides.

    Parameters
    ----------
    types : any letter case
        ROR types of schema v1 or v2.

    Returns
    -------
    One of `tables.HELICES`; `unknown` if no type tells.

    References
    ----------
    ROR, "types": https://ror.readme.io/docs/ror-data-structure

    Examples
    --------
    >>> helix(["Education"]), helix(["funder", "education", "healthcare"]), helix(["other"])
    ('academia', 'health', 'unknown')
    """
    given = {kind.lower() for kind in types}
    return next((helix for kind, helix in HELIX_BY_TYPE.items() if kind in given), "unknown")


def recognises(member: Member) -> bool:
    """Tell a ROR dump by its name (`...ror-data....json`), or by its first record."""
    if _DUMP.search(member.table_name):
        return True
    return member.table_name.endswith(".json") and _is_dump(member)


def inputs(members: Sequence[Member]) -> list[Input]:
    """
    Make one input of each JSON dump; of both schemas in one zip the second is read.

    Raises
    ------
    SourceError
        If there is only the CSV form, which leaves out relations, or no JSON list.
    """
    dumps = [member for member in members if member.table_name.endswith(".json")]
    if not dumps:
        raise SourceError(
            f"{members[0].label} is ROR's CSV, which leaves out fields; give the .json beside it, "
            f"or {_WHOLE_DUMP}"
        )
    heads = {member: _head(member) for member in dumps}
    for member, head in heads.items():
        if not head.startswith("["):
            raise SourceError(_no_list(member.label, head))
    second = [member for member, head in heads.items() if _is_second(head)]
    return [
        Input("ror", member.label, member.path, (), (), partial(_rows, member))
        for member in second or dumps
    ]


def _is_dump(member: Member) -> bool:
    try:
        head = _head(member)
    except SourceError:
        return False
    return head.startswith("[") and "https://ror.org/" in head and '"external_ids"' in head


def _head(member: Member) -> str:
    return member.head().decode(errors="replace").lstrip("\ufeff \t\r\n")


def _is_second(head: str) -> bool:
    return '"locations"' in head and '"addresses"' not in head


def _rows(member: Member) -> Iterator[Outcome]:
    with io.TextIOWrapper(member.open(), encoding="utf-8-sig") as text:
        yield from outcomes(text, member.label)


def outcomes(text: TextIO, label: str) -> Iterator[Outcome]:
    """
    Each record of a dump, kept or rejected.

    Parameters
    ----------
    text : the dump, a JSON array of records; the schema is told record by record
    label : the file's name, for messages

    Returns
    -------
    One `Kept` (a row of `reference_organisations`, and a row of `reference_places` for each
    of its locations) or `Rejected` per record, in the order of the file.

    Raises
    ------
    SourceError
        If the file is not a JSON array, is damaged, or stops before its end.

    Examples
    --------
    >>> import io
    >>> [record] = outcomes(io.StringIO('[{"id": "https://ror.org/013meh722"}]'), "ror.json")
    >>> record.reason
    'no name; take a whole release with `triplehelix fetch ror`'
    """
    for row, (raw, record) in enumerate(records(text, label), start=1):
        yield _outcome(row, raw, record)


def _outcome(row: int, raw: str, record: Any) -> Outcome:
    try:
        return Kept(row, raw, _staged(record, raw))
    except _UnfitError as unfit:
        reason = str(unfit)
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        reason = f"not laid out as schema v1 or v2 ({type(err).__name__}: {err})"
    return Rejected(row, raw, f"{reason}; {_WHOLE_DUMP}")


def records(text: TextIO, label: str) -> Iterator[tuple[str, Any]]:
    """
    Each element of a JSON array with its own text, holding no more than one chunk of the file.

    Raises
    ------
    SourceError
        If the text is no JSON array, or ends before the array does.

    Examples
    --------
    >>> import io
    >>> list(records(io.StringIO('[{"a": 1}, 2]'), "x.json"))
    [('{"a": 1}', {'a': 1}), ('2', 2)]
    """
    decode = json.JSONDecoder().raw_decode
    window, at, n = _opened(text, label), 0, 0
    while True:
        try:
            at = _after(_GAP, window, at)
            if window[at] == "]":
                return
            element, end = decode(window, at)
            # A number is whole only when what may follow an element follows it.
            if window[end] not in _FOLLOWS:
                raise ValueError(f"{window[end]!r} after an element")
        except (ValueError, IndexError) as err:
            window, at = window[at:] + _more(text, label, n, len(window) - at, err), 0
            continue
        yield window[at:end], element
        at, n = end, n + 1


def _opened(text: TextIO, label: str) -> str:
    head = _chunk(text, label).lstrip("\ufeff \t\r\n")
    if not head.startswith("["):
        raise SourceError(_no_list(label, head))
    return head[1:]


def _no_list(label: str, head: str) -> str:
    start = repr(head[:20]) if head else "nothing"
    return f"{label} holds {start} where a JSON list should begin; {_WHOLE_DUMP}"


def _chunk(text: TextIO, label: str) -> str:
    try:
        return text.read(_CHUNK)
    except UnicodeDecodeError as err:
        raise SourceError(f"{label} is not UTF-8 ({err}); {_WHOLE_DUMP}") from err


def _after(gap: re.Pattern[str], window: str, at: int) -> int:
    found = gap.match(window, at)
    return found.end() if found else at


def _more(text: TextIO, label: str, n: int, held: int, err: Exception) -> str:
    chunk = _chunk(text, label) if held < _LONGEST_RECORD else ""
    if chunk:
        return chunk
    what = "is damaged" if held >= _LONGEST_RECORD else "stops, or is damaged,"
    raise SourceError(
        f"{label} {what} after {n} whole records; if it was downloaded, the download is not "
        f"whole: {_WHOLE_DUMP}"
    ) from err


def _staged(record: Any, raw: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    if not isinstance(record, dict):
        raise _UnfitError(f"a {type(record).__name__} where a record should be")
    _check_text(record, raw)
    ror_id = record.get("id")
    if not isinstance(ror_id, str) or not ROR_ID.fullmatch(ror_id):
        raise _UnfitError(f"no ROR id (id is {ror_id!r})")
    read = _second_schema(record) if "names" in record else _first_schema(record)
    if not read.name:
        raise _UnfitError("no name")
    organisation = ("reference_organisations", _organisation(ror_id, record, read))
    places = {place.place_id: place for place in read.locations if place.place_id}
    return organisation, *(
        ("reference_places", _place(place))
        for place in places.values()
        if place.lat is not None and place.city
    )


def _check_text(record: Any, raw: str) -> None:
    # JSON can spell half of a surrogate pair, which no UTF-8 table can hold.
    if "\\ud" in raw.lower():
        try:
            raw_text(record).encode()
        except UnicodeEncodeError as err:
            raise _UnfitError("half a character (a lone surrogate) in its text") from err


def _organisation(ror_id: str, record: dict[str, Any], read: _Record) -> dict[str, Any]:
    seat = read.locations[0] if read.locations else _Location(None, None, None, None, None)
    parents, successors = [
        sorted({r["id"] for r in record.get("relationships") or () if r["type"].lower() == kind})
        for kind in ("parent", "successor")
    ]
    return {
        "ror_id": ror_id,
        "name": read.name,
        "names": sorted(set(read.names)),
        "acronyms": sorted(set(read.acronyms)),
        "helix": helix(record.get("types") or ()),
        "country": seat.country,
        "place_id": seat.place_id,
        "city": seat.city,
        "lat": seat.lat,
        "lon": seat.lon,
        "parent_id": parents[0] if parents else None,
        "status": (record.get("status") or "").lower() or None,
        # A body split in several has no single heir.
        "successor_id": successors[0] if len(successors) == 1 else None,
        "identifiers": [{"scheme": s, "value": v} for s, v in sorted(set(read.identifiers))],
        "website": read.website,
    }


def _place(location: _Location) -> dict[str, Any]:
    return {
        "place_id": location.place_id,
        "name": location.city,
        "names": [location.city],
        "country": location.country,
        "lat": location.lat,
        "lon": location.lon,
        "source": "ror",
    }


def _second_schema(record: dict[str, Any]) -> _Record:
    names = [(_clean(name["value"]), frozenset(name["types"])) for name in record["names"]]
    display = sorted(value for value, kinds in names if "ror_display" in kinds and value)
    links = record.get("links") or ()
    return _Record(
        display[0] if display else "",
        [value for value, kinds in names if value and kinds != {"acronym"}],
        [value for value, kinds in names if value and "acronym" in kinds],
        [
            _location(place["geonames_id"], place["geonames_details"])
            for place in record.get("locations") or ()
        ],
        [
            (external["type"], value)
            for external in record.get("external_ids") or ()
            if external["type"] in _SCHEMES
            for value in external["all"]
        ],
        next((link["value"] for link in links if link["type"] == "website"), None),
    )


def _first_schema(record: dict[str, Any]) -> _Record:
    name = _clean(record.get("name") or "")
    labels = [label["label"] for label in record.get("labels") or ()]
    names = [name, *(record.get("aliases") or ()), *labels]
    country = (record.get("country") or {}).get("country_code")
    return _Record(
        name,
        [kept for kept in map(_clean, names) if kept],
        [kept for kept in map(_clean, record.get("acronyms") or ()) if kept],
        [_first_location(address, country) for address in record.get("addresses") or ()],
        [
            (scheme.lower(), value)
            for scheme, external in (record.get("external_ids") or {}).items()
            if scheme.lower() in _SCHEMES
            for value in _several(external["all"])
        ],
        next(iter(record.get("links") or ()), None),
    )


def _first_location(address: dict[str, Any], country: str | None) -> _Location:
    town = address.get("geonames_city") or {}
    details = {**address, "name": address.get("city") or town.get("city"), "country_code": country}
    return _location(town.get("id"), details)


def _several(value: Any) -> list[str]:
    # Schema v1 writes GRID's `all` as one text, the others' as a list.
    return [value] if isinstance(value, str) else list(value or ())


def _location(geonames_id: int | None, details: dict[str, Any]) -> _Location:
    lat, lon = details.get("lat"), details.get("lng")
    if (lat is None) != (lon is None) or (lat is not None and not _on_earth(lat, lon)):
        raise _UnfitError(f"coordinates lat {lat!r}, lng {lon!r} are not on the Earth")
    return _Location(
        f"geonames:{geonames_id}" if geonames_id else None,
        _clean(details.get("name") or "") or None,
        details.get("country_code"),
        None if lat is None else float(lat),
        None if lon is None else float(lon),
    )


def _on_earth(lat: Any, lon: Any) -> bool:
    numbers = all(isinstance(degrees, int | float) for degrees in (lat, lon))
    # (0, 0) lies in the Gulf of Guinea: a forgotten value, not a town.
    return numbers and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)


def _clean(name: str) -> str:
    return " ".join(name.split())

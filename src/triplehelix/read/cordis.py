"""
CORDIS: the European Union's research projects, who takes part, and what they are about.

- Address: https://data.europa.eu/data/datasets/cordish2020projects (Horizon 2020) and
  https://data.europa.eu/data/datasets/cordis-eu-research-projects-under-horizon-europe-2021-2027
- Licence: CC BY 4.0, attribution "© European Union, CORDIS".
- Rhythm: Horizon Europe monthly; Horizon 2020, now closed, a few times a year.

Read are `project`, `organization`, `euroSciVoc`, `topics` and `legalBasis`, each `.csv` or
`.csv.gz`, alone, in a folder or in the zip as downloaded, in the layouts since 2014. What is
kept, and how:

- An organisation is its PIC (`organisationID`); a row makes one mention of it and one
  participation `project/PIC/role`. The `order` column enters nothing.
- Helix from `activityType`: HES and REC academia (teaching and research), PRC industry, PUB
  government, OTH unknown. Hospitals are not told apart here.
- Money is EUR to the cent. An empty contribution is unknown, 0 is 0, a negative one rejected.
  `ecContribution` includes what a body passes on to its third parties; where a release lacks
  that column, `netEcContribution` stands in.
- Programme codes are written without the closing dot: `H2020-EU.3.1`. Their scheme is
  `h2020-legal-basis`, that of Horizon Europe's `HORIZON.2.1` is `horizon-legal-basis`.
- A `geolocation` of exactly 0,0 is a gap in the source and is taken as unknown.
- Links: by project number; in extracts where the record number (`rcn`) is all there is, by
  that. A participation's page is its project's.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from triplehelix.errors import SourceError
from triplehelix.read import delimited, gazetteer
from triplehelix.read.countries import code_of
from triplehelix.read.files import Member
from triplehelix.read.inputs import Input
from triplehelix.read.letters import repaired
from triplehelix.read.positions import looks_swapped
from triplehelix.read.rows import Kept, Outcome, Rejected, mention_id

SOURCE = "cordis"
HELIX = {"HES": "academia", "REC": "academia", "PRC": "industry", "PUB": "government"}
ROLES = {
    "coordinator": "lead", "hostinstitution": "host", "participant": "partner",
    "partner": "partner", "beneficiary": "partner", "thirdparty": "partner",
    "associatedpartner": "partner", "internationalpartner": "partner",
}  # fmt: skip

Staged = tuple[tuple[str, Mapping[str, Any]], ...]
Cells = tuple[str, ...]

_CENT, _MOST = Decimal("0.01"), Decimal(10) ** 16
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d{1,2})?")
_DAY_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d\d)-(\d\d)([ T][\d:.]+Z?)?")
_POINT = re.compile(r"\(?\s*([+-]?\d+(?:\.\d+)?)\s*[,;]\s*([+-]?\d+(?:\.\d+)?)\s*\)?")


class _Kind(NamedTuple):
    """One kind of file: its columns, each by its names since 2014, and what a row becomes."""

    needed: tuple[tuple[str, ...], ...]
    optional: tuple[tuple[str, ...], ...]
    staged: Callable[[Cells], Staged]


class _UnfitError(ValueError):
    """The reason why a row is rejected."""


def recognises(member: Member) -> bool:
    """
    Tell whether a file is one of CORDIS's, by its name or by the columns of its header.

    Examples
    --------
    >>> from pathlib import Path
    >>> recognises(Member("legalBasis.csv", "a/legalBasis.csv", Path("legalBasis.csv")))
    True
    """
    return _by_name(member) is not None or _by_columns(member) is not None


def inputs(members: Sequence[Member]) -> list[Input]:
    """
    Make an input of each file that `recognises` said yes to.

    Raises
    ------
    SourceError
        If a file bears the name of a CORDIS file but lacks its columns; if it is empty, not
        text, damaged or not readable.
    """
    return [_input(member) for member in members]


def _input(member: Member) -> Input:
    kind = _by_name(member) or _by_columns(member)
    if kind is None:
        raise SourceError(f"{member.label} is not a file of CORDIS; describe it in a *.map.yaml")
    delimited.need(delimited.table(member), *KINDS[kind].needed)
    # The gazetteer's towns decide which positions look swapped.
    parameters = (kind, gazetteer.version())
    return Input(SOURCE, member.label, member.path, (), parameters, partial(_rows, member, kind))


def _by_name(member: Member) -> str | None:
    """`project.csv`, and `cordis-h2020projects.csv` of earlier releases."""
    stem, _, ending = member.table_name.rpartition(".")
    own = re.sub(r"^cordis[-_ ]?(h2020|horizon|he)?[-_ ]?(\w+?)s?$", r"\2", stem)
    names = {kind.lower(): kind for kind in KINDS} | {"topic": "topics", "legalbasi": "legalBasis"}
    return names.get(own.replace("organisation", "organization")) if ending == "csv" else None


def _by_columns(member: Member) -> str | None:
    if not member.table_name.endswith((".csv", ".tsv", ".txt")):
        return None
    try:
        held = delimited.table(member)
    except SourceError:
        return None
    for name, kind in KINDS.items():
        if all(held.position(*names) is not None for names in kind.needed):
            return name
    return None


def _rows(member: Member, kind: str) -> Iterator[Outcome]:
    needed, optional, staged = KINDS[kind]
    held = delimited.table(member)
    places = [held.position(*names) for names in needed + optional]
    # A column that a release lacks is an empty cell, put at the end of each row.
    pick = itemgetter(*(len(held.columns) if place is None else place for place in places))
    for row in held.rows():
        if isinstance(row, Rejected):
            yield row
            continue
        row.cells.append("")
        try:
            yield Kept(row.number, row.raw, staged(pick(row.cells)))
        except _UnfitError as why:
            yield Rejected(row.number, row.raw, str(why))


def _project(cells: Cells) -> Staged:
    written_id, start, end, amount, title, objective, basis, topics, rcn = cells
    record = _number_of("id", written_id)
    first, last = _day("startDate", start), _day("endDate", end)
    if first and last and last < first:
        raise _UnfitError(f"endDate {last} is before startDate {first}; correct one at the source")
    url = _url(record, rcn.strip())
    summary = repaired(objective) or None
    return _one("staged_activities", {
        "source": SOURCE, "source_record_id": record, "kind": "project",
        "title": repaired(title) or None, "start": first, "end": last,
        "amount": _money("ecMaxContribution", amount), "currency": "EUR",
        "summary": summary, "language": "en" if summary else None,
        "codes": _codes(basis, topics), "url": url, "source_url": url,
    })  # fmt: skip


def _organization(cells: Cells) -> Staged:
    project, pic, role, contribution, *said = cells
    record = _number_of("projectID", project)
    mention = _mention(_number_of("organisationID", pic), *said)
    written = role.strip()
    participation: dict[str, Any] = {
        "source": SOURCE,
        "source_record_id": f"{record}/{mention['source_record_id']}/{written}",
        "activity_record_id": record, "mention_id": mention["mention_id"],
        "role": ROLES.get(written.lower(), "partner"),
        "amount": _money("ecContribution", contribution), "currency": "EUR",
    }  # fmt: skip
    if written.lower() not in ROLES:
        participation["note"] = f"role as written: {written or '(empty)'}; taken as partner"
    return (("staged_organisations", mention), ("staged_participations", participation))


@lru_cache(maxsize=40_000)
def _mention(
    pic: str, name: str, short: str, kind: str, street: str, postcode: str, city: str,
    country: str, geolocation: str, vat: str,
) -> Mapping[str, Any]:  # fmt: skip
    """What a row says of an organisation: the same object for rows that say the same."""
    own, also = repaired(name), repaired(short)
    home = _country(country)
    lat, lon = _point(geolocation, home)
    mention: dict[str, Any] = {
        "source": SOURCE, "source_record_id": pic, "name": own or None,
        "names": [also] if also and also != own else [],
        "helix": HELIX.get(kind.strip().upper(), "unknown"), "country": home,
        "street": repaired(street) or None, "postcode": repaired(postcode) or None,
        "city": repaired(city) or None, "lat": lat, "lon": lon,
        "precision": "address" if lat is not None else None,
        "identifiers": _identifiers(pic, vat),
    }  # fmt: skip
    return {"mention_id": mention_id(mention), **mention}


def _code_row(scheme: str | None, cells: Cells) -> Staged:
    """One code of one project; where `scheme` is None, that of the programme it names."""
    record = _number_of("projectID", cells[0])
    codes = _legal_bases(cells[1]) if scheme is None else [(scheme, repaired(cells[1]))]
    codes = [(named, value) for named, value in codes if value]
    if not codes:
        raise _UnfitError("the row names no code; fill it in at the source, or leave the row out")
    return tuple(("staged_codes", {
        "source": SOURCE, "source_record_id": f"{record}/{named}/{value}",
        "activity_record_id": record, "scheme": named, "value": value,
    }) for named, value in codes)  # fmt: skip


def _one(table: str, values: Mapping[str, Any]) -> Staged:
    return ((table, values),)


def _number_of(column: str, written: str) -> str:
    """A project's or an organisation's number: digits, kept as text."""
    number = written.strip()
    if not number:
        raise _UnfitError(f"{column} is missing; fill it in at the source")
    if not (number.isascii() and number.isdigit()):
        raise _UnfitError(
            f"{column} {number[:40]!r} is not a number; the row's columns may be shifted"
        )
    return number


def _url(record: str, rcn: str) -> str:
    return f"https://cordis.europa.eu/project/{'rcn' if record == rcn else 'id'}/{record}"


@lru_cache(maxsize=100_000)
def _money(column: str, written: str) -> Decimal | None:
    """EUR to the cent; decimal comma or point; None where nothing is written."""
    text = written.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise _UnfitError(f"{column} {text[:40]!r} is not an amount; write it like 1234567,89")
    amount = Decimal(text.replace(",", "."))
    if amount < 0:
        raise _UnfitError(f"{column} {text} is negative; correct it, or leave it empty if unknown")
    if amount >= _MOST:
        raise _UnfitError(f"{column} {text} is more money than there is; correct it at the source")
    return amount.quantize(_CENT, ROUND_HALF_EVEN)


@lru_cache(maxsize=50_000)
def _day(column: str, written: str) -> date | None:
    text = written.strip()
    if not text:
        return None
    year_first, day_first = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if year_first:
            return date(*map(int, year_first.group(1, 2, 3)))
        if day_first:
            return date(*map(int, day_first.group(3, 2, 1)))
    except ValueError as err:
        raise _UnfitError(f"{column} {text!r} is no day ({err}); correct it at the source") from err
    raise _UnfitError(f"{column} {text[:40]!r} is not a date; write it like 2020-12-31")


@lru_cache(maxsize=10_000)
def _country(written: str) -> str | None:
    text = written.strip()
    code = code_of(text)
    if text and code is None:
        raise _UnfitError(
            f"country {text[:40]!r} is not known; write its ISO code, or leave it empty if unknown"
        )
    return code


def _point(written: str, country: str | None) -> tuple[float, float] | tuple[None, None]:
    text = written.strip()
    if not text:
        return None, None
    found = _POINT.fullmatch(text)
    if not found:
        raise _UnfitError(f"geolocation {text[:40]!r} is not `lat,lon`; write it like 51.52,-0.13")
    lat, lon = map(float, found.groups())
    for name, value, most in (("latitude", lat, 90), ("longitude", lon, 180)):
        if abs(value) > most:
            raise _UnfitError(
                f"{name} {value:g} out of range -{most} to {most} in geolocation {text[:40]!r}; "
                "are latitude and longitude swapped?"
            )
    if looks_swapped(lat, lon, country):
        raise _UnfitError(
            f"latitude and longitude look swapped in geolocation {text[:40]!r}: it is far from "
            f"{country}, and in it when turned round; correct it at the source"
        )
    return (lat, lon) if (lat, lon) != (0, 0) else (None, None)


def _identifiers(pic: str, vat: str) -> list[dict[str, str]]:
    """The PIC, and the VAT number where it is one: CORDIS also writes `MISSING` and the like."""
    number = re.sub(r"[^0-9A-Z]", "", vat.upper())
    found = [{"scheme": "pic", "value": pic}]
    if sum(sign.isdigit() for sign in number) >= 4:
        found.append({"scheme": "vat", "value": number})
    return found


@lru_cache(maxsize=20_000)
def _codes(basis: str, topics: str) -> list[dict[str, str]]:
    topic = {("topic", part.strip()) for part in re.split("[;,]", topics)}
    found = sorted(code for code in topic.union(_legal_bases(basis)) if code[1])
    return [{"scheme": scheme, "value": value} for scheme, value in found]


def _legal_bases(written: str) -> list[tuple[str, str]]:
    """Programme codes in one form: without the closing dot, each once."""
    parts = sorted({part.strip().rstrip(".") for part in re.split("[;,]", written)} - {""})
    horizon = "horizon-legal-basis", "h2020-legal-basis"
    return [(horizon[not part.upper().startswith("HORIZON")], part) for part in parts]


_PROJECT_ID = ("projectID",)
KINDS = {
    "project": _Kind(
        needed=(("id",), ("startDate",), ("endDate",), ("ecMaxContribution",)),
        optional=(("title",), ("objective",), ("legalBasis", "programme"), ("topics",), ("rcn",)),
        staged=_project,
    ),
    "organization": _Kind(
        needed=(
            _PROJECT_ID, ("organisationID", "organizationID", "id"), ("role",),
            ("ecContribution", "netEcContribution"), ("name",),
        ),
        optional=(
            ("shortName",), ("activityType",), ("street",), ("postCode",), ("city",),
            ("country",), ("geolocation",), ("vatNumber",),
        ),
        staged=_organization,
    ),
    "euroSciVoc": _Kind(
        (_PROJECT_ID, ("euroSciVocPath",)), (), partial(_code_row, "euroscivoc")
    ),
    "topics": _Kind((_PROJECT_ID, ("topic",)), (), partial(_code_row, "topic")),
    "legalBasis": _Kind((_PROJECT_ID, ("legalBasis",)), (), partial(_code_row, None)),
}  # fmt: skip

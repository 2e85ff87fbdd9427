"""
Landscapes from files: the registry's own JSON Lines, or a table of assets with one of members.

A CSV has the columns of the sample registry's `assets.csv`; `members.csv` is looked for beside it.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from triplehelix.ally.assets import Asset, Capacity, Landscape, Member, Promised
from triplehelix.errors import InputError

HELICES = ("academia", "industry", "health", "government", "nonprofit", "unknown")
_NEEDED = ("name", "member", "capabilities")
Row = Mapping[str, str]


def read_landscape(path: Path) -> Landscape:
    """
    What a file offers, for `ally.solve`.

    Raises
    ------
    InputError
        If it cannot be read, is of neither form, or a row is wrong: which, and how to mend it.
    """
    text = _text(path)
    if text.lstrip()[:1] == "{":
        return _of_lines(text, path.name)
    beside = path.with_name("members.csv")
    members = _rows(_text(beside), beside.name, ("id", "name")) if beside.is_file() else []
    return landscape_of_tables(_rows(text, path.name, _NEEDED), members, name=path.name)


def landscape_of_tables(
    assets: Iterable[Row], members: Iterable[Row], *, name: str = "assets.csv"
) -> Landscape:
    """A landscape from rows of the sample registry's tables; members not listed are added."""
    known = {row["id"]: _member(row) for row in members}
    found = [_asset(row, n, name) for n, row in enumerate(assets, 2)]
    for one in found:
        known.setdefault(one.member, Member(one.member, one.member))
    return Landscape(tuple(known.values()), tuple(found))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as err:
        reason = err.strerror or err
        raise InputError(
            f"the file of assets {path} cannot be read ({reason}); check its path"
        ) from err
    except UnicodeDecodeError as err:
        raise InputError(f"{path} is not in UTF-8 (byte {err.start}); save it as UTF-8") from err


def _rows(text: str, name: str, needed: tuple[str, ...]) -> list[Row]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(
            f"{name} has no column {missing[0]!r}; give the registry's JSON Lines, or a table with "
            f"{', '.join(needed)} and the other columns of the sample registry"
        )
    return [{key: value or "" for key, value in row.items() if key} for row in reader]


def _member(row: Row) -> Member:
    helix = row.get("helix", "")
    return Member(
        row["id"], row["name"], helix if helix in HELICES else "unknown",
        row.get("country") or None, row.get("nation") or None, row.get("cluster") or None,
        row.get("organisation") or None,
        tuple(_listed(row.get("parts", ""))),
    )  # fmt: skip


def _asset(row: Row, line: int, name: str) -> Asset:
    own = row.get("id") or _slug(f"{row['member']} {row['name']}")
    where = f"{name}, line {line}"
    lat, lon = (_number(row, column, where) for column in ("lat", "lon"))
    return Asset(
        own, row["name"], row["member"], tuple(_listed(row["capabilities"])),
        tuple(_capacity(row, own, where)), row.get("kind") or "laboratory",
        lat if lon is not None else None, lon if lat is not None else None,
        row.get("town") or None, row.get("country") or None, row.get("status") or "active",
        row.get("who") or None, _number(row, "price", where), row.get("currency") or None,
        row.get("price_unit") or None, row.get("source") or None,
    )  # fmt: skip


def _capacity(row: Row, asset: str, where: str) -> Iterator[Capacity]:
    amount = _number(row, "capacity_amount", where)
    if amount is None:
        return
    lead = _number(row, "capacity_lead_days", where)
    year = _number(row, "capacity_year", where)
    yield Capacity(
        f"{asset}#{row['capacity_capability']}", row["capacity_capability"], amount,
        row["capacity_unit"], row.get("capacity_per") or None,
        _day(row, "capacity_starts", where), _day(row, "capacity_ends", where),
        surge_amount=_number(row, "capacity_surge", where),
        lead_days=None if lead is None else int(lead),
        state=row.get("capacity_state") or "available", year=None if year is None else int(year),
    )  # fmt: skip


def _of_lines(text: str, name: str) -> Landscape:
    members: list[Member] = []
    assets: list[Asset] = []
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            if said.get("is") == "member":
                members.append(_member_of_line(said))
            elif said.get("is") == "asset":
                assets.append(_asset_of_line(said))
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            raise InputError(
                f"{name}, line {n}: {type(err).__name__} {str(err)[:80]}; give the JSON Lines that "
                "`triplehelix registry export --format jsonl` writes"
            ) from err
    known = {one.member for one in members}
    more = sorted({one.member for one in assets} - known)
    return Landscape((*members, *(Member(one, one) for one in more)), tuple(assets))


def _member_of_line(said: Mapping[str, Any]) -> Member:
    fields = said["fields"]
    return Member(
        said["id"], fields["name"], fields.get("helix", "unknown"), fields.get("country"),
        organisation_id=fields.get("organisation_id"),
    )  # fmt: skip


def _asset_of_line(said: Mapping[str, Any]) -> Asset:
    fields = said["fields"]
    place, terms = fields.get("place") or {}, fields.get("terms") or {}
    return Asset(
        said["id"], fields["name"], said.get("member_id") or said.get("network_id") or said["id"],
        tuple(fields.get("capabilities", ())),
        tuple(_capacity_of_line(one) for one in said.get("capacities", ())), fields["kind"],
        place.get("lat"), place.get("lon"), place.get("town"), place.get("country"),
        fields.get("status") or "active", terms.get("who"), terms.get("price"),
        terms.get("currency"), terms.get("price_unit"),
        (fields.get("provenance") or {}).get("url"),
    )  # fmt: skip


def _capacity_of_line(said: Mapping[str, Any]) -> Capacity:
    fields = said["fields"]
    plain = ("capability", "amount", "unit", "per", "surge_amount", "surge_lead_days", "lead_days",
             "containment", "year")  # fmt: skip
    return Capacity(
        capacity=said["id"],
        **{key: fields[key] for key in plain if fields.get(key) is not None},
        starts=_read_day(fields.get("starts")),
        ends=_read_day(fields.get("ends")),
        accreditations=tuple(fields.get("accreditations", ())),
        state=fields.get("state", "available"),
        promised=tuple(
            Promised(one["amount"], date.fromisoformat(one["starts"]), _read_day(one.get("ends")))
            for one in said.get("reservations", ())
            if not one.get("released_at")
        ),
    )


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(row: Row, column: str, where: str) -> float | None:
    text = row.get(column, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as err:
        raise InputError(
            f"{where}: {column} is {text[:40]!r}; write a number with a point, or leave it empty"
        ) from err
    if value != value or value in (float("inf"), float("-inf")):
        raise InputError(f"{where}: {column} is {text[:40]!r}; write a finite number")
    return value


def _day(row: Row, column: str, where: str) -> date | None:
    text = row.get(column, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as err:
        raise InputError(f"{where}: {column} is {text[:40]!r}; write it as 2020-12-14") from err


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split("|") if each.strip()]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")

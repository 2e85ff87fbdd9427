"""Landscapes from files: tables like the sample's, and the registry's JSON Lines."""

import json
from datetime import date
from pathlib import Path

import pytest

from triplehelix.ally.assets import Capacity, Promised
from triplehelix.errors import InputError
from triplehelix.read.landscapes import read_landscape

HEAD = "name,member,capabilities,lat,lon,capacity_capability,capacity_amount,capacity_unit,capacity_per,capacity_starts,price\n"


def _file(folder: Path, text: str, name: str = "assets.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_table_with_its_members(tmp_path: Path) -> None:
    _file(tmp_path, "id,name,helix,country\nours,Our body,academia,GB\n", "members.csv")
    path = _file(
        tmp_path,
        HEAD
        + "A line,ours,pcr-testing|serology,51.5,-0.1,pcr-testing,40,tests,day,2026-02-01,\nA desk,theirs,advice,,,,,,,,\n",
    )
    read = read_landscape(path)
    assert [(one.member, one.name, one.helix) for one in read.members] == [
        ("ours", "Our body", "academia"), ("theirs", "theirs", "unknown")]  # fmt: skip
    line, desk = read.assets
    assert (line.asset, line.capabilities, line.lat) == (
        "ours-a-line",
        ("pcr-testing", "serology"),
        51.5,
    )
    assert line.capacities == (
        Capacity("ours-a-line#pcr-testing", "pcr-testing", 40, "tests", "day", date(2026, 2, 1)),)  # fmt: skip
    assert (desk.capacities, desk.lat, desk.price) == ((), None, None)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,b,c,north,1,,,,,,", r"assets\.csv, line 2: lat is 'north'; write a number"),
        (
            "A,b,c,1,1,pcr,nan,tests,day,,",
            r"line 2: capacity_amount is 'nan'; write a finite number",
        ),
        (
            "A,b,c,1,1,pcr,4,tests,day,soon,",
            r"line 2: capacity_starts is 'soon'; write it as 2020-12-14",
        ),
    ],
)
def test_wrong_cells_are_named(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_landscape(_file(tmp_path, HEAD + row + "\n"))


def test_what_is_no_file_of_assets_is_refused(tmp_path: Path) -> None:
    for text, words in (
        ("", "has no column 'name'"), ("a,b\n1,2\n", "has no column 'name'"),
        ('{"is": "asset"}\n', "line 1: KeyError"), ("{not json\n", "line 1: JSONDecodeError"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            read_landscape(_file(tmp_path, text))
    with pytest.raises(InputError, match="cannot be read"):
        read_landscape(tmp_path / "none.csv")


def test_the_registrys_lines(tmp_path: Path) -> None:
    lines = [
        {"is": "registry", "form": "triplehelix", "version": 1},
        {"is": "member", "id": "me_1", "fields": {"name": "Ours", "helix": "health", "country": "GB"}},
        {"is": "asset", "id": "as_1", "member_id": "me_1", "fields": {
            "name": "Line", "kind": "laboratory", "capabilities": ["pcr-testing"], "status": "active",
            "place": {"lat": 51.5, "lon": -0.1, "town": "London", "country": "GB"},
            "terms": {"who": "anyone", "price": 3, "currency": "GBP", "price_unit": "test"}},
         "capacities": [{"id": "ca_1", "fields": {
             "capability": "pcr-testing", "amount": 90, "unit": "tests", "per": "day", "lead_days": 2,
             "starts": "2026-01-01", "containment": "BSL-2", "state": "stated"},
             "reservations": [
                 {"amount": 30, "starts": "2026-02-01", "ends": "2026-02-28"},
                 {"amount": 60, "starts": "2026-02-01", "released_at": "2026-01-02T00:00:00+00:00"}]}]},
    ]  # fmt: skip
    read = read_landscape(_file(tmp_path, "\n".join(map(json.dumps, lines)), "export.jsonl"))
    (line,) = read.assets
    assert (line.member, line.town, line.who, line.price) == ("me_1", "London", "anyone", 3)
    (capacity,) = line.capacities
    assert (capacity.lead_days, capacity.containment, capacity.state) == (2, "BSL-2", "stated")
    assert capacity.promised == (Promised(30, date(2026, 2, 1), date(2026, 2, 28)),)

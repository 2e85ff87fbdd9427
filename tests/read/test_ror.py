"""ROR dumps in both schemas: records worked by hand, and the real ones against `json.load`."""

import gzip
import io
import json
import os
import random
import re
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from triplehelix.errors import SourceError
from triplehelix.read import ror
from triplehelix.read.files import members
from triplehelix.read.rows import Kept, Outcome, Rejected
from triplehelix.tables import HELICES, REFERENCE

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "ror"
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"no ROR dump in {DATA} (TRIPLEHELIX_DATA)")

# The University of Leeds as ROR's documentation lays a record out, shortened.
SECOND: dict[str, Any] = {
    "id": "https://ror.org/024mrxd33",
    "established": 1904,
    "status": "active",
    "types": ["education", "funder"],
    "names": [
        {"value": "UoL", "types": ["acronym"], "lang": None},
        {"value": "University of  Leeds", "types": ["label", "ror_display"], "lang": "en"},
        {"value": "Prifysgol Leeds", "types": ["label"], "lang": "cy"},
        {"value": "Yorkshire College", "types": ["alias"], "lang": None},
    ],
    "locations": [
        {
            "geonames_id": 2644688,
            "geonames_details": {
                "name": "Leeds", "lat": 53.79648, "lng": -1.54785, "country_code": "GB",
            },
        }
    ],
    "links": [
        {"type": "wikipedia", "value": "http://en.wikipedia.org/wiki/University_of_Leeds"},
        {"type": "website", "value": "https://www.leeds.ac.uk"},
    ],
    "external_ids": [
        {"type": "isni", "all": ["0000 0004 1936 8403"], "preferred": None},
        {"type": "grid", "all": ["grid.9909.9"], "preferred": "grid.9909.9"},
        {"type": "wikidata", "all": ["Q503424"], "preferred": None},
        {"type": "orgref", "all": ["1"], "preferred": None},
    ],
    "relationships": [
        {"type": "parent", "id": "https://ror.org/03h2bh287", "label": "x"},
        {"type": "parent", "id": "https://ror.org/01k2gp945", "label": "White Rose"},
        {"type": "child", "id": "https://ror.org/00000aa11", "label": "y"},
        {"type": "successor", "id": "https://ror.org/0999zzz99", "label": "z"},
    ],
}  # fmt: skip
FIRST: dict[str, Any] = {
    "id": "https://ror.org/024mrxd33",
    "name": "University of  Leeds",
    "aliases": ["Yorkshire College"],
    "acronyms": ["UoL"],
    "labels": [{"label": "Prifysgol Leeds", "iso639": "cy"}],
    "types": ["Education"],
    "status": "active",
    "links": ["https://www.leeds.ac.uk"],
    "country": {"country_name": "United Kingdom", "country_code": "GB"},
    "addresses": [
        {
            "lat": 53.79648, "lng": -1.54785, "city": "Leeds", "country_geonames_id": 2635167,
            "geonames_city": {"id": 2644688, "city": "Leeds"},
        }
    ],
    "external_ids": {
        "ISNI": {"all": ["0000 0004 1936 8403"], "preferred": None},
        "GRID": {"all": "grid.9909.9", "preferred": "grid.9909.9"},
        "Wikidata": {"all": ["Q503424"], "preferred": None},
        "OrgRef": {"all": ["1"], "preferred": None},
    },
    "relationships": [
        {"type": "Parent", "id": "https://ror.org/03h2bh287", "label": "x"},
        {"type": "Parent", "id": "https://ror.org/01k2gp945", "label": "White Rose"},
        {"type": "Successor", "id": "https://ror.org/0999zzz99", "label": "z"},
    ],
}  # fmt: skip
LEEDS = {
    "ror_id": "https://ror.org/024mrxd33",
    "name": "University of Leeds",
    "names": ["Prifysgol Leeds", "University of Leeds", "Yorkshire College"],
    "acronyms": ["UoL"],
    "helix": "academia",
    "country": "GB",
    "place_id": "geonames:2644688",
    "city": "Leeds",
    "lat": 53.79648,
    "lon": -1.54785,
    "parent_id": "https://ror.org/01k2gp945",
    "status": "active",
    "successor_id": "https://ror.org/0999zzz99",
    "identifiers": [
        {"scheme": "grid", "value": "grid.9909.9"},
        {"scheme": "isni", "value": "0000 0004 1936 8403"},
        {"scheme": "wikidata", "value": "Q503424"},
    ],
    "website": "https://www.leeds.ac.uk",
}
LEEDS_TOWN = {
    "place_id": "geonames:2644688", "name": "Leeds", "names": ["Leeds"], "country": "GB",
    "lat": 53.79648, "lon": -1.54785, "source": "ror",
}  # fmt: skip


def read(records: Any, **how: Any) -> list[Outcome]:
    return list(ror.outcomes(io.StringIO(json.dumps(records, **how)), "dump.json"))


def of_one(record: Any) -> dict[str, Any]:
    [outcome] = read([record])
    assert isinstance(outcome, Kept), outcome
    return dict(outcome.staged[0][1])


@pytest.mark.parametrize("record", [SECOND, FIRST], ids=["v2", "v1"])
def test_both_schemas_give_the_row_worked_by_hand(record):
    [outcome] = read([record])
    assert isinstance(outcome, Kept)
    assert outcome.staged == (
        ("reference_organisations", LEEDS), ("reference_places", LEEDS_TOWN)
    )  # fmt: skip
    for table, values in outcome.staged:
        assert set(values) <= set(REFERENCE[table].schema.names)


@pytest.mark.parametrize(
    ("types", "helix"),
    [
        (["education"], "academia"), (["Facility"], "academia"), (["healthcare"], "health"),
        (["company"], "industry"), (["government"], "government"), (["nonprofit"], "nonprofit"),
        (["funder"], "unknown"), (["archive"], "unknown"), (["other"], "unknown"), ([], "unknown"),
        (["education", "funder"], "academia"), (["funder", "nonprofit"], "nonprofit"),
        (["archive", "government"], "government"), (["education", "healthcare"], "health"),
        (["facility", "government"], "academia"), (["company", "facility"], "industry"),
        (["company", "government"], "industry"), (["government", "healthcare"], "health"),
        (["nonprofit", "healthcare", "funder"], "health"),
    ],
)  # fmt: skip
def test_helix_of_types(types, helix):
    assert ror.helix(types) == helix
    assert ror.helix(types[::-1]) == helix
    assert of_one({**SECOND, "types": types})["helix"] == helix


def test_a_body_split_in_several_has_no_single_successor():
    heirs = [{"type": "successor", "id": f"https://ror.org/0{n}aaaaa11"} for n in (3, 1)]
    assert of_one({**SECOND, "relationships": heirs})["successor_id"] is None
    assert of_one({**SECOND, "relationships": heirs[:1] * 2})["successor_id"] == heirs[0]["id"]


def test_a_name_that_is_also_an_acronym_is_among_both():
    names = [{"value": "CERN", "types": ["acronym", "label", "ror_display"]}]
    row = of_one({**SECOND, "names": names})
    assert (row["name"], row["names"], row["acronyms"]) == ("CERN", ["CERN"], ["CERN"])


def test_every_location_gives_a_place_and_the_first_the_seat():
    york = {
        "geonames_id": 2633352,
        "geonames_details": {
            "name": "York",
            "lat": 53.95763,
            "lng": -1.08271,
            "country_code": "GB",
        },
    }
    [outcome] = read([{**SECOND, "locations": [york, *SECOND["locations"], york]}])
    (_, organisation), *places = outcome.staged
    assert organisation["city"] == "York"
    assert [place["name"] for _, place in places] == ["York", "Leeds"]


def test_what_is_not_known_is_null():
    bare = {"id": SECOND["id"], "names": SECOND["names"]}
    [outcome] = read([bare])
    [(_, row)] = outcome.staged
    unknown = {name for name, value in row.items() if value is None}
    assert unknown == {
        "country", "place_id", "city", "lat", "lon", "parent_id", "status", "successor_id",
        "website",
    }  # fmt: skip
    assert (row["helix"], row["identifiers"]) == ("unknown", [])


def located(lat: Any, lng: Any) -> dict[str, Any]:
    details = {"name": "Leeds", "lat": lat, "lng": lng, "country_code": "GB"}
    return {**SECOND, "locations": [{"geonames_id": 1, "geonames_details": details}]}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**SECOND, "id": None}, r"no ROR id \(id is None\)"),
        ({**SECOND, "id": "https://ror.org/xyz"}, "no ROR id"),
        ({**SECOND, "names": []}, "no name"),
        ({**SECOND, "names": SECOND["names"][:1]}, "no name"),
        ({**FIRST, "name": " "}, "no name"),
        (located(153.8, -1.5), r"coordinates lat 153.8, lng -1.5 are not on the Earth"),
        (located(53.8, -181), "not on the Earth"),
        (located(0, 0), "not on the Earth"),
        (located("53.8", "-1.5"), "not on the Earth"),
        (located(None, -1.5), "not on the Earth"),
        (located(float("nan"), 1.0), "not on the Earth"),
        ({**SECOND, "names": "University of Leeds"}, "not laid out as schema v1 or v2"),
        ({**SECOND, "relationships": [{"type": "parent"}]}, "not laid out as schema v1 or v2"),
        (["a list"], "a list where a record should be"),
        (None, "a NoneType where a record should be"),
        ({**SECOND, "links": [{"type": "website", "value": "\ud800"}]}, "half a character"),
    ],
)
def test_an_unfit_record_is_rejected_and_the_next_one_read(record, reason):
    before, outcome, after = read([SECOND, record, FIRST])
    assert isinstance(before, Kept)
    assert isinstance(after, Kept)
    assert isinstance(outcome, Rejected)
    assert outcome.row == 2
    assert re.search(reason, outcome.reason), outcome.reason
    assert outcome.reason.endswith("take a whole release with `triplehelix fetch ror`")
    assert json.dumps(json.loads(outcome.raw)) == json.dumps(record)
    outcome.raw.encode()


def test_unknown_coordinates_keep_the_organisation_without_a_place():
    [outcome] = read([located(None, None)])
    [(_, row)] = outcome.staged
    assert (row["city"], row["lat"], row["lon"]) == ("Leeds", None, None)


@pytest.mark.parametrize("chunk", [1, 2, 7, 100, 1 << 18])
@pytest.mark.parametrize("how", [{}, {"indent": 4}, {"ensure_ascii": False}])
def test_records_are_the_same_wherever_the_text_is_cut(monkeypatch, chunk, how):
    monkeypatch.setattr(ror, "_CHUNK", chunk)
    everything = [SECOND, FIRST, 12, "a ] } string", [1, [2]], 1.5e3, None, {"é": "\U0001f600"}]
    text = json.dumps(everything, **how)
    pairs = list(ror.records(io.StringIO(text + "\n"), "x.json"))
    assert [element for _, element in pairs] == everything
    assert all(json.loads(raw) == element for raw, element in pairs)
    assert all(raw in text for raw, _ in pairs)


def test_an_empty_list_has_no_records():
    assert read([]) == []


@pytest.mark.parametrize("cut", [1, 2, 300, -2, -1])
def test_a_dump_cut_short_is_told(cut):
    text = json.dumps([SECOND, FIRST])[:cut]
    with pytest.raises(SourceError, match=r"dump.json stops.* whole records.*triplehelix fetch"):
        list(ror.outcomes(io.StringIO(text), "dump.json"))


def test_a_dump_damaged_in_the_middle_is_told_without_reading_it_all(monkeypatch):
    monkeypatch.setattr(ror, "_LONGEST_RECORD", 5_000)
    text = json.dumps([SECOND] * 3)[:-1] + ', {"id": ,' + " " * 100_000
    stream = io.StringIO(text)
    monkeypatch.setattr(ror, "_CHUNK", 1_000)
    with pytest.raises(SourceError, match="is damaged after 3 whole records"):
        list(ror.outcomes(stream, "dump.json"))
    assert stream.tell() < 20_000


@pytest.mark.parametrize("text", ["", "{}", "<html>", "\n"])
def test_what_is_no_list_is_told(text):
    with pytest.raises(SourceError, match="where a JSON list should begin"):
        list(ror.outcomes(io.StringIO(text), "dump.json"))


def dump(records: list[Any]) -> bytes:
    return json.dumps(records, indent=4).encode()


def zenodo(path: Path, inside: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return path


def inputs_of(path: Path) -> list[Any]:
    return ror.inputs([member for member in members(path) if ror.recognises(member)])


def test_of_both_schemas_in_one_zip_the_second_is_read(tmp_path):
    path = zenodo(tmp_path / "v1.63-2025-04-03-ror-data.zip", {
        "v1.63-2025-04-03-ror-data.json": dump([FIRST]),
        "v1.63-2025-04-03-ror-data.csv": b"id,name\n",
        "v1.63-2025-04-03-ror-data_schema_v2.json": dump([{**SECOND, "types": ["company"]}]),
        "v1.63-2025-04-03-ror-data_schema_v2.csv": b"id,name\n",
    })  # fmt: skip
    [one] = inputs_of(path)
    assert one.source == "ror"
    assert one.file == f"{path.name}/v1.63-2025-04-03-ror-data_schema_v2.json"
    assert [dict(outcome.staged[0][1])["helix"] for outcome in one.rows()] == ["industry"]
    assert len(list(one.rows())) == 1


@pytest.mark.parametrize("record", [SECOND, FIRST], ids=["v2", "v1"])
@pytest.mark.parametrize("name", ["ror.json", "ror.json.gz", "ror.zip"])
def test_each_packing_gives_the_same_row(tmp_path, name, record):
    path = tmp_path / name
    if name.endswith(".zip"):
        zenodo(path, {"v2.0-2025-12-16-ror-data.json": dump([record])})
    else:
        content = b"\xef\xbb\xbf" + dump([record])
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    [one] = inputs_of(path)
    [outcome] = one.rows()
    assert outcome.staged[0][1] == LEEDS


def test_other_json_is_not_recognised(tmp_path):
    path = tmp_path / "other.json"
    for content in (b"[]", b'{"id": "https://ror.org/024mrxd33"}', b'[{"a": 1}]', b"\xff\xfe"):
        path.write_bytes(content)
        assert not ror.recognises(members(path)[0])


def test_only_the_csv_form_is_told(tmp_path):
    path = tmp_path / "v1.63-2025-04-03-ror-data.csv"
    path.write_bytes(b"id,name\n")
    with pytest.raises(SourceError, match="leaves out fields; give the .json"):
        inputs_of(path)


def test_a_dump_by_name_that_is_none_is_told(tmp_path):
    path = tmp_path / "v1.63-2025-04-03-ror-data.json"
    path.write_bytes(b"<html>")
    with pytest.raises(SourceError, match="holds '<html>' where a JSON list should begin"):
        inputs_of(path)


def test_bytes_that_are_no_utf8_are_told(tmp_path):
    path = tmp_path / "v1.63-2025-04-03-ror-data.json"
    path.write_bytes(dump([FIRST])[:-2] + b', "\xff"]')
    with pytest.raises(SourceError, match="is not UTF-8"):
        list(inputs_of(path)[0].rows())


def test_a_truncated_gzip_is_told(tmp_path):
    path = tmp_path / "ror-data.json.gz"
    noise = random.Random(0).randbytes(200_000).hex()
    packed = gzip.compress(dump([SECOND, {**SECOND, "noise": noise}]))
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(SourceError, match="truncated"):
        list(inputs_of(path)[0].rows())


def test_memory_does_not_grow_with_the_dump():
    """Twelve times the records, the same peak: nothing is held but a window of the text."""
    peaks = []
    for times in (1_000, 12_000):
        text = io.StringIO(json.dumps([SECOND] * times))
        tracemalloc.start()
        assert sum(1 for _ in ror.outcomes(text, "dump.json")) == times
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.fixture(scope="module")
def dumps() -> dict[str, tuple[list[Any], list[Outcome]]]:
    found = {}
    for version in ("v1", "v2"):
        path = DATA / f"ror-data_schema_{version}.json.gz"
        with gzip.open(path) as stream:
            whole = json.load(stream)
        [one] = inputs_of(path)
        found[version] = whole, list(one.rows())
    return found


@real
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_real_record_is_kept(dumps, version):
    whole, outcomes = dumps[version]
    assert len(outcomes) == len(whole) == {"v1": 15_380, "v2": 35_990}[version]
    assert all(isinstance(outcome, Kept) for outcome in outcomes)
    ids = [dict(outcome.staged[0][1])["ror_id"] for outcome in outcomes]
    assert ids == [record["id"] for record in whole]
    assert [outcome.row for outcome in outcomes] == list(range(1, len(whole) + 1))


@real
def test_real_names_of_the_second_schema(dumps):
    whole, outcomes = dumps["v2"]
    for record, outcome in zip(whole, outcomes, strict=True):
        row = outcome.staged[0][1]
        display = {
            " ".join(name["value"].split())
            for name in record["names"]
            if "ror_display" in name["types"]
        }
        assert {row["name"]} == display
        assert row["name"] in row["names"]
        assert len(set(row["names"]) | set(row["acronyms"])) <= len(record["names"])


@real
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_real_rows_obey_their_columns(dumps, version):
    whole, outcomes = dumps[version]
    rows = [outcome.staged[0][1] for outcome in outcomes]
    assert {row["helix"] for row in rows} <= set(HELICES)
    status = Counter(record["status"] for record in whole)
    assert Counter(row["status"] for row in rows) == status
    assert all(len(row["country"]) == 2 and row["country"].isupper() for row in rows)
    assert not {row["country"] for row in rows} & {"UK", "EL"}
    assert all(row["lat"] is not None and row["place_id"] for row in rows)


@real
def test_what_people_know_of_some_real_organisations(dumps):
    rows = {
        row["ror_id"]: row
        for _, outcomes in dumps.values()
        for outcome in outcomes
        for table, row in outcome.staged
        if table == "reference_organisations"
    }
    oxford = rows["https://ror.org/052gg0110"]
    assert (oxford["name"], oxford["helix"]) == ("University of Oxford", "academia")
    assert {"scheme": "grid", "value": "grid.4991.5"} in oxford["identifiers"]
    astrazeneca = rows["https://ror.org/04r9x1a08"]
    assert (astrazeneca["helix"], astrazeneca["city"]) == ("industry", "Cambridge")
    assert rows["https://ror.org/029chgv08"]["helix"] == "nonprofit"  # the Wellcome Trust
    counsyl = rows["https://ror.org/000c7nc82"]
    assert (counsyl["status"], counsyl["successor_id"]) == (
        "withdrawn",
        "https://ror.org/05rpz9q70",
    )

"""An alliance handed on: RAiD's shape, CSV, calendar."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import jsonschema
import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import CAPABILITIES, day
from triplehelix.ally.alliance import Alliance, Gap
from triplehelix.ally.answers import Answer
from triplehelix.ally.assets import Landscape
from triplehelix.ally.export_csv import csv_tables
from triplehelix.ally.export_ical import calendar
from triplehelix.ally.export_raid import Raid, Told, raid
from triplehelix.ally.readiness import Readiness, readiness
from triplehelix.errors import InputError

STAMP = datetime(2020, 12, 1, 9, 30, tzinfo=UTC)


def known(**names: str) -> Landscape:
    """The landscape with ROR ids: some hold one, the spin-out has none."""
    usual = case.landscape()
    return replace(usual, members=tuple(
        replace(one, name=names.get(one.member, one.name), organisation_id=(
            "sample:spinout" if one.member == "spinout-m" else f"https://ror.org/0{n}aaaaa00"
        ))
        for n, one in enumerate(usual.members)
    ))  # fmt: skip


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(keepends=True)))


# RAiD


def made(alliance: Alliance | None = None, **told: Any) -> Raid:
    return raid(alliance or case.alliance(), known(), Told("al_1", **told), today=day(1))


TERM = {
    "type": "object", "required": ["id", "schemaUri"],
    "properties": {key: {"type": "string", "format": "uri"} for key in ("id", "schemaUri")},
}  # fmt: skip
DATED = {"required": ["startDate"], "properties": {"startDate": {"pattern": r"^\d{4}-\d\d-\d\d$"}}}
# What https://metadata.raid.org/en/v1.6/ calls mandatory in the blocks that are written here.
SCHEMA = {
    "type": "object",
    "required": ["title", "date", "access"],
    "properties": {
        "title": {"minItems": 1, "items": {
            "required": ["text", "type", "startDate"],
            "properties": {"text": {"type": "string", "maxLength": 100}, "type": TERM},
        }},
        "date": DATED,
        "description": {"items": {
            "required": ["text", "type"],
            "properties": {"text": {"type": "string", "maxLength": 1000}, "type": TERM},
        }},
        "access": {"required": ["type"], "properties": {"type": TERM}},
        "alternateIdentifier": {"items": {"required": ["id", "type"]}},
        "organisation": {"items": {
            "required": ["id", "schemaUri", "role"],
            "properties": {
                "id": {"pattern": r"^https://ror\.org/0[a-z0-9]{6}\d{2}$"},
                "schemaUri": {"const": "https://ror.org/"},
                "role": {"minItems": 1, "items": {"allOf": [TERM, DATED]}},
            },
        }},
        "relatedObject": {"items": {
            "required": ["id", "schemaUri", "type", "category"],
            "properties": {"type": TERM, "category": {"minItems": 1, "items": TERM}},
        }},
        "relatedRaid": {"items": {"required": ["id", "type"], "properties": {"type": TERM}}},
    },
    "not": {"required": ["identifier"]},
}  # fmt: skip


@pytest.mark.parametrize("told", [
    {},
    {"lead": "campus-m", "pids": {"campus": "https://doi.org/10.1/x"}, "url": "https://a.org/1",
     "related": {"https://raid.org/10.1/y": "is part of"}, "embargo": date(2021, 6, 1)},
])  # fmt: skip
def test_a_record_has_what_the_schema_calls_mandatory(told: dict[str, Any]) -> None:
    record = json.loads(json.dumps(made(**told).record))
    jsonschema.validate(record, SCHEMA, format_checker=jsonschema.FormatChecker())


def test_roles_of_organisations() -> None:
    """182 leads, 183 is another research organisation, 184 a partner of industry or health."""
    found = made(lead="campus-m").record["organisation"]
    role = [(one["id"][-9:], one["role"][0]["id"].rsplit("/", 1)[1]) for one in found]
    assert role == [("00aaaaa00", "182"), ("01aaaaa00", "184"), ("02aaaaa00", "184")]
    assert found[0]["role"][0]["startDate"] == "2020-12-14"
    assert found[0]["role"][0]["endDate"] == "2021-03-31"
    assert made().record["organisation"][0]["role"][0]["id"].endswith("/183")


def test_what_is_left_out_is_said() -> None:
    left_out = made().left_out
    assert "organisation spinout-m: it has no ROR id, and RAiD takes no other" in left_out
    assert "related object campus: it has no persistent id" in left_out
    assert any(one.startswith("lead research organisation: nobody was named") for one in left_out)
    assert any(one.startswith("identifier: a registration agency gives it") for one in left_out)
    assert any("spinout-m has no ROR id" in one for one in made(lead="spinout-m").left_out)


@pytest.mark.parametrize(
    ("pid", "scheme"),
    [
        ("https://doi.org/10.1/x", "https://doi.org/"),
        ("ark:/12345/x", "https://arks.org/"),
        ("RRID:SCR_1", "https://scicrunch.org/resolver/"),
        ("https://example.org/x", None),
    ],
)
def test_related_objects_are_inputs_of_known_schemes(pid: str, scheme: str | None) -> None:
    found = made(pids={"campus": pid})
    assert [one["schemaUri"] for one in found.record["relatedObject"]] == (
        [scheme] if scheme else []
    )
    if scheme:
        assert found.record["relatedObject"][0]["category"][0]["id"].endswith("/191")
        assert found.record["relatedObject"][0]["type"]["id"].endswith("/274")
    else:
        assert f"related object campus: {pid} is of no scheme that RAiD takes" in found.left_out


def test_long_texts_are_cut_and_it_is_said() -> None:
    long = case.alliance(of=case.call(title="t" * 150, text="x" * 2_000))
    found = made(long)
    assert len(found.record["title"][0]["text"]) == 100
    assert "title: cut after 100 of 150 characters" in found.left_out
    assert "description: cut after 1,000 of 2,000 characters" in found.left_out


def test_without_an_end_there_is_no_end_date() -> None:
    endless = (*case.CONTRIBUTIONS[:3], replace(case.CONTRIBUTIONS[3], ends=None))
    assert "endDate" not in made(case.alliance(endless)).record["date"]


def test_a_lead_or_relation_that_is_none() -> None:
    with pytest.raises(
        InputError, match="lead is 'friend', which is no partner; use one of campus-m"
    ):
        made(lead="friend")
    with pytest.raises(InputError, match="related by 'likes'; use continues"):
        made(related={"https://raid.org/1": "likes"})


# CSV


def test_who_gives_what_as_a_table() -> None:
    tables = csv_tables(case.alliance(), known(), {("tests", "works"): Answer("accepted")})
    given = rows(tables["contributions"])
    assert [(row["asset"], row["amount"], row["starts"], row["answer"]) for row in given] == [
        ("campus", "4000", "2020-12-14", ""), ("hospital", "6000", "2020-12-14", ""),
        ("works", "10000", "2020-12-14", "accepted"), ("spinout", "500", "2020-12-14", ""),
    ]  # fmt: skip
    assert given[0]["cost"] == "" and given[0]["surge"] == "false"


def test_how_needs_are_met_and_who_is_in() -> None:
    short = replace(
        case.alliance(case.CONTRIBUTIONS[:3]), gaps=(Gap("tests", 500, "tests/day", "too few"),)
    )
    tables = csv_tables(short, known())
    (need,) = rows(tables["coverage"])
    assert (need["asked"], need["given"], need["missing"], need["must"], need["why_missing"]) == (
        "20500", "20000", "500", "true", "too few",
    )  # fmt: skip
    assert [row["helix"] for row in rows(tables["partners"])] == ["academia", "health", "industry"]


@pytest.mark.parametrize("nasty", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_no_cell_is_run_by_a_spreadsheet(nasty: str) -> None:
    tables = csv_tables(case.alliance(), known(**{"campus-m": nasty}))
    names = [
        row["member_name"] for name in ("contributions", "partners") for row in rows(tables[name])
    ]
    assert "'" + nasty in names and nasty not in names


def test_cells_with_commas_quotes_and_lines_come_back() -> None:
    nasty = 'A, "B"\r\nC'
    text = csv_tables(case.alliance(), known(**{"campus-m": nasty}))["partners"]
    assert rows(text)[0]["member_name"] == nasty
    assert text.endswith("\r\n")


def test_names_that_may_not_be_shown_stay_empty() -> None:
    tables = csv_tables(case.alliance(), Landscape((), ()))
    assert rows(tables["contributions"])[0]["asset_name"] == ""
    assert rows(tables["partners"])[0] == {
        "member": "campus-m", "member_name": "", "helix": "", "country": "", "nation": "",
        "cluster": "", "organisation_id": "", "assets": "campus", "needs": "tests", "answers": "",
    }  # fmt: skip


# Calendar


def ready_for(alliance: Alliance, **more: Any) -> Readiness:
    return readiness(alliance, known(), CAPABILITIES, today=day(1), **more)


def events(written: bytes) -> dict[str, icalendar.Event]:
    read = icalendar.Calendar.from_ical(written)
    return {str(one["SUMMARY"]): one for one in read.walk("VEVENT")}


def written(alliance: Alliance | None = None, **more: Any) -> bytes:
    whole = alliance or case.alliance()
    ready = ready_for(whole, **{k: more.pop(k) for k in ["answers"] if k in more})
    return calendar(whole, known(), ready, **{"key": "al_1", "stamp": STAMP} | more)


def test_the_days_that_matter() -> None:
    found = events(written())
    assert {words: one.start for words, one in found.items()} == {
        "tests: starts with 4,000 tests/day": day(1),
        "tests: half, or 10,250 tests/day": day(10),
        "tests: all of 20,500 tests/day": day(12),
        "tests: needed 20,500 tests/day": day(14),
        "tests: needed until here": case.UNTIL,
        "Campus (campus-m) starts for tests: 4,000 tests/day": day(1),
        "Hospital (hospital-m) starts for tests: 4,000 tests/day": day(6),
        "Works (works-m) starts for tests: 10,000 tests/day": day(10),
        "Spinout (spinout-m) starts for tests: 500 tests/day": day(12),
    }
    assert all(one.duration.days == 1 for one in found.values())


def test_equal_arguments_give_equal_bytes_and_a_moved_event_keeps_its_uid() -> None:
    assert written() == written()
    later = case.alliance(tuple(
        replace(one, ready=day(13)) if one.asset == "spinout" else one for one in case.CONTRIBUTIONS
    ))  # fmt: skip
    words = "Spinout (spinout-m) starts for tests: 500 tests/day"
    before, after = events(written())[words], events(written(later))[words]
    assert after.start == day(13) and before["UID"] == after["UID"]
    uids = [str(one["UID"]) for one in events(written()).values()]
    assert len(set(uids)) == len(uids)
    other = events(written(key="al_2"))[words]
    assert other["UID"] != before["UID"]


def test_who_declined_has_no_first_day() -> None:
    found = events(written(answers={("tests", "works"): Answer("declined")}))
    assert not any(words.startswith("Works") for words in found)


def test_a_stamp_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InputError, match="without a time zone; give one, such as UTC"):
        written(stamp=datetime(2020, 12, 1))

"""Rows of UNIQUIP: the rules of the specification one by one, and the laws of a lens."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.registry.exchange.taking import Taken, stable_html
from triplehelix.registry.exchange.uniquip import row_of, source_row, taken
from triplehelix.registry.exchange.uniquip_columns import COLUMNS, header, order
from triplehelix.registry.ids import new_id

FACILITY = new_id("asset", bytes(16))
GOOD = {"Type": "equipment", "Name": "Sorter", "Contact Email": "a@example.org",
        "Site Location": "North"}  # fmt: skip


def take(row: dict[str, str], before: dict[str, Any] | None = None) -> Taken:
    columns = list(row)
    read = source_row(2, header(columns), [row[column] for column in columns])
    return taken(read, before or {}, {"F1": FACILITY}, {FACILITY: "F1"})


def faults(row: dict[str, str]) -> list[str]:
    return [str(message) for message in take(row).faults]


def test_a_row_becomes_an_asset_worked_by_hand() -> None:
    row = GOOD | {
        "Description": "<p onclick=x()>Four <b>lasers</b></p>", "Related Facility ID": "F1",
        "Technique(:cpv)": "38000000-5, 38430000-8", "Contact Name": "Ada",
        "Location": "https://en.wikipedia.org/wiki/Newcastle_upon_Tyne", "ID": "007",
        "Secondary Contact Telephone": "01632 960001", "Photo": "https://example.org/p.jpg",
        "Department": "Biology", "Building": "B1", "Service Level": "By appointment",
        "Web Address": "https://example.org/sorter",
    }  # fmt: skip
    assert take(row).fields == {
        "name": "Sorter", "kind": "equipment", "description": "<p>Four <b>lasers</b></p>",
        "part_of": [FACILITY],
        "techniques": [{"term": "38000000-5", "vocabulary": "cpv"},
                       {"term": "38430000-8", "vocabulary": "cpv"}],
        "place": {"town": "Newcastle upon Tyne", "site": "North", "building": "B1",
                  "reference": "https://en.wikipedia.org/wiki/Newcastle_upon_Tyne"},
        "contacts": [{"name": "Ada", "email": "a@example.org"}, {"telephone": "01632 960001"}],
        "photos": ["https://example.org/p.jpg"], "website": "https://example.org/sorter",
        "department": "Biology", "service_level": "By appointment",
        "identifiers": [{"scheme": "uniquip", "value": "007"}],
        "provenance": {"format": "UNIQUIP 1.0"},
        "extra": {"uniquip": {"Technique column Technique:cpv": {"said": "Technique(:cpv)"}}},
    }  # fmt: skip


@pytest.mark.parametrize("written", ["equipment", "Equipment", " FACILITY ", "facility"])
def test_the_type_is_read_in_any_case(written: str) -> None:
    taken_ = take(GOOD | {"Type": written})
    assert taken_.fields and taken_.fields["kind"] == written.strip().lower()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"Type": "Gerät"}, "Type: 'Gerät' is neither; write equipment or facility"),
        ({"Type": ""}, "Type: is missing; write equipment or facility"),
        ({"Name": ""}, "Name: has neither name nor description"),
        ({"Name": " ", "Description": "<script>x</script>"}, "neither name nor description"),
        ({"Contact Email": ""}, "Contact Email: gives no way to reach anybody"),
        ({"Contact Email": "nobody"}, "gives no way to reach anybody"),
        ({"Contact Email": "", "Contact Name": "Ada"}, "gives no way to reach anybody"),
        ({"Site Location": " "}, "Site Location: is missing"),
        ({"Type": "facility", "Related Facility ID": "F1"}, "is given for a facility; leave it"),
        ({"Related Facility ID": "F1, F2"}, "'F2' is no facility of this file"),
        ({"Description": "x" * 100_000}, "Description: has 100,000 characters; shorten it"),
        ({"ID": "x" * 301}, "ID: has 301 characters; shorten it to 300"),
    ],
)
def test_a_broken_rule_is_told_with_its_place_and_remedy(
    change: dict[str, str], match: str
) -> None:
    assert any(match in fault for fault in faults(GOOD | change)), faults(GOOD | change)


@pytest.mark.parametrize(
    "way", ["Contact Telephone", "Contact Email", "Contact URL", "Secondary Contact Telephone"]
)
def test_one_way_to_reach_a_contact_is_enough(way: str) -> None:
    said = {"Contact URL": "https://example.org", "Contact Email": "x@example.org"}
    row = {**GOOD, "Contact Email": "", way: said.get(way, "01632 960000")}
    assert faults(row) == []


def test_a_name_is_made_of_the_description_and_not_given_back() -> None:
    found = take({**GOOD, "Name": "", "Description": "<p>Cryo <i>store</i></p>"})
    assert found.fields and found.fields["name"] == "Cryo store"
    assert "Name" not in row_of(found.fields, {})


@pytest.mark.parametrize(("written", "shown"), [("1.2E+05", "shortened"), ("2026-02-01", "date")])
def test_ids_that_a_spreadsheet_has_mangled_are_pointed_out(written: str, shown: str) -> None:
    assert any(shown in str(warning) for warning in take(GOOD | {"ID": written}).warnings)


def test_what_uniquip_does_not_know_of_stays() -> None:
    before = {"name": "Old", "kind": "equipment", "capabilities": ["pcr-testing"],
              "terms": {"who": "all"}, "place": {"lat": 1.0, "lon": 2.0, "site": "South"},
              "contacts": [{"email": "x@example.org"}, {"name": "B"}, {"name": "C"}],
              "identifiers": [{"scheme": "DOI", "value": "10.1/x"}]}  # fmt: skip
    new = take(GOOD, before).fields
    assert new is not None
    assert (new["capabilities"], new["terms"]) == (["pcr-testing"], {"who": "all"})
    assert new["place"] == {"lat": 1.0, "lon": 2.0, "site": "North"}
    assert new["contacts"] == [{"email": "a@example.org"}, {"name": "C"}]
    assert new["identifiers"] == [{"scheme": "DOI", "value": "10.1/x"}]


def test_a_laboratory_stays_one_though_uniquip_calls_it_facility() -> None:
    before = {"name": "Sorter", "kind": "laboratory"}
    new = take({**GOOD, "Type": "facility"}, before).fields
    assert new is not None and new["kind"] == "laboratory"


def test_headers_are_read_without_case_and_blanks_around() -> None:
    head = header([" type", "NAME ", "Technique:N8", "technique (cpv)", "Problem", "Odd", "name"])
    assert head.keys == ("Type", "Name", "Technique:N8", "Technique:cpv", None, "Odd", "Name (2)")
    said = [str(message) for message in head.messages]
    assert "'Odd': is no column of UNIQUIP" in said[0] and "is there 2 times" in said[1]


def test_the_columns_stand_in_the_specification_s_order() -> None:
    assert order([]) == COLUMNS and len(COLUMNS) == 21


NASTY = st.text(max_size=30) | st.sampled_from(
    ["=1+1", "'=1", "''", "a,b;c\t", '"q"', "x\ny", " \u00a0", "<b>x</b>", "﷽", "e\u0301", "\U0001f9ea",
     "https://example.org/a", "a@example.org", "12.0", "007", "a; b, c", "\ud800", "A\r\nB\rC"]
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {"Type": st.sampled_from(["Equipment", "FACILITY", "equipment"]), "Site Location": NASTY.map(lambda s: "S" + s)},
    optional={column: NASTY for column in (*COLUMNS, "Odd", "Technique:cpv")
              if column not in ("Type", "Site Location", "Related Facility ID")},
).map(lambda row: {"Contact Telephone": "1", "Name": "N", **row})  # fmt: skip


def normal(row: dict[str, str]) -> dict[str, str]:
    """The published normalisations, written again."""
    from triplehelix.formulas import unguarded

    found = {}
    for column, cell in row.items():
        plain = "".join(
            c for c in cell.replace("\r\n", "\n").replace("\r", "\n").replace("\ud800", "\ufffd")
            if c in "\t\n" or not (ord(c) < 32 or ord(c) == 127 or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        ).strip()  # fmt: skip
        plain = unguarded(plain).strip()
        plain = stable_html(plain) if column == "Description" else plain
        if plain:
            found[column] = plain
    return found


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_a_row_goes_in_and_comes_out_cell_by_cell(row: dict[str, str]) -> None:
    found = take(row)
    if found.fields is not None:
        assert row_of(found.fields, {FACILITY: "F1"}) == normal(row)


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS)
def test_the_last_of_two_rows_is_what_comes_out(
    first: dict[str, str], second: dict[str, str]
) -> None:
    before = take(first).fields
    after = take(second, before).fields
    if after is not None:
        assert row_of(after, {FACILITY: "F1"}) == normal(second)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_a_row_that_is_laid_again_changes_nothing(row: dict[str, str]) -> None:
    once = take(row).fields
    if once is not None:
        assert take(row, once).fields == once

"""The mapping file: what it may say, and the words with which it is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from triplehelix.errors import InputError
from triplehelix.read import mapped
from triplehelix.read.mapping import FIELDS, parse_mapping, read_mapping
from triplehelix.tables import STAGED

PATH = Path("ours.map.yaml")


def parsed(columns="{name: Firm}", rows="organisation", more="", top=""):
    text = f"source: ours\n{top}\ntables:\n  - file: a.csv\n    rows: {rows}\n"
    return parse_mapping(text + f"    columns: {columns}\n    {more}\n", PATH)


def test_what_is_written_is_what_is_read():
    """Each word of the format once, compared by hand."""
    mapping = parsed(
        '{name: {first: [Firm, Alias], default: none}, names: {column: Old, split: ";"},'
        " helix: {column: Kind, map: {Firm: industry}, otherwise: unknown},"
        ' identifiers: {vat: {column: V, match: "(\\\\d+)"}}}',
        more="skip_when: [{when: {Kind: [x, y], Firm: {not: ''}}, because: closed}]",
        top="title: Our firms\nsample: true\nunknown: [n/a]\ndecimal: ','",
    )
    table = mapping.tables[0]
    assert (mapping.source, mapping.about, mapping.sample) == ("ours", {"title": "Our firms"}, True)
    assert table.columns["name"].columns == ("Firm", "Alias")
    assert table.columns["name"].default == "none"
    assert table.columns["names"].split == ";"
    assert table.columns["helix"].replace == {"firm": "industry"}
    assert table.columns["helix"].otherwise == "unknown"
    assert table.columns["identifiers"]["vat"].match.pattern == r"(\d+)"
    assert (table.decimal, table.unknown) == (",", {"n/a"})
    assert [(t.column, t.texts, t.negated) for t in table.skip_when[0].when] == [
        ("Kind", {"x", "y"}, False), ("Firm", {""}, True)]  # fmt: skip
    assert table.used == ["Alias", "Firm", "Kind", "Old", "V"]


def test_plain_values_stay_text():
    """YAML 1.1 would read NO as false, 007 as 7 and 2020-01-01 as a date."""
    columns = (
        parsed(
            "{name: {constant: 007}, country: {constant: NO}, note: {constant: 2020-01-01},"
            " confidence: {column: 1, map: {1: high, yes: low}}}"
        )
        .tables[0]
        .columns
    )
    assert [columns[f].constant for f in ("name", "country", "note")] == ["007", "NO", "2020-01-01"]
    assert columns["confidence"].replace == {"1": "high", "yes": "low"}


def test_times_is_exact():
    figure = parsed(
        "{name: N, measure: {constant: jobs}, value: {column: V, times: 0.1}}", "figure"
    )
    assert figure.tables[0].columns["value"].times == Decimal("0.1")


@pytest.mark.parametrize("text, words", [
    ("source: [", "is not YAML"),
    ("source: " + "[" * 20_000, "is not YAML"),
    ("? [a]\n: b", "is not YAML"),
    ("- a", "expected pairs"),
    ("", "expected pairs"),
    ("tables: []", "`source` is missing"),
    ("source: ours", "`tables` is missing"),
    ("source: Our data\ntables: []", "lower-case letters, digits and hyphens"),
    ("source: a\nsource: b\ntables: []", "'source' stands twice, on lines 1 and 2"),
    ("source: a\ntabels: []", "'tabels' is not known here; did you mean 'tables'"),
    ("source: a\nsample: perhaps\ntables: []", "'perhaps' is not one of true, false"),
    ("source: a\ntables: {file: x}", "a list is needed"),
    ("source: a\ntables: [{rows: activity}]", "table 1: `file` is missing"),
    ("source: a\ntables: [{file: x.csv, rows: organization}]", "did you mean 'organisation'"),
    ("source: !!python/object:os.system {}\ntables: []", "is not YAML"),
])  # fmt: skip
def test_refuses_the_file(text, words):
    with pytest.raises(InputError, match=words) as raised:
        parse_mapping(text, PATH)
    assert "ours.map.yaml" in str(raised.value)


@pytest.mark.parametrize("columns, words", [
    ("{name: Firm, helx: Kind}", "columns: 'helx' is not known here; did you mean 'helix'"),
    ("{source_record_id: Id}", "did you mean 'id'"),
    ("{name: Firm, name: Other}", "'name' stands twice"),
    ("{city: Town}", "'name' or 'id' is needed"),
    ("{name: Firm, lat: Lat}", "'lat' needs 'lon' beside it"),
    ("{name: Firm, lat: Lat, lon: Lon}", "say how good the positions are, one of address"),
    ("{name: N, lat: A, lon: B, easting: C, northing: D, precision: P}", "not both"),
    ("{name: {colum: Firm}}", "name: 'colum' is not known here; did you mean 'column'"),
    ("{name: {column: Firm, constant: x}}", "exactly one of column, constant, join, first"),
    ("{name: {split: ';'}}", "exactly one of"),
    ("{name: {column: Firm, split: ';'}}", "this field takes one value"),
    ("{name: {column: Firm, otherwise: x}}", "add the map"),
    ("{name: {column: Firm, match: '('}}", "no regular expression"),
    ("{name: {column: Firm, map: [a]}}", "pairs of texts"),
    ("{name: {column: Firm, map: {a: x, A: y}}}", "stands twice but for capital letters"),
    ("{name: {column: []}}", "a text or a list of texts is needed"),
    ("{name: [Firm]}", "expected pairs"),
    ("{name: Firm, helix: {constant: acadmia}}", "did you mean 'academia'"),
    ("{name: Firm, helix: {column: K, map: {Firm: company}}}", "'company' is not one of"),
    ("{name: Firm, identifiers: Id}", "name the scheme"),
    ("{name: {column: Firm, times: many}}", "is no number"),
    ("{name: {column: Firm, times: 0}}", "finite and above 0"),
])  # fmt: skip
def test_refuses_the_columns(columns, words):
    with pytest.raises(InputError, match=words) as raised:
        parsed(columns)
    assert "table 1 (a.csv)" in str(raised.value) or "stands twice, on" in str(raised.value)


@pytest.mark.parametrize("rows, columns, words", [
    ("activity", "{id: I}", "'kind' is needed"),
    ("activity", "{id: I, kind: K, years: Y, start: S}", "'years' or 'start', not both"),
    ("participation", "{name: N}", "'activity' is needed"),
    ("participation", "{activity: A}", "'organisation' or 'name' is needed"),
    ("figure", "{name: N, measure: M}", "'value' is needed"),
    ("code", "{activity: A, value: V}", "'scheme' is needed"),
])  # fmt: skip
def test_each_kind_of_row_needs_its_fields(rows, columns, words):
    with pytest.raises(InputError, match=words):
        parsed(columns, rows)


@pytest.mark.parametrize("more, words", [
    ("participants: [{name: N}]", "goes with `rows: activity`"),
    ("decimal: point", "'point' is not one of"),
    ("encoding: utf-9", "is not an encoding; try cp1252"),
    ("header_row: 0", "above 0"),
    ("header_row: 1.5", "whole number"),
    ("skip_when: [{when: {A: x}}]", "`because` is missing"),
    ("skip_when: [{when: A, because: x}]", "written {column: text}"),
    ("skip_when: {when: {A: x}, because: y}", "a list is needed"),
    ("ignore_positions_when: {A: {is: x}}", "'is' is not known here"),
    ("ignore_positions_when: {A: {matches: '['}}", "no regular expression"),
])  # fmt: skip
def test_refuses_the_table(more, words):
    with pytest.raises(InputError, match=words):
        parsed(more=more)


def test_a_missing_or_undecodable_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_mapping(tmp_path / "none.map.yaml")
    (tmp_path / "b.map.yaml").write_bytes(b"source: caf\xe9")
    with pytest.raises(InputError, match="save it as UTF-8"):
        read_mapping(tmp_path / "b.map.yaml")


def test_every_field_of_the_staged_tables_can_be_mapped():
    """But for those that say where a row was read, and what the reader makes itself."""
    made = {"mention_id", "source", "file", "row", "content_hash"}
    called = {
        "source_record_id": "id",
        "parent_record_id": "parent",
        "activity_record_id": "activity",
        "organisation_record_id": "organisation",
    }
    for kind, table in {"organisation": "staged_organisations", "activity": "staged_activities",
                        "participation": "staged_participations", "code": "staged_codes",
                        "figure": "staged_figures"}.items():  # fmt: skip
        fields = {called.get(name, name) for name in STAGED[table].schema.names} - made
        if kind not in ("organisation", "activity"):
            fields -= {"id"}
        assert fields <= set(FIELDS[kind]), kind


def test_the_shipped_mappings_are_valid():
    assert [path.name for path in mapped.shipped()] == [
        "cambridge_companies.map.yaml", "uk_research_grants.map.yaml"]  # fmt: skip
    for path in mapped.shipped():
        assert {"title", "licence"} <= set(read_mapping(path).about)

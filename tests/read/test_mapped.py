"""Tables through a mapping: hand-worked rows, the example of the documentation, real files."""

import gzip
import json
import os
import random
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import InputError, SourceError
from triplehelix.read import mapped
from triplehelix.read.inputs import recognise
from triplehelix.read.mapped.numbers import amount_of
from triplehelix.read.mapped.rules import Rules
from triplehelix.read.rows import Kept, Rejected, mention_id
from triplehelix.tables import STAGED

HOW_TO = Path(__file__).parents[2] / "docs/how-to/map-your-own-tables.md"
DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
needs = lambda folder: pytest.mark.skipif(  # noqa: E731
    not (DATA / folder).is_dir(), reason=f"needs TRIPLEHELIX_DATA with {folder}"
)


def table(folder, columns, lines, rows="organisation", more=""):
    """The outcomes of one CSV with one mapping."""
    (folder / "a.csv").write_text("\n".join(lines) + "\n")
    (folder / "a.map.yaml").write_text(
        f"source: ours\ntables:\n  - file: a.csv\n    rows: {rows}\n    columns: {columns}\n"
        f"    {more}\n"
    )
    (only,) = mapped.inputs(folder / "a.map.yaml")
    return list(only.rows())


def values(outcome, name="staged_organisations"):
    assert isinstance(outcome, Kept), outcome
    return [dict(v) for t, v in outcome.staged if t == name]


def reason(outcome):
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


# --- The example of the documentation ----------------------------------------------------------


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinics")
    for name, content in re.findall(r":caption: (\S+)\n(.*?)```", HOW_TO.read_text(), re.S):
        (folder / name).write_text(content)
    return {
        i.file.split("/")[1]: list(i.rows()) for i in mapped.inputs(folder / "clinics.map.yaml")
    }


def test_documented_organisations(example):
    university, company, hospital, closed = example["members.csv"]
    made = values(university)[0]
    assert made.pop("mention_id") == mention_id(made)
    assert made == {
        "source": "clinics", "source_record_id": "harbour university, GB",
        "name": "Harbour University", "helix": "academia", "country": "GB", "city": "Bristol",
        "postcode": "BS8 1TH", "lat": 51.4584, "lon": -2.603, "precision": "address",
    }  # fmt: skip
    assert "lat" not in values(company)[0] and "precision" not in values(company)[0]
    assert values(hospital)[0]["helix"] == "health"
    assert reason(closed).endswith("closed before the study began")


def test_documented_activities(example):
    pilot, wards, backwards = example["grants.csv"]
    assert values(pilot, "staged_activities") == [{
        "source": "clinics", "source_record_id": "H1", "kind": "project",
        "title": "Gene therapy pilot", "start": date(2019, 1, 1), "end": date(2021, 12, 31),
        "amount": Decimal("1250000.00"), "currency": "GBP",
        "themes": ["advanced-therapies", "genomics"],
    }]  # fmt: skip
    took_part = values(pilot, "staged_participations")
    assert [(p["source_record_id"], p["role"]) for p in took_part] == [
        ("H1/harbour university, GB/lead", "lead"), ("H1/st anne hospital, GB/partner", "partner"),
        ("H1/quay therapeutics, GB/partner", "partner")]  # fmt: skip
    assert [m["mention_id"] for m in values(pilot)] == [p["mention_id"] for p in took_part]
    (grant,) = values(wards, "staged_activities")
    assert (grant["start"], grant["end"]) == (date(2020, 3, 1), date(2020, 9, 30))
    assert "amount" not in grant and len(values(wards)) == 1
    assert "ends (2020-12-31) before it starts (2021-01-01)" in reason(backwards)


def test_documented_counts(example):
    outcomes = [o for rows in example.values() for o in rows]
    assert Counter(type(o) for o in outcomes) == {Kept: 5, Rejected: 2}


def test_same_name_and_country_are_one_organisation(example):
    """The record ids of the two files agree, so that they are the same record."""
    members = {values(o)[0]["source_record_id"] for o in example["members.csv"][:3]}
    named = {m["source_record_id"] for o in example["grants.csv"][:2] for m in values(o)}
    assert members == named


def test_recognised_as_an_input(tmp_path):
    table(tmp_path, "{name: N}", ["N", "A"])
    (only,), warnings = recognise([tmp_path])
    assert (only.source, only.file, warnings) == ("ours", f"{tmp_path.name}/a.csv", [])
    assert only.extra == (tmp_path / "a.map.yaml",)


# --- Numbers and dates -------------------------------------------------------------------------


@pytest.mark.parametrize("text, decimal, amount", [
    ("1234", ".", "1234"), ("1234.5", ".", "1234.5"), ("1234,5", ".", "1234.5"),
    ("1,234", ".", "1234"), ("1,234", ",", "1.23"), ("1.234", ".", "1.23"), ("1.234", ",", "1234"),
    ("1,234,567", ",", "1234567"), ("1.234.567,89", ".", "1234567.89"), ("0.125", ",", "0.13"),
    ("1,234,567.89", ",", "1234567.89"), ("1 234 567,5", ".", "1234567.5"),
    ("1’234’567.50", ".", "1234567.5"), ("£20", ".", "20"), ("€ 1.234,50", ".", "1234.5"),
    ("1 000 EUR", ".", "1000"), ("USD 5,5", ".", "5.5"), ("1.2e6", ".", "1200000"),
    ("0", ".", "0"), ("", ".", None),
])  # fmt: skip
def test_amounts_worked_by_hand(tmp_path, text, decimal, amount):
    (row,) = table(tmp_path, "{id: I, kind: {constant: trial}, amount: A}", ["I|A", f"1|{text}"],
                   "activity", f"decimal: '{decimal}'")  # fmt: skip
    made = values(row, "staged_activities")[0].get("amount")
    assert made == (None if amount is None else Decimal(amount).quantize(Decimal("0.01")))


@given(st.decimals(0, 10**12, places=2), st.sampled_from([",.", ".,", " ,", "'.", "’."]))
def test_an_amount_with_cents_is_read_however_it_is_grouped(amount, signs):
    """Two decimals can be nothing but decimals, so no setting is needed: Python writes them."""
    group, point = signs
    text = f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)
    rules = Rules("s", ".", None, "", {})
    assert amount_of({"amount": text}, rules)[0] == amount


@pytest.mark.parametrize("text, words", [
    ("-5", "'-5' is negative"), ("(1,200)", "is negative"), ("−5", "is negative"),
    ("a lot", "amount 'a lot' is no number"), ("1.2.3", "no number"), ("12,34,5", "no number"),
    ("1e17", "too large"), ("nan", "no number"),
])  # fmt: skip
def test_amounts_that_are_refused(tmp_path, text, words):
    (row,) = table(tmp_path, "{id: I, kind: {constant: trial}, amount: A}", ["I|A", f"1|{text}"],
                   "activity")  # fmt: skip
    assert words in reason(row)


@pytest.mark.parametrize("cell, currency, made", [
    ("£5", "", "GBP"), ("€5", "", "EUR"), ("CHF 5", "", "CHF"), ("$5", "", None), ("5", "", None),
    ("5", "eur", "EUR"), ("5", "£", "GBP"),
])  # fmt: skip
def test_currency(tmp_path, cell, currency, made):
    columns = "{id: I, kind: {constant: trial}, amount: A, currency: C}"
    (row,) = table(tmp_path, columns, ["I|A|C", f"1|{cell}|{currency}"], "activity")
    assert values(row, "staged_activities")[0].get("currency") == made


@pytest.mark.parametrize("start, end, days", [
    ("2020", "2020", ("2020-01-01", "2020-12-31")), ("2015.0", "", ("2015-01-01", None)),
    ("2020-02", "2020-02", ("2020-02-01", "2020-02-29")),
    ("2020-12", "2020-12", ("2020-12-01", "2020-12-31")),
    ("2020-03-04T10:00:00Z", "2020/03/05", ("2020-03-04", "2020-03-05")),
])  # fmt: skip
def test_dates_worked_by_hand(tmp_path, start, end, days):
    columns = "{id: I, kind: {constant: trial}, start: S, end: E}"
    (row,) = table(tmp_path, columns, ["I,S,E", f"1,{start},{end}"], "activity")
    made = values(row, "staged_activities")[0]
    assert tuple(str(made[f]) if f in made else None for f in ("start", "end")) == days


@pytest.mark.parametrize("start, words", [
    ("03/04/2020", "say how it is written"), ("2020-13-01", "no day of the calendar"),
    ("2021-02-29", "no day of the calendar"), ("2020-13", "no day of the calendar"),
    ("soon", "is not like 2020-03-01"), ("0000", "no day of the calendar"),
])  # fmt: skip
def test_dates_that_are_refused(tmp_path, start, words):
    columns = "{id: I, kind: {constant: trial}, start: S, end: {column: S, match: '^$'}}"
    (row,) = table(tmp_path, columns, ["I,S", f"1,{start}"], "activity")
    assert words in reason(row)


def test_a_date_format_for_the_table_and_for_a_column(tmp_path):
    columns = '{id: I, kind: {constant: trial}, start: S, end: {column: E, format: "%d.%m.%y"}}'
    (row,) = table(tmp_path, columns, ["I,S,E", "1,03/04/2020,05.06.21"], "activity",
                   'date_format: "%d/%m/%Y"')  # fmt: skip
    made = values(row, "staged_activities")[0]
    assert (made["start"], made["end"]) == (date(2020, 4, 3), date(2021, 6, 5))


@pytest.mark.parametrize("years, days", [
    ("2013-2023", ("2013-01-01", "2023-12-31")), ("2013 – 2023", ("2013-01-01", "2023-12-31")),
    ("2013", ("2013-01-01", "2013-12-31")), ("2013-", ("2013-01-01", None)),
    ("2013 to present", ("2013-01-01", None)), ("", (None, None)),
])  # fmt: skip
def test_years(tmp_path, years, days):
    (row,) = table(tmp_path, "{id: I, kind: {constant: trial}, years: Y}", ["I,Y", f"1,{years}"],
                   "activity")  # fmt: skip
    made = values(row, "staged_activities")[0]
    assert tuple(str(made[f]) if f in made else None for f in ("start", "end")) == days


# --- Positions ---------------------------------------------------------------------------------

PLACED = "{name: N, country: C, lat: A, lon: O, precision: {constant: postcode}}"


@pytest.mark.parametrize("cells, words", [
    ("GB,90.5,0", "is not on the Earth"), ("GB,0.1,181", "is not on the Earth"),
    ("GB,-170,51", "latitude and longitude look swapped"),
    ("GB,0,0", "stands for unknown"), ("GB,51.5,", "lat without lon"), ("GB,,1", "lon without lat"),
    ("GB,north,1", "lat 'north' is no number"), ("GB,nan,1", "is no number"),
    ("GB,-2.6,51.4", r"(-2.6, 51.4 is far from GB, 51.4, -2.6 is in it); swap the columns"),
    ("IL,34.8,32.1", "look swapped"), ("JP,139.7,35.7", "look swapped"),
])  # fmt: skip
def test_positions_that_are_refused(tmp_path, cells, words):
    (row,) = table(tmp_path, PLACED, ["N,C,A,O", f"X,{cells}"])
    assert words in reason(row)


@pytest.mark.parametrize("cells", [
    "GB,51.4,-2.6", "GB,60.8,-0.9", "IL,32.1,34.8", "NG,7.4,3.9", "US,21.3,-157.8", ",-2.6,51.4",
    "FR,-21.1,55.5", "GB,-2.6,-51.4",
])  # fmt: skip
def test_positions_that_are_kept(tmp_path, cells):
    """At home, on far islands, where turning round changes nothing, or of an unknown country."""
    (row,) = table(tmp_path, PLACED, ["N,C,A,O", f"X,{cells}"])
    made = values(row)[0]
    assert [made["lat"], made["lon"]] == [float(v) for v in cells.split(",")[1:]]
    assert made["precision"] == "postcode"


def test_national_grid(tmp_path):
    """Caister water tower, as Ordnance Survey's guide to coordinate systems prints it twice."""
    columns = "{name: N, easting: E, northing: F, precision: {constant: address}}"
    rows = table(tmp_path, columns, ["N,E,F", "Caister,651409.792,313177.448", "Void,9e9,9e9"])
    made = values(rows[0])[0]
    printed = 52 + 39 / 60 + 28.8282 / 3600, 1 + 42 / 60 + 57.8663 / 3600
    # pyproj without the Survey's shift grid is good to about 3 m.
    np.testing.assert_allclose([made["lat"], made["lon"]], printed, atol=5e-5)
    assert "outside EPSG:27700" in reason(rows[1])


def test_a_coordinate_system_that_is_none(tmp_path):
    with pytest.raises(InputError, match="EPSG:27700"):
        table(tmp_path, "{name: N, easting: N, northing: N, precision: {constant: city}}",
              ["N", "1"], more="crs: my own")  # fmt: skip


def test_positions_not_to_be_used(tmp_path):
    """The row is kept; of several conditions any holds, of several columns all."""
    rows = table(tmp_path, PLACED, ["N,C,A,O,Basis", "X,GB,51,0,Guess", "Y,GB,51,0,seen",
                                    "Z,GB,0,0,seen"],
                 more="ignore_positions_when: [{Basis: guess}, {A: '0', O: '0'}]")  # fmt: skip
    assert ["lat" in values(row)[0] for row in rows] == [False, True, False]


# --- Words, lists, ids -------------------------------------------------------------------------


def test_cells_of_every_kind(tmp_path):
    columns = (
        "{id: {join: [A, B], with: '-'}, name: {first: [C, A]},"
        " country: {column: D, map: {Albion: GB}},"
        ' names: {column: E, split: ";"}, city: {column: C, match: "in (.+)"},'
        " helix: {column: B, map: {u: academia}, otherwise: unknown},"
        " note: {column: C, default: none},"
        " identifiers: {ror: F, companies-house: {column: B, match: '[0-9]+'}, vat: G}}"
    )
    header = "A,B,C,D,E,F,G"
    first, second = table(tmp_path, columns, [
        header, "x,U,,albion, b ;a;;b,02mhbdp94,",
        "y,7,Firm &amp; Co  in Hull,Korea,,,GB1"])  # fmt: skip
    a, b = values(first)[0], values(second)[0]
    assert (a["source_record_id"], a["name"], a["country"], a["names"]) == (
        "x-U",
        "x",
        "GB",
        ["a", "b"],
    )
    assert (a["helix"], a["note"], "city" in a) == ("academia", "none", False)
    assert a["identifiers"] == [{"scheme": "ror", "value": "https://ror.org/02mhbdp94"}]
    assert (b["name"], b["country"], b["helix"]) == ("Firm & Co in Hull", "KR", "unknown")
    assert b["city"] == "Hull" and "names" not in b
    assert b["identifiers"] == [{"scheme": "companies-house", "value": "00000007"},
                                {"scheme": "vat", "value": "GB1"}]  # fmt: skip


@pytest.mark.parametrize("columns, line, words", [
    ("{name: N, helix: V}", "X,firm", "helix 'firm' is not one of academia"),
    ("{name: N, country: V}", "X,Narnia", "country 'Narnia' is not known; add it to the `map`"),
    ("{name: N, identifiers: {ror: V}}", "X,12", "'12' is no ROR id"),
    ("{name: N}", ",1", "neither a name nor an id"),
    ("{name: N, lat: V, lon: V, precision: N}", ",1", "neither a name nor an id"),
])  # fmt: skip
def test_organisations_that_are_refused(tmp_path, columns, line, words):
    (row,) = table(tmp_path, columns, ["N,V", line])
    assert words in reason(row)


def test_words_in_capitals_and_texts_that_mean_unknown(tmp_path):
    (row,) = table(tmp_path, "{name: N, helix: H, country: C, city: T}",
                   ["N,H,C,T", "X,Industry,n/a,-"], more="unknown: [N/A, '-']")  # fmt: skip
    made = values(row)[0]
    assert made["helix"] == "industry"
    assert "country" not in made and "city" not in made


def test_participations(tmp_path):
    """Towns part two participations of one organisation; a repeated mention has one id."""
    columns = ("{activity: P, name: N, country: {constant: GB}, city: T, role: R, amount: A,"
               " currency: {constant: GBP}, note: S}")  # fmt: skip
    rows = table(tmp_path, columns, [
        "P,N,T,R,A,S", "p1,Gsk,Ware,site,5,seen", "p1,GSK ,Stevenage,site,,", "p2,Gsk,Ware,,0,",
        ",Gsk,Ware,,,", "p3,,Ware,,,", "p3,Gsk,,boss,,"], "participation")  # fmt: skip
    ware, stevenage, again = (values(row, "staged_participations")[0] for row in rows[:3])
    assert ware == {
        "source": "ours", "source_record_id": "p1/gsk, GB/site/ware", "activity_record_id": "p1",
        "mention_id": values(rows[0])[0]["mention_id"], "role": "site", "amount": Decimal("5.00"),
        "currency": "GBP", "note": "seen"}  # fmt: skip
    assert stevenage["source_record_id"] == "p1/gsk, GB/site/stevenage"
    assert "amount" not in stevenage and again["amount"] == 0
    assert again["role"] == "partner" and again["mention_id"] == ware["mention_id"]
    assert "note" not in values(rows[0])[0]
    assert "does not say which activity" in reason(rows[3])
    assert "neither a name nor an id" in reason(rows[4])
    assert "role 'boss' is not one of lead" in reason(rows[5])


def test_participants_with_parts_side_by_side(tmp_path):
    columns = "{id: I, kind: {constant: trial}}"
    more = ("participants: [{name: {column: N, split: ','}, country: {column: C, split: ','},"
            " role: {constant: site}}]")  # fmt: skip
    rows = table(tmp_path, columns, [
        "I;N;C", "1;A, B ,A;GB,FR,GB", "2;A,B;GB", "3;;", "4;A,,B;GB,,"],
                 "activity", more)  # fmt: skip
    assert [(m["name"], m["country"]) for m in values(rows[0])] == [("A", "GB"), ("B", "FR")]
    assert len(values(rows[0], "staged_participations")) == 2
    assert "name gives 2 participants and country 1" in reason(rows[1])
    assert values(rows[2]) == []
    assert [(m["name"], m.get("country")) for m in values(rows[3])] == [("A", "GB"), ("B", None)]


def test_lists_in_json_lines(tmp_path):
    """Lists need no separator; where one value is needed, several are refused."""
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [
        {"id": 1, "t": ["b", "a"], "who": [], "k": ["trial"]},
        {"id": 2.5, "t": None, "who": ["X", "Y"], "k": "trial"},
        {"id": 3, "t": "c", "who": "X", "k": ["trial", "patent"]}])))  # fmt: skip
    (tmp_path / "a.map.yaml").write_text(
        "source: ours\ntables: [{file: a.jsonl, rows: activity, columns:"
        " {id: id, kind: k, themes: t},"
        " participants: [{name: who}]}]"
    )
    rows = list(mapped.inputs(tmp_path / "a.map.yaml")[0].rows())
    assert values(rows[0], "staged_activities")[0]["themes"] == ["a", "b"]
    assert values(rows[0], "staged_activities")[0]["source_record_id"] == "1"
    assert [m["name"] for m in values(rows[1])] == ["X", "Y"]
    assert "kind holds a list of 2" in reason(rows[2])


def test_figures_and_codes(tmp_path):
    rows = table(tmp_path, "{organisation: O, measure: {constant: employment}, period: Y,"
                 " value: {column: V, times: 1000}, unit: {constant: people}}",
                 ["O,Y,V", "a,2014,1.5", "a,2014-2017,2", "a,,3", "a,2017/2014,1", "a,2014,"],
                 "figure")  # fmt: skip
    made = [values(row, "staged_figures")[0] for row in rows[:3]]
    assert [(m["period"], m["value"]) for m in made] == [
        ("2014/2014", 1500.0), ("2014/2017", 2000.0), ("all", 3000.0)]  # fmt: skip
    assert made[0]["source_record_id"] == "a/employment/2014/2014"
    assert "ends before it starts" in reason(rows[3])
    assert "has no value" in reason(rows[4])
    columns = '{activity: A, scheme: {constant: hrcs}, value: {column: C, split: "+"}}'
    kept, lacking = table(tmp_path, columns, ["A,C", "p,2+1+2", "p,"], "code")  # fmt: skip
    assert [c["value"] for c in values(kept, "staged_codes")] == ["1", "2"]
    assert "lacks the activity, the scheme or the value" in reason(lacking)


def test_rows_left_out_on_purpose(tmp_path):
    rows = table(tmp_path, "{name: N}", ["N,K,R", "A,x,", "B,y,funder", "C,z,", "D,,"], more=(
        "skip_when: [{when: {K: [X, q]}, because: first}, {when: {R: {not: ''}}, because: second},"
        " {when: {K: {matches: '^z'}, N: C}, because: third}]"))  # fmt: skip
    assert [o.reason.rpartition(": ")[2] if isinstance(o, Rejected) else None for o in rows] == [
        "first", "second", "third", None]  # fmt: skip
    assert [json.loads(o.raw)["N"] for o in rows] == ["A", "B", "C", "D"]


# --- Files -------------------------------------------------------------------------------------


def test_columns_the_file_does_not_have(tmp_path):
    with pytest.raises(SourceError, match="no column 'Nmae'; its columns are 'Name', 'Town'"):
        table(tmp_path, "{name: Nmae}", ["Name,Town", "A,B"])
    assert values(table(tmp_path, "{name: NAME}", ["Name,Town", "A,B"])[0])[0]["name"] == "A"


def test_roots_globs_and_one_file_twice(tmp_path, monkeypatch):
    data = tmp_path / "data"
    data.mkdir()
    for year in (2020, 2021):
        (data / f"g-{year}.csv").write_text("N\nA\n")
    mapping = tmp_path / "a.map.yaml"
    part = "rows: organisation, columns: {name: N}}"
    mapping.write_text("source: ours\nroot: $HERE/data\ntables:\n"
                       f"  - {{file: 'g-20??.csv', {part}\n"
                       f"  - {{file: g-2020.csv, {part}\n")  # fmt: skip
    monkeypatch.delenv("HERE", raising=False)
    with pytest.raises(InputError, match="environment variable that is not set"):
        mapped.inputs(mapping)
    monkeypatch.setenv("HERE", str(tmp_path))
    assert [i.file for i in mapped.inputs(mapping)] == [
        "data/g-2020.csv#1", "data/g-2021.csv", "data/g-2020.csv#2"]  # fmt: skip
    assert len(recognise([mapping])[0]) == 3
    mapping.write_text(f"source: ours\ntables: [{{file: 'none-*.csv', {part}]")
    with pytest.raises(InputError, match=r"no file in .* matches 'none-\*\.csv'"):
        mapped.inputs(mapping)
    mapping.write_text(f"source: ours\ntables: [{{file: none.csv, {part}]")
    with pytest.raises(SourceError, match="missing"):
        mapped.inputs(mapping)


def test_a_row_that_cannot_be_read_is_counted(tmp_path):
    rows = table(tmp_path, "{name: N}", ["N,K", "A,x", "B,y,z", "C,x"])
    assert [type(row) for row in rows] == [Kept, Rejected, Kept]
    assert "3 fields" in reason(rows[1])


def test_staged_values_are_of_the_staged_columns(example):
    for outcome in (o for rows in example.values() for o in rows if isinstance(o, Kept)):
        for name, said in outcome.staged:
            assert set(said) <= set(STAGED[name].schema.names)
            assert set(STAGED[name].key) <= set(said)


def test_row_order_changes_nothing(tmp_path):
    lines = [f"p{n % 7},Org {n % 5},GB,{n % 3 + 1}" for n in range(60)]
    columns = "{activity: P, name: N, country: C, amount: A}"
    made = []
    for seed in (1, 2):
        random.Random(seed).shuffle(lines)
        rows = table(tmp_path, columns, ["P,N,C,A", *lines], "participation")
        made.append(Counter(repr(row.staged) for row in rows))
    assert made[0] == made[1]


# --- Real files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIPLEHELIX_DATA", str(DATA.resolve()))
        by_name = {path.name.split(".")[0]: path for path in mapped.shipped()}
        yield lambda name: {i.path.name: list(i.rows()) for i in mapped.inputs(by_name[name])}


@needs("cambridge_companies")
def test_cambridge_companies(shipped):
    """Against pandas: every row, and not one of the invented positions."""
    raw = pd.read_csv(DATA / "cambridge_companies/companies.csv", dtype=str, keep_default_na=False)
    rows = shipped("cambridge_companies")["companies.csv"]
    assert len(rows) == len(raw) == 571 and all(isinstance(row, Kept) for row in rows)
    made = pd.DataFrame([values(row)[0] for row in rows])
    real = raw["loc_approx"] == "False"
    np.testing.assert_array_equal(made["lat"].notna(), real)
    np.testing.assert_array_equal(made.loc[real, "lat"], raw.loc[real, "lat"].astype(float))
    np.testing.assert_array_equal(made.loc[real, "lon"], raw.loc[real, "lon"].astype(float))
    np.testing.assert_array_equal(made["postcode"].fillna(""), raw["postcode"])
    # One firm stands in the list of two hubs, in other capitals: one record with two rows.
    twice = made.loc[made["source_record_id"].duplicated(keep=False), "name"]
    assert set(twice) == {"Storm Therapeutics", "STORM Therapeutics"}
    assert set(made["helix"]) == {"industry"} and set(made["city"]) == {"Cambridge"}
    numbers = raw["ch_url"].str.extract(r"company/(\w+)")[0].str.zfill(8)
    found = made["identifiers"].map(lambda i: i[0]["value"], na_action="ignore")
    pd.testing.assert_series_equal(found, numbers, check_names=False, check_dtype=False)


@needs("uk_research_grants")
def test_grants(shipped):
    """Against pandas: ids, dates, amounts; roles against the leaders the projects name."""
    folder = DATA / "uk_research_grants"
    found = shipped("uk_research_grants")
    projects = pd.concat(
        [pd.read_parquet(folder / f"{n}_projects.parquet") for n in ("ukri", "nihr")]
    )
    rows = [*found["ukri_projects.parquet"], *found["nihr_projects.parquet"]]
    assert len(rows) == len(projects) == 3482 and all(isinstance(row, Kept) for row in rows)
    made = pd.DataFrame([values(row, "staged_activities")[0] for row in rows])
    assert list(made["source_record_id"]) == list(projects["id"])
    assert list(made["start"].map(str)) == list(projects["start_date"])
    assert list(made["end"].map(str)) == list(projects["end_date"])
    assert list(made["amount"]) == [Decimal(repr(a)).quantize(Decimal("0.01"))
                                    for a in projects["amount"]]  # fmt: skip
    assert made["source_record_id"].duplicated().sum() == 258
    funders = [values(row, "staged_participations")[0] for row in rows]
    assert {f["role"] for f in funders} == {"funder"}

    with gzip.open(folder / "project_organisations.csv.gz", "rt", encoding="utf-8") as file:
        raw = pd.read_csv(file, dtype=str, keep_default_na=False)
    partners = found["project_organisations.csv.gz"]
    assert len(partners) == len(raw) == 19368
    nameless = raw["organisation_name"].isin(["", "n/a", "Unknown", "u"])
    rejected = [isinstance(row, Rejected) for row in partners]
    np.testing.assert_array_equal(rejected, nameless)
    leads = {}
    for row in partners:
        if isinstance(row, Kept):
            took_part = values(row, "staged_participations")[0]
            if took_part["role"] == "lead":
                leads[took_part["activity_record_id"]] = values(row)[0]["name"]
    named = {
        i: " ".join(n.split())
        for i, n in zip(projects["id"], projects["lead_org_name"], strict=True)
    }
    assert {(n, leads[i]) for i, n in named.items() if n != leads[i]} == {
        ("Imperial College of Science, Technology and Medicine", "Imperial College London")
    }


@needs("uk_research_grants")
def test_a_grant_checked_by_hand(shipped):
    """NIHR 16/136/100: Queen Margaret University leads; partners in Lebanon and Sierra Leone."""
    rows = shipped("uk_research_grants")["project_organisations.csv.gz"]
    mine = [row for row in rows if json.loads(row.raw)["project_id"] == "16/136/100"]
    took_part = {(values(r)[0]["name"], values(r)[0].get("country"),
                  values(r, "staged_participations")[0]["role"]) for r in mine}  # fmt: skip
    assert ("Queen Margaret University", "GB", "lead") in took_part
    assert any("Beirut" in name and role == "partner" for name, _, role in took_part)

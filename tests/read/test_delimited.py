"""Text tables: Python's csv and json modules and pandas are the oracles."""

import csv
import gzip
import io
import json
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import SourceError
from triplehelix.read import delimited
from triplehelix.read.delimited import Row, need, table
from triplehelix.read.files import Member
from triplehelix.read.rows import Rejected, raw_text


def member(path: Path, content: bytes) -> Member:
    path.write_bytes(content)
    return Member(path.name, path.name, path)


@pytest.fixture
def held(tmp_path):
    return lambda content, **options: table(member(tmp_path / "t.csv", content), **options)


def cells(of: delimited.Table) -> list[list[str]]:
    return [row.cells for row in of.rows() if isinstance(row, Row)]


def reasons(of: delimited.Table) -> dict[int, str]:
    return {row.row: row.reason for row in of.rows() if isinstance(row, Rejected)}


@pytest.mark.parametrize("delimiter", delimited.DELIMITERS)
def test_delimiter_is_told_from_the_header(held, delimiter):
    content = f'a{delimiter}"b,;"{delimiter}c\n1{delimiter}2{delimiter}3\n'
    of = held(content.encode())
    assert (of.delimiter, of.columns) == (delimiter, ("a", "b,;", "c"))
    assert cells(of) == [["1", "2", "3"]]


def test_single_column(held):
    assert cells(held(b"name\nx\ny\n")) == [["x"], ["y"]]


def test_quoted_line_breaks_delimiters_and_quotes(held):
    assert cells(held(b'a;b\n"one\r\ntwo;""three""";2\r\n3;4')) == [
        ['one\r\ntwo;"three"', "2"],
        ["3", "4"],
    ]


def test_header_over_two_lines(held):
    of = held(b'"first\nname";b\n1;2\n')
    assert of.columns == ("first\nname", "b")
    assert cells(of) == [["1", "2"]]


def test_blank_lines_are_no_rows(held):
    of = held(b"\n\na;b\n\n1;2\n\n\n3;4\n\n")
    assert [row.number for row in of.rows()] == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_mark(held, encoding):
    text = "név;város\nŐrség;Łódź\n"
    of = held(text.encode(encoding))
    assert of.columns == ("név", "város")
    assert cells(of) == [["Őrség", "Łódź"]]


def test_encoding_the_caller_names(held):
    assert cells(held("a;b\nKöln;2\n".encode("cp1252"), encoding="cp1252")) == [["Köln", "2"]]


def test_rows_in_another_encoding_are_rejected_and_the_rest_read(held):
    of = held("a;b\nLeeds;1\nKöln;2\nParis;3\n".encode("cp1252"))
    assert cells(of) == [["Leeds", "1"], ["Paris", "3"]]
    assert "is not UTF-8: b'K\\xf6ln'" in reasons(of)[2]
    assert "iconv -f WINDOWS-1252 -t UTF-8" in reasons(of)[2]


def test_header_in_another_encoding(held):
    with pytest.raises(SourceError, match=r"t\.csv is not a text table in UTF-8.*iconv"):
        held("größe;b\n1;2\n".encode("cp1252"))


@pytest.mark.parametrize("content", ["a;b\n1;2\n".encode("utf-16-le"), b"PAR1\0\0\0\x15"])
def test_not_text(held, content):
    with pytest.raises(SourceError, match="is not a text table.*save it as CSV in UTF-8"):
        held(content)


def test_damaged_utf_16(held):
    with pytest.raises(SourceError, match="is not a text table in UTF-16"):
        cells(held("a;b\n1;2\n".encode("utf-16") + b"\x00\xd8x"))


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty(held, content):
    with pytest.raises(SourceError, match=r"t\.csv is empty: no header line; fetch it again"):
        held(content)


def test_header_alone_is_a_table_without_rows(held):
    assert list(held(b"a;b\n").rows()) == []


def test_wrong_number_of_fields(held):
    of = held(b"a;b\n1\n1;2\n1;2;3\n")
    assert cells(of) == [["1", "2"]]
    assert "has 1 fields where the header has 2; mend" in reasons(of)[1]
    assert "has 3 fields where the header has 2; mend" in reasons(of)[3]


def test_file_cut_within_a_row(held):
    assert list(reasons(held(b'a;b;c\n1;2;3\n4;"fi'))) == [2]


def test_nul_bytes(held):
    of = held(b"a;b\n1;x\0y\n3;\\u0000\n")
    assert cells(of) == [["3", "\\u0000"]]
    assert "NUL bytes" in reasons(of)[1]


def test_a_quote_never_closed_stops_at_the_longest_field(held, monkeypatch):
    monkeypatch.setattr(delimited, "FIELD_LONGEST", 1_000)
    of = held(b'a;b\n1;2\n3;"' + b"x;y\n" * 500 + b"5;6\n")
    assert cells(of)[0] == ["1", "2"]
    assert cells(of)[-1] == ["5", "6"]
    assert "more than 1,000 characters, most likely a quote that is not closed" in reasons(of)[2]


def test_columns_without_or_with_the_same_name(held):
    assert held(b"a;;a;A\n").columns == ("a", "column 2", "a (2)", "A")


def test_position_ignores_case_and_takes_the_first_name_there_is(held):
    of = held(b"projectid;netEcContribution\n")
    assert of.position("projectID") == 0
    assert of.position("ecContribution", "netEcContribution") == 1
    assert of.position("country") is None


def test_missing_columns_names_those_found_and_needed(held):
    with pytest.raises(SourceError, match=r"lacks the columns x or y; found: a, b\. Fetch"):
        need(held(b"a;b\n"), ("a",), ("x", "y"))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=6))
def test_as_python_csv_and_json_have_it(tmp_path_factory, rows):
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["a", "b", 'c"%s'], *rows])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    got = list(table(member(path, written.getvalue().encode())).rows())
    assert [row.cells for row in got] == rows
    for row in got:
        assert row.raw == raw_text(dict(zip(("a", "b", 'c"%s'), row.cells, strict=True)))
        assert list(json.loads(row.raw).values()) == row.cells


def test_as_pandas_has_it(held):
    content = b'a,b,c\n"x, y",2,\n\n,"4\n5",6\n'
    expected = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert cells(held(content)) == expected.to_numpy().tolist()


def test_memory_does_not_grow_with_the_rows(tmp_path):
    line = b"123456789;some name or other;Leeds\n"
    small, large = (
        _peak(member(tmp_path / f"{n}.csv.gz", gzip.compress(b"a;b;c\n" + line * n, 1)))
        for n in (20_000, 100_000)
    )
    assert large < small * 1.2 + 100_000


def _peak(of: Member) -> int:
    tracemalloc.start()
    for _ in table(of).rows():
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak

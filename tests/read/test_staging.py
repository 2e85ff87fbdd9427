"""Rows of readers on disk: counted, whole, and no more than once."""

import json
import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from triplehelix.read import staging
from triplehelix.read.inputs import Input
from triplehelix.read.rows import Kept, Rejected, content_hash, mention_id
from triplehelix.read.staging import files_of, stage, staged_counts
from triplehelix.tables import REFERENCE, STAGED


def given(*outcomes, batches=None):
    return Input("ours", "a/b.csv", Path("b.csv"), (), (), lambda: iter(outcomes), None, batches)


def mention(name):
    values = {"source": "ours", "source_record_id": name, "name": name, "names": ["x"],
              "identifiers": [{"scheme": "vat", "value": "1"}], "lat": 1.5}  # fmt: skip
    return {**values, "mention_id": mention_id(values)}


def kept(row, *staged, raw=None):
    return Kept(row, raw or json.dumps({"row": row}), staged)


def staged(folder, table):
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def test_rows_are_counted_and_written_with_where_they_came_from(tmp_path):
    activity = {"source": "ours", "source_record_id": "1", "start": date(2020, 2, 29),
                "amount": Decimal("10.50"), "themes": ["ageing"]}  # fmt: skip
    counts = stage(given(
        kept(1, ("staged_organisations", mention("A")), ("staged_activities", activity)),
        Rejected(2, '{"row":2}', "it is wrong; mend it"),
        kept(3, ("staged_organisations", mention("B"))),
    ), tmp_path, lambda n: None)  # fmt: skip
    assert counts == (3, 2, 1) == staged_counts(tmp_path)
    [found] = staged(tmp_path, "staged_activities")
    assert {k: v for k, v in found.items() if v is not None} == activity | {
        "file": "a/b.csv", "row": 1, "content_hash": content_hash('{"row": 1}')}  # fmt: skip
    [reject] = staged(tmp_path, "rejected_rows")
    assert reject == {"source": "ours", "content_hash": content_hash('{"row":2}'),
                      "file": "a/b.csv", "row": 2, "reason": "it is wrong; mend it",
                      "raw": '{"row":2}'}  # fmt: skip
    assert [row["row"] for row in staged(tmp_path, "read_rows")] == [1, 3]
    for table in ("staged_organisations", "staged_activities", "rejected_rows", "read_rows"):
        assert pq.read_schema(tmp_path / f"{table}.parquet").equals(STAGED[table].schema)


def test_a_mention_is_written_once(tmp_path, monkeypatch):
    rows = [kept(i, ("staged_organisations", mention("AB"[i % 2]))) for i in range(1, 9)]
    stage(given(*rows), tmp_path, lambda n: None)
    assert [row["row"] for row in staged(tmp_path, "staged_organisations")] == [1, 2]
    assert len(staged(tmp_path, "read_rows")) == 8


def test_memory_for_mentions_is_bounded(tmp_path, monkeypatch):
    """What is forgotten is written again, and told apart by the next stage."""
    monkeypatch.setattr(staging, "_REMEMBERED_MENTIONS", 2)
    rows = [kept(i, ("staged_organisations", mention("ABC"[i % 3]))) for i in range(1, 10)]
    stage(given(*rows), tmp_path, lambda n: None)
    assert {row["name"] for row in staged(tmp_path, "staged_organisations")} == set("ABC")


def test_memory_does_not_grow_with_the_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "ROWS_PER_BATCH", 500)

    def peak(n_rows):
        folder = tmp_path / str(n_rows)
        folder.mkdir()
        values = {"source": "ours", "activity_record_id": "1", "role": "lead"}
        rows = (kept(i, ("staged_participations", values | {"source_record_id": str(i)}))
                for i in range(n_rows))  # fmt: skip
        each = Input("ours", "a", Path("a"), (), (), lambda: rows)
        tracemalloc.start()
        stage(each, folder, lambda n: None)
        [_, most] = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(500)
    assert peak(16_000) < 1.5 * peak(2_000)


def test_reference_rows_are_not_kept_as_text(tmp_path):
    ror = {"ror_id": "https://ror.org/0aaaaaa11", "name": "A", "names": [], "acronyms": [],
           "identifiers": []}  # fmt: skip
    stage(given(kept(1, ("reference_organisations", ror))), tmp_path, lambda n: None)
    assert {path.name for path in tmp_path.iterdir()} == {
        "counts.json", "reference_organisations.parquet"}  # fmt: skip


def test_rows_in_bulk_are_counted_alike(tmp_path):
    schema = REFERENCE["reference_postcodes"].schema
    rows = pa.table({"level": ["outcode"] * 3, "postcode": ["A1", "A2", "A3"], "lat": [1.0] * 3,
                     "lon": [1.0] * 3, "source": ["s"] * 3}, schema)  # fmt: skip
    batches = [("reference_postcodes", rows, [Rejected(4, "{}", "no")]),
               ("reference_postcodes", rows.slice(0, 1), [])]  # fmt: skip
    counts = stage(given(batches=lambda: iter(batches)), tmp_path, lambda n: None)
    assert counts == (5, 4, 1)
    assert pq.read_table(tmp_path / "reference_postcodes.parquet").num_rows == 4


@pytest.mark.parametrize("make", [
    lambda raw: Rejected(1, raw, "not UTF-8; convert it"),
    lambda raw: kept(1, ("staged_organisations", mention("A\udcc9")), raw=raw),
])  # fmt: skip
def test_bytes_that_are_no_text_are_rejected_and_can_be_had_back(make, tmp_path):
    """`É` in Windows-1252 is the byte C9, which is no UTF-8."""
    raw = json.dumps({"name": b"\xc9".decode("utf-8", "surrogateescape")}, ensure_ascii=False)
    assert stage(given(make(raw)), tmp_path, lambda n: None) == (1, 0, 1)
    [reject] = staged(tmp_path, "rejected_rows")
    name = json.loads(reject["raw"])["name"]
    assert name.encode("utf-8", "surrogateescape") == b"\xc9"
    assert ";" in reject["reason"]


def test_other_escapes_in_a_rejected_row_are_left_alone(tmp_path):
    raw = r'{"name":"A \\udcc9 é \u00e9"}'
    stage(given(Rejected(1, raw, "no")), tmp_path, lambda n: None)
    assert staged(tmp_path, "rejected_rows")[0]["raw"] == raw


def test_a_reader_that_fails_closes_its_files(tmp_path):
    def rows():
        yield kept(1, ("staged_organisations", mention("A")))
        raise OSError("the disk went away")

    each = Input("ours", "a", Path("a"), (), (), rows)
    with pytest.raises(OSError, match="went away"):
        stage(each, tmp_path, lambda n: None)
    assert not (tmp_path / "counts.json").exists()


def test_files_of_several_inputs_stand_together(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        stage(
            given(kept(1, ("staged_organisations", mention(name)))), tmp_path / name, lambda n: None
        )
    found = files_of([tmp_path / "a", tmp_path / "b"])
    assert [path.parent.name for path in found["staged_organisations"]] == ["a", "b"]
    assert found["staged_figures"] == []
    assert set(found) == set(STAGED) | set(REFERENCE)


def test_progress_is_told_now_and_then(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "ROWS_PER_BATCH", 3)
    heard = []
    stage(given(*[Rejected(i, "{}", "no") for i in range(1, 9)]), tmp_path, heard.append)
    assert heard == [3, 6]

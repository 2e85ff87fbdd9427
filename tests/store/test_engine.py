"""What the engine says when DuckDB cannot go on; the words are what is tested."""

import os
import signal
import threading

import pyarrow as pa
import pytest

from triplehelix.errors import EditionError
from triplehelix.query import Calculation, Query
from triplehelix.store.engine import connection

NUMBERS = pa.table({"n": [3, 1, 2]})


def test_each_step_sees_the_tables_of_those_before_it():
    def doubled(table):
        return pa.table({"n": [2 * n for n in table["n"].to_pylist()]})

    with connection() as engine:
        engine.give("numbers", NUMBERS)
        engine.run([
            Query("large", "select n from numbers where n > $least", {"least": 1}),
            Calculation("twice", ("large",), doubled),
            Query("total", "select sum(n)::bigint as n from twice"),
        ])  # fmt: skip
        assert engine.table("total").to_pylist() == [{"n": 10}]


def test_a_table_without_files_is_empty_and_has_its_columns(tmp_path):
    with connection() as engine:
        engine.see({"numbers": []}, {"numbers": NUMBERS.schema})
        assert engine.table("numbers").schema.names == ["n"]
        assert engine.table("numbers").num_rows == 0


def test_batches_come_in_the_order_of_the_key():
    with connection() as engine:
        engine.give("numbers", NUMBERS)
        table = engine.batches("numbers", NUMBERS.schema, ["n"]).read_all()
    assert table["n"].to_pylist() == [1, 2, 3]


def test_values_that_cannot_be_computed_with_are_told_by_the_table(tmp_path):
    with pytest.raises(EditionError, match=r"the table halves could not be made \(Conversion Error"), \
            connection(tmp_path) as engine:  # fmt: skip
        engine.run([Query("halves", "select 'half'::int as n")])
    with pytest.raises(EditionError, match="if it fails again, please report this message"), \
            connection(tmp_path) as engine:  # fmt: skip
        engine.run([Query("sums", "select 9223372036854775807 + n from range(2) t(n)")])


def test_a_calculation_that_breaks_its_schema_is_told_by_the_table(tmp_path):
    def wrong():
        return pa.table({"n": pa.array(["x"])}).cast(NUMBERS.schema)

    with pytest.raises(EditionError, match="the table wrong could not be made"), \
            connection(tmp_path) as engine:  # fmt: skip
        engine.run([Calculation("wrong", (), wrong)])


@pytest.mark.parametrize("content", [b"", b"PAR1 this is no table PAR1", b"nothing of the kind"])
def test_a_damaged_file_of_the_cache_says_which_folder_to_remove(content, tmp_path):
    file = tmp_path / "numbers.parquet"
    file.write_bytes(content)
    with pytest.raises(EditionError) as said, connection(tmp_path) as engine:
        engine.see({"numbers": [file]}, {"numbers": NUMBERS.schema})
    assert "numbers" in str(said.value)
    assert "run the same command again" in str(said.value)


def test_too_little_memory_says_what_to_raise(tmp_path):
    many = "select range as n, range::text || repeat('x', 100) as t from range(2000000)"
    with pytest.raises(EditionError, match="more than the 5MB of memory") as said, \
            connection(tmp_path, "5MB") as engine:  # fmt: skip
        engine.run([Query("sorted", f"select * from ({many}) order by t desc")])
    assert str(said.value).endswith("raise TRIPLEHELIX_MEMORY")
    assert "\n" not in str(said.value), "DuckDB's advice is for those who write SQL"


@pytest.mark.parametrize("limit", ["plenty", "0", "12 parsecs"])
def test_a_limit_that_is_none_says_what_to_write(limit):
    with pytest.raises(EditionError, match="set TRIPLEHELIX_MEMORY to a size such as 2GiB"), \
            connection(memory_limit=limit):  # fmt: skip
        pass


def test_nothing_is_left_where_it_spills(tmp_path):
    with pytest.raises(EditionError), connection(tmp_path) as engine:
        engine.run([Query("none", "select * from no_such_table")])
    with connection(tmp_path) as engine:
        engine.run([Query("one", "select 1 as n")])
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_duckdb_computes_is_ctrl_c():
    """DuckDB raises a RuntimeError of its own for it."""
    long = "select sum(a.range * b.range) from range(1000000) a, range(1000000) b"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt), connection() as engine:
            engine.run([Query("long", long)])
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)


def test_a_fault_of_the_program_is_not_taken_for_ctrl_c():
    def broken():
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"), connection() as engine:
        engine.run([Calculation("broken", (), broken)])


def test_no_progress_bar_among_the_answers(capfd):
    with connection() as engine:
        [(bar,)] = engine.database.execute(
            "select current_setting('enable_progress_bar')"
        ).fetchall()
    assert bar is False

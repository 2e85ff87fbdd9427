"""Stages that are run once, and again only when something they are made from has changed."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from triplehelix.query import Calculation, Query
from triplehelix.store.cache import locked
from triplehelix.store.stages import Stage, run, write_table
from triplehelix.tables import EDITION


@pytest.fixture
def cache(tmp_path):
    with locked(tmp_path / "cache") as found:
        yield found


def given(cache, key, *numbers):
    """A table of the cache, as an earlier stage would leave it."""
    folder = cache.folder / "earlier" / key
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"n": numbers}), folder / "numbers.parquet")
    return {"numbers": [folder / "numbers.parquet"]}


def stage(least=1, parameters=None, steps=()):
    query = Query("large", "select n from numbers where n > $least", {"least": least})
    return Stage("sieve", [query, *steps], ("numbers",), ("large",), ("locate",), parameters)


def made(stage, tables, cache):
    began = []
    [path] = run(stage, tables, cache, "100MB", began.append)["large"]
    return sorted(pq.read_table(path)["n"].to_pylist()), began


def test_a_stage_is_run_once(cache):
    tables = given(cache, "a", 1, 2, 3)
    assert made(stage(), tables, cache) == ([2, 3], ["sieve"])
    assert made(stage(), tables, cache) == ([2, 3], [])


def test_other_values_parameters_or_inputs_run_it_again(cache):
    tables = given(cache, "a", 1, 2, 3)
    made(stage(), tables, cache)
    assert made(stage(least=2), tables, cache) == ([3], ["sieve"])
    assert made(stage(parameters="others"), tables, cache) == ([2, 3], ["sieve"])
    more = {"numbers": tables["numbers"] + given(cache, "b", 4)["numbers"]}
    assert made(stage(), more, cache) == ([2, 3, 4], ["sieve"])
    assert made(stage(), {"numbers": more["numbers"][::-1]}, cache)[0] == [2, 3, 4]


def test_tables_that_it_does_not_read_are_no_difference(cache):
    tables = given(cache, "a", 1, 2, 3)
    made(stage(), tables, cache)
    assert made(stage(), tables | {"others": [cache.folder / "x" / "y" / "z"]}, cache)[1] == []


def test_a_stage_that_fails_is_run_again(cache):
    def fails():
        raise ValueError("not today")

    tables = given(cache, "a", 1, 2, 3)
    with pytest.raises(ValueError, match="not today"):
        made(stage(steps=[Calculation("failing", (), fails)]), tables, cache)
    assert made(stage(), tables, cache) == ([2, 3], ["sieve"])
    assert not list(cache.folder.glob("spill-*")) + list(cache.folder.glob("unfinished-*"))


def test_a_table_of_an_edition_is_written_sorted_cast_and_in_its_columns(cache, tmp_path):
    """Whatever a stage leaves: columns in another order, whole numbers as another type."""
    spec = EDITION["texts"]
    folder = cache.folder / "earlier" / "a"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({
        "summary": pa.array(["z", None, "a"]), "language": ["en", "fr", "de"],
        "activity_id": ["b", "a", "b"],
    }), folder / "texts.parquet")  # fmt: skip
    out = tmp_path / "texts.parquet"
    assert (
        write_table("texts", {"texts": [folder / "texts.parquet"]}, out, "100MB", cache.folder) == 3
    )
    written = pq.read_table(out)
    assert written.schema.equals(spec.schema)
    assert [tuple(row.values()) for row in written.to_pylist()] == [
        ("a", "fr", None), ("b", "de", "a"), ("b", "en", "z")]  # fmt: skip


def test_a_table_that_no_stage_makes_is_empty_with_its_columns(cache, tmp_path):
    out = tmp_path / "lineage.parquet"
    assert write_table("lineage", {}, out, "100MB", cache.folder) == 0
    assert pq.read_schema(out).equals(EDITION["lineage"].schema)

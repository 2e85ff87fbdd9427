"""The same rows are the same bytes, however they come."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.store import parquet

SCHEMA = pa.schema([("n", pa.int64()), ("word", pa.string())])


def table(n_rows):
    return pa.table({"n": range(n_rows), "word": [f"word {i % 7}" for i in range(n_rows)]}, SCHEMA)


def cut(whole, ends):
    bounds = [0, *sorted(ends), whole.num_rows]
    return [batch for a, b in zip(bounds, bounds[1:], strict=False)
            for batch in whole.slice(a, b - a).to_batches()]  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 300), st.lists(st.integers(0, 300), max_size=6), st.integers(1, 90))
def test_bytes_do_not_depend_on_batches(tmp_path_factory, n_rows, ends, per_group):
    whole, folder = table(n_rows), tmp_path_factory.mktemp("parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROWS_PER_GROUP", per_group)
        files = [folder / "whole.parquet", folder / "cut.parquet"]
        counts = [
            parquet.write(file, SCHEMA, batches)
            for file, batches in zip(
                files, [whole.to_batches(), cut(whole, [min(e, n_rows) for e in ends])], strict=True)
        ]  # fmt: skip
    assert counts == [n_rows, n_rows]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert pq.read_table(files[0]).equals(whole)
    assert pq.ParquetFile(files[0]).num_row_groups == -(-n_rows // per_group)


def test_a_table_with_a_footprint_is_geoparquet(tmp_path):
    """geoparquet.org/releases/v1.1.0: `geo` in the file's own metadata names the column."""
    schema = pa.schema([("cluster_id", pa.string()), ("footprint", pa.binary())])
    file = tmp_path / "clusters.parquet"
    parquet.write(
        file, schema, pa.table({"cluster_id": ["a"], "footprint": [b""]}, schema).to_batches()
    )
    geo = json.loads(pq.read_metadata(file).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["primary_column"] == "footprint"
    assert geo["columns"]["footprint"]["encoding"] == "WKB"

"""Parquet files whose bytes depend on their rows alone."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_GROUP = 65_536

# GeoParquet 1.1.0, for the one table with a geometry; no `crs` there means OGC:CRS84, which
# it is. https://geoparquet.org/releases/v1.1.0/
_GEO = json.dumps({
    "version": "1.1.0", "primary_column": "footprint",
    "columns": {"footprint": {"encoding": "WKB", "geometry_types": [], "edges": "planar"}},
}, sort_keys=True)  # fmt: skip


def write(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write rows in groups of a fixed size, whatever the batches' sizes; return their number."""
    written = 0
    with pq.ParquetWriter(path, _described(schema), compression="zstd") as writer:
        for group in _regrouped(schema, batches):
            writer.write_table(group.cast(_described(schema)), row_group_size=ROWS_PER_GROUP)
            written += group.num_rows
    return written


def _described(schema: pa.Schema) -> pa.Schema:
    return schema.with_metadata({"geo": _GEO}) if "footprint" in schema.names else schema


def _regrouped(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    n_waiting = 0
    for batch in batches:
        waiting.append(batch)
        n_waiting += batch.num_rows
        while n_waiting >= ROWS_PER_GROUP:
            table = pa.Table.from_batches(waiting, schema)
            yield table.slice(0, ROWS_PER_GROUP)
            waiting = table.slice(ROWS_PER_GROUP).to_batches()
            n_waiting = table.num_rows - ROWS_PER_GROUP
    if n_waiting:
        yield pa.Table.from_batches(waiting, schema)

"""Rows as readers give them, staged as Parquet: everything kept, everything rejected, counted."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from triplehelix.read.inputs import Input
from triplehelix.read.rows import Kept, Outcome, Rejected, content_hash
from triplehelix.tables import REFERENCE, STAGED

ROWS_PER_BATCH = 20_000
# What staging can make.
_TABLES = STAGED | REFERENCE

# Mentions repeat from row to row; this many are remembered, so that most are written once.
_REMEMBERED_MENTIONS = 500_000


class Counts(NamedTuple):
    """Rows of one file: read = kept + rejected (before repeated rows are looked for)."""

    rows_read: int
    rows_kept: int
    rows_rejected: int


def stage(each: Input, into: Path, progress: Callable[[int], None]) -> Counts:
    """Write what an input's reader gives as one Parquet file per table; memory is bounded."""
    with _Tables(into) as tables:
        counts = _in_bulk(tables, each) if each.batches else _row_by_row(tables, each, progress)
    (into / "counts.json").write_text(json.dumps(counts._asdict()))
    return counts


def _in_bulk(tables: "_Tables", each: Input) -> Counts:
    """Tables as the reader makes them: for sources whose rows are too many to be taken singly."""
    n_kept = n_rejected = 0
    assert each.batches is not None
    for name, kept, rejected in each.batches():
        tables.add_all(name, kept)
        n_kept += kept.num_rows
        n_rejected += len(rejected)
        for row in rejected:
            tables.add(
                "rejected_rows", _rejected(row, each.source, each.file, content_hash(row.raw))
            )
    return Counts(n_kept + n_rejected, n_kept, n_rejected)


def _row_by_row(tables: "_Tables", each: Input, progress: Callable[[int], None]) -> Counts:
    n_kept = n_rejected = 0
    mentions: set[str] = set()
    for outcome in map(_storable, each.rows()):
        hashed = content_hash(outcome.raw)
        if isinstance(outcome, Kept):
            n_kept += 1
            _keep(tables, mentions, outcome, each.source, each.file, hashed)
        else:
            n_rejected += 1
            tables.add("rejected_rows", _rejected(outcome, each.source, each.file, hashed))
        if (n_kept + n_rejected) % ROWS_PER_BATCH == 0:
            progress(n_kept + n_rejected)
    return Counts(n_kept + n_rejected, n_kept, n_rejected)


def _storable(row: Outcome) -> Outcome:
    """A row whose text is not all characters as one that can be written, and is rejected."""
    try:
        row.raw.encode()
    except UnicodeEncodeError:
        # Bytes that were no UTF-8, and half characters that JSON can spell, are lone surrogates
        # here. Written as JSON writes them, nothing of them is lost.
        raw = row.raw.encode("utf-8", "backslashreplace").decode()
        reason = row.reason if isinstance(row, Rejected) else (
            "half a character (a lone surrogate) in its text; mend it at the source"
        )  # fmt: skip
        return Rejected(row.row, raw, reason)
    return row


def staged_counts(folder: Path) -> Counts:
    """The counts that `stage` left in a folder."""
    return Counts(**json.loads((folder / "counts.json").read_text()))


def _keep(
    tables: "_Tables", mentions: set[str], row: Kept, source: str, file: str, hashed: str
) -> None:
    place = {"source": source, "file": file, "row": row.row, "content_hash": hashed}
    if any(table in STAGED for table, _ in row.staged):
        tables.add("read_rows", {**place, "raw": row.raw})
    for table, values in row.staged:
        if table == "staged_organisations":
            mention = values["mention_id"]
            if mention in mentions:
                continue
            if len(mentions) >= _REMEMBERED_MENTIONS:
                mentions.clear()
            mentions.add(mention)
        tables.add(table, {**place, **values})


def _rejected(row: Rejected, source: str, file: str, hashed: str) -> dict[str, Any]:
    return {"source": source, "content_hash": hashed, "file": file, "row": row.row,
            "reason": row.reason, "raw": row.raw}  # fmt: skip


class _Tables:
    """Parquet files in a folder, opened when their first row comes, written in batches."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[Mapping[str, Any]]] = {}

    def __enter__(self) -> "_Tables":
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        try:
            if failure is None:
                for table in [name for name, rows in self._waiting.items() if rows]:
                    self._flush(table)
        finally:
            for writer in self._writers.values():
                writer.close()

    def add(self, table: str, values: Mapping[str, Any]) -> None:
        waiting = self._waiting.setdefault(table, [])
        waiting.append(values)
        if len(waiting) >= ROWS_PER_BATCH:
            self._flush(table)

    def add_all(self, table: str, rows: pa.Table) -> None:
        schema = _TABLES[table].schema
        if table not in self._writers:
            path = self._folder / f"{table}.parquet"
            self._writers[table] = pq.ParquetWriter(path, schema, compression="lz4")
        self._writers[table].write_table(rows.cast(schema))

    def _flush(self, table: str) -> None:
        schema = _TABLES[table].schema
        rows, self._waiting[table] = self._waiting[table], []
        columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
        self.add_all(table, pa.Table.from_arrays(columns, schema=schema))


def files_of(folders: Iterable[Path]) -> dict[str, list[Path]]:
    """The staged files of each table, over all inputs' folders; a table may have none."""
    found: dict[str, list[Path]] = {name: [] for name in _TABLES}
    for folder in folders:
        for path in _parquet_files(folder):
            found[path.stem].append(path)
    return found


def _parquet_files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.glob("*.parquet") if path.stem in _TABLES)

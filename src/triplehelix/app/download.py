"""Tables of an edition as files that other programs read."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from triplehelix.errors import InputError, UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition
from triplehelix.tables import EDITION

FORMATS = ("csv", "parquet", "geojson")

# Raw rows of the inputs can hold what their publisher did not mean for this page, such as
# telephone numbers; what was rejected and why is on the page about the edition instead.
TABLES = tuple(name for name in EDITION if name != "rejects")

_BATCH = 8192
# What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_POINTS = {"clusters": ("centre_lon", "centre_lat"), "sites": ("lon", "lat"),
           "places": ("lon", "lat")}  # fmt: skip


def export(edition: Edition, table: str, form: str, out: Path) -> int:
    """
    Write a table to a file; return its number of rows.

    Parameters
    ----------
    table : a table of the edition, all but `rejects`.
    form : `csv`, `parquet`, or `geojson` (clusters as footprints, sites and places as points).

    Raises
    ------
    UnknownName
        If the edition has no such table.
    InputError
        If the format is not offered for the table.
    """
    rows = EXPORTS[_checked(table, form)]
    written = 0
    with out.open("wb") as file:
        for part, n in rows(edition, table):
            file.write(part)
            written += n
    return written


def exported(edition: Edition, table: str, form: str) -> Iterator[bytes]:
    """A table as parts of a file, for sending while it is made; arguments as `export`."""
    rows = EXPORTS[_checked(table, form)]
    _check_geometry(table, form)
    return (part for part, _ in rows(edition, table))


def csv_text(columns: list[str], rows: list[list[Any]]) -> str:
    """
    Rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet.

    Unknown is an empty cell, lists are joined by ` | `, and text that a spreadsheet would run
    as a formula gets a leading apostrophe.

    Examples
    --------
    >>> csv_text(["name", "n"], [["=1+1", 2], ["a, b", None]])
    'name,n\\r\\n\\'=1+1,2\\r\\n"a, b",\\r\\n'
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


def _checked(table: str, form: str) -> str:
    if table not in TABLES:
        raise UnknownName(f"no table {table!r} to download; there are {', '.join(TABLES)}")
    if form not in FORMATS:
        raise InputError(f"the format is {form!r}; give one of {', '.join(FORMATS)}")
    _check_geometry(table, form)
    return form


def _check_geometry(table: str, form: str) -> None:
    if form == "geojson" and table not in _POINTS:
        raise InputError(
            f"{table} has no places of its own to draw; GeoJSON is offered for "
            f"{', '.join(_POINTS)}, CSV and Parquet for every table"
        )


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return shapely.to_wkt(shapely.from_wkb(value), rounding_precision=6)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return _cell(" | ".join(str(_cell(v)) for v in value))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _batches(edition: Edition, table: str) -> Iterator[pa.RecordBatch]:
    """Straight from the file: a table's order there is that of its key."""
    file = edition.path / f"{table}.parquet"
    yield from pq.ParquetFile(file).iter_batches(batch_size=_BATCH)


def _csv(edition: Edition, table: str) -> Iterator[tuple[bytes, int]]:
    columns = [name for name, _ in EDITION[table].columns]
    yield csv_text(columns, []).encode(), 0
    for batch in _batches(edition, table):
        rows = [[row[c] for c in columns] for row in batch.to_pylist()]
        body = csv_text([], rows).partition("\r\n")[2]
        yield body.encode(), batch.num_rows


def _parquet(edition: Edition, table: str) -> Iterator[tuple[bytes, int]]:
    path = edition.path / f"{table}.parquet"
    rows = pq.ParquetFile(path).metadata.num_rows
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            yield part, rows
            rows = 0


def _geojson(edition: Edition, table: str) -> Iterator[tuple[bytes, int]]:
    lon, lat = _POINTS[table]
    yield b'{"type":"FeatureCollection","features":[', 0
    first = True
    for batch in _batches(edition, table):
        features = []
        for row in batch.to_pylist():
            shape = row.pop("footprint", None)
            geometry = json.loads(shapely.to_geojson(shapely.from_wkb(shape))) if shape else None
            if geometry is None and row[lon] is not None:
                geometry = {"type": "Point", "coordinates": [row[lon], row[lat]]}
            features.append({"type": "Feature", "geometry": geometry, "properties": row})
        body = ",".join(json.dumps(f, ensure_ascii=False, default=str) for f in features)
        if body:
            yield (body if first else "," + body).encode(), batch.num_rows
            first = False
    yield b"]}", 0


EXPORTS: dict[str, Callable[[Edition, str], Iterator[tuple[bytes, int]]]] = {
    "csv": _csv, "parquet": _parquet, "geojson": _geojson,
}  # fmt: skip


def footprint(edition: Edition, cluster_id: str) -> dict[str, Any] | None:
    """A cluster's footprint as GeoJSON geometry (longitude, latitude), or None without one."""
    sql = "select footprint from clusters where cluster_id = $cluster"
    rows = edition.rows(Query("footprint", sql, {"cluster": cluster_id}))
    if not rows or rows[0]["footprint"] is None:
        return None
    shape = shapely.from_wkb(bytes(rows[0]["footprint"]))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return geometry

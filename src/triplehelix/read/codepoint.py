"""
Great Britain's postcodes: Code-Point Open as downloaded, or as Parquet; sector and outcode means.

Dataset: https://osdatahub.os.uk/downloads/open/CodePointOpen (a zip of one CSV for each postcode
area), Open Government Licence v3.0, renewed every February, May, August and November; no
Northern Ireland. Attribution: "Contains OS data (c) Crown copyright and database right [year];
contains Royal Mail data (c) Royal Mail copyright and database right [year]; contains National
Statistics data (c) Crown copyright and database right [year]".

A table has 1.7 million rows, so it is read in batches of columns; `Postcodes` gives the same
rows as batches, or one by one as every reader does.
"""

import csv
import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pyproj
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import SourceError
from triplehelix.read.files import Member
from triplehelix.read.inputs import Input
from triplehelix.read.rows import Kept, Outcome, Rejected, raw_text
from triplehelix.tables import REFERENCE

SOURCE = "codepoint-open"
SCHEMA = REFERENCE["reference_postcodes"].schema

# The CSV has no header line; its names are in Doc/Code-Point_Open_Column_Headers.csv.
COLUMNS = (
    "Postcode", "Positional_quality_indicator", "Eastings", "Northings", "Country_code",
    "NHS_regional_HA_code", "NHS_HA_code", "Admin_county_code", "Admin_district_code",
    "Admin_ward_code",
)  # fmt: skip
UNLOCATED = 90  # positional quality "no coordinates": written as (0, 0)

# National Grid (EPSG:27700) to WGS 84 through EPSG:1314, said in full: left to itself PROJ
# would use whatever grids a machine has, and give other bytes there. Within 5 m of OSTN15.
_TO_WGS84 = """
    +proj=pipeline
    +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000
          +ellps=airy
    +step +proj=push +v_3
    +step +proj=cart +ellps=airy
    +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842
          +s=-20.489 +convention=position_vector
    +step +inv +proj=cart +ellps=WGS84
    +step +proj=pop +v_3
    +step +proj=unitconvert +xy_in=rad +xy_out=deg"""
_DECIMALS = 6  # 0.1 m, where the source has 1 m
_GRID_EAST_M, _GRID_NORTH_M = 700_000, 1_300_000
_LATS, _LONS = (49.0, 61.0), (-9.0, 2.5)

_OUTCODE = "[A-Z]{1,2}[0-9][0-9A-Z]?"
_PATTERNS = {
    "postcode": f"^{_OUTCODE}[0-9][A-Z]{{2}}$",
    "sector": f"^{_OUTCODE}[0-9]$",
    "outcode": f"^{_OUTCODE}$",
}
_UNIT_LINE = re.compile(rf'"?{_OUTCODE} *[0-9][A-Z]{{2}} *"?,"? *\d{{2}} *"?,"?\d+"?,"?\d+"?,')
_AREA_FILE = re.compile(r"data/csv/[a-z]{1,2}\.csv$")
_ROWS, _BLOCK_BYTES = 1 << 16, 1 << 22
_REMEDY = "check it against Code-Point Open (`triplehelix fetch codepoint-open`)"


class _Layout(NamedTuple):
    """Which columns hold what; `x`, `y` are metres on the grid or degrees."""

    level: str
    postcode: str
    x: str
    y: str
    quality: str | None
    on_grid: bool


_CSV = _Layout("postcode", COLUMNS[0], COLUMNS[2], COLUMNS[3], COLUMNS[1], True)
_PARQUET = _Layout("postcode", "postcode", "easting", "northing", "pq", True)
_MEANS = {
    level: _Layout(level, level, "lng", "lat", None, False) for level in ("sector", "outcode")
}


class Batch(NamedTuple):
    """Rows read together: `kept` of `reference_postcodes`, its row numbers, and the others."""

    kept: pa.Table
    rows: NDArray[np.int64]
    rejected: list[Rejected]
    raw: Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class Postcodes:
    """The rows of one input: called, an `Outcome` for each; `batches` gives the same at once."""

    members: tuple[Member, ...]

    def __call__(self) -> Iterator[Outcome]:
        """Each row, kept or rejected, in the order of the file."""
        for batch in self._read():
            yield from _one_by_one(batch)

    def batches(self) -> Iterator[tuple[pa.Table, list[Rejected]]]:
        """Tables of `reference_postcodes` and the rows rejected between them."""
        for batch in self._read():
            yield batch.kept, batch.rejected

    def _read(self) -> Iterator[Batch]:
        row = 1
        for member in self.members:
            for batch in _member_batches(member, row):
                yield batch
                row += len(batch.rows) + len(batch.rejected)


def wgs84(easting: ArrayLike, northing: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """
    Latitude and longitude of points on the British National Grid.

    Parameters
    ----------
    easting, northing : shape (n,)
        Metres, EPSG:27700.

    Returns
    -------
    lat, lon : shape (n,)
        Degrees, WGS 84, to 6 decimals; within 5 m of Ordnance Survey's own OSTN15.

    References
    ----------
    EPSG:1314, OSGB36 to WGS 84 (6); Ordnance Survey, "A guide to coordinate systems in Great
    Britain", section 6.6.

    Examples
    --------
    >>> lat, lon = wgs84([530624.974], [178388.464])  # test point TP09: 51.489366, -0.119926
    >>> float(lat[0].round(3)), float(lon[0].round(3))
    (51.489, -0.12)
    """
    east, north = (np.asarray(metres, dtype=np.float64) for metres in (easting, northing))
    lon, lat = _transformer().transform(east, north)
    return np.round(lat, _DECIMALS), np.round(lon, _DECIMALS)


@cache
def _transformer() -> pyproj.Transformer:
    return pyproj.Transformer.from_pipeline(" ".join(_TO_WGS84.split()))


def recognises(member: Member) -> bool:
    """Tell a Code-Point Open CSV or Parquet, or a CSV of sector or outcode means."""
    if member.table_name.endswith(".csv"):
        return bool(_AREA_FILE.search(member.label.lower())) or _csv_layout(member) is not None
    return member.table_name.endswith(".parquet") and _is_units(member)


def inputs(members: Sequence[Member]) -> list[Input]:
    """
    Make one input of all members: the areas of a zip are read one after the other.

    Raises
    ------
    SourceError
        If a file has the name of an area's, but not its layout.
    """
    files = tuple(sorted(members, key=lambda member: member.label))
    for member in files:
        _layout(member)
    label = files[0].label if len(files) == 1 else _common_folder([f.label for f in files])
    rows = Postcodes(files)
    many = partial(_as_staged, rows)
    return [Input(SOURCE, label, files[0].path, (), (), rows, _n_rows(files), many)]


def _as_staged(rows: "Postcodes") -> Iterator[tuple[str, pa.Table, list[Rejected]]]:
    for kept, rejected in rows.batches():
        yield "reference_postcodes", kept, rejected


def _common_folder(labels: Sequence[str]) -> str:
    split = [label.split("/")[:-1] for label in labels]
    together = zip(*split, strict=False)
    return "/".join(parts[0] for parts in together if len(set(parts)) == 1)


def _n_rows(files: Sequence[Member]) -> int | None:
    if not all(_is_parquet(member) for member in files):
        return None
    return sum(int(pq.read_metadata(member.path).num_rows) for member in files)


def _is_parquet(member: Member) -> bool:
    return member.table_name.endswith(".parquet")


def _is_units(member: Member) -> bool:
    if member.inner or member.name.lower().endswith(".gz"):
        return False
    try:
        columns = pq.read_schema(member.path).names
    except (OSError, pa.ArrowInvalid):
        return False
    return {_PARQUET.postcode, _PARQUET.x, _PARQUET.y, _PARQUET.quality} <= set(columns)


def _csv_layout(member: Member) -> _Layout | None:
    try:
        line = _first_line(member)
    except SourceError:
        return None
    if _UNIT_LINE.match(line):
        return _CSV
    header = _cells(line)
    level = _MEANS.get(header[0]) if header else None
    return level if level and {level.x, level.y} <= set(header) else None


def _first_line(member: Member) -> str:
    return member.head().decode("utf-8-sig", "replace").lstrip("\r\n").partition("\n")[0].strip()


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]), [])


def _layout(member: Member) -> _Layout:
    layout = _PARQUET if _is_parquet(member) else _csv_layout(member)
    if layout is None:
        raise SourceError(
            f"{member.label} begins {_first_line(member)[:60]!r}, not a line of Code-Point Open "
            f"({', '.join(COLUMNS[:4])}, ...); {_REMEDY}"
        )
    return layout


def _member_batches(member: Member, row: int) -> Iterator[Batch]:
    layout = _layout(member)
    try:
        if layout is _PARQUET:
            yield from _parquet_batches(member, row, layout)
        else:
            yield from _csv_batches(member, row, layout)
    except (pa.ArrowInvalid, OSError) as err:
        raise SourceError(f"{member.label} is damaged ({err}); {_REMEDY}") from err


def _parquet_batches(member: Member, row: int, layout: _Layout) -> Iterator[Batch]:
    with pq.ParquetFile(member.path) as file:
        for records in file.iter_batches(_ROWS):
            numbers = np.arange(row, row + records.num_rows)
            yield _checked(pa.Table.from_batches([records]), numbers, layout)
            row += records.num_rows


def _csv_batches(member: Member, row: int, layout: _Layout) -> Iterator[Batch]:
    names = _column_names(member, layout)
    misshapen: dict[int, Rejected] = {}

    def not_shaped(line: Any) -> str:
        number = row + line.number - (1 if layout is _CSV else 2)
        cells = {str(i): cell for i, cell in enumerate(_cells(line.text), start=1)}
        reason = f"{line.actual_columns} columns where the others have {line.expected_columns}"
        misshapen[number] = Rejected(number, raw_text(cells), f"{reason}; {_REMEDY}")
        return "skip"

    following = row
    with member.open() as stream, _csv_reader(stream, names, layout, not_shaped) as reader:
        for records in reader:
            numbers = _numbers(following, records.num_rows, misshapen)
            following = int(numbers[-1]) + 1 if len(numbers) else following
            batch = _checked(pa.Table.from_batches([records]), numbers, layout)
            yield batch._replace(rejected=batch.rejected + _taken(misshapen, following))
    if misshapen:
        yield Batch(SCHEMA.empty_table(), np.array([], np.int64), list(misshapen.values()),
                    list)  # fmt: skip


def _column_names(member: Member, layout: _Layout) -> list[str]:
    cells = _cells(_first_line(member))
    if layout is not _CSV:
        return cells
    return [COLUMNS[i] if i < len(COLUMNS) else f"column_{i + 1}" for i in range(len(cells))]


def _csv_reader(stream: Any, names: list[str], layout: _Layout, not_shaped: Any) -> Any:
    # Only a reader of one thread can number the lines that do not fit.
    return pa.csv.open_csv(
        stream,
        pa.csv.ReadOptions(
            use_threads=False,
            column_names=names,
            skip_rows=0 if layout is _CSV else 1,
            block_size=_BLOCK_BYTES,
        ),
        pa.csv.ParseOptions(invalid_row_handler=not_shaped),
        pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )


def _numbers(first: int, n: int, misshapen: Iterable[int]) -> NDArray[np.int64]:
    """Row numbers of the next `n` rows, between which misshapen ones were left out."""
    left_out = np.fromiter(misshapen, np.int64)
    candidates = np.arange(first, first + n + len(left_out))
    return candidates[~np.isin(candidates, left_out)][:n]


def _taken(misshapen: dict[int, Rejected], before: int) -> list[Rejected]:
    return [misshapen.pop(number) for number in sorted(misshapen) if number < before]


def _checked(raw: pa.Table, rows: NDArray[np.int64], layout: _Layout) -> Batch:
    postcode = _without_blanks(raw[layout.postcode])
    x, y = _numbers_of(raw[layout.x]), _numbers_of(raw[layout.y])
    reasons = _reasons(raw, postcode, x, y, layout)
    bad = np.flatnonzero(reasons != "")
    rejected = [
        Rejected(int(rows[i]), raw_text(raw.slice(i, 1).to_pylist()[0]), f"{reasons[i]}; {_REMEDY}")
        for i in bad
    ]
    good = np.flatnonzero(reasons == "")
    lat, lon = wgs84(x[good], y[good]) if layout.on_grid else (y[good], x[good])
    names = [pa.array([name] * len(good), pa.string()) for name in (layout.level, SOURCE)]
    columns = [names[0], pc.take(postcode, pa.array(good)), pa.array(lat), pa.array(lon), names[1]]
    kept = pa.Table.from_arrays(columns, schema=SCHEMA)
    return Batch(kept, rows[good], rejected, lambda: raw.take(pa.array(good)).to_pylist())


def _without_blanks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    return pc.utf8_upper(pc.replace_substring_regex(text, r"\s+", ""))


def _numbers_of(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """The column's numbers; NaN where there is none."""
    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        numbers = pa.chunked_array([[_number(text) for text in column.to_pylist()]], pa.float64())
    return np.asarray(pc.fill_null(numbers, float("nan")), dtype=np.float64)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _reasons(
    raw: pa.Table, postcode: pa.ChunkedArray, x: NDArray[Any], y: NDArray[Any], layout: _Layout
) -> NDArray[Any]:
    """Why each row is rejected; empty for the rows kept. The first fault found is told."""
    unlocated = (x == 0) & (y == 0)
    if layout.quality:
        unlocated |= _numbers_of(raw[layout.quality]) == UNLOCATED
    shaped = np.asarray(pc.match_substring_regex(postcode, _PATTERNS[layout.level]))
    east, north = ((0, _GRID_EAST_M), (0, _GRID_NORTH_M)) if layout.on_grid else (_LONS, _LATS)
    outside = ~((east[0] <= x) & (x <= east[1]) & (north[0] <= y) & (y <= north[1]))
    faults = [
        (~shaped, f"{layout.postcode} is not a British {layout.level}"),
        (unlocated, "no coordinates are known (positional quality 90, or both are 0)"),
        (np.isnan(x) | np.isnan(y), f"{layout.x} or {layout.y} is not a number"),
        (outside, f"{layout.x} and {layout.y} lie outside Great Britain (swapped?)"),
    ]
    return np.select([mask for mask, _ in faults], [reason for _, reason in faults], "")


def _one_by_one(batch: Batch) -> Iterator[Outcome]:
    kept: Iterator[Outcome] = (
        Kept(int(row), raw_text(raw), (("reference_postcodes", values),))
        for row, raw, values in zip(batch.rows, batch.raw(), batch.kept.to_pylist(), strict=True)
    )
    yield from heapq.merge(kept, sorted(batch.rejected, key=_row), key=_row)


def _row(outcome: Outcome) -> int:
    return outcome.row

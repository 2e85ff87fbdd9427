"""What a build lays under its clusters: the land they stand on, and official areas."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from triplehelix.app.config import AreaFile
from triplehelix.errors import EditionError, InputError
from triplehelix.store.cache import Cache, code_hash, key_of
from triplehelix.tables import REFERENCE

_KM_OF_A_DEGREE = 111.0

Progress = Callable[[str, int, int | None], None]


def land_near(sites: Path, reach_km: float, cache: Cache, progress: Progress) -> Path:
    """The packaged coastline around the sites of a table, as a file of `reference_land`."""
    from triplehelix.read import coast

    cells = _cells(_positions(sites, cache))
    reach = int(np.ceil(reach_km / _KM_OF_A_DEGREE))
    key = key_of(cells, reach, coast.version(), code_hash("read/coast.py"))

    def make(folder: Path) -> None:
        progress("land", 0, None)
        boxes = [_box(lat, lon, reach) for lat, lon in cells]
        pq.write_table(coast.land(boxes), folder / "reference_land.parquet")

    return cache.made("land", key, make) / "reference_land.parquet"


def _positions(sites: Path, cache: Cache) -> pa.Table:
    try:
        return pq.read_table(sites, columns=["lat", "lon"])
    except (OSError, pa.ArrowException) as err:
        raise EditionError(
            f"the table sites could not be read ({str(err).splitlines()[0]}); remove the folder "
            f"{cache.folder}, in case a file in it is damaged, and run the same command again"
        ) from err


def _cells(sites: pa.Table) -> list[tuple[int, int]]:
    """The squares of one degree that hold a site, in order."""
    lat, lon = (sites[name].to_numpy(zero_copy_only=False) for name in ("lat", "lon"))
    known = np.isfinite(lat.astype(np.float64)) & np.isfinite(lon.astype(np.float64))
    corners = np.floor(np.c_[lat[known], lon[known]]).astype(np.int64)
    return [(int(a), int(b)) for a, b in np.unique(corners, axis=0)]


def _box(lat: int, lon: int, reach: int) -> tuple[float, float, float, float]:
    """The square and what is within reach of it: longitudes are shorter away from the equator."""
    wide = reach / max(np.cos(np.radians(min(abs(lat) + reach + 1, 89))), 0.02)
    return (
        max(lon - wide, -180.0), max(float(lat - reach), -90.0),
        min(lon + 1 + wide, 180.0), min(float(lat + 1 + reach), 90.0),
    )  # fmt: skip


def areas_of(
    files: Sequence[AreaFile], checksum: Callable[[Path], str], cache: Cache, progress: Progress
) -> tuple[list[Path], list[dict[str, Any]], list[str]]:
    """
    Official areas from the files that a configuration names.

    Returns
    -------
    files of `reference_areas`; what the manifest says of each; warnings

    Raises
    ------
    InputError
        If a file is no file of areas, or two files give one scheme.
    """
    tables, described, warnings = [], [], []
    for asked in files:
        folder = _read(asked, checksum, cache, progress)
        table = pq.read_table(folder / "reference_areas.parquet")
        said = (folder / "warnings.txt").read_text("utf-8").splitlines()
        described.append({
            "scheme": table["area_scheme"][0].as_py(), "file": asked.label,
            "sha256": checksum(asked.file), "areas": table.num_rows,
        })  # fmt: skip
        tables.append(folder / "reference_areas.parquet")
        warnings += said
    _check_distinct([each["scheme"] for each in described])
    return tables, described, warnings


def _read(
    asked: AreaFile, checksum: Callable[[Path], str], cache: Cache, progress: Progress
) -> Path:
    from triplehelix.read.areas import read_areas

    columns = (asked.scheme, asked.id_column, asked.name_column)
    key = key_of(checksum(asked.file), asked.file.name, columns, code_hash("read"))

    def make(folder: Path) -> None:
        progress(f"read {asked.label}", 0, None)
        found = read_areas(
            asked.file, scheme=asked.scheme, id_column=asked.id_column,
            name_column=asked.name_column,
        )  # fmt: skip
        table = found.table.cast(REFERENCE["reference_areas"].schema)
        pq.write_table(table, folder / "reference_areas.parquet")
        (folder / "warnings.txt").write_text("\n".join(found.warnings), "utf-8")

    return cache.made("areas", key, make)


def _check_distinct(schemes: list[str]) -> None:
    for scheme in sorted({each for each in schemes if schemes.count(each) > 1}):
        raise InputError(
            f"two files of areas are both called {scheme!r}; give each a `scheme` of its own in "
            "the configuration"
        )

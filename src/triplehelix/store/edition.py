"""An edition on disk, opened for reading."""

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from triplehelix.errors import EditionError
from triplehelix.query import Query
from triplehelix.tables import EDITION

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def open_edition(path: str | Path) -> "Edition":
    """
    Open an edition for reading.

    Parameters
    ----------
    path : the `DIR` given to `build --into DIR`, or a folder of `DIR.editions`.
        A link is followed once, here: a later build does not change what is open.

    Raises
    ------
    EditionError
        If there is no edition at the path, or one of its files is missing.
    """
    folder = Path(path).resolve()
    manifest = folder / "edition.json"
    if not manifest.is_file():
        raise EditionError(
            f"{path} holds no edition (no edition.json in it); build one with "
            f"`triplehelix build INPUT... --into {path}`"
        )
    try:
        return Edition(folder, json.loads(manifest.read_text("utf-8")))
    except (json.JSONDecodeError, duckdb.Error, KeyError) as err:
        raise EditionError(
            f"the edition at {path} is damaged ({err}); build it again with the same command"
        ) from err


class Edition:
    """
    The tables of an edition, as SQL, as data frames, and one by one as attributes.

    `manifest` is `edition.json`: name, inputs with their checksums and counts of rows,
    parameters, versions, counts of rows per table, warnings, attribution.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.path = folder
        self.manifest = manifest
        self._database = duckdb.connect(":memory:", config={
            "autoinstall_known_extensions": False, "autoload_known_extensions": False})  # fmt: skip
        self._database.execute("set enable_geoparquet_conversion = false")
        self._database.execute("set enable_progress_bar = false")
        for name in EDITION:
            file = folder / f"{name}.parquet"
            if not file.is_file():
                raise EditionError(
                    f"the edition at {folder} has no {file.name}; build it again with the "
                    "same command"
                )
            self._see(name, str(file))

    def _see(self, name: str, file: str) -> None:
        """A table as a view; columns that came after the edition was made are unknown in it."""
        rows = self._database.read_parquet(file)
        missing = [column for column, _ in EDITION[name].columns if column not in rows.columns]
        if missing:
            rows = rows.project(", ".join(["*", *(f'null::double as "{c}"' for c in missing)]))
        rows.create_view(name)

    @property
    def id(self) -> str:
        """The hash of the edition's content, which is also its folder's name."""
        return str(self.manifest["id"])

    def arrow(self, query: Query) -> pa.Table:
        """The rows a query makes, as an Arrow table. Safe to call from several threads."""
        return self._ask(query).to_arrow_table()

    def rows(self, query: Query) -> list[dict[str, Any]]:
        """The rows a query makes, as dictionaries. Safe to call from several threads."""
        asked = self._ask(query)
        names = [column[0] for column in asked.description or ()]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]

    def frame(self, query: Query) -> "pd.DataFrame":
        """The rows a query makes, as a data frame."""
        frame: pd.DataFrame = self.arrow(query).to_pandas()
        return frame

    def relation(self, table: str) -> duckdb.DuckDBPyRelation:
        """A table as a DuckDB relation, to go on from lazily."""
        return self._database.table(table)

    def _ask(self, query: Query) -> duckdb.DuckDBPyConnection:
        return self._database.cursor().execute(query.sql, query.values)

    def table(self, name: str) -> "pd.DataFrame":
        """All of a table as a data frame, in the order of its key."""
        if name not in EDITION:
            raise AttributeError(f"an edition has no table {name!r}; it has {', '.join(EDITION)}")
        key = ", ".join(f'"{column}"' for column in EDITION[name].key)
        return self.frame(Query(name, f'select * from "{name}" order by {key}'))

    @cached_property
    def clusters(self) -> "gpd.GeoDataFrame":
        """The clusters with their footprints (longitude, latitude; WGS 84)."""
        import geopandas as gpd

        clusters = self.table("clusters")
        shapes = gpd.GeoSeries.from_wkb(clusters.pop("footprint"), crs="OGC:CRS84")
        return gpd.GeoDataFrame(clusters, geometry=shapes.rename("footprint"))

    def __getattr__(self, name: str) -> "pd.DataFrame":
        if name.startswith("_") or name not in EDITION:
            raise AttributeError(f"an edition has no {name!r}; its tables are {', '.join(EDITION)}")
        return self.table(name)

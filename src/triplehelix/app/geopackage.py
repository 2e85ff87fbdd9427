"""A table with a geometry as an OGC GeoPackage, which every GIS opens."""

from pathlib import Path

import numpy as np

from triplehelix.errors import InputError
from triplehelix.store.edition import Edition

# Table -> its columns of longitude and latitude; clusters have footprints instead.
_POINTS = {"sites": ("lon", "lat"), "places": ("lon", "lat")}
TABLES = ("clusters", *_POINTS)


def export_geopackage(edition: Edition, table: str, out: Path) -> int:
    """
    Write clusters as footprints, or sites or places as points; return the number of rows.

    Lists become text joined by `; `, because a GeoPackage has no lists. Sites whose place is
    not known have no geometry. Coordinates are longitude and latitude, WGS 84.

    Raises
    ------
    InputError
        If the table has no geometry, or the file cannot be written.
    """
    import geopandas as gpd

    if table not in TABLES:
        raise InputError(
            f"{table} has no geometry, so no GeoPackage; choose {', '.join(TABLES)}, or --format "
            "csv or parquet"
        )
    if table == "clusters":
        frame = edition.clusters.copy()
    else:
        rows = edition.table(table)
        lon, lat = _POINTS[table]
        points = gpd.points_from_xy(rows[lon], rows[lat], crs="OGC:CRS84")
        points[rows[lon].isna().to_numpy()] = None
        frame = gpd.GeoDataFrame(rows, geometry=points)
    # In a GeoPackage EPSG:4326 has longitude first (OGC 12-128r19, 2.1.1), and every GIS knows it.
    frame = frame.set_crs("EPSG:4326", allow_override=True)
    for column in [c for c in frame.columns if c != frame.geometry.name]:
        frame[column] = frame[column].map(_cell)
    try:
        out.unlink(missing_ok=True)
        frame.to_file(out, layer=table, driver="GPKG", engine="pyogrio")
    except (OSError, RuntimeError) as err:
        raise InputError(f"{out} could not be written ({err}); choose another file") from err
    return len(frame)


def _cell(value: object) -> object:
    return "; ".join(value) if isinstance(value, np.ndarray) else value

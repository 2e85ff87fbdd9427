"""Positions, in degrees or on a grid, checked against the country."""

from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any

from triplehelix.errors import InputError
from triplehelix.read.mapped.rules import Rules, Texts, UnfitError, word_of
from triplehelix.read.positions import looks_swapped


def position_of(texts: Texts, rules: Rules, country: str) -> dict[str, Any]:
    """Latitude, longitude (degrees, WGS 84) and precision; nothing where there is no position."""
    one, other = ("easting", "northing") if "easting" in texts else ("lat", "lon")
    first, second = texts.get(one, ""), texts.get(other, "")
    if not first and not second:
        return {}
    if not first or not second:
        raise UnfitError(
            f"has {one if first else other} without {other if first else one}; fill in "
            "both or empty both"
        )
    a, b = _degrees(one, first), _degrees(other, second)
    lat, lon = _from_grid(rules.crs, a, b) if one == "easting" else (a, b)
    _check_degrees(lat, lon, country)
    precision = word_of("precision", texts)
    if not precision:
        raise UnfitError("has a position without its precision; fill it in, or give a `default`")
    return {"lat": lat, "lon": lon, "precision": precision}


def _degrees(field: str, text: str) -> float:
    try:
        number = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise UnfitError(f"{field} {text!r} is no number; write it like 51.4584")
    return number


def _check_degrees(lat: float, lon: float, country: str) -> None:
    if not -90 <= lat <= 90 or not -180 <= lon <= 180:
        hint = "; latitude and longitude look swapped" if abs(lat) <= 180 and abs(lon) <= 90 else ""
        raise UnfitError(
            f"the position {lat}, {lon} is not on the Earth (latitude -90 to 90, longitude "
            f"-180 to 180){hint}; correct it, or swap the columns in the mapping"
        )
    if lat == 0 and lon == 0:
        raise UnfitError(
            "the position 0, 0 lies in the sea and stands for unknown; empty both cells, "
            "or name the case in `ignore_positions_when`"
        )
    if looks_swapped(lat, lon, country):
        raise UnfitError(
            f"latitude and longitude look swapped ({lat}, {lon} is far from {country}, "
            f"{lon}, {lat} is in it); swap the columns in the mapping"
        )


@cache
def grid_transform(crs: str) -> Callable[[float, float], tuple[float, float]]:
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        found = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except CRSError as err:
        raise InputError(
            f"crs: {crs!r} is no coordinate system pyproj knows; write it like EPSG:27700"
        ) from err
    return lambda easting, northing: found.transform(easting, northing)


def _from_grid(crs: str, easting: float, northing: float) -> tuple[float, float]:
    lon, lat = grid_transform(crs)(easting, northing)
    if not (isfinite(lat) and isfinite(lon)):
        raise UnfitError(
            f"easting {easting}, northing {northing} lies outside {crs}; correct it, or "
            "set `crs` in the mapping"
        )
    # A metre is the grid's own step; 6 decimals of a degree are a tenth of one.
    return round(lat, 6), round(lon, 6)

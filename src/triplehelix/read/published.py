"""Cluster maps that others publish, in the layout of the UK's innovation clusters map."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from triplehelix.errors import SourceError
from triplehelix.read.files import Member, members
from triplehelix.read.grids import open_grid, text_of
from triplehelix.read.outlines import UnfitRowError, outline_of
from triplehelix.read.rows import Rejected, content_hash, raw_text
from triplehelix.read.sheets import sheets

COLUMNS = ("Sector Type", "Sector", "Cluster", "Site Count", "Employment", "Turnover", "Geometry")
FIGURES = ("Site Count", "Employment", "Turnover")
ENDINGS = (".ods", ".xlsx", ".csv")

# The government's shorthand: `c` is confidential, `x` not available, `z` not applicable.
_SUPPRESSED, _UNKNOWN = frozenset({"c", "[c]"}), frozenset({"", "x", "[x]", "z", "[z]"})
# Titles and explanations may stand above the table.
_HEADER_WITHIN = 50


class PublishedCluster(NamedTuple):
    """
    One row of a published map.

    `row` counts data rows from 1. A figure is None if unknown or suppressed; `suppressed`
    names the columns of those that were held back. `geometry` is a polygon or multipolygon in
    longitude and latitude, None where the cell was empty; `note` says what was mended in it.
    """

    row: int
    sector_type: str
    sector: str
    name: str
    site_count: int | None
    employment: float | None
    turnover: float | None
    suppressed: tuple[str, ...]
    geometry: shapely.Polygon | shapely.MultiPolygon | None
    note: str | None


class PublishedMap(NamedTuple):
    """The rows that were understood, and those that were not, with the reason."""

    clusters: list[PublishedCluster]
    rejected: list[Rejected]


class PublishedArea(NamedTuple):
    """A published cluster as an area of the scheme `dsit`, to be laid over our clusters."""

    area_scheme: str
    area_id: str
    area_name: str
    geometry: shapely.Polygon | shapely.MultiPolygon


def published_clusters(path: Path) -> PublishedMap:
    """
    Read a published map.

    Parameters
    ----------
    path : `.ods` or `.xlsx`, of which the first sheet with the seven columns is read, or `.csv`
        The names of the columns may differ in capitals and blanks, their order may be any,
        further columns are passed over, and lines may stand above them in a sheet.

    Returns
    -------
    PublishedMap
        Every row that is not blank is among the clusters or the rejected.

    Raises
    ------
    SourceError
        If the file is missing, damaged, of another format, or has not the seven columns.
    """
    clusters, rejected, seen = [], [], dict[str, int]()
    for found in _rows(path):
        outcome = found if isinstance(found, Rejected) else _understood(*found, seen)
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
        else:
            clusters.append(outcome)
    return PublishedMap(clusters, rejected)


def as_areas(clusters: Iterable[PublishedCluster]) -> list[PublishedArea]:
    """
    Published clusters as areas, in order of their ids; those without a geometry left out.

    An id is `Sector/Cluster`, or `Sector Type/Sector/Cluster` if several types have a sector of
    that name; where rows still share one, a hash of the outline is added, so that the ids of a
    file do not depend on the order of its rows.

    Examples
    --------
    >>> box = shapely.box(-1.6, 53.7, -1.4, 53.9)
    >>> [area] = as_areas([PublishedCluster(
    ...     1, "All", "All", "Leeds", 12, None, None, (), box, None)])
    >>> area.area_scheme, area.area_id, area.area_name
    ('dsit', 'All/Leeds', 'Leeds (All)')
    """
    placed = [cluster for cluster in clusters if cluster.geometry is not None]
    types: dict[str, set[str]] = {}
    for cluster in placed:
        types.setdefault(cluster.sector, set()).add(cluster.sector_type)
    ids = [_id(cluster, types) for cluster in placed]
    times = Counter(ids)
    areas = [
        PublishedArea(
            "dsit",
            one if times[one] == 1 else f"{one}#{_hash(cluster.geometry)}",
            f"{cluster.name} ({cluster.sector})",
            cluster.geometry,
        )
        for one, cluster in zip(ids, placed, strict=True)
        if cluster.geometry is not None
    ]
    return sorted(areas, key=lambda area: area.area_id)


def _id(cluster: PublishedCluster, types: Mapping[str, set[str]]) -> str:
    whole = (cluster.sector_type, cluster.sector, cluster.name)
    return "/".join(whole[len(types[cluster.sector]) == 1 :])


def _hash(geometry: shapely.Geometry) -> str:
    return content_hash(shapely.to_wkt(shapely.normalize(geometry), rounding_precision=6))[:12]


Texts = dict[str, str]


def _rows(path: Path) -> Iterator[tuple[int, Texts] | Rejected]:
    """The seven cells of each row as text, by column."""
    member = members(path)[0]
    if member.table_name.endswith(".csv"):
        yield from _delimited(path)
        return
    if not member.table_name.endswith((".ods", ".xlsx")):
        raise SourceError(
            f"{path}: a published map ends in {', '.join(ENDINGS)}; save or convert it as one"
        )
    yield from _sheet(member)


def _delimited(path: Path) -> Iterator[tuple[int, Texts] | Rejected]:
    grid = open_grid(path)
    places = _places(grid.columns)
    if places is None:
        raise _not_the_layout(grid.member.label, [grid.columns])
    for row in grid.rows():
        if isinstance(row, Rejected):
            yield row
        else:
            yield row.number, {c: _bare(text_of(row.cells[n])) for c, n in places.items()}


def _bare(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _sheet(member: Member) -> Iterator[tuple[int, Texts]]:
    heads = []
    for _, rows in sheets(member):
        for at, row in enumerate(rows[:_HEADER_WITHIN]):
            header = [text_of(cell) for cell in row]
            places = _places(header)
            if places is not None:
                yield from _below(rows[at + 1 :], places)
                return
            if any(header):
                heads.append([text for text in header if text])
    raise _not_the_layout(member.label, heads)


def _below(rows: Sequence[Sequence[Any]], places: Mapping[str, int]) -> Iterator[tuple[int, Texts]]:
    number = 0
    for row in rows:
        texts = {c: text_of(row[n]) if n < len(row) else "" for c, n in places.items()}
        if any(text_of(cell) for cell in row):
            number += 1
            yield number, texts


def _places(header: Sequence[str]) -> dict[str, int] | None:
    """Where each of the seven columns stands; None if one is missing."""
    at = {_plain(name): n for n, name in reversed(list(enumerate(header)))}
    places = {column: at[_plain(column)] for column in COLUMNS if _plain(column) in at}
    return places if len(places) == len(COLUMNS) else None


def _plain(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


def _not_the_layout(label: str, heads: Sequence[Sequence[str]]) -> SourceError:
    nearest = max(heads, key=lambda h: len({*map(_plain, h)} & {*map(_plain, COLUMNS)}), default=[])
    missing = [c for c in COLUMNS if _plain(c) not in {*map(_plain, nearest)}]
    return SourceError(
        f"{label} has no table with the columns {', '.join(COLUMNS)}; nearest lacks "
        f"{', '.join(map(repr, missing))}: rename its columns so"
    )


def _understood(number: int, texts: Texts, seen: dict[str, int]) -> PublishedCluster | Rejected:
    raw = raw_text(texts)
    try:
        if (before := seen.setdefault(raw, number)) != number:
            raise UnfitRowError(f"repeats row {before}; remove one of them")
        return _cluster(number, texts)
    except UnfitRowError as err:
        return Rejected(number, raw, str(err))


def _cluster(number: int, texts: Texts) -> PublishedCluster:
    for column in ("Sector", "Cluster"):
        if not texts[column]:
            raise UnfitRowError(f"has no {column}; fill it in")
    suppressed = tuple(c for c in FIGURES if texts[c].casefold() in _SUPPRESSED)
    sites, employment, turnover = (
        None if column in suppressed else _figure(column, texts[column]) for column in FIGURES
    )
    if sites is not None and not sites.is_integer():
        raise UnfitRowError(f"Site Count is {texts['Site Count']!r}, which is no whole number; "
                         "correct it")  # fmt: skip
    geometry, note = outline_of(texts["Geometry"])
    return PublishedCluster(
        number, texts["Sector Type"], texts["Sector"], texts["Cluster"],
        None if sites is None else int(sites), employment, turnover, suppressed, geometry, note,
    )  # fmt: skip


def _figure(column: str, text: str) -> float | None:
    if text.casefold() in _UNKNOWN:
        return None
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise UnfitRowError(
            f"{column} is {text!r}; write a number of 0 or more, c if it is held back, or "
            "nothing if it is not known"
        )
    return value

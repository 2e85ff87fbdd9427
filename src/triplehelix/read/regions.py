"""Areas that people name in questions, from the YAML file that ships with them."""

from collections.abc import Mapping
from pathlib import Path

from triplehelix.errors import InputError
from triplehelix.read.yaml_blocks import parsed_yaml
from triplehelix.registry.whereabouts import Area, Spot, Where

SHIPPED = Path(__file__).parent / "regions" / "united-kingdom.yaml"


def read_areas(towns: Mapping[str, tuple[float, float]], path: Path = SHIPPED) -> dict[str, Where]:
    """
    Areas by each of their names, in small letters.

    Parameters
    ----------
    towns : (lat, lon) of the country's towns by name.

    Raises
    ------
    InputError
        If the file names a town that is not among them.
    """
    content = parsed_yaml(path, "list of areas")
    listed, wholes = content["areas"], content["wholes"]
    places = [(area, _town(town, towns, path)) for area in listed for town in area["towns"]]
    at = tuple(place for _, place in places)

    def area(name: str) -> Area:
        within = tuple(name in (one["area"], *one["whole"]) for one, _ in places)
        return Area(name, at, within)

    found: dict[str, Where] = {}
    for one in listed:
        found.update(dict.fromkeys(_names(one["area"], one["names"]), area(one["area"])))
    for name, others in wholes.items():
        found.update(dict.fromkeys(_names(name, others), area(name)))
    for one in content["around"]:
        lat, lon = _town(one["town"], towns, path)
        spot = Spot(lat, lon, float(one["km"]))
        found.update(dict.fromkeys(_names(one["area"], one.get("names", [])), spot))
    return found


def _names(name: str, others: list[str]) -> list[str]:
    return [each.casefold() for each in (name, *others)]


def _town(name: str, towns: Mapping[str, tuple[float, float]], path: Path) -> tuple[float, float]:
    if name.casefold() not in towns:
        raise InputError(f"{path} names the town {name!r}, which the gazetteer does not have")
    return towns[name.casefold()]

"""Groups of countries that people ask for by one name, such as the European Union."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """A group by its key, what it is called, since when its members are these, their codes."""

    key: str
    name: str
    as_of: str
    countries: tuple[str, ...]


@lru_cache(maxsize=1)
def country_groups() -> dict[str, CountryGroup]:
    """
    All groups by their keys.

    Examples
    --------
    >>> {key: len(group.countries) for key, group in country_groups().items()}
    {'asean': 11, 'commonwealth': 56, 'efta': 4, 'eu27': 27, 'g7': 7}
    """
    text = files("triplehelix.read").joinpath("country_groups.yaml").read_text(encoding="utf-8")
    return {
        key: CountryGroup(key, row["name"], str(row["as_of"]), tuple(row["countries"]))
        for key, row in yaml.safe_load(text).items()
    }

"""A part of the world by one name: a country, a group of countries, a nation of the kingdom."""

from dataclasses import dataclass

import pycountry

from triplehelix.app.countries import country_name, country_within
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.read.country_groups import country_groups
from triplehelix.read.nations import NATIONS
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class Area:
    """
    What was asked for (`JP`, `eu27`, `Wales`), its name, and the codes of its countries.

    `nation` is one of the United Kingdom's, if only that is meant.
    """

    key: str
    name: str
    countries: tuple[str, ...]
    nation: str | None = None

    @property
    def within(self) -> str:
        """Its name as it stands after "in"."""
        return country_within(self.key) if self.key in self.countries else self.name


def area_named(written: str) -> Area:
    """
    The country, group or nation that is so written; capitals do not matter.

    Raises
    ------
    UnknownName
        If nothing is so called.

    Examples
    --------
    >>> area_named("jp").name, area_named("South Korea").key, area_named("wales").nation
    ('Japan', 'KR', 'Wales')
    >>> area_named("EU27").name, len(area_named("EU27").countries)
    ('the European Union', 27)
    """
    found = _code(written.strip())
    if found is not None:
        return Area(found, country_name(found), (found,))
    group = country_groups().get(written.strip().casefold())
    if group is not None:
        return Area(group.key, group.name, group.countries)
    for nation in NATIONS.values():
        if nation.casefold() == written.strip().casefold():
            return Area(nation, nation, ("GB",), nation)
    raise UnknownName(
        f"no country, group or nation {written!r}; give a country's ISO code or name (JP), one of "
        f"{', '.join(sorted(country_groups()))}, or {', '.join(sorted(NATIONS.values()))}"
    )


@once_per_edition
def countries_at_work(edition: Edition) -> tuple[str, ...]:
    """The codes of all countries whose organisations take part in anything, in order."""
    rows = prepare(edition).rows(Query("countries", """
        select distinct country from atlas.participations
        where country is not null order by country"""))  # fmt: skip
    return tuple(row["country"] for row in rows)


def _code(written: str) -> str | None:
    upper = written.upper()
    if len(upper) == 2 and (upper == "XK" or pycountry.countries.get(alpha_2=upper) is not None):
        return upper
    for each in pycountry.countries:
        if written.casefold() in (each.name.casefold(), country_name(each.alpha_2).casefold()):
            return str(each.alpha_2)
    return None

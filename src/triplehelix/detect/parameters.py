"""What detection can be told, and the settings under which published maps were made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from triplehelix.detect.dbscan import LEAST_RADIUS_KM
from triplehelix.errors import InputError
from triplehelix.sphere import HALF_CIRCUMFERENCE_KM
from triplehelix.tables import PRECISIONS

METHODS = ("dbscan", "hdbscan")
WEIGHTS = ("organisations", "activities")
# Sites placed less surely than by a town cannot say where activity is dense.
PLACED = PRECISIONS[: PRECISIONS.index("city") + 1]
EACH_THEME = "each"

# Without a given weight, a site is core with this much around it, or with one in so many of all.
LEAST_MIN_WEIGHT, ONE_IN = 5.0, 2000

# A position that stands for a whole town or district says nothing of distances inside it.
FINE_KM = 5.0
PRECISE = PRECISIONS[: PRECISIONS.index("postcode") + 1]

_PERIOD = re.compile(r"(\d{4})/(\d{4})")

# Settings that stand for a way of mapping that others have published; each can be overridden.
# What they follow, and where they differ, is said in docs/how-to/rebuild-a-published-map.md.
PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "wipo": {"method": "dbscan", "radius_km": 15.0, "levels_km": (), "weight": "activities"},
    "hotspots": {"method": "dbscan", "radius_km": 0.5, "levels_km": (2.0, 10.0),
                 "weight": "organisations", "precision": "postcode", "margin_km": 0.2},
    "dsit": {"method": "dbscan", "radius_km": 5.0, "levels_km": (), "weight": "organisations",
             "themes": (EACH_THEME,), "margin_km": 1.0},
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """
    How clusters are found, and how it is told how sure they are.

    Parameters
    ----------
    method : "dbscan" or "hdbscan"
    radius_km : how near counts as near (dbscan); 0.000001 to half of the Earth's circumference
    min_weight : weight that makes a place dense, greater than 0
        Within `radius_km` (dbscan), or within the core distance (hdbscan). None: 5, or one in
        2,000 of all weight if that is more, so that the same rule serves a list of companies
        and a continent's projects.
    min_cluster_weight : the least weight of a cluster (hdbscan); None: that of `min_weight`
    levels_km : further radii (dbscan), each a level to look at: wider ones are superclusters
        (levels 1, 2 ...), finer ones campuses (-1, -2 ...). At finer levels below 5 km only
        sites known to the postcode or better take part. With hdbscan the levels are those of
        its own tree.
    weight : what a site weighs
        "organisations": 1. "activities": the number of activities performed there, and 1 at
        least, because an organisation that is listed is there.
    precision : the least precision of a site that takes part, "city" or better
    themes : themes for which clusters are found from their own activities alone; ("each",)
        means every theme that has any.
    periods : years, such as "2014/2016", for which clusters are found from the activities that
        began in them; in the order of time.
    margin_km : how far beyond its members a cluster's footprint is drawn, 0.01 to 1,000
    resamples : how often the activity is resampled to tell how stable clusters are; 0: never
    relabellings : how often themes are dealt out at random to test clusters of one theme
    seed : of the resampling and relabelling, so that another draw can be compared

    Raises
    ------
    InputError
        If a value is none of these.
    """

    method: str = "dbscan"
    radius_km: float = 10.0
    min_weight: float | None = None
    min_cluster_weight: float | None = None
    levels_km: tuple[float, ...] = (2.0, 40.0)
    weight: str = "activities"
    precision: str = "city"
    themes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    margin_km: float = 4.0
    resamples: int = 200
    relabellings: int = 999
    seed: int = 0

    def __post_init__(self) -> None:
        _check_choice("method", self.method, METHODS)
        _check_choice("weight", self.weight, WEIGHTS)
        _check_choice("precision", self.precision, PLACED)
        for radius in (self.radius_km, *self.levels_km):
            _check_number("radius_km", radius, LEAST_RADIUS_KM, HALF_CIRCUMFERENCE_KM)
        for name in ("min_weight", "min_cluster_weight"):
            if getattr(self, name) is not None:
                _check_number(name, getattr(self, name), 1e-9, 1e15)
        _check_number("margin_km", self.margin_km, 0.01, 1000.0)
        _check_number("resamples", self.resamples, 0, 10_000)
        _check_number("relabellings", self.relabellings, 0, 100_000)
        _check_number("seed", self.seed, 0, 2**53)
        _check_levels(self.radius_km, self.levels_km)
        _check_periods(self.periods)

    @property
    def placed(self) -> list[str]:
        """The precisions of the sites that take part."""
        return list(PLACED[: PLACED.index(self.precision) + 1])

    @property
    def radii(self) -> dict[int, float]:
        """The radius of each level, finest first; level 0 is that of `radius_km`."""
        radii = sorted({*self.levels_km, self.radius_km})
        main = radii.index(self.radius_km)
        return {i - main: float(radius) for i, radius in enumerate(radii)}


def years_of(period: str) -> tuple[int, int]:
    """The first and the last year of a period such as "2014/2016"."""
    found = _PERIOD.fullmatch(period)
    if not found or found[1] > found[2]:
        raise InputError(
            f"the period is {period!r}; write its first and last year, such as 2014/2016"
        )
    return int(found[1]), int(found[2])


def _check_periods(periods: tuple[str, ...]) -> None:
    years = [years_of(period) for period in periods]
    for (_, before), (after, _) in zip(years, years[1:], strict=False):
        if after <= before:
            raise InputError(
                f"the periods {', '.join(periods)} overlap or are not in the order of time; "
                "let each begin after the one before has ended"
            )


def _check_levels(radius_km: float, levels_km: tuple[float, ...]) -> None:
    if len({radius_km, *levels_km}) <= len(levels_km):
        raise InputError(
            f"levels_km is {list(levels_km)} beside a radius_km of {radius_km:g}; "
            "give every level a radius of its own"
        )


def _check_choice(what: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(f"{what} is {value!r}; choose {' or '.join(map(repr, choices))}")


def _check_number(what: str, value: object, least: float, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # type: ignore[operator]
        raise InputError(f"{what} is {value!r}; give a number from {least:g} to {most:g}")

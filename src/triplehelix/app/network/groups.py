"""Communities of a network as people read them: who is in, how sure, in which countries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from triplehelix.app.prepared import prepare
from triplehelix.link import brokerage, communities, overlap
from triplehelix.query import Query
from triplehelix.store.edition import Edition

# Fewer ties divide into anything; and a group that comes back less is not to be named.
LEAST_TIED, SURE = 30, 0.6
_NAMED, _AREAS = 3, 5
_RUNS = 5


class Placed(NamedTuple):
    """A node as grouping needs it: `community` is None where none was told."""

    id: str
    name: str
    countries: list[str]
    community: int | None
    stability: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """What a group and a country or region have in common: nodes, and the share of either."""

    scheme: str
    area: str
    n: int
    share_of_group: float
    share_of_area: float


@dataclass(frozen=True, slots=True)
class Group:
    """
    A community: its number and letter, its nodes by strength, and the mean of their stability.

    `sure` if that is 0.6 or more. `areas` are the countries, and the regions where the edition
    compares with some, that hold most of it.
    """

    number: int
    letter: str
    name: str
    nodes: list[str]
    stability: float
    sure: bool
    areas: list[Share]


def groups_of(edition: Edition, placed: Sequence[Placed]) -> list[Group]:
    """The communities of nodes that are given from the strongest on."""
    by_area = _areas(placed, _regions(edition))
    numbers = sorted({each.community for each in placed if each.community is not None})
    groups = []
    for number in numbers:
        own = [each for each in placed if each.community == number]
        stability = round(float(np.mean([each.stability or 0.0 for each in own])), 9)
        name = ", ".join(each.name for each in own[:_NAMED])
        groups.append(Group(number, letter_of(number), name, [each.id for each in own], stability,
                            stability >= SURE, by_area.get(number, [])))  # fmt: skip
    return groups


def letter_of(number: int) -> str:
    """
    The letter that marks a community on a map.

    Examples
    --------
    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'AA')
    """
    letter = chr(ord("A") + number % 26)
    return letter_of(number // 26 - 1) + letter if number >= 26 else letter


def grouped_countries(ties: Sequence[tuple[str, str, float]]) -> dict[tuple[str, str], float]:
    """Communities and brokers of countries, as profiles hold them for clusters."""
    if len(ties) < LEAST_TIED:
        return {}
    first, second, weight = zip(*ties, strict=True)
    found = communities(first, second, weight, n_runs=_RUNS)
    stable = np.minimum(found.over_seeds, found.over_resamples)
    brokers = brokerage(first, second, weight)
    standing = {(str(c), "community"): float(k)
                for c, k in zip(found.node, found.community, strict=True)}  # fmt: skip
    for measure, values, node in (
        ("community_stability", stable, found.node),
        ("betweenness", brokers.betweenness, brokers.node),
        ("constraint", brokers.constraint, brokers.node),
    ):
        standing |= {(str(c), measure): float(v) for c, v in zip(node, values, strict=True)}
    return standing


def _areas(nodes: Sequence[Placed], regions: dict[str, dict[str, str]]) -> dict[int, list[Share]]:
    """Per community what it has in common with countries and regions, the most first."""
    in_one = {each.id: each.countries[0] for each in nodes if len(each.countries) == 1}
    shares: dict[int, list[Share]] = {}
    for scheme, areas in {"country": in_one, **regions}.items():
        own = [
            (each.community, areas[each.id])
            for each in nodes if each.community is not None and each.id in areas
        ]  # fmt: skip
        if not own:
            continue
        found = overlap([number for number, _ in own], [area for _, area in own])
        rows = [
            (int(number), Share(scheme, str(area), int(n), float(of_group), float(of_area)))
            for number, area, n, of_group, of_area in zip(*found, strict=True)
        ]
        rows.sort(key=lambda row: (-row[1].n, row[1].area))
        for number, share in rows:
            kept = shares.setdefault(number, [])
            if sum(each.scheme == scheme for each in kept) < _AREAS:
                kept.append(share)
    return shares


def _regions(edition: Edition) -> dict[str, dict[str, str]]:
    """Per scheme of areas, the area that holds most of each cluster's ground."""
    rows = prepare(edition).rows(Query("regions", """
        select area_scheme, cluster_id, coalesce(area_name, area_id) as area from "overlaps"
        qualify row_number() over (partition by area_scheme, cluster_id
                                   order by share_of_cluster desc nulls last, area_id) = 1
        order by all"""))  # fmt: skip
    regions: dict[str, dict[str, str]] = {}
    for row in rows:
        regions.setdefault(row["area_scheme"], {})[row["cluster_id"]] = row["area"]
    return regions

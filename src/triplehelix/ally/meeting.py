"""How far partners travel to meet: from each to the one of them where that is least in all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from triplehelix.ally.assets import Asset, Landscape, Member
from triplehelix.ally.call import Rules, Weights
from triplehelix.ally.offers import Floats, networks_over
from triplehelix.errors import InputError
from triplehelix.optimise.pooling import Extra, Row
from triplehelix.sphere import distance_km, unit_vectors

Spots = Mapping[str, tuple[float, float]]
# A row for each of so many partners, with a term for each: more would fill the memory.
MOST_PARTNERS = 600


def counts(weights: Weights) -> bool:
    """Whether travel between partners is part of the objective."""
    return weights.within_km > 0 or weights.between_km > 0


def spots_of(landscape: Landscape) -> Spots:
    """
    Where each member stands, (lat, lon): the middle of its assets' places, or of its parts' assets.

    Members without an asset of known place are left out.
    """
    members = {one.member: one for one in landscape.members}
    over = networks_over(members)
    theirs: dict[str, dict[str, Asset]] = {}
    for one in landscape.assets:
        if one.lat is not None and one.lon is not None:
            for name in {one.member, *over.get(one.member, ())}:
                theirs.setdefault(name, {})[one.asset] = one
    return {name: _middle([found[key] for key in sorted(found)]) for name, found in theirs.items()}


def _middle(assets: Sequence[Asset]) -> tuple[float, float]:
    places = np.array([(one.lat, one.lon) for one in assets], float)
    x, y, z = unit_vectors(places[:, 0], places[:, 1]).sum(axis=0)
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))


@dataclass(frozen=True)
class Ways:
    """
    Between partners: `km`, shape (n, n), and `within`, true where both stand in one cluster.

    A partner of unknown place is `unknown_km` from every other.
    """

    km: Floats
    within: np.ndarray

    def weighed(self, weights: Weights) -> Floats:
        """What each way counts."""
        return np.asarray(self.km * np.where(self.within, weights.within_km, weights.between_km))


def ways_between(
    partners: Sequence[str], spots: Spots, members: Mapping[str, Member], rules: Rules
) -> Ways:
    """The ways between partners, to the millimetre."""
    unknown = (np.nan, np.nan)
    lat, lon = (np.array([spots.get(name, unknown)[i] for name in partners], float) for i in (0, 1))
    km = np.round(np.asarray(distance_km(lat[:, None], lon[:, None], lat, lon), float), 6)
    km = np.where(np.isnan(km), rules.unknown_km, km)
    np.fill_diagonal(km, 0.0)
    clusters = [members[name].cluster if name in members else None for name in partners]
    numbers: dict[str, int] = {}
    which = np.array([
        -1 - i if one is None else numbers.setdefault(one, len(numbers))
        for i, one in enumerate(clusters)
    ], np.int64)  # fmt: skip
    return Ways(np.maximum(km, km.T), which[:, None] == which)


def travelled(
    partners: Collection[str], spots: Spots, members: Mapping[str, Member], rules: Rules,
    weights: Weights,
) -> tuple[float, float]:  # fmt: skip
    """The km within and between clusters to the partner where they count least; ties: by id."""
    names = sorted(partners)
    if not names:
        return 0.0, 0.0
    ways = ways_between(names, spots, members, rules)
    at = int(np.argmin(np.round(ways.weighed(weights).sum(axis=0), 9)))
    km, within = ways.km[:, at], ways.within[:, at]
    return float(km[within].sum()), float(km[~within].sum())


def meeting_rows(ways: Floats, first_extra: int) -> tuple[list[Row], list[Extra]]:
    """
    Side conditions by which each partner that is in pays its way to one that is in.

    `ways`, shape (n, n): what the way from each to each counts. Extras, from `first_extra` on: for
    each partner whether they meet there, then what its way costs, and whether anybody is in.

    Raises
    ------
    InputError
        If there are more than `MOST_PARTNERS`.
    """
    n = len(ways)
    if n > MOST_PARTNERS:
        raise InputError(
            f"{n:,} members could serve; travel between partners (weights within_km, between_km) "
            f"is worked out for up to {MOST_PARTNERS}: narrow the call, or leave the weights at 0"
        )
    here, pays, anybody = first_extra, first_extra + n, first_extra + 2 * n
    extras = [Extra(0.0, whole=True)] * n
    extras += [Extra(1.0, 0.0, float(most)) for most in ways.max(axis=1, initial=0.0)]
    extras += [Extra(0.0)]
    name = "where partners meet"
    rows = [Row(name, low=0.0, extras={**_each(range(here, here + n)), anybody: -1.0})]
    for p in range(n):
        rows.append(Row(name, low=0.0, partners={p: -1.0}, extras={anybody: 1.0}))
        rows.append(Row(name, high=0.0, partners={p: -1.0}, extras={here + p: 1.0}))
        far = float(ways[p].max(initial=0.0))
        if far > 0:
            to = {here + h: -float(ways[p, h]) for h in np.flatnonzero(ways[p]).tolist()}
            rows.append(Row(name, low=-far, partners={p: -far}, extras={pays + p: 1.0, **to}))
    return rows, extras


def _each(places: Iterable[int]) -> dict[int, float]:
    return dict.fromkeys(places, 1.0)

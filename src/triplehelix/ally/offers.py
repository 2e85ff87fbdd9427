"""What a landscape offers to a call: each free amount of each asset, with its days, in columns."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.ally.asked import FOREVER
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member
from triplehelix.ally.call import Rules
from triplehelix.ally.order import PublishedOrder
from triplehelix.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Tags by which an asset says of itself that it is contained.
_CONTAINED = {"bsl1": 1, "bsl2": 2, "bsl3": 3, "bsl4": 4}


class Offer(NamedTuple):
    """
    An amount of an asset's capacity, or the asset as such (`capacity` None, `amount` NaN).

    `member` brings it in: its holder, or a network the holder is part of; offers of one `lot`
    are one and the same capacity. Days as `date.toordinal`: it can start on `ready`, stands from
    `first` to `last`. `amount` is in the capacity's unit; of a surge what comes on top. `others`:
    the asset has capacities of this kind, in states that do not count.
    """

    asset: Asset
    member: str
    lot: int
    capability: str
    capacity: Capacity | None
    amount: float
    ready: int
    first: int
    last: int
    surge: bool = False
    others: bool = False

    def free(self, first: int, last: int) -> float:
        """The least of its amount that nobody was promised, on the days from first to last."""
        if first < max(self.first, self.ready) or last > self.last:
            return 0.0
        if self.capacity is None or not self.capacity.promised:
            return self.amount
        taken = _most_taken(self.capacity, first, last)
        if self.surge:
            return max(0.0, self.capacity.amount + self.amount - max(self.capacity.amount, taken))
        return max(0.0, self.amount - taken)


@dataclass(frozen=True)
class Offers:
    """
    All offers that a call could look at, in the published order, as rows of columns.

    `by_capability` has the rows of each capability; `n_assets` how many assets the landscape has.
    `measures` are the distinct (capability, unit, per) and `measure` each row's, -1 where none;
    `tariffs` the distinct (capability, currency, price unit) and `tariff` each row's. `asset_no`
    and `member_no` number assets and members. `usual` is the amount without a surge. `others` as
    in `Offer`.
    """

    rows: tuple[Offer, ...]
    members: Mapping[str, Member]
    by_capability: Mapping[str, Ints]
    n_assets: int
    amount: Floats
    usual: Floats
    ready: Ints
    first: Ints
    last: Ints
    lat: Floats
    lon: Floats
    level: Ints
    measures: tuple[tuple[str, str, str | None], ...]
    measure: Ints
    tariffs: tuple[tuple[str, str, str], ...]
    tariff: Ints
    price: Floats
    lot: Ints
    asset_no: Ints
    member_no: Ints
    promised: NDArray[np.bool_]
    bare: NDArray[np.bool_]
    others: NDArray[np.bool_]

    def column(self, tell: Callable[[Offer], bool], rows: Ints | None = None) -> Ints:
        """A truth about each of some rows, or of all: 1 or 0."""
        if rows is None:
            return np.fromiter(map(tell, self.rows), np.int64, len(self.rows))
        return np.fromiter((tell(self.rows[i]) for i in rows), np.int64, len(rows))


Wanted = Callable[[Asset], Collection[str]]


def find_offers(
    landscape: Landscape, wanted: Wanted, rules: Rules, order: PublishedOrder, as_of: int
) -> Offers:
    """
    The offers of capabilities that are wanted.

    Parameters
    ----------
    wanted : of an asset the slugs of capabilities that are looked at, the narrower ones among them.
    as_of : the day of the call, as `date.toordinal`.

    Raises
    ------
    InputError
        If an asset or a member stands there twice with different facts.
    """
    members = _once((one.member, one) for one in landscape.members)
    holders = networks_over(members)
    assets = _once((one.asset, one) for one in with_any(landscape.assets, wanted))
    ways = {
        one: order.sorted({one, *holders.get(one, ())})
        for one in {asset.member for asset in assets.values()}
    }
    rows: list[Offer] = []
    lots = 0
    for name in order.sorted(assets):
        asset = assets[name]
        for shape in _shapes(asset, wanted(asset), rules, as_of):
            rows += [Offer(asset, way, lots, *shape) for way in ways[asset.member]]
            lots += 1
    return _columns(rows, members, len(landscape.assets))


def with_any(assets: Iterable[Asset], wanted: Wanted) -> Iterator[Asset]:
    """The assets with one of the capabilities that are wanted of them, as such or by a capacity."""
    for asset in assets:
        slugs = wanted(asset)
        if any(one in slugs for one in asset.capabilities) or any(
            one.capability in slugs for one in asset.capacities
        ):
            yield asset


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in pairs:
        if found.setdefault(name, one) != one:
            raise InputError(
                f"{name!r} stands there twice with different facts; keep one of the two"
            )
    return found


def networks_over(members: Mapping[str, Member]) -> dict[str, set[str]]:
    """For each member the networks it is part of, at any remove."""
    over: dict[str, set[str]] = {}
    for network in members.values():
        seen: set[str] = set()
        below = list(network.parts)
        while below:
            part = below.pop()
            if part not in seen and part != network.member:
                seen.add(part)
                over.setdefault(part, set()).add(network.member)
                below += members[part].parts if part in members else ()
    return over


_Shape = tuple[str, Capacity | None, float, int, int, int, bool, bool]


def _shapes(asset: Asset, slugs: Collection[str], rules: Rules, as_of: int) -> Iterator[_Shape]:
    """Of each offer what comes after its lot."""
    unknown = as_of + round(rules.unknown_lead_days)
    for one in sorted(asset.capacities, key=lambda one: (one.capability, one.capacity)):
        if one.capability not in slugs:
            continue
        first = _first_day(one, as_of)
        last = one.ends.toordinal() if one.ends else FOREVER
        lead = unknown if one.lead_days is None else as_of + one.lead_days
        ready = max(lead, first)
        yield one.capability, one, one.amount, ready, first, last, False, False
        if rules.surge and one.surge_amount is not None and one.surge_amount > one.amount:
            slow = unknown if one.surge_lead_days is None else as_of + one.surge_lead_days
            more = one.surge_amount - one.amount
            yield one.capability, one, more, max(ready, slow), first, last, True, False
    counted = {one.capability for one in asset.capacities if one.state in rules.states}
    stated = {one.capability for one in asset.capacities}
    for slug in sorted(one for one in {*asset.capabilities} - counted if one in slugs):
        yield slug, None, np.nan, unknown, 0, FOREVER, False, slug in stated


def _first_day(one: Capacity, as_of: int) -> int:
    """
    The first day that a capacity is there.

    In a replay, what is told of a later year without a day counts from that year's last day.
    """
    if one.starts is None and one.year and one.year > date.fromordinal(as_of).year:
        return date(one.year, 12, 31).toordinal()
    return one.starts.toordinal() if one.starts else 0


def _columns(rows: list[Offer], members: Mapping[str, Member], n_assets: int) -> Offers:
    by_capability: dict[str, list[int]] = {}
    measures: dict[tuple[str, str, str | None], int] = {}
    tariffs: dict[tuple[str, str, str], int] = {}
    numbers: dict[str, int] = {}
    measure: list[int] = []
    tariff: list[int] = []
    asset_no: list[int] = []
    member_no: list[int] = []
    bringing: dict[str, int] = {}
    for i, one in enumerate(rows):
        by_capability.setdefault(one.capability, []).append(i)
        key = (one.capability, one.capacity.unit, one.capacity.per) if one.capacity else None
        measure.append(measures.setdefault(key, len(measures)) if key else -1)
        told = _tariff(one)
        tariff.append(tariffs.setdefault(told, len(tariffs)) if told else -1)
        member_no.append(bringing.setdefault(one.member, len(bringing)))
        asset_no.append(numbers.setdefault(one.asset.asset, len(numbers)))
    return Offers(
        tuple(rows), members,
        {slug: np.array(found, np.int64) for slug, found in by_capability.items()}, n_assets,
        amount=np.array([one.amount for one in rows], float),
        usual=np.array([one.capacity.amount if one.capacity else np.nan for one in rows], float),
        ready=np.array([one.ready for one in rows], np.int64),
        first=np.array([one.first for one in rows], np.int64),
        last=np.array([one.last for one in rows], np.int64),
        lat=np.array([_or_nan(one.asset.lat) for one in rows], float),
        lon=np.array([_or_nan(one.asset.lon) for one in rows], float),
        level=_levels(rows),
        measures=tuple(measures),
        measure=np.array(measure, np.int64),
        tariffs=tuple(tariffs),
        tariff=np.array(tariff, np.int64),
        price=np.array([_or_nan(one.asset.price) for one in rows], float),
        lot=np.array([one.lot for one in rows], np.int64),
        asset_no=np.array(asset_no, np.int64),
        member_no=np.array(member_no, np.int64),
        others=np.array([one.others for one in rows], bool),
        promised=np.array([bool(one.capacity and one.capacity.promised) for one in rows], bool),
        bare=np.array([one.capacity is None for one in rows], bool),
    )  # fmt: skip


def _tariff(one: Offer) -> tuple[str, str, str] | None:
    asset = one.asset
    if asset.price is None or not asset.currency or not asset.price_unit:
        return None
    return one.capability, asset.currency, asset.price_unit


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _levels(rows: list[Offer]) -> Ints:
    """The containment level that is stated for each offer, 1 to 4; 0 where none is."""
    of_tags = {
        tags: max((_CONTAINED.get(tag, 0) for tag in tags), default=0)
        for tags in {one.asset.capabilities for one in rows}
    }
    levels = []
    for one in rows:
        said = one.capacity.containment if one.capacity else None
        levels.append(max(of_tags[one.asset.capabilities], int(said[-1]) if said else 0))
    return np.array(levels, np.int64)


def accredited(offer: Offer, asked: Iterable[str]) -> bool:
    """
    Whether all accreditations are stated: with the capacity, or as a capability of the asset.

    Case and signs between letters and digits do not matter: `ISO 15189` is `iso-15189`.
    """
    stated = {_plain(one) for one in offer.asset.capabilities}
    stated |= {_plain(one) for one in (offer.capacity.accreditations if offer.capacity else ())}
    return all(_plain(one) in stated for one in asked)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _most_taken(capacity: Capacity, first: int, last: int) -> float:
    """The most of a capacity that is promised on any day from first to last."""
    spans = [
        (one.starts.toordinal(), one.ends.toordinal() if one.ends else FOREVER, one.amount)
        for one in capacity.promised
    ]
    days = {first} | {start for start, _, _ in spans if first <= start <= last}
    return max(sum(a for start, end, a in spans if start <= day <= end) for day in days)

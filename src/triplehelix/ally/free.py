"""How much of a capacity is free on each day, and how much of a need one unit of it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from triplehelix.ally.assets import Asset, Capacity, Landscape
from triplehelix.ally.call import Need
from triplehelix.ally.curves import Level, Stretch, after, level_on, levels
from triplehelix.capabilities.listed import Capabilities, Unit, read_unit
from triplehelix.errors import InputError


@dataclass(frozen=True)
class Known:
    """The assets and capacities of a landscape, by id."""

    assets: Mapping[str, Asset]
    capacities: Mapping[str, Capacity]

    def capacity(self, name: str | None) -> Capacity | None:
        """The capacity of this id; None where there is none."""
        return self.capacities.get(name) if name is not None else None


def known(landscape: Landscape) -> Known:
    """The assets and capacities of a landscape, by id."""
    return Known(
        {one.asset: one for one in landscape.assets},
        {one.capacity: one for asset in landscape.assets for one in asset.capacities},
    )


def free_levels(capacity: Capacity, surge_from: date | None = None) -> tuple[Level, ...]:
    """
    What nobody has been promised of a capacity, in its own unit, from each day on.

    `surge_from` is the first day of its surge amount, None where that does not count. Never below
    0: what is promised twice over is not owed by others.

    Examples
    --------
    >>> from triplehelix.ally.assets import Promised
    >>> day = lambda n: date(2020, 12, n)
    >>> half = Promised(60, day(3), day(4))
    >>> one = Capacity("c", "pcr", 100, "tests", "day", starts=day(1), promised=(half,))
    >>> [(level.day.day, level.amount) for level in free_levels(one)]
    [(1, 100.0), (3, 40.0), (5, 100.0)]
    """
    first = capacity.starts or date.min
    stands = [Stretch(capacity.amount, first, capacity.ends)]
    if surge_from is not None and capacity.surge_amount is not None:
        more = capacity.surge_amount - capacity.amount
        stands.append(Stretch(more, max(first, surge_from), capacity.ends))
    taken = [Stretch(-one.amount, one.starts, one.ends) for one in capacity.promised]
    net = levels([*stands, *taken])
    gone = after(capacity.ends)
    return tuple(
        Level(one.day, max(0.0, one.amount) if gone is None or one.day < gone else 0.0)
        for one in net
        if one.day >= first
    )


def free_on(capacity: Capacity, day: date, surge_from: date | None = None) -> float:
    """What is free of a capacity on a day, in its own unit."""
    return level_on(free_levels(capacity, surge_from), day)


def surge_day(capacity: Capacity, as_of: date) -> date | None:
    """The first day of the surge amount where it is called for on `as_of`; None without one."""
    if capacity.surge_amount is None:
        return None
    return as_of + timedelta(days=capacity.surge_lead_days or 0)


def in_all(need: Need, capabilities: Capabilities) -> bool:
    """Whether a need is of things made or done in all, not of so many on every day."""
    if need.in_all is not None:
        return need.in_all
    if need.unit is None or read_unit(need.unit).per is not None:
        return False
    return capabilities[need.capability].counts_in_all(read_unit(need.unit).unit)


def worth(need: Need, capacity: Capacity, capabilities: Capabilities) -> float:
    """
    How many units of a need one unit of a capacity is; a day of it, for things made in all.

    A rate that serves a need in all is turned to a day first: 70 tests a week are 10 a day.

    Raises
    ------
    InputError
        If the units do not match.
    """
    if need.unit is None:
        return 1.0
    given, wanted = Unit(capacity.unit, capacity.per), read_unit(need.unit)
    if capacity.per is not None and wanted.per is None and in_all(need, capabilities):
        wanted = Unit(wanted.unit, "day")
    try:
        return capabilities.convert(capacity.capability, 1.0, given, wanted)
    except InputError:
        # The broader capability that was asked for may know words that the narrower does not.
        return capabilities.convert(need.capability, 1.0, given, wanted)

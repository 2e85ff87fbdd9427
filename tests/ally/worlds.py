"""Small calls and landscapes for the tests of alliances."""

from datetime import date
from typing import Any

from triplehelix.ally.assets import Asset, Capacity, Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.capabilities.listed import Capabilities, Capability, Unit

TODAY = date(2026, 3, 1)
PLACE = {"lat": 51.5, "lon": -0.1, "name": "London"}
OURS = Capabilities((
    Capability("testing", "Testing", units=(Unit("tests", "day"),)),
    Capability("pcr", "PCR", broader="testing", units=(Unit("tests", "day"), Unit("samples", "day")),
               equals=(("samples", 1.0),)),
    Capability("beds", "Beds", units=(Unit("beds"),)),
    Capability("devices", "Devices", units=(Unit("devices", "week"),), in_all=("devices",)),
    Capability("design", "Design"),
    Capability("advice", "Advice"),
))  # fmt: skip


def asset(name: str, member: str, amount: float | None = None, **said: Any) -> Asset:
    """
    An asset in London with one capacity, unless told otherwise.

    `amount` None: no capacity is stated. What `Capacity` has goes there, the rest to the asset.
    """
    known = {"lat": 51.5, "lon": -0.1, "country": "GB", "name": name}
    of_capacity = {key: said.pop(key) for key in list(said) if key in Capacity.__dataclass_fields__}
    capability = of_capacity.pop("capability", "pcr")
    capacities: tuple[Capacity, ...] = ()
    if amount is not None:
        fields = {"unit": "tests", "per": "day", "lead_days": 0, **of_capacity}
        capacities = (Capacity(f"{name}-1", capability, amount, **fields),)
    return Asset(asset=name, member=member, capabilities=(capability,), capacities=capacities,
                 **{**known, **said})  # fmt: skip


def call(*needs: dict[str, Any], rules: dict[str, Any] | None = None, **said: Any) -> Call:
    """A call of some needs; each of 100 tests a day from 10 March 2026 unless told otherwise."""
    usual = {"capability": "pcr", "amount": 100, "unit": "tests/day", "by": "2026-03-10"}
    listed = []
    for n, one in enumerate(needs or ({},)):
        whole = {"need": f"need-{n + 1}", **usual, **one}
        listed.append({key: value for key, value in whole.items() if value is not None})
    return Call.model_validate({"title": "A call", "needs": listed, "rules": rules or {}, **said})


def landscape(*assets: Asset, members: tuple[Member, ...] = (), **said: Any) -> Landscape:
    """A landscape; members that are not named are of the helix academia."""
    known = {one.member for one in members}
    more = sorted({one.member for one in assets} - known)
    rest = tuple(Member(name, name.upper(), "academia", "GB") for name in more)
    return Landscape((*members, *rest), assets, **said)

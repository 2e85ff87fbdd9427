"""
A call for 20,500 tests a day, four assets and their alliance, all worked by hand.

| asset | a day | held back by | ready |
|---|---|---|---|
| campus | 4,000 | nothing | 1 December, day 1 |
| hospital | 6,000 | 5 days of notice; 2,000 promised to others until 8 December | day 6 |
| works | 10,000 | exists from 10 December on | day 10 |
| spinout | 500 | 11 days of notice | day 12 |

So together 4,000 from day 1, 8,000 from day 6, 10,000 from day 9, 20,000 from day 10 and 20,500
from day 12 on; the call asks for it from 14 December (day 14) to the end of March.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from triplehelix.ally.alliance import Alliance, Contribution, Coverage
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member, Promised
from triplehelix.ally.call import Call
from triplehelix.capabilities.listed import Capabilities, Capability, Unit

AS_OF, BY, UNTIL = date(2020, 12, 1), date(2020, 12, 14), date(2021, 3, 31)
CAPABILITIES = Capabilities(
    (
        Capability("diagnostic-testing", "Testing", units=(Unit("tests", "day"),)),
        Capability(
            "pcr-testing", "PCR", broader="diagnostic-testing",
            units=(Unit("tests", "day"), Unit("samples", "day")), equals=(("samples", 1.0),),
        ),
        Capability("regulatory-advice", "Advice"),
        Capability(
            "device-manufacture", "Devices", units=(Unit("ventilators", "day"),),
            in_all=("ventilators",),
        ),
    )
)  # fmt: skip


def day(number: int) -> date:
    """The day of this number; the first is the 1st of December 2020."""
    return AS_OF + timedelta(days=number - 1)


def call(**more: Any) -> Call:
    """The call; `rules` and other keys of a call in place of its own."""
    need = {
        "need": "tests", "capability": "pcr-testing", "amount": 20_500, "unit": "tests/day",
        "by": BY, "until": UNTIL,
    }  # fmt: skip
    return Call.model_validate({"title": "Testing", "as_of": AS_OF, "needs": [need], **more})


def asset(name: str, amount: float, member: str | None = None, **more: Any) -> Asset:
    """An asset with one capacity of its own name."""
    capacity = Capacity(f"{name}-c", "pcr-testing", amount, "tests", "day", **more)
    return Asset(
        name, name.title(), member or f"{name}-m", ("pcr-testing",), (capacity,), country="GB"
    )


CAMPUS = asset("campus", 4_000, lead_days=0)
HOSPITAL = asset("hospital", 6_000, lead_days=5, promised=(Promised(2_000, day(-30), day(8)),))
WORKS = asset("works", 10_000, lead_days=0, starts=day(10))
SPINOUT = asset("spinout", 500, lead_days=11)
ASSETS = (CAMPUS, HOSPITAL, WORKS, SPINOUT)
HELICES = {"campus": "academia", "hospital": "health", "works": "industry", "spinout": "industry"}


def landscape(assets: tuple[Asset, ...] = ASSETS, **more: Any) -> Landscape:
    """A landscape of these assets and their members."""
    members = {one.member: one for one in assets}
    return Landscape(
        tuple(
            Member(name, name, HELICES.get(one.asset, "unknown"), one.country)
            for name, one in members.items()
        ),
        assets,
        **more,
    )


def contribution(name: str, amount: float, ready: int, **more: Any) -> Contribution:
    """What the asset of this name gives to `tests`, ready on the day of this number."""
    fields: dict[str, Any] = {
        "need": "tests", "asset": name, "member": f"{name}-m", "capacity": f"{name}-c",
        "amount": amount, "starts": BY, "ends": UNTIL, "ready": day(ready),
        "lead_days": float(ready - 1), "cost": None, "km": None,
    }  # fmt: skip
    return Contribution(**(fields | more))


CONTRIBUTIONS = (
    contribution("campus", 4_000, 1),
    contribution("hospital", 6_000, 6),
    contribution("works", 10_000, 10),
    contribution("spinout", 500, 12),
)


def alliance(
    contributions: tuple[Contribution, ...] = CONTRIBUTIONS,
    of: Call | None = None,
    objective: float | None = None,
    bound: float | None = None,
    terms: Mapping[str, float] | None = None,
    **more: Any,
) -> Alliance:
    """The alliance of these contributions."""
    asked = of or call()
    partners = tuple(sorted({one.member for one in contributions}))
    need = asked.needs[0]
    given = sum(one.amount for one in contributions if one.need == need.need)
    covered = Coverage(
        need.need,
        need.amount or 1,
        need.unit,
        given,
        max(0, (need.amount or 1) - given),
        0.0,
        need.by,
    )
    return Alliance(
        asked, "optimal", objective, bound, terms or {}, partners, contributions, (covered,), **more
    )

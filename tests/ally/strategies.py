"""Calls and alliances of every shape, for laws that hold for all of them."""

from datetime import date

from hypothesis import strategies as st

from triplehelix.ally.alliance import Alliance, Contribution, Coverage, Gap
from triplehelix.ally.call import (
    Call,
    Fixed,
    MemberCap,
    Need,
    Rules,
    Spot,
    Spread,
    Weights,
)  # fmt: skip

AMOUNTS = st.floats(0, 1e12, allow_nan=False)
POSITIVE = st.floats(1e-6, 1e12, allow_nan=False)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
SLUGS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
COUNTRIES = st.sampled_from(["GB", "FR", "JP"])
HELICES = st.sampled_from(["academia", "industry", "health"])


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def some(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


SPOTS = st.builds(Spot, name=maybe(NAMES), lat=st.floats(-90, 90), lon=st.floats(-180, 180))


@st.composite
def needs(draw: st.DrawFn, slug: str) -> Need:
    amount, place = draw(maybe(POSITIVE)), draw(maybe(SPOTS))
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return Need(
        need=slug,
        capability=draw(SLUGS),
        amount=amount,
        unit=None if amount is None else draw(NAMES),
        by=draw(maybe(st.just(first))),
        until=draw(maybe(st.just(last))),
        in_all=draw(maybe(st.booleans())),
        place=place,
        within_km=None if place is None else draw(maybe(POSITIVE)),
        countries=draw(some(COUNTRIES)),
        accreditations=draw(some(NAMES)),
        containment=draw(maybe(st.sampled_from(["BSL-2", "BSL-3"]))),
        weight=draw(POSITIVE),
        must=draw(st.booleans()),
        note=draw(maybe(NAMES)),
    )


@st.composite
def rules(draw: st.DrawFn, slugs: list[str]) -> Rules:
    need = st.sampled_from(slugs)
    return Rules(
        helices=draw(st.dictionaries(HELICES, st.integers(1, 3))),
        entities_from_countries=draw(maybe(st.just((3, 3)))),
        spread=draw(some(st.builds(Spread, of=st.just("nation"), at_least=st.integers(1, 4)))),
        member_caps=draw(some(st.builds(MemberCap, need=maybe(need), share=st.just(0.5)))),
        fixed=draw(some(st.builds(Fixed, need=need, asset=NAMES, amount=maybe(AMOUNTS)))),
        never_together=draw(some(some(NAMES))),
        include=draw(some(NAMES)),
        budget=draw(maybe(POSITIVE)),
        states=draw(some(st.sampled_from(["available", "past"]))),
        closed=draw(st.booleans()),
    )


@st.composite
def calls(draw: st.DrawFn) -> Call:
    slugs = draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True))
    return Call(
        title=draw(NAMES),
        text=draw(NAMES),
        as_of=draw(maybe(DAYS)),
        place=draw(maybe(SPOTS)),
        needs=tuple(draw(needs(slug)) for slug in slugs),
        rules=draw(rules(slugs)),
        weights=draw(st.builds(Weights, cost=AMOUNTS, partners=AMOUNTS)),
        sources=draw(some(NAMES)),
    )


CONTRIBUTIONS = st.builds(
    Contribution, need=SLUGS, asset=NAMES, member=NAMES, capacity=maybe(NAMES), amount=AMOUNTS,
    starts=DAYS, ends=maybe(DAYS), ready=DAYS, lead_days=AMOUNTS, cost=maybe(AMOUNTS),
    km=maybe(AMOUNTS), surge=st.booleans(),
)  # fmt: skip
COVERAGES = st.builds(
    Coverage, need=SLUGS, asked=AMOUNTS, unit=maybe(NAMES), given=AMOUNTS, missing=AMOUNTS,
    to_spare=AMOUNTS, weakest_day=maybe(DAYS),
)  # fmt: skip
GAPS = st.builds(
    Gap, need=SLUGS, missing=AMOUNTS, unit=maybe(NAMES), why=NAMES, cheapest=maybe(NAMES),
    relax=some(NAMES),
)  # fmt: skip
ALLIANCES = st.builds(
    Alliance, call=calls(), status=st.sampled_from(["optimal", "feasible", "infeasible"]),
    objective=maybe(AMOUNTS), bound=maybe(AMOUNTS), terms=st.dictionaries(NAMES, AMOUNTS),
    partners=some(NAMES), contributions=some(CONTRIBUTIONS), coverage=some(COVERAGES),
    gaps=some(GAPS), robust=maybe(st.integers(0, 3)), checked=st.booleans(),
    problems=some(NAMES), notes=some(NAMES), seconds=AMOUNTS,
    said=st.dictionaries(NAMES, NAMES),
)  # fmt: skip

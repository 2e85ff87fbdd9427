"""A call put to a landscape on a day: its needs read, and every offer judged for each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from triplehelix.ally.asked import Asked, read_needs
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.ally.candidates import Candidates, Judge
from triplehelix.ally.meeting import Spots, counts, spots_of
from triplehelix.ally.offers import Offers, Wanted, find_offers, with_any
from triplehelix.ally.order import PublishedOrder
from triplehelix.ally.prices import Prices, prices_of
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError, UnknownName


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Needs that are looked at whole, by name; all others only among some assets, by id."""

    needs: frozenset[str]
    assets: frozenset[str]


@dataclass(frozen=True)
class Question:
    """
    What a solve starts from; `candidates` in the order of the call's needs.

    `narrowed`: not every need was looked at whole; None where all were. `spots`: where members
    stand, empty where travel between partners does not count.
    """

    call: Call
    as_of: date
    capabilities: Capabilities
    order: PublishedOrder
    offers: Offers
    prices: Prices
    candidates: tuple[Candidates, ...]
    familiar: Mapping[tuple[str, str], int]
    narrowed: Narrowed | None = None
    spots: Spots = field(default_factory=dict)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The needs as read."""
        return tuple(one.asked for one in self.candidates)


def put(
    call: Call, landscape: Landscape, capabilities: Capabilities, *, today: date, ignore: int = 0,
    narrowed: Narrowed | None = None,
) -> Question:  # fmt: skip
    """
    Put a call to a landscape.

    Parameters
    ----------
    today : the day it is looked at from, where the call has no `as_of`.
    ignore : bits of `reasons.Reason` that are not held against an offer.
    narrowed : what is looked at, where that is not everything.

    Raises
    ------
    InputError
        If the rules contradict each other, or a need cannot be read.
    UnknownName
        If a capability is not in the list, or a rule asks for a member or an asset that is not
        among those that may be seen.
    """
    as_of = call.as_of or today
    asked = read_needs(call, capabilities, as_of)
    wanted = {slug for one in asked for slug in capabilities.narrower(one.need.capability)}
    order = PublishedOrder(call, as_of)
    offers = find_offers(
        landscape, _wanted(wanted, asked, narrowed, capabilities), call.rules, order,
        as_of.toordinal(),
    )  # fmt: skip
    _require_rules_that_agree(call, offers, landscape)
    counted = with_any(landscape.assets, lambda _: wanted)
    prices = prices_of(offers, capabilities, call.rules, counted)
    judge = Judge(call, offers, capabilities, prices, ignore=ignore)
    some = None if narrowed is None else offers.column(lambda o: o.asset.asset in narrowed.assets)
    candidates = tuple(
        judge.candidates(one, None if _is_whole(one, narrowed) else some) for one in asked
    )
    return Question(
        call, as_of, capabilities, order, offers, prices,
        tuple(_settled(one, offers) for one in candidates), landscape.familiar, narrowed,
        spots_of(landscape) if counts(call.weights) else {},
    )  # fmt: skip


def _is_whole(asked: Asked, narrowed: Narrowed | None) -> bool:
    return narrowed is None or asked.need.need in narrowed.needs


def _wanted(
    all_of_them: set[str], asked: Sequence[Asked], narrowed: Narrowed | None,
    capabilities: Capabilities,
) -> Wanted:  # fmt: skip
    """Capabilities looked at: of some assets all, of the others those of needs looked at whole."""
    if narrowed is None:
        return lambda _: all_of_them
    some = {
        slug for one in asked if one.need.need in narrowed.needs
        for slug in capabilities.narrower(one.need.capability)
    }  # fmt: skip
    return lambda asset: all_of_them if asset.asset in narrowed.assets else some


def _settled(one: Candidates, offers: Offers) -> Candidates:
    """A need without a first day is met once all who could serve it are ready."""
    asked = one.asked
    if asked.dated or asked.kind == "in_all" or not one.able.any():
        return one
    first = min(int(offers.ready[one.rows[one.able]].max()), asked.last)
    return replace(one, asked=replace(asked, first=max(first, asked.first)))


def _require_rules_that_agree(call: Call, offers: Offers, landscape: Landscape) -> None:
    rules = call.rules
    both = sorted(set(rules.include) & set(rules.exclude))
    if both:
        raise InputError(
            f"the rules include and exclude {both[0]!r}; take it out of one of the two"
        )
    fixed = sorted({one.asset for one in rules.fixed} & set(rules.exclude))
    if fixed:
        raise InputError(
            f"the rules exclude {fixed[0]!r}, which is promised to a need (fixed); take it out of "
            "one of the two"
        )
    for group in rules.never_together:
        pair = sorted(set(group) & set(rules.include))
        if len(pair) > 1:
            raise InputError(
                f"the rules include {pair[0]!r} and {pair[1]!r} and never have them together; "
                "take one of these away"
            )
    named = {*rules.include, *(one.asset for one in rules.fixed)}
    known = offers.members.keys() | {one.asset.asset for one in offers.rows}
    for name in sorted(named - known):
        if name not in {one.asset for one in landscape.assets}:
            raise UnknownName(
                f"a rule asks for {name!r}, but no member or asset that may be seen is so named; "
                "use an id from the list of members or assets"
            )

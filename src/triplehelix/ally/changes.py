"""What changed between two alliances for one call: as values, and in words."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Literal

from triplehelix.ally.alliance import Alliance, Change, Contribution
from triplehelix.ally.said import number_said

_What = Literal["lost", "added", "more", "less", "taken back", "other days"]
_Key = tuple[str, str, str]


def changes_between(
    before: Alliance, after: Alliance, losses: Collection[str]
) -> tuple[Change, ...]:  # fmt: skip
    """Every need and asset of which the amount or the days changed, by need, asset, member."""
    old, new = _by_key(before), _by_key(after)
    found = []
    for key in sorted(old.keys() | new.keys()):
        mine, theirs = old.get(key, []), new.get(key, [])
        if [_days(one) for one in mine] != [_days(one) for one in theirs]:
            most = [max((one.amount for one in each), default=0.0) for each in (mine, theirs)]
            gone = key[1] in losses or key[2] in losses
            found.append(Change(_what(most[0], most[1], gone), *key, *most))
    return tuple(found)


def changes_said(changes: tuple[Change, ...], after: Alliance) -> tuple[str, ...]:
    """Changes as sentences."""
    units = {one.need: f" {one.unit}" if one.unit else "" for one in after.coverage}
    return tuple(_sentences(changes, units))


def _sentences(changes: tuple[Change, ...], units: dict[str, str]) -> Iterator[str]:
    for one in changes:
        amounts = [f"{number_said(n)}{units.get(one.need, '')}" for n in (one.before, one.after)]
        who = f"{one.asset} ({one.member}) for {one.need}"
        if one.what in ("lost", "taken back"):
            yield f"{one.what.capitalize()}: {who}, {amounts[0]}."
        elif one.what == "added":
            yield f"Added: {who}, {amounts[1]}."
        elif one.what == "other days":
            yield f"On other days: {who}."
        else:
            yield f"{one.what.capitalize()} from {who}: {amounts[1]} instead of {amounts[0]}."


def _what(before: float, after: float, gone: bool) -> _What:
    if not after:
        return "lost" if gone else "taken back"
    if not before:
        return "added"
    if before == after:
        return "other days"
    return "more" if after > before else "less"


def _by_key(alliance: Alliance) -> dict[_Key, list[Contribution]]:
    found: dict[_Key, list[Contribution]] = defaultdict(list)
    for one in alliance.contributions:
        found[one.need, one.asset, one.member].append(one)
    return found


def _days(one: Contribution) -> tuple[object, ...]:
    return one.capacity, one.surge, one.starts, one.ends, one.amount

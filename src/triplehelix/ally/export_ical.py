"""The days of an alliance for calendars (iCalendar, RFC 5545)."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5

import icalendar

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.milestones import milestones
from triplehelix.ally.readiness import Readiness
from triplehelix.ally.said import number_said
from triplehelix.errors import InputError

_PRODUCT = "-//Triple Helix//Alliance//EN"


def calendar(
    alliance: Alliance,
    landscape: Landscape,
    ready: Readiness,
    *,
    key: str,
    stamp: datetime,
    url: str | None = None,
) -> bytes:
    """
    The milestones, the days that needs ask for and the first days of contributions, as iCalendar.

    Each is an event of a whole day. The same key, need, asset and kind of event always get the
    same UID, so that a calendar that is read again moves an event rather than adding one; equal
    arguments give equal bytes.

    Parameters
    ----------
    landscape : whose names of assets and members may be shown; of others only ids are.
    ready : from `readiness.readiness`.
    key : what this alliance is known by for good, an id of the registry say.
    stamp : when the calendar was made, with a time zone.
    url : the page of the call, which events link to.

    Raises
    ------
    InputError
        If the stamp has no time zone.
    """
    if stamp.tzinfo is None:
        raise InputError(
            f"stamp is {stamp.isoformat()}, without a time zone; give one, such as UTC"
        )
    days = [*_milestones(alliance, ready), *_contributions(alliance, landscape, ready)]
    made = icalendar.Calendar.new(
        prodid=_PRODUCT, uid=uuid5(NAMESPACE_OID, key), name=alliance.call.title,
        method="PUBLISH",
        subcomponents=[
            _event(key, name, day, words, stamp, url) for name, day, words in days
        ],
    )  # fmt: skip
    written: bytes = made.to_ical()
    return written


def _milestones(alliance: Alliance, ready: Readiness) -> Iterator[tuple[str, date, str]]:
    for one in milestones(alliance.call, ready):
        yield f"{one.kind} {one.need or ''}", one.day, one.said


def _contributions(
    alliance: Alliance, landscape: Landscape, ready: Readiness
) -> Iterator[tuple[str, date, str]]:
    """The first expected day of each asset that gives to a need; what was refused has none."""
    assets = {one.asset: one.name for one in landscape.assets}
    members = {one.member: one.name for one in landscape.members}
    for one in ready.needs:
        seen: set[str] = set()
        for step in one.steps:
            for change in step.changes:
                if change.asset in seen or change.amount <= 0:
                    continue
                seen.add(change.asset)
                who = members.get(change.member, change.member)
                what = assets.get(change.asset, change.asset)
                amount = f": {number_said(change.amount)} {one.unit}" if one.unit else ""
                a_day = " a day" if one.unit and one.expected.in_all else ""
                yield (
                    f"starts {one.need} {change.asset}",
                    step.day,
                    f"{what} ({who}) starts for {one.need}{amount}{a_day}",
                )


def _event(
    key: str, name: str, day: date, words: str, stamp: datetime, url: str | None
) -> icalendar.Event:
    return icalendar.Event.new(
        uid=uuid5(NAMESPACE_OID, f"{key} {name}"), summary=words, start=day,
        stamp=stamp, url=url, transparency=icalendar.TRANSP.TRANSPARENT,
    )  # fmt: skip

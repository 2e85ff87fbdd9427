"""Following what one has asked oneself: by the secret address, or by the account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triplehelix.app.enquiries.desk import (
    EnquiryRow,
    Happened,
    about_of,
    happened_to,
    named,
    require_writer,
    rows_of,
    seen_of,
)
from triplehelix.app.registry.asset_rows import Named
from triplehelix.app.registry.own_account import require_user
from triplehelix.registry.enquiries import OVER, Asker, Enquiry, EnquiryRules
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry import enquiries, enquiry_reading
from triplehelix.store.registry.erasing import forget_bytes
from triplehelix.store.registry.opening import Registry


@dataclass(frozen=True, slots=True)
class Sent:
    """
    What somebody has asked, and how it stands.

    `to` and the names in `events` are those that everybody sees; `at_desk`: the front desk has
    it. `erased_on` is the day by which what is personal is erased at the latest, once it is over.
    `asker` is None when it is.
    """

    enquiry: Enquiry
    about: str | None
    to: list[Named]
    at_desk: bool
    asker: Asker | None
    events: list[Happened]
    over: bool
    erased_on: datetime | None


def sent(registry: Registry, secret: str, rules: EnquiryRules) -> Sent:
    """
    What a secret address shows.

    Raises
    ------
    UnknownName
        If it is of no enquiry.
    """
    with registry.look(COMMAND_LINE) as sight:
        return _sent(registry, enquiry_reading.of_secret(sight.connection, secret), rules)


def withdraw(registry: Registry, secret: str) -> None:
    """Take an enquiry back; InputError if it is over, UnknownName if there is none."""
    with registry.change(_asker()) as change:
        enquiries.withdraw(change, enquiry_reading.of_secret(change.connection, secret))


def erase(registry: Registry, secret: str) -> None:
    """
    Erase what is personal in an enquiry at once; one that is not over is withdrawn first.

    Raises
    ------
    UnknownName
        If there is none.
    """
    with registry.change(_asker()) as change:
        enquiries.erase(change, enquiry_reading.of_secret(change.connection, secret), "asker")
    forget_bytes(registry)


def my_enquiries(registry: Registry, viewer: Viewer) -> list[EnquiryRow]:
    """
    What the viewer has asked with their account, the newest first.

    Raises
    ------
    NotSignedIn
        If nobody is signed in.
    """
    user_id = require_user(viewer)
    with registry.look(COMMAND_LINE) as sight, registry.look(viewer) as own:
        ids = enquiry_reading.of_user(sight.connection, user_id)
        found = {
            one.enquiry_id: one
            for one in enquiry_reading.enquiries(sight, enquiry_reading.of_ids(ids))
        }
        return rows_of(sight, [found[one] for one in ids], own.names)


def my_enquiry(registry: Registry, viewer: Viewer, enquiry_id: str, rules: EnquiryRules) -> Sent:
    """
    One enquiry of the viewer's account.

    Raises
    ------
    UnknownName
        If it is none of theirs.
    """
    _require_own(registry, viewer, enquiry_id)
    return _sent(registry, enquiry_id, rules)


def withdraw_mine(registry: Registry, viewer: Viewer, enquiry_id: str) -> None:
    """Take back what one has asked with one's account."""
    require_writer(viewer)
    _require_own(registry, viewer, enquiry_id)
    with registry.change(_asker(viewer)) as change:
        enquiries.withdraw(change, enquiry_id)


def erase_mine(registry: Registry, viewer: Viewer, enquiry_id: str) -> None:
    """Erase what is personal in an enquiry of one's account."""
    require_writer(viewer)
    _require_own(registry, viewer, enquiry_id)
    with registry.change(_asker(viewer)) as change:
        enquiries.erase(change, enquiry_id, "asker")
    forget_bytes(registry)


def _asker(viewer: Viewer = VISITOR) -> Viewer:
    """Whoever has shown that it is their own: they see it, though it is with others."""
    return Viewer(user_id=viewer.user_id, name="asker", everything=True)


def _require_own(registry: Registry, viewer: Viewer, enquiry_id: str) -> None:
    user_id = require_user(viewer)
    with registry.look(COMMAND_LINE) as sight:
        if enquiry_id not in enquiry_reading.of_user(sight.connection, user_id):
            raise nothing_so_named("enquiry")


def _sent(registry: Registry, enquiry_id: str, rules: EnquiryRules) -> Sent:
    with registry.look(COMMAND_LINE) as sight:
        found = enquiry_reading.enquiry(sight, enquiry_id)
        happened = enquiry_reading.events(sight, enquiry_id)
        asker = enquiry_reading.askers(sight, [enquiry_id]).get(enquiry_id)
    ids = {found.about, *found.to, *(one for each in happened for one in each.to)}
    with registry.look(VISITOR) as sight:
        names = sight.names(ids)
    closed = found.closed_at if found.state in OVER else None
    return Sent(
        seen_of(found, names), about_of(found, names), named(found.to, names), not found.to, asker,
        [happened_to(one, names) for one in happened], found.state in OVER,
        closed + timedelta(days=rules.keep_days) if closed and not found.erased_at else None,
    )  # fmt: skip

"""The desk: enquiries that are with those whom the viewer acts for, and what is done about them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triplehelix.app.registry.asset_rows import Named
from triplehelix.errors import Forbidden, InputError
from triplehelix.registry.commitments import acts_for
from triplehelix.registry.enquiries import (
    WAITING,
    Asker,
    Closing,
    Enquiry,
    EnquiryEvent,
    State,
    acts,
    checked_words,
)
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import enquiries, enquiry_reading, in_networks
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

MOST_REASON = 2_000
_RECORDS = ("asset", "member", "network")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """
    An enquiry in a list.

    `about` is what the record is called that it is about, as the viewer sees it, or the slug or
    id of the edition; None for the body as a whole and for what is hidden. `to` are those of
    whom it is with that the viewer sees, `at_desk` whether it is at the front desk. `asker` is
    None once erased. `waits` for an answer.
    """

    enquiry_id: str
    about_kind: str
    about: str | None
    about_id: str | None
    to: list[Named]
    at_desk: bool
    state: str
    made_at: datetime
    answered_at: datetime | None
    asker: str | None
    beginning: str | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits, the longest first; and what is done, the newest first, the first `SHOWN`."""

    waiting: list[EnquiryRow]
    done: list[EnquiryRow]
    n_done: int


@dataclass(frozen=True, slots=True)
class Happened:
    """An event; of those it was passed on to the ones that are seen, or else the front desk."""

    event: EnquiryEvent
    to: list[Named]
    at_desk: bool


@dataclass(frozen=True, slots=True)
class EnquiryAnswer:
    """
    One enquiry for those it is with.

    Ids of what the viewer does not see are left out. `asker` is None once erased; `can` is what
    can be done now; `networks` to whom it can be
    passed on: all that the viewer sees and for which somebody reads.
    """

    enquiry: Enquiry
    about: str | None
    to: list[Named]
    at_desk: bool
    asker: Asker | None
    events: list[Happened]
    can: list[str]
    networks: list[Named]


def desk(registry: Registry, viewer: Viewer) -> Desk:
    """All enquiries that are with the viewer; none for who acts for nobody."""
    with registry.look(viewer) as sight:
        if not (viewer.everything or viewer.stewards or viewer.members):
            return Desk([], [], 0)
        waiting = enquiry_reading.enquiries(sight, enquiry_reading.in_states(WAITING))
        done = enquiry_reading.enquiries(
            sight, enquiry_reading.in_states(set(State) - set(WAITING))
        )
        shown = sorted(done, key=lambda one: (one.changed_at, one.enquiry_id), reverse=True)
        return Desk(
            rows_of(sight, waiting, sight.names), rows_of(sight, shown[:SHOWN], sight.names),
            len(done),
        )  # fmt: skip


def enquiry(registry: Registry, viewer: Viewer, enquiry_id: str) -> EnquiryAnswer:
    """
    One enquiry.

    Raises
    ------
    UnknownName
        If there is none, or it is with others.
    """
    with registry.look(viewer) as sight:
        found = enquiry_reading.enquiry(sight, enquiry_id)
        return _answer(sight, viewer, found)


def reply(registry: Registry, viewer: Viewer, enquiry_id: str, text: str) -> EnquiryAnswer:
    """
    Answer an enquiry; whoever asked reads it on their page, and by mail where there is any.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        require_writer(viewer)
        enquiries.answer(change, enquiry_id, checked_words(text, "reply"))
        return _answer(change.sight, viewer, enquiry_reading.enquiry(change.sight, enquiry_id))


def pass_on(
    registry: Registry, viewer: Viewer, enquiry_id: str, network: str | None, reason: str
) -> list[Named]:
    """
    Hand one's part in an enquiry to a network, or (None) to the front desk, with the reason.

    Returns
    -------
    With whom it is now: the viewer may not see it any more.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        require_writer(viewer)
        said = checked_words(reason, "reason", MOST_REASON)
        now = enquiries.pass_on(change, enquiry_id, network, said)
        names = change.sight.names(now.to)
        return [Named(one, names[one]) for one in now.to if one in names]


def close(
    registry: Registry, viewer: Viewer, enquiry_id: str, closing: str, reason: str | None = None
) -> EnquiryAnswer:
    """
    Close an enquiry: `done`, `unanswered`, or `no enquiry` for what is none.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        require_writer(viewer)
        if closing not in set(Closing):
            raise InputError(f"closing is {closing[:40]!r}; give {', '.join(Closing)}")
        said = checked_words(reason, "reason", MOST_REASON) if reason else None
        enquiries.close(change, enquiry_id, Closing(closing), said)
        return _answer(change.sight, viewer, enquiry_reading.enquiry(change.sight, enquiry_id))


def rows_of(
    sight: Sight, found: Sequence[Enquiry], names: Callable[[Iterable[str]], dict[str, str]]
) -> list[EnquiryRow]:
    """Enquiries as rows of a list, for who knows members and networks by these names."""
    known = names({one for each in found for one in (each.about, *each.to)})
    askers = enquiry_reading.askers(sight, [one.enquiry_id for one in found])
    return [_row(one, known, askers.get(one.enquiry_id)) for one in found]


def require_writer(viewer: Viewer) -> None:
    """Go on only if the viewer may write."""
    if "write" not in viewer.scopes:
        raise Forbidden("this token may only read; sign in, or use one with the scope write")


def _row(one: Enquiry, names: dict[str, str], asker: Asker | None) -> EnquiryRow:
    about = about_of(one, names)
    return EnquiryRow(
        one.enquiry_id, one.about_kind, about, one.about or None if about else None,
        named(one.to, names), not one.to, one.state, one.made_at, one.answered_at,
        _who(asker) if asker else None, _beginning(asker.text) if asker else None,
        one.state in WAITING,
    )  # fmt: skip


def _who(asker: Asker) -> str:
    return f"{asker.name}, {asker.organisation}" if asker.organisation else asker.name


def _beginning(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else f"{flat[:119]}…"


def about_of(one: Enquiry, names: dict[str, str]) -> str | None:
    """How that is called which an enquiry is about, for who knows these names."""
    if one.about_kind in _RECORDS:
        return names.get(one.about)
    return one.about or None


def seen_of(one: Enquiry, names: dict[str, str]) -> Enquiry:
    """An enquiry without the ids of what has no name here."""
    hidden = one.about_kind in _RECORDS and one.about not in names
    return replace(one, about="" if hidden else one.about,
                   to=tuple(each for each in one.to if each in names))  # fmt: skip


def happened_to(one: EnquiryEvent, names: dict[str, str]) -> Happened:
    """An event for who knows these names."""
    seen = tuple(each for each in one.to if each in names)
    return Happened(replace(one, to=seen), named(seen, names), not one.to)


def named(ids: Sequence[str], names: dict[str, str]) -> list[Named]:
    """Those of these ids that have a name, by name."""
    found = [Named(one, names[one]) for one in ids if one in names]
    return sorted(found, key=lambda one: (one.name.lower(), one.id))


def _answer(sight: Sight, viewer: Viewer, found: Enquiry) -> EnquiryAnswer:
    happened = enquiry_reading.events(sight, found.enquiry_id)
    ids = {found.about, *found.to, *(one for each in happened for one in each.to)}
    names = sight.names(ids)
    can = [str(act) for act in acts(State(found.state)) if act != "withdraw"]
    return EnquiryAnswer(
        seen_of(found, names), about_of(found, names), named(found.to, names), not found.to,
        enquiry_reading.askers(sight, [found.enquiry_id]).get(found.enquiry_id),
        [happened_to(one, names) for one in happened],
        can if "write" in viewer.scopes else [],
        _others(sight, viewer, found) if "pass on" in can else [],
    )  # fmt: skip


def _others(sight: Sight, viewer: Viewer, found: Enquiry) -> list[Named]:
    mine = {one for one in found.to if acts_for(one) in viewer.grants}
    ids = in_networks.networks_seen(sight)
    reading = enquiry_reading.read_for(sight.connection, ids)
    names = sight.names(reading - mine)
    return named(sorted(names), names)

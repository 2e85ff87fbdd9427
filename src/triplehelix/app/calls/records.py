"""Calls as records: written, opened, closed, found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.ally.call import Call
from triplehelix.app.calls.called import STATES, called
from triplehelix.app.calls.content import call_of, checked_content, content_of
from triplehelix.app.registry.asset_rows import Named, named
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import call_lists
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in a list."""

    call_id: str
    title: str
    heading: str | None
    state: str
    holder: Named | None
    opens: date | None
    closes: date | None
    n_needs: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CallList:
    """
    A page of the calls that a viewer sees: open ones first, then the newest first; of those that
    say some words, the closest first.
    """

    q: str
    state: str | None
    calls: list[CallRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """
    A call as far as the viewer sees it.

    `call` is None where no need is shown. `progress` is what it lets be known of how it gets on
    (`registry.call_progress`), None where nothing. `content` is what a call file of it says.
    `verified`: whether an administrator vouches for its holder. `version` and `visibility` are
    for those who may change it.
    """

    call_id: str
    title: str
    state: str
    call: Call | None
    content: Mapping[str, Any]
    member: Named | None
    network: Named | None
    verified: bool
    progress: Mapping[str, Any] | None
    progress_changed_at: str | None
    shows_progress: bool
    created_at: datetime
    changed_at: datetime
    editable: bool
    version: int | None
    visibility: Mapping[str, str] | None

    @property
    def holder(self) -> Named | None:
        """Whose call it is: the member's, else the network's; None where neither is shown."""
        return self.member or self.network


def create_call(
    registry: Registry, viewer: Viewer, content: Mapping[str, Any], capabilities: Capabilities, *,
    member_id: str | None = None, network_id: str | None = None,
    visibility: Mapping[str, str] | None = None, progress: bool = False,
) -> str:  # fmt: skip
    """
    Make a draft of a call, which only its holder sees until it is opened; its id.

    Parameters
    ----------
    content : as a call file has it (docs/reference/calls.md); a draft may lack needs.
    member_id, network_id : whose call it is: a member's, a network's, or a member's that the
        stewards of a network look after as well.
    visibility : of single fields, where they are narrower than the call.
    progress : whether all who see the call see how many answered and what is agreed.

    Raises
    ------
    InputError
        If a value is wrong, or nobody is named whose call it is.
    UnknownName, Forbidden
    """
    if member_id is None and network_id is None:
        raise InputError("a call is a member's or a network's; say whose")
    own = checked_content(content, capabilities, complete=False)
    shown = {**(visibility or {}), "*": "private"}
    with registry.change(viewer) as change:
        fields = {**own, "state": "draft", "progress": progress}
        return change.create("call", fields, Holder(member_id, network_id), visibility=shown)


def edit_call(
    registry: Registry, viewer: Viewer, call_id: str, content: Mapping[str, Any],
    capabilities: Capabilities, *, progress: bool | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """
    Let this be the content of a call; commitments and proposals stay as they are.

    Raises
    ------
    InputError, UnknownName, Forbidden
    Conflict
        If it is of another version than the one that was looked at.
    """
    with registry.change(viewer) as change:
        before = change.editable("call", call_id, Action.EDIT, version)
        own = checked_content(
            content, capabilities, complete=before.fields["state"] != "draft"
        )  # fmt: skip
        shows = before.fields["progress"] if progress is None else progress
        fields = {**own, "state": before.fields["state"], "progress": shows}
        change.update("call", call_id, fields, version=version)


def open_call(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities, *,
    visibility: str = "public", version: int | None = None,
) -> None:  # fmt: skip
    """
    Open a call to those who are named: from now on it can be answered.

    Raises
    ------
    InputError
        If it has no need, or something in it is wrong.
    UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        before = change.editable("call", call_id, Action.SHARE, version)
        checked_content(content_of(before.fields), capabilities, complete=True)
        change.update("call", call_id, {**before.fields, "state": "open"}, version=version)
        change.share("call", call_id, {**(before.visibility or {}), "*": visibility})


def close_call(
    registry: Registry, viewer: Viewer, call_id: str, *, version: int | None = None
) -> None:
    """Close a call: it is answered no more; what was agreed stays, and can be withdrawn."""
    with registry.change(viewer) as change:
        before = change.editable("call", call_id, Action.EDIT, version)
        change.update("call", call_id, {**before.fields, "state": "closed"}, version=version)


def remove_call(registry: Registry, viewer: Viewer, call_id: str) -> None:
    """
    Take a call away, with its proposals and commitments.

    Raises
    ------
    UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        change.remove("call", call_id)


def calls(
    registry: Registry, viewer: Viewer, capabilities: Capabilities, q: str = "", *,
    state: str | None = None, page: int = 1, per_page: int = 50,
) -> CallList:  # fmt: skip
    """
    Calls that the viewer sees and that say all of these words (`called`).

    Raises
    ------
    InputError
    """
    if len(q) > 200 or page < 1 or per_page < 1:
        raise InputError("give at most 200 characters to look for, and pages from 1")
    if state is not None and state not in STATES:
        raise InputError(f"{state[:40]!r} is no state of a call; give {', '.join(STATES)}")
    with registry.look(viewer) as sight:
        found = sight.records(call_lists.call_ids(sight), "call")
        if q:
            found = called(found, q, capabilities)
        else:
            found.sort(key=lambda one: STATES.index(one.fields["state"]))
        ours = [one for one in found if state is None or one.fields["state"] == state]
        shown = ours[(page - 1) * per_page : page * per_page]
        rows = [_row(sight, one) for one in shown]
    return CallList(q, state, rows, len(ours), page, max(1, -(-len(ours) // per_page)))


def call(registry: Registry, viewer: Viewer, call_id: str) -> CallAnswer:
    """
    One call.

    Raises
    ------
    UnknownName
        If there is none, or the viewer may not see it: the same words for both.
    """
    with registry.look(viewer) as sight:
        return call_answer(sight, sight.record("call", call_id))


def call_to_edit(registry: Registry, viewer: Viewer, call_id: str) -> CallAnswer:
    """
    One call, for whoever may change it.

    Raises
    ------
    UnknownName, Forbidden
    """
    with registry.look(viewer) as sight:
        record = sight.record("call", call_id)
        require(viewer, Action.EDIT, sight.holder(call_id))
        return call_answer(sight, record)


def call_answer(sight: Sight, record: Record) -> CallAnswer:
    """A call's record as an answer."""
    known = call_lists.published_progress(sight, record.record_id)
    holders = [one for one in (record.member_id, record.network_id) if one]
    return CallAnswer(
        call_id=record.record_id,
        title=record.name,
        state=record.fields["state"],
        call=call_of(record.fields),
        content=content_of(record.fields),
        member=named(sight, record.member_id),
        network=named(sight, record.network_id),
        verified=any(call_lists.is_verified(sight, one) for one in holders),
        progress=known[0] if known else None,
        progress_changed_at=known[1] if known else None,
        shows_progress=record.fields["progress"],
        created_at=record.created_at,
        changed_at=record.changed_at,
        editable=record.editable,
        version=record.version,
        visibility=record.visibility,
    )


def needs_shown(record: Record) -> Call:
    """
    The call, for who wants to solve it.

    Raises
    ------
    InputError
        If none of its needs is shown, or it has none.
    """
    found = call_of(record.fields)
    if found is None:
        raise InputError("no need of this call is there, or shown to you; add one, or sign in")
    return found


def _row(sight: Sight, record: Record) -> CallRow:
    fields = record.fields
    return CallRow(
        record.record_id, record.name, fields.get("heading"), fields["state"],
        named(sight, record.member_id) or named(sight, record.network_id),
        _day(fields.get("opens")), _day(fields.get("closes")), len(fields.get("needs", ())),
        record.changed_at,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

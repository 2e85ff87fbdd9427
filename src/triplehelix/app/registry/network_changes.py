"""Changes to networks: making and editing them, who stands in them, what they say."""

from collections.abc import Mapping, Sequence
from typing import Any

from triplehelix.errors import InputError
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import in_networks
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.networks import compose, join, leave
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight


def create_network(
    registry: Registry, viewer: Viewer, fields: Mapping[str, Any], *,
    visibility: str = "public", parts: Sequence[str] = (),
) -> str:  # fmt: skip
    """
    Make a network, joint of others where parts are given; its id.

    Raises
    ------
    InputError, UnknownName
        A field is wrong, or a part is no network that is seen.
    Forbidden
        If the viewer is no administrator.
    """
    with registry.change(viewer) as change:
        made = change.create("network", dict(fields), visibility={"*": visibility})
        change.flush()
        if parts:
            compose(change, made, tuple(parts))
    return made


def change_network(
    registry: Registry, viewer: Viewer, network_id: str, fields: Mapping[str, Any], *,
    visibility: str | None = None, parts: Sequence[str] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """
    Let a network have these fields; those that are not named stay, None takes one away.

    `visibility` is of the whole record; fields keep their own. `parts` are all the networks below
    it: whoever adds one curates that one too.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        before = change.editable("network", network_id, Action.CURATE, version)
        change.update("network", network_id, merged(before, fields), version=version)
        if visibility is not None:
            change.share("network", network_id, {**(before.visibility or {}), "*": visibility})
        if parts is not None:
            _compose(change, network_id, parts)


def set_member(
    registry: Registry, viewer: Viewer, network_id: str, member: str, *,
    visibility: str | None = None,
) -> str:  # fmt: skip
    """
    Invite a member, ask to be let in, or accept what the other side began.

    Parameters
    ----------
    member : an id, or the whole name of a member that the viewer sees.
    visibility : of the tie, once it is one; without it as it was, or public.

    Returns
    -------
    How it stands now: `invited`, `asked` or `member`.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        change.sight.record("network", network_id)
        who = member if is_id(member, "network") else _named(change.sight, member)
        shown = visibility or in_networks.tie_shown(change.sight, network_id, who) or "public"
        before = _tie(change.sight, network_id, who)
        if before is not None and before.state == "member":
            join(change, network_id, who, visibility=shown, since=before.since)
        else:
            join(change, network_id, who, visibility=shown, since=change.now.date())
        after = _tie(change.sight, network_id, who)
    # Both ends and the tie are seen by whoever made it.
    return after.state if after is not None else "asked"


def end_membership(registry: Registry, viewer: Viewer, network_id: str, member_id: str) -> None:
    """
    Leave a network, take a member out, or decline.

    Raises
    ------
    UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        change.sight.record("network", network_id)
        if _tie(change.sight, network_id, member_id) is None:
            raise nothing_so_named("membership")
        leave(change, network_id, member_id)


def say(
    registry: Registry, viewer: Viewer, kind: str, network_id: str, fields: Mapping[str, Any], *,
    visibility: str = "public", record_id: str | None = None, version: int | None = None,
) -> str:  # fmt: skip
    """
    Post news of a network or add an event, or, with the id of one of its own, change that.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        change.sight.record("network", network_id)
        if record_id is None:
            shown, held = {"*": visibility}, Holder(None, network_id)
            return change.create(kind, dict(fields), held, visibility=shown)
        before = said_in(change.sight, kind, network_id, record_id)
        change.update(kind, record_id, merged(before, fields), version=version)
        change.share(kind, record_id, {**(before.visibility or {}), "*": visibility})
        return record_id


def unsay(registry: Registry, viewer: Viewer, kind: str, network_id: str, record_id: str) -> None:
    """Take news or an event of a network away."""
    with registry.change(viewer) as change:
        said_in(change.sight, kind, network_id, record_id)
        change.remove(kind, record_id)


def said(registry: Registry, viewer: Viewer, kind: str, network_id: str, record_id: str) -> Record:
    """
    News or an event of a network, to be changed by the viewer.

    Raises
    ------
    UnknownName, Forbidden
    """
    with registry.look(viewer) as sight:
        own = said_in(sight, kind, network_id, record_id)
        require(viewer, Action.EDIT, sight.holder(record_id))
        return own


def said_in(sight: Sight, kind: str, network_id: str, record_id: str) -> Record:
    """What a network says, not what another does: the wrong network's is nothing so named."""
    sight.record("network", network_id)
    own = sight.record(kind, record_id)
    if own.network_id != network_id:
        raise nothing_so_named(kind)
    return own


def merged(before: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields a record had, with these instead; None takes one away."""
    together = {**before.fields, **fields}
    return {name: value for name, value in together.items() if value is not None}


def _compose(change: Change, network_id: str, parts: Sequence[str]) -> None:
    there = {part for upper, part in change.sight.network_parts() if upper == network_id}
    if there == set(parts):
        return
    for new in sorted(set(parts) - there):
        # Nobody makes another's network a part of their own.
        change.sight.record("network", new)
        require(change.viewer, Action.CURATE, Holder(None, new))
    compose(change, network_id, tuple(parts))


def _tie(sight: Sight, network_id: str, member_id: str) -> Any:
    found = in_networks.ties_of(sight, [member_id])
    return next((tie for tie in found if tie.network_id == network_id), None)


def _named(sight: Sight, member: str) -> str:
    if is_id(member, "member"):
        return member
    called = [
        one for one, name in in_networks.members_seen(sight)
        if name.casefold() == member.strip().casefold()
    ]  # fmt: skip
    if len(called) == 1:
        return called[0]
    if called:
        raise InputError(
            f"{len(called)} members are called {member!r}; give the id of one: {', '.join(called)}"
        )
    raise InputError(
        f"no member that is shown to you is called {member!r}; write its whole name, or its id"
    )

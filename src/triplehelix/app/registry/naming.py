"""What a form needs to offer and to understand: networks and members by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from triplehelix.app.registry.asset_list import own_holders
from triplehelix.registry.ids import is_id
from triplehelix.registry.viewer import Viewer
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.opening import Registry

NETWORKS_OFFERED = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """
    Networks that a viewer knows of, by name; for whom they may add something; names of ids.

    `holders` are (holder, words).
    """

    networks: dict[str, str]
    holders: list[tuple[Holder, str]]
    names: dict[str, str]


def choices_of(
    registry: Registry, viewer: Viewer, ids: Iterable[str] = (), member: str | None = None
) -> Choices:
    """
    What to offer to a viewer, and names of `ids`.

    `member` is one for which something shall be added: its stewards, and administrators, may.
    """
    with registry.look(viewer) as sight:
        known = asset_lists.ids_of_kind(sight, "network", NETWORKS_OFFERED)
        networks = sight.names(known)
        own = own_holders(viewer)
        asked = sight.records([member], "member") if member and is_id(member, "member") else []
        for record in asked:
            holder = Holder(record.record_id, record.network_id)
            if record.editable and Holder(record.record_id) not in own:
                own.insert(0, holder)
        names = sight.names(
            {*ids, *(one for h in own for one in (h.member_id, h.network_id) if one)}
        )
    return Choices(
        {one: networks[one] for one in known}, [(h, _words(h, names)) for h in own], names
    )


def member_ids(registry: Registry, viewer: Viewer, written: Sequence[str]) -> dict[str, str]:
    """
    Which members are meant: what was written -> id, for what names exactly one that is seen.

    An id, the address of its page, or the name to the letter but for capitals.
    """
    found: dict[str, str] = {}
    with registry.look(viewer) as sight:
        for text in written:
            last = text.rstrip("/").rpartition("/")[2]
            ids = (
                [r.record_id for r in sight.records([last], "member")]
                if is_id(last, "member")
                else asset_lists.ids_named(sight, "member", text)
            )
            if len(ids) == 1:
                found[text] = ids[0]
    return found


def _words(holder: Holder, names: Mapping[str, str]) -> str:
    member, network = (names.get(one or "") for one in (holder.member_id, holder.network_id))
    if member and network:
        return f"{member}, looked after by {network}"
    return member or (f"nobody yet, looked after by {network}" if network else "nobody yet")

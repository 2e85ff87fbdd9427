"""For whom a viewer can bring assets in: members and networks to choose from."""

from dataclasses import dataclass

from triplehelix.errors import Forbidden
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import in_networks
from triplehelix.store.registry.opening import Registry


@dataclass(frozen=True, slots=True)
class ForWhom:
    """
    (id, name) of members whose assets these can be, and of networks that can curate them.

    `nobody`: assets may also be left unassigned.
    """

    members: list[tuple[str, str]]
    networks: list[tuple[str, str]]
    nobody: bool


def for_whom(registry: Registry, viewer: Viewer) -> ForWhom:
    """
    Members the viewer acts for, those of networks they are steward of, and these networks.

    Raises
    ------
    Forbidden
        If there is none.
    """
    with registry.look(viewer) as sight:
        if viewer.everything:
            members = in_networks.members_seen(sight)
            networks = in_networks.networks_seen(sight)
        else:
            networks = list(viewer.stewards)
            standing = in_networks.ties(sight, networks)
            ids = {*viewer.members, *(t.member_id for t in standing if t.state == "member")}
            members = in_networks.members_seen(sight, ids)
        names = sight.names(networks)
        found = sorted(((one, names[one]) for one in networks if one in names), key=_by_name)
    if "write" not in viewer.scopes or not (members or found or viewer.everything):
        raise Forbidden(
            "files are brought in by people who act for a member, by stewards and by "
            "administrators; sign in as one of them"
        )
    return ForWhom(members, found, viewer.everything)


def _by_name(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[1], pair[0]

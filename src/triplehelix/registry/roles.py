"""Roles: what they are of, and who may give and take them."""

from dataclasses import dataclass
from enum import StrEnum

from triplehelix.errors import Forbidden, InputError
from triplehelix.registry.ids import is_id
from triplehelix.registry.viewer import Action, Viewer, may
from triplehelix.registry.visibility import Holder


class RoleName(StrEnum):
    """What somebody can be."""

    ADMINISTRATOR = "administrator"
    STEWARD = "steward"
    READER = "reader"
    MEMBER = "member"


# The kind of record that a role is of; an administrator's is the registry as a whole.
OBJECT_KIND = {RoleName.STEWARD: "network", RoleName.READER: "network", RoleName.MEMBER: "member"}


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """
    A role and the record it is of; an administrator's object is empty.

    Raises
    ------
    InputError
        If there is no such role, or its object is not of the kind that it needs.

    Examples
    --------
    >>> Role.read("administrator").text
    'administrator'
    """

    name: str
    object_id: str = ""

    def __post_init__(self) -> None:
        if self.name not in set(RoleName):
            raise InputError(
                f"{self.name!r} is no role; give administrator, steward:NETWORK, reader:NETWORK "
                "or member:MEMBER"
            )
        kind = self.kind
        if kind is None and self.object_id:
            raise InputError("an administrator is one of the whole registry; leave the id out")
        if kind is not None and not is_id(self.object_id, kind):
            raise InputError(f"a {self.name} is one of a {kind}; give {self.name}:ID of the {kind}")

    @property
    def kind(self) -> str | None:
        """The kind of record it is of, None for an administrator."""
        return OBJECT_KIND.get(RoleName(self.name))

    @property
    def text(self) -> str:
        """As it is written: `administrator`, `steward:ID`."""
        return f"{self.name}:{self.object_id}" if self.object_id else self.name

    @classmethod
    def read(cls, text: str) -> "Role":
        """A role from its text; InputError if it is none."""
        name, _, object_id = text.partition(":")
        return cls(name, object_id)


def may_give(viewer: Viewer, role: Role, network_id: str | None) -> bool:
    """
    Whether a viewer may give and take a role.

    Administrators give all. The stewards of a network give its stewards and readers, and the
    people of the members whose records it looks after.

    Parameters
    ----------
    network_id : the network that looks after the role's object; for a network itself its id.

    Examples
    --------
    >>> network = "nw_" + "0" * 26
    >>> steward = Viewer(user_id="us_1", grants=frozenset({"steward:" + network}))
    >>> may_give(steward, Role("reader", network), network)
    True
    >>> may_give(steward, Role("administrator"), None)
    False
    """
    if role.name == RoleName.ADMINISTRATOR or network_id is None:
        return may(viewer, Action.ADMINISTER, Holder())
    return may(viewer, Action.CURATE, Holder(None, network_id))


def require_may_give(viewer: Viewer, role: Role, network_id: str | None) -> None:
    """
    Go on only if the viewer may give and take this role.

    Raises
    ------
    Forbidden
        If not.
    """
    if not may_give(viewer, role, network_id):
        raise Forbidden(
            f"you may not give or take the role {role.name}; administrators may, and the stewards "
            "of the network for its own people: ask one of them"
        )

"""Whoever looks at the registry, and what they may change in it."""

from dataclasses import dataclass
from enum import StrEnum

from triplehelix.errors import Forbidden
from triplehelix.registry.visibility import SIGNED_IN, Holder

ADMINISTER = "administer"


class Action(StrEnum):
    """What somebody may do to an object."""

    EDIT = "edit"
    CONFIRM = "confirm"
    CREATE = "create"
    REMOVE = "remove"
    SHARE = "share"
    RESERVE = "reserve"
    CURATE = "curate"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Viewer:
    """
    Whoever asks: a visitor, a person, a program with a token, or the command line.

    Parameters
    ----------
    user_id : None for visitors and the command line.
    name : how the audit log calls them.
    grants : what they were given, as `visibility` writes it: `signed-in`, `member:ID`,
        `network:ID`, `steward:ID`. Whoever was granted anything is signed in.
    everything : administrators see every record.
    scopes : what a token allows, of `read` and `write`; a person has both.
    """

    user_id: str | None = None
    name: str = "visitor"
    grants: frozenset[str] = frozenset()
    everything: bool = False
    scopes: frozenset[str] = frozenset({"read", "write"})

    def __post_init__(self) -> None:
        if self.grants:
            object.__setattr__(self, "grants", self.grants | {SIGNED_IN})

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of the members the viewer acts for."""
        return self._named("member:")

    @property
    def stewards(self) -> tuple[str, ...]:
        """Ids of the networks the viewer is steward of."""
        return self._named("steward:")

    def _named(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(g.removeprefix(prefix) for g in self.grants if g.startswith(prefix)))


VISITOR = Viewer()
COMMAND_LINE = Viewer(name="command line", everything=True)


def may(viewer: Viewer, action: Action, object_: Holder | None) -> bool:
    """
    Whether a viewer may do something to an object.

    Parameters
    ----------
    object_ : the holder of what would be changed. For a network's own record that is the
        network, for a member's the member; `Holder()` is the registry as a whole.

    Raises
    ------
    TypeError
        If the object is missing: a permission without its object means nothing.

    Examples
    --------
    >>> may(Viewer(grants=frozenset({"member:mb_1"})), Action.EDIT, Holder("mb_1"))
    True
    >>> may(VISITOR, Action.EDIT, Holder())
    False
    """
    if not isinstance(object_, Holder):
        raise TypeError(f"may {action} what? a permission is asked for with its object")
    if "write" not in viewer.scopes:
        return False
    if viewer.everything:
        return True
    if action is Action.ADMINISTER:
        return False
    if action is Action.CURATE:
        return f"steward:{object_.network_id}" in viewer.grants
    return bool(viewer.grants & object_.grants)


def require(viewer: Viewer, action: Action, object_: Holder | None) -> None:
    """
    Go on only if the viewer may.

    Raises
    ------
    Forbidden
        If not: what was asked, and who can do it.
    """
    if not may(viewer, action, object_):
        raise Forbidden(
            f"you may not {action} this; its member, the stewards of its network and the "
            "administrators may: sign in as one of them, or ask them"
        )

"""
Who may see what: audiences, what they ask of a viewer, and the one test of them.

An *audience* is what an owner chooses for a record or one of its fields. With the record's
holder it becomes a *condition*: a set of clauses, each a set of grants. A viewer meets it who
has a grant of every clause; the condition without clauses is met by everybody. Everything kept
carries the name of one condition, and that is all that decides who sees it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from triplehelix.errors import InputError

Clause = frozenset[str]
Condition = frozenset[Clause]

EVERYBODY: Condition = frozenset()
SIGNED_IN = "signed-in"


class Level(StrEnum):
    """How far something is shown, from everybody to its holder alone."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    NETWORK = "network"
    NAMED = "named"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Audience:
    """
    Whom an owner shows something to.

    Parameters
    ----------
    level : how far.
    names : ids of networks where the level is `network`, of members where it is `named`; else
        empty.

    Raises
    ------
    InputError
        If names are lacking where the level asks for them, or given where it does not.

    Examples
    --------
    >>> Audience(Level.PUBLIC).text
    'public'
    >>> Audience.read("network:nw_b,nw_a").text
    'network:nw_a,nw_b'
    """

    level: Level
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        named = self.level in (Level.NETWORK, Level.NAMED)
        if named and not self.names:
            kind = "networks" if self.level is Level.NETWORK else "members"
            raise InputError(f"visibility {self.level} names no {kind}; add at least one id")
        if self.names and not named:
            raise InputError(f"visibility {self.level} takes no names; leave them out")

    @property
    def text(self) -> str:
        """As it is written: `public`, `network:ID,ID`."""
        return f"{self.level}:{','.join(sorted(self.names))}" if self.names else str(self.level)

    @classmethod
    def read(cls, text: str) -> "Audience":
        """
        An audience from its text.

        Raises
        ------
        InputError
            If the text is none.
        """
        level, _, names = text.partition(":")
        if level not in set(Level):
            raise InputError(
                f"{text!r} is no visibility; write public, signed-in, network:ID,…, named:ID,… "
                "or private"
            )
        return cls(Level(level), frozenset(name for name in names.split(",") if name))


PUBLIC = Audience(Level.PUBLIC)
PRIVATE = Audience(Level.PRIVATE)


@dataclass(frozen=True, slots=True)
class Holder:
    """
    Who holds a record: the member it belongs to, the network whose stewards curate it.

    Either may be missing; what has neither is unassigned, and only administrators see it unless
    it is shown to others.
    """

    member_id: str | None = None
    network_id: str | None = None

    @property
    def grants(self) -> Clause:
        """What lets one see, and change, everything of the record."""
        member = [f"member:{self.member_id}"] if self.member_id else []
        network = [f"steward:{self.network_id}"] if self.network_id else []
        return frozenset(member + network)


def condition(audience: Audience, holder: Holder) -> Condition:
    """
    What an audience asks of a viewer; the holder always meets it.

    Whoever was granted anything is signed in, so that is one condition for all holders.

    Examples
    --------
    >>> condition(PUBLIC, Holder("mb_1"))
    frozenset()
    >>> [sorted(c) for c in condition(Audience.read("named:mb_2"), Holder("mb_1"))]
    [['member:mb_1', 'member:mb_2']]
    """
    if audience.level is Level.PUBLIC:
        return EVERYBODY
    if audience.level is Level.SIGNED_IN:
        return frozenset({frozenset({SIGNED_IN})})
    granted = {
        Level.NETWORK: {f"network:{name}" for name in audience.names},
        Level.NAMED: {f"member:{name}" for name in audience.names},
        Level.PRIVATE: set(),
    }[audience.level]
    return frozenset({holder.grants | granted})


def both(first: Condition, second: Condition) -> Condition:
    """
    The condition that asks what each of two asks: a field of a record is seen by whom both let.

    A clause that another clause implies is left out, so that equal conditions are one. Every
    other clause implies the one that asks for being signed in.
    """
    clauses = first | second
    if len(clauses) > 1:
        clauses -= {frozenset({SIGNED_IN})}
    return frozenset(c for c in clauses if not any(other < c for other in clauses))


def meets(grants: Iterable[str], asked: Condition) -> bool:
    """
    Whether a viewer with these grants sees what asks this.

    Examples
    --------
    >>> meets([], EVERYBODY), meets(["signed-in"], condition(PRIVATE, Holder("mb_1")))
    (True, False)
    """
    held = frozenset(grants)
    return all(clause & held for clause in asked)


def name_of(asked: Condition) -> str:
    """
    The name under which a condition is kept: told by its content, not by when it was first used.

    Examples
    --------
    >>> name_of(EVERYBODY)
    'everybody'
    """
    if not asked:
        return "everybody"
    written = "\n".join(sorted(" ".join(sorted(clause)) for clause in asked))
    return sha256(written.encode()).hexdigest()[:32]

"""
To whom an enquiry goes: a published rule, the same for everybody.

The rule has steps, and the first that finds anybody is taken. *Everybody* it finds gets the enquiry
at the same moment: no order is made between them, so no tie is broken. Whoever has nobody to read
for them is passed over, and named as such; if nobody is left, the neutral body's front desk has it.
docs/methods/enquiries.md says it in words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from triplehelix.capabilities.words import unmarked


class About(StrEnum):
    """What an enquiry can be about."""

    ASSET = "asset"
    MEMBER = "member"
    NETWORK = "network"
    CLUSTER = "cluster"
    THEME = "theme"
    CAPABILITY = "capability"
    GENERAL = "general"


FRONT_DESK = "front desk"
RULES = {
    "holder": "the member it belongs to, and the network whose stewards look after it",
    "member's networks": "the networks that this member stands in",
    "network": "the stewards of this network",
    "wider networks": "the networks that this network is part of",
    "speaks for the cluster": "every network that says it speaks for this cluster",
    "theme and place": "every network with this theme that is of this place",
    "theme": "every network with this theme",
    "capability and place": "every network of this place whose members share it",
    "capability": "every network whose members share it",
    "place": "every network of this place",
    FRONT_DESK: "the neutral body's front desk (its administrators), since nobody else is found",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the rule, and the members and networks that it finds."""

    rule: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """
    Where an enquiry goes.

    `to` are ids of members and networks, in order of id; empty: the front desk. `passed_over` are
    those that a step before found and that nobody reads for.
    """

    rule: str
    to: tuple[str, ...]
    passed_over: tuple[str, ...]

    @property
    def why(self) -> str:
        """The step in words."""
        return RULES[self.rule]


def route(steps: Sequence[Step], read_for: Collection[str]) -> Route:
    """
    The first step with somebody who reads, all of whom it finds.

    Parameters
    ----------
    steps : in the order of the rule.
    read_for : ids for which there is somebody to read.

    Examples
    --------
    >>> steps = [Step("theme and place", ("nw_c",)), Step("theme", ("nw_b", "nw_a", "nw_c"))]
    >>> route(steps, {"nw_a", "nw_b"})
    Route(rule='theme', to=('nw_a', 'nw_b'), passed_over=('nw_c',))
    >>> route(steps, ()).rule
    'front desk'
    """
    passed: set[str] = set()
    for step in steps:
        reading = sorted(set(step.found) & set(read_for))
        passed |= set(step.found) - set(reading)
        if reading:
            return Route(step.rule, tuple(reading), tuple(sorted(passed)))
    return Route(FRONT_DESK, (), tuple(sorted(passed)))


def is_of_place(area: str | None, place: str) -> bool:
    """
    Whether a network's area names a place, or the place the area; whole words, case aside.

    Examples
    --------
    >>> is_of_place("Leeds and York", "york"), is_of_place("Yorkshire", "york")
    (True, False)
    """
    said, asked = _words(area or ""), _words(place)
    return bool(said and asked) and (f" {asked} " in f" {said} " or f" {said} " in f" {asked} ")


def _words(text: str) -> str:
    letters = (c if c.isalnum() else " " for c in unmarked(text))
    return " ".join("".join(letters).split())

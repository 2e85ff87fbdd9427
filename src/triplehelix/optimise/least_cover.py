"""
The fewest members that together cover all there is to cover, and of these the strongest.

For few requirements (the roles of some value chains) and any number of members. No solver is
called: the search is over sets of requirements covered, which are few, and is its own proof.
"""

from collections.abc import Sequence

from triplehelix.errors import InputError
from triplehelix.optimise.outcome import Outcome

# More sets of requirements at once than this, and the search says how far it has proven.
MOST_STATES = 200_000

_State = tuple[int, tuple[int, ...]]


def least_cover(
    covers: Sequence[int], strength: Sequence[int], needed: int, *, most_states: int = MOST_STATES
) -> Outcome:
    """
    Find the smallest set of members that covers all; of equally small ones the strongest.

    Members are added one at a time. After k of them, of all sets that cover the same
    requirements only the strongest is kept. A member is tried only if it covers the rarest
    requirement that is open, for some member of any cover must.

    Parameters
    ----------
    covers : shape (n,)
        Of each member the requirements it covers, as the bits of a whole number.
    strength : shape (n,), >= 0
        Whole numbers, added up over a set.
    needed : the requirements to be covered, as bits.
    most_states : after how many kept sets to go on without proof.

    Returns
    -------
    Outcome
        `objective` is the number of members, `bound` a proven lower bound on it. `optimal` means
        that no smaller set covers all, and none so small is stronger. Of equally small and
        strong sets the one whose members come first is chosen: give them in an order by content.
        `feasible` where the search grew too large: then a greedy cover. `infeasible` if a
        requirement is covered by nobody.

    Raises
    ------
    InputError
        If the two lists differ in length, or a strength is negative.

    Examples
    --------
    >>> least_cover([0b011, 0b100, 0b110], [5, 1, 3], 0b111).chosen
    (0, 2)
    """
    _check(covers, strength)
    holders = _holders(covers, needed)
    if holders is None:
        return Outcome("infeasible", None, None)
    layer: dict[int, _State] = {0: (0, ())}
    size = 0
    while needed not in layer:
        if len(layer) > most_states:
            chosen = _greedy(covers, strength, needed)
            # Sets of `size` members that cover all were looked for, and there were none.
            return Outcome("feasible", len(chosen), size + 1, chosen)
        layer = _grown(layer, covers, strength, holders)
        size += 1
    return Outcome("optimal", size, size, layer[needed][1])


def _check(covers: Sequence[int], strength: Sequence[int]) -> None:
    if len(covers) != len(strength):
        raise InputError(
            f"there are {len(covers)} members and {len(strength)} strengths; give one for each"
        )
    for at, value in enumerate(strength):
        if value < 0:
            raise InputError(f"strength[{at}] is {value}; it must be 0 or more")


def _holders(covers: Sequence[int], needed: int) -> list[tuple[int, list[int]]] | None:
    """Each requirement with the members that cover it, the rarest first; None if one has none."""
    bits = [1 << at for at in range(needed.bit_length()) if needed >> at & 1]
    held = [(bit, [n for n, mask in enumerate(covers) if mask & bit]) for bit in bits]
    held.sort(key=lambda one: (len(one[1]), one[0]))
    return held if all(members for _, members in held) else None


def _grown(
    layer: dict[int, _State], covers: Sequence[int], strength: Sequence[int],
    holders: list[tuple[int, list[int]]],
) -> dict[int, _State]:  # fmt: skip
    wanted = sum(bit for bit, _ in holders)
    grown: dict[int, _State] = {}
    for covered, (so_far, chosen) in layer.items():
        members = next(members for bit, members in holders if not covered & bit)
        for member in members:
            after = (covered | covers[member]) & wanted
            state = (so_far + strength[member], tuple(sorted((*chosen, member))))
            if after not in grown or _better(state, grown[after]):
                grown[after] = state
    return grown


def _better(one: _State, other: _State) -> bool:
    return (-one[0], one[1]) < (-other[0], other[1])


def _greedy(covers: Sequence[int], strength: Sequence[int], needed: int) -> tuple[int, ...]:
    open_, chosen = needed, []
    while open_:
        best = max(
            range(len(covers)),
            key=lambda n: ((covers[n] & open_).bit_count(), strength[n], -n),
        )
        chosen.append(best)
        open_ &= ~covers[best]
    return tuple(sorted(chosen))

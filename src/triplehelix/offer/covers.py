"""The smallest sets of clusters that cover a value chain, and what is lost without each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from triplehelix.offer.holdings import Holdings, Need
from triplehelix.optimise.least_cover import least_cover
from triplehelix.optimise.outcome import Outcome, Status

# Shares of evidence are added up as whole numbers, so that no order of adding changes a tie.
_UNIT = 10**9


@dataclass(frozen=True, slots=True)
class Cover:
    """
    A set of clusters that together have every role that any of those asked has.

    `clusters` by id. `bound` is a proven lower bound on how many it takes: with `optimal` it is
    how many there are. `needs` are covered, `gaps` by nobody; those of `indirect` by no cluster
    with direct evidence, so that indirect evidence was taken.
    """

    clusters: tuple[str, ...]
    status: Status
    bound: int | None
    needs: tuple[Need, ...]
    gaps: tuple[Need, ...]
    indirect: tuple[Need, ...]


def shares(held: Holdings, needs: Sequence[Need]) -> dict[str, dict[Need, Fraction]]:
    """
    Of each need, which part of all pieces of evidence each cluster holds.

    Direct evidence alone counts where any cluster has some.

    Examples
    --------
    >>> from triplehelix.offer.holdings import Held
    >>> need = Need("cancer", "clinical")
    >>> held = {"a": {need: Held("direct", ("1", "2", "3"))}, "b": {need: Held("direct", ("1",))}}
    >>> shares(held, [need])["a"][need]
    Fraction(3, 4)
    """
    found: dict[str, dict[Need, Fraction]] = {}
    for need in needs:
        counted = _counted(held, need)
        for cluster, pieces in counted.items():
            found.setdefault(cluster, {})[need] = Fraction(pieces, sum(counted.values()))
    return found


def _counted(held: Holdings, need: Need) -> dict[str, int]:
    has = {cluster: own[need] for cluster, own in held.items() if need in own}
    grade = "direct" if any(one.grade == "direct" for one in has.values()) else "indirect"
    return {c: one.pieces for c, one in has.items() if one.grade == grade and one.pieces}


def smallest_cover(
    held: Holdings, needs: Sequence[Need], *, without: Collection[str] = ()
) -> Cover:
    """
    Find the smallest set of clusters that covers what can be covered; of these the strongest.

    Parameters
    ----------
    held : what each cluster holds.
    needs : the roles asked for.
    without : clusters that may not be taken. What only they have is a gap.

    Returns
    -------
    Cover
        A set's strength is the sum, over its clusters and the needs, of their shares of the
        evidence; of equally strong ones the first by ids. Without any evidence it is empty.

    Examples
    --------
    >>> from triplehelix.offer.holdings import Held
    >>> one, two = Need("cancer", "clinical"), Need("cancer", "data")
    >>> some = Held("direct", ("1",))
    >>> held = {"a": {one: some}, "b": {two: some}, "c": {one: some, two: some}}
    >>> smallest_cover(held, [one, two]).clusters
    ('c',)
    >>> smallest_cover(held, [one, two], without=["c"]).clusters
    ('a', 'b')
    """
    kept = {cluster: own for cluster, own in held.items() if cluster not in without}
    part = shares(kept, needs)
    covered = [need for need in needs if any(need in own for own in part.values())]
    names = sorted(part)
    masks = [sum(1 << at for at, need in enumerate(covered) if need in part[n]) for n in names]
    strength = [int(round(_UNIT * sum(part[n].values(), Fraction(0)))) for n in names]
    outcome = least_cover(masks, strength, (1 << len(covered)) - 1)
    return _cover(outcome, names, kept, needs, covered)


def _cover(
    outcome: Outcome, names: Sequence[str], held: Holdings, needs: Sequence[Need],
    covered: Sequence[Need],
) -> Cover:  # fmt: skip
    direct = {need for own in held.values() for need, one in own.items() if one.grade == "direct"}
    return Cover(
        tuple(names[at] for at in outcome.chosen), outcome.status,
        None if outcome.bound is None else int(outcome.bound), tuple(covered),
        tuple(need for need in needs if need not in covered),
        tuple(need for need in covered if need not in direct),
    )  # fmt: skip


def successive_covers(held: Holdings, needs: Sequence[Need], most: int) -> tuple[Cover, ...]:
    """
    The smallest cover, then the smallest without its clusters, and so on, at most so many.

    So no cluster is hidden behind a stronger one. It ends where nothing is left to cover with.
    """
    found: list[Cover] = []
    taken: set[str] = set()
    while len(found) < most:
        cover = smallest_cover(held, needs, without=taken)
        if not cover.clusters:
            break
        found.append(cover)
        taken.update(cover.clusters)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Loss:
    """
    What a set loses without one of its clusters.

    `roles` are then covered by nobody in the set. `instead` are the clusters of the smallest
    cover without it; `gaps` are roles which no other cluster has at all.
    """

    cluster: str
    roles: tuple[Need, ...]
    instead: tuple[str, ...]
    gaps: tuple[Need, ...]


def losses(held: Holdings, cover: Cover) -> tuple[Loss, ...]:
    """What the set loses without each of its clusters, in the order of the set."""
    part = shares(held, cover.needs)
    found = []
    for cluster in cover.clusters:
        others = [one for one in cover.clusters if one != cluster]
        lost = tuple(n for n in cover.needs if not any(n in part.get(o, {}) for o in others))
        without = smallest_cover(held, cover.needs, without=[cluster])
        found.append(Loss(cluster, lost, without.clusters, without.gaps))
    return tuple(found)

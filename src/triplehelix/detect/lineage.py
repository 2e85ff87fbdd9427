"""What became of clusters: which of a later time continue, join or split which of an earlier."""

from collections.abc import Mapping
from typing import NamedTuple

from triplehelix.detect.lineage_shares import Members, Shares, checked_members, shares
from triplehelix.errors import InputError
from triplehelix.sphere import HALF_CIRCUMFERENCE_KM

EVENTS = ("born", "continues", "merged", "split", "ended")
NEAR_KM, BY_PLACE, FOUND, HEAVY = 5.0, 0.25, 0.5, 0.2


class Descent(NamedTuple):
    """
    A later cluster, an earlier one, what happened between them, and how much they share.

    `cluster_id` is '' where the earlier one has ended, `earlier_cluster_id` where the later
    one was born; their overlap is 0.
    """

    cluster_id: str
    earlier_cluster_id: str
    event: str
    overlap: float


class _Kin(NamedTuple):
    """
    A later and an earlier cluster with much in common.

    `forward` is the share of the earlier one that is found in the later, `back` the share of
    the later one that is found in the earlier.
    """

    later: str
    earlier: str
    forward: float
    back: float


def lineage(
    later: Members,
    earlier: Members,
    *,
    successors: Mapping[str, str] | None = None,
    near_km: float = NEAR_KM,
    by_place: float = BY_PLACE,
    found: float = FOUND,
    heavy: float = HEAVY,
) -> list[Descent]:
    """
    What became of the clusters of an earlier time, and where those of a later time come from.

    Each site of a cluster is followed to the other time twice: to the nearest site there
    (its place), and to the nearest site of the same organisation. That gives, for each
    cluster, the shares of its weight that are found in each cluster of the other time. Two
    clusters are kin if a share between them is `heavy`, and at least `found` of the cluster
    whose share it is is found at all. Of kin,

    - `continues`: neither has another heavy relative, or a larger one, in the other time;
    - `merged`: the later cluster has another such predecessor (a row for each);
    - `split`: the earlier cluster has another such successor (a row for each);
    - where both hold, the greater of the rivals decides: `merged` if the other predecessor
      makes more of the later cluster than the other successor took of the earlier one,
      `split` if less, `continues` if the two are equal.

    A later cluster without kin is `born`, an earlier one has `ended`.

    Parameters
    ----------
    later, earlier : Members
        One row for each site in a cluster, in any order; either may be empty.
    successors : earlier organisation id -> the id it has now
        Followed from one to the next; ids that are not in it stay.
    near_km : how far from a site another may stand at the same place, 0 or more
    by_place : the part of a site's weight that follows its place, 0 to 1
        The rest follows its organisation; where one leads nowhere, all follows the other.
    found : the share of a cluster that must be found in the other time, above 0 to 1
    heavy : the share that makes two clusters kin, above 0 to `found`

    Returns
    -------
    list of Descent
        Sorted by both ids. Every cluster of either time is in at least one row. The overlap
        is 1 / (1 / forward + 1 / back - 1) for the shares in both directions: the weighted
        Jaccard index; 0 where a share is 0, 1 where both clusters are found in each other
        whole. Turned round in time, `born` and `ended` change places, and `merged` and
        `split`; the overlaps stay.

    Raises
    ------
    InputError
        If the columns differ in length, a cluster has the id '', a place or weight is out of
        range, or a parameter is.

    References
    ----------
    Spiliopoulou, Ntoutsi, Theodoridis and Schult (2006), MONIC: modeling and monitoring
    cluster transitions, KDD 2006, 706-711. doi:10.1145/1150402.1150491
    Greene, Doyle and Cunningham (2010), Tracking the evolution of communities in dynamic
    social networks, ASONAM 2010, 176-183. doi:10.1109/ASONAM.2010.17

    Examples
    --------
    Two clusters 20 km apart become one at the first of the two places:

    >>> before = Members(["a", "a", "b", "b"], ["o1", "o2", "o3", "o4"], [0] * 4, [0, 0, 0.2, 0.2])
    >>> after = Members(["c"] * 4, ["o1", "o2", "o3", "o4"], [0] * 4, [0] * 4)
    >>> for row in lineage(after, before):
    ...     print(*row)
    c a merged 0.625
    c b merged 0.375
    """
    _check(near_km, by_place, found, heavy)
    now = checked_members("later", later, {})
    then = checked_members("earlier", earlier, successors or {})
    forward = shares(then, now, near_km=near_km, by_place=by_place)
    back = shares(now, then, near_km=near_km, by_place=by_place)
    kin = _kin(forward, back, found, heavy)
    rows = [
        Descent(k.later, k.earlier, _event(k, kin, heavy), overlap(k.forward, k.back))
        for k in kin.all
    ]
    rows += [Descent(name, "", "born", 0.0) for name in now.names if name not in kin.of_later]
    rows += [Descent("", name, "ended", 0.0) for name in then.names if name not in kin.of_earlier]
    return sorted(rows)


class _Kinship(NamedTuple):
    """All kin, and those of each later and of each earlier cluster."""

    all: list[_Kin]
    of_later: dict[str, list[_Kin]]
    of_earlier: dict[str, list[_Kin]]


def _kin(forward: Shares, back: Shares, found: float, heavy: float) -> _Kinship:
    found_then, found_now = _found(forward), _found(back)
    kinship = _Kinship([], {}, {})
    for later, earlier in sorted({(b, a) for a, b in forward} | set(back)):
        pair = _Kin(
            later, earlier, forward.get((earlier, later), 0.0), back.get((later, earlier), 0.0)
        )
        goes = pair.forward >= heavy and found_then[earlier] >= found
        came = pair.back >= heavy and found_now[later] >= found
        if goes or came:
            kinship.all.append(pair)
            kinship.of_later.setdefault(later, []).append(pair)
            kinship.of_earlier.setdefault(earlier, []).append(pair)
    return kinship


def _found(shares: Shares) -> dict[str, float]:
    """The share of each cluster that is found anywhere, to nine decimals."""
    total: dict[str, float] = {}
    for (name, _), share in sorted(shares.items()):
        total[name] = total.get(name, 0.0) + share
    return {name: round(share, 9) for name, share in total.items()}


def _event(pair: _Kin, kin: _Kinship, heavy: float) -> str:
    # What another predecessor makes of the later one, what another successor took.
    others = [k.back for k in kin.of_later[pair.later] if k is not pair]
    takers = [k.forward for k in kin.of_earlier[pair.earlier] if k is not pair]
    joined = _rival(others, pair.back, heavy)
    parted = _rival(takers, pair.forward, heavy)
    if joined == parted:
        return "continues"
    return "merged" if joined > parted else "split"


def _rival(shares: list[float], own: float, heavy: float) -> float:
    """The largest share that is heavy, or as large as one's own; -1 if there is none."""
    return max((share for share in shares if share >= min(heavy, own)), default=-1.0)


def overlap(forward: float, back: float) -> float:
    """
    What two clusters share over what either has, from the share of each found in the other.

    Examples
    --------
    >>> overlap(1.0, 0.5), overlap(0.5, 0.5), overlap(0.0, 1.0)
    (0.5, 0.333333, 0.0)
    """
    return round(1 / (1 / forward + 1 / back - 1), 6) if forward and back else 0.0


def _check(near_km: float, by_place: float, found: float, heavy: float) -> None:
    _check_range("near_km", near_km, 0.0, HALF_CIRCUMFERENCE_KM)
    _check_range("by_place", by_place, 0.0, 1.0)
    _check_range("found", found, 1e-6, 1.0)
    _check_range("heavy", heavy, 1e-6, found)


def _check_range(what: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InputError(f"{what} is {value!r}; give a number from {least:g} to {most:g}")

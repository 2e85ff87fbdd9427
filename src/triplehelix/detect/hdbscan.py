"""Clusters of weighted places at all scales at once: exact, and the same in any order."""

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from triplehelix.detect.dbscan import LEAST_RADIUS_KM, checked_weight
from triplehelix.detect.hierarchy import Hierarchy
from triplehelix.errors import InputError
from triplehelix.sphere import HALF_CIRCUMFERENCE_KM, checked_degrees, chord

if TYPE_CHECKING:
    from triplehelix.detect.places import Places

Selection = Literal["excess_of_mass", "leaf"]


def hdbscan(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    min_cluster_weight: float,
    min_weight: float,
    weight: ArrayLike | None = None,
    selection: Selection = "excess_of_mass",
    min_distance_km: float = 0.0,
    max_distance_km: float | None = None,
) -> Hierarchy:
    """
    Clusters of places that are dense on the sphere, at any scale (HDBSCAN* with weights).

    At a distance r, a place is core when the weight within r of it, its own included, is at
    least `min_weight`; core places at most r apart hang together; and what hangs together and
    weighs at least `min_cluster_weight` is a cluster. The tree holds the clusters at all r:
    how they shrink and split as r falls. From it those are selected that weigh most for
    longest (excess of mass), or the finest ("leaf").

    Rows at one place are merged first, so a weight of 3 is the same as three rows, and rows in
    any order get the same labels. All that happens at one distance happens at once: a cluster
    can split into three. Distances are great-circle, and equal up to 13 nanometres.

    Parameters
    ----------
    lat, lon : shape (n,)
        Degrees, -90 to 90 and -180 to 180.
    min_cluster_weight : greater than 0
        The least weight of a cluster, in the unit of `weight`.
    min_weight : greater than 0
        The weight that makes a place dense, in the unit of `weight`. One more than the
        `min_samples` of the hdbscan library, which leaves out the place itself.
    weight : shape (n,), optional
        Each >= 0; 1 each when left out. A place of weight 0 adds nothing, yet can be in a
        cluster and join others.
    selection : "excess_of_mass" or "leaf"
    min_distance_km : kilometres
        Nothing finer is told apart: lesser distances count as this one. Set it to how exactly
        the places are known, such as 5 for towns: otherwise one town that weighs
        `min_cluster_weight` by itself is a cluster that never ends, and always selected.
    max_distance_km : kilometres, optional
        Nothing wider is looked at: places are apart that no chain of steps up to this distance
        joins. Without it all places are one cluster at some distance, and that one cannot be
        selected; so with a lone city, nothing is. With it each cluster at this distance is
        born there, and can be selected.

    Returns
    -------
    Hierarchy
        Labels, probabilities, persistence and the whole tree. No rows, no clusters.

    Raises
    ------
    InputError
        If arrays differ in length or are not 1-D, a coordinate is out of range, a weight is
        negative, any value is not finite, or a selection is not known.

    References
    ----------
    Campello, Moulavi, Zimek and Sander (2015), ACM Transactions on Knowledge Discovery from
    Data 10(1), 5. doi:10.1145/2733381

    Examples
    --------
    >>> lat = [50, 50.01, 50.02, 50.3, 50.31, 50.32, 58]
    >>> found = hdbscan(lat, [0] * 7, min_cluster_weight=3, min_weight=2)
    >>> found.labels
    array([ 0,  0,  0,  1,  1,  1, -1])
    >>> found.tree.birth_km.round(1)
    array([ inf, 31.1, 31.1])
    >>> found.labels_at(35)
    array([ 0,  0,  0,  0,  0,  0, -1])
    """
    latitude, longitude = checked_degrees(lat, lon)
    mass = checked_weight(weight, len(latitude))
    _check_weights(min_cluster_weight, min_weight)
    _check_selection(selection)
    _check_distances(min_distance_km, max_distance_km)
    # Here, because importing Numba takes a second and most of what imports this never detects.
    from triplehelix.detect.places import Places, merged

    if len(latitude):
        places = merged(latitude, longitude, mass)
    else:
        places = Places(latitude, longitude, latitude, np.empty(0, dtype=np.int64))
    found = of_places(
        places,
        min_cluster_weight=min_cluster_weight,
        min_weight=min_weight,
        selection=selection,
        min_distance_km=min_distance_km,
        max_distance_km=max_distance_km,
    )
    at, tree = places.of_row, found.tree
    return found._replace(
        labels=found.labels[at],
        probabilities=found.probabilities[at],
        tree=tree._replace(row_node=tree.row_node[at], row_km=tree.row_km[at]),
        places=places,
    )


def of_places(
    places: "Places",
    *,
    min_cluster_weight: float,
    min_weight: float,
    selection: Selection = "excess_of_mass",
    min_distance_km: float = 0.0,
    max_distance_km: float | None = None,
) -> Hierarchy:
    """
    `hdbscan` of distinct places, by place and unchecked: for many weights of the same places.

    `places.of_row` is not looked at; the rows of the answer are the places.
    """
    from triplehelix.detect.condensing import Bounds, nodes_of
    from triplehelix.detect.selection import measured, selected

    n = len(places.lat)
    places = places._replace(of_row=np.arange(n))
    limit = np.inf if max_distance_km is None else float(chord(max_distance_km))
    bounds = Bounds(float(min_cluster_weight), float(chord(min_distance_km)), limit)
    tree = measured(nodes_of(places, float(min_weight), bounds), places)
    found = selected(tree, places, selection)
    widest = HALF_CIRCUMFERENCE_KM if max_distance_km is None else float(max_distance_km)
    return Hierarchy(*found, places, float(min_distance_km), widest)


def _check_weights(min_cluster_weight: float, min_weight: float) -> None:
    for name, value, means in [
        ("min_cluster_weight", min_cluster_weight, "least weight of a cluster, such as 50"),
        ("min_weight", min_weight, "weight that makes a place dense, such as 10"),
    ]:
        if not 0 < value < np.inf:
            raise InputError(
                f"{name} is {value}; give a finite number greater than 0: the {means} organisations"
            )


def _check_selection(selection: str) -> None:
    if selection not in get_args(Selection):
        raise InputError(
            f"selection is {selection!r}; give 'excess_of_mass' for the clusters that weigh most "
            "for longest, or 'leaf' for the finest"
        )


def _check_distances(least: float, greatest: float | None) -> None:
    if not 0 <= least <= HALF_CIRCUMFERENCE_KM:
        raise InputError(
            f"min_distance_km is {least}; give kilometres, from 0 (all that differ are told apart) "
            f"to {HALF_CIRCUMFERENCE_KM:.1f} (half of the Earth's circumference)"
        )
    if greatest is None:
        return
    if not LEAST_RADIUS_KM <= greatest <= HALF_CIRCUMFERENCE_KM:
        raise InputError(
            f"max_distance_km is {greatest}; give kilometres, from {LEAST_RADIUS_KM:f} "
            f"(a millimetre) to {HALF_CIRCUMFERENCE_KM:.1f} (half of the Earth's circumference), "
            "or leave it out for no bound"
        )
    if greatest < least:
        raise InputError(
            f"max_distance_km is {greatest}, less than min_distance_km, {least}; "
            "widen the one or narrow the other"
        )

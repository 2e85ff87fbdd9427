"""Of which kinds a cluster is: diverse, specialised, R&D-collaborating; several, or none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.tables import CLUSTER_KINDS

DIVERSE, SPECIALISED, COLLABORATING = CLUSTER_KINDS

# With fewer themes than these in an edition, being spread over them says nothing.
LEAST_THEMES = 5


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """
    What the lower bounds of a cluster's measures must exceed for it to be of a kind.

    Parameters
    ----------
    min_activities : activities that a measure must rest on, from 1
    diverse_above : effective number of themes (Hill, order 1) over the number of themes that
        the edition works on; from 0, below 1
    specialised_above : location quotient of any one theme, 1 or more
    collaborating_above : share of activities that join two or more of the cluster's own
        organisations; from 0, below 1

    Raises
    ------
    InputError
        If a value is none of these.
    """

    min_activities: int = 10
    diverse_above: float = 0.33
    specialised_above: float = 1.5
    collaborating_above: float = 0.1

    def __post_init__(self) -> None:
        _check("min_activities", self.min_activities, 1, 1_000_000)
        _check("diverse_above", self.diverse_above, 0, 0.999)
        _check("specialised_above", self.specialised_above, 1, 1000)
        _check("collaborating_above", self.collaborating_above, 0, 0.999)


def _check(what: str, value: object, least: float, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # type: ignore[operator]
        raise InputError(f"{what} is {value!r}; give a number from {least:g} to {most:g}")


def is_told(low: ArrayLike, n: ArrayLike, *, above: float, least: int) -> NDArray[np.bool_]:
    """
    Where a measure is surely above a threshold: enough activities, and the lower bound beyond.

    Parameters
    ----------
    low : any shape
        Lower bounds, in the measure's unit; NaN where there is none.
    n : a shape that broadcasts with it
        Activities behind each.
    above : float
        The threshold, in the measure's unit; a bound equal to it is not above it.
    least : int
        Activities that are needed.

    Returns
    -------
    the broadcast shape
        False where there is no bound.

    Examples
    --------
    >>> is_told([1.6, 1.6, 1.5, np.nan], [10, 9, 50, 50], above=1.5, least=10)
    array([ True, False, False, False])
    """
    bounds, counts = np.asarray(low, dtype=float), np.asarray(n)
    return np.asarray((counts >= least) & (bounds > above))


def surest_theme(low: ArrayLike, n: ArrayLike, *, least: int) -> NDArray[np.int64]:
    """
    The theme in which each cluster is most surely specialised.

    Parameters
    ----------
    low : shape (n_clusters, n_themes)
        Lower bounds of location quotients; NaN where there is none.
    n : shape (n_clusters, n_themes)
        Activities of the theme in the cluster.
    least : int
        Activities that a theme needs.

    Returns
    -------
    shape (n_clusters,)
        Column with the highest lower bound among the themes with activities enough, the first
        of several equal ones; -1 where no theme has them and a bound.

    Raises
    ------
    InputError
        If low and n are not two tables of one shape.

    Examples
    --------
    >>> surest_theme([[0.9, 2.1, 3.0], [1.2, np.nan, 0.4]], [[40, 24, 2], [3, 50, 4]], least=10)
    array([ 1, -1])
    """
    bounds, counts = np.asarray(low, dtype=float), np.asarray(n)
    if bounds.ndim != 2 or bounds.shape != counts.shape:
        raise InputError(
            f"low has shape {bounds.shape} and n {counts.shape}; give both as clusters x themes"
        )
    if bounds.shape[1] == 0:
        return np.full(len(bounds), -1)
    told = np.where((counts >= least) & ~np.isnan(bounds), bounds, -np.inf)
    return np.where(np.isfinite(told).any(axis=1), told.argmax(axis=1), -1)

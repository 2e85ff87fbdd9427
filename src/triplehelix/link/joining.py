"""One more node on a past, made of others: a cluster or a country that seeks partners."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.link.past import Past

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Names = NDArray[np.generic]


class Work(NamedTuple):
    """Who took part in what: nodes x activities, and activities x themes (1 where so)."""

    node: Names
    activity: Names
    part: sparse.csr_array
    themes: sparse.csr_array


class Body(NamedTuple):
    """What is known of a node as a whole; lat and lon in degrees, NaN where unknown."""

    name: str
    lat: float
    lon: float
    country: str = ""
    helix: str = "unknown"


def work(
    activity: ArrayLike, node: ArrayLike, *, themes: tuple[ArrayLike, ArrayLike] = ((), ())
) -> Work:
    """
    Who took part in what, as `past` reads it: nodes and themes stand in the same order.

    Parameters
    ----------
    activity, node : shape (n_participants,)
    themes : activity and theme; activities of nobody do not matter.

    Examples
    --------
    >>> done = work(["p", "p", "q"], ["a", "b", "a"], themes=(["p"], ["health"]))
    >>> done.part.toarray().tolist(), done.themes.toarray().tolist()
    ([[1.0, 1.0], [1.0, 0.0]], [[1.0], [0.0]])
    """
    activities, columns = np.unique(np.asarray(activity, dtype=str), return_inverse=True)
    nodes, rows = np.unique(np.asarray(node, dtype=str), return_inverse=True)
    did, theme = (np.asarray(each, dtype=str) for each in themes)
    known = np.isin(did, activities)
    names, number = np.unique(theme[known], return_inverse=True)
    return Work(
        nodes, activities, _ones(rows, columns, (len(nodes), len(activities))),
        _ones(np.searchsorted(activities, did[known]), number, (len(activities), len(names))),
    )  # fmt: skip


def joined(
    so_far: Past, done: Work, theirs: ArrayLike, body: Body, *, members: ArrayLike = ()
) -> Past:
    """
    The past with one more node, the last, that takes part in some of the activities.

    Parameters
    ----------
    so_far : Past
    done : the same work as the past was made of.
    theirs : shape (n_activities,)
        Above 0 for the activities of the new node (`activities_of`).
    body : what is known of it as a whole.
    members : indices of the nodes it is made of, or that lie in it: they stay as they are, and
        are not its partners.

    Returns
    -------
    Past
        The new node's size is 1 + how many of its activities have somebody else in them.

    Raises
    ------
    InputError
        If the work is not that of the past.

    Examples
    --------
    >>> from triplehelix.link.past import Traits, past
    >>> traits = Traits(list("abc"), [0.0] * 3, [0.0] * 3, ["GB"] * 3, ["academia"] * 3)
    >>> rows = (["p", "p", "q", "q"], ["a", "b", "b", "c"])
    >>> done = work(*rows)
    >>> both = Body("a and b", 0.0, 0.0)
    >>> found = joined(past(*rows, traits), done, activities_of(done, [0, 1]), both, members=[0, 1])
    >>> found.degree.tolist(), found.size.tolist()  # a and b are tied, and c to b and to both
    ([1.0, 2.0, 2.0, 1.0], [2.0, 3.0, 2.0, 2.0])
    """
    own = (np.asarray(theirs, dtype=float) > 0).astype(float)
    if done.part.shape != (len(so_far.node), len(own)):
        raise InputError(
            f"the work has {done.part.shape[0]} nodes and {done.part.shape[1]} activities, the "
            f"past {len(so_far.node)} nodes and the body {len(own)} activities; give the work "
            "that the past was made of"
        )
    outside = np.ones(len(so_far.node), dtype=bool)
    outside[np.asarray(members, dtype=np.int64)] = False
    n_outside = np.asarray(done.part[outside].sum(axis=0)).ravel()
    partner = (np.asarray(done.part @ own).ravel() > 0) & outside
    row = sparse.csr_array(partner[None, :].astype(float))
    tied = sparse.csr_array(sparse.block_array([[so_far.tied, row.T], [row, None]]))
    tied.sort_indices()
    part = sparse.csr_array(sparse.vstack([so_far.part, sparse.csr_array(own[None, :])]))
    return replace(
        so_far, node=np.append(so_far.node, body.name), tied=tied, part=part,
        size=np.append(so_far.size, 1 + own @ (n_outside > 0)),
        themes=np.vstack([so_far.themes, np.asarray(own @ done.themes)]),
        lat=np.append(so_far.lat, body.lat), lon=np.append(so_far.lon, body.lon),
        country=np.append(so_far.country, body.country),
        helix=np.append(so_far.helix, body.helix),
    )  # fmt: skip


def activities_of(done: Work, members: ArrayLike) -> Reals:
    """1 for each activity in which any of the members takes part, else 0."""
    theirs = np.asarray(done.part[np.asarray(members, dtype=np.int64)].sum(axis=0)).ravel()
    return np.asarray((theirs > 0).astype(float))


def _ones(rows: Wholes, columns: Wholes, shape: tuple[int, int]) -> sparse.csr_array:
    found = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    found.data[:] = 1
    return found

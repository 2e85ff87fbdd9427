"""Who takes part in which activity, in which cluster: sorted numbers, layer by layer."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.tables import SHARE_PARTS

Wholes = NDArray[np.int64]
Names = NDArray[np.object_]


class Performers(NamedTuple):
    """
    Who takes part where, sorted by activity and organisation; all of them numbers.

    `activity`, `organisation`, `site`: one entry per participation, site 0 where it is in no
    cluster. `country`, `helix`: per organisation an index of `countries`, `helices`, which are
    sorted and begin with '', unknown.
    """

    n_activities: int
    activity: Wholes
    organisation: Wholes
    site: Wholes
    country: Wholes
    countries: Names
    helix: Wholes
    helices: Names


class Participants(NamedTuple):
    """
    The distinct participants of activities in one layer, sorted by activity and organisation.

    Activity k has the rows start[k] to start[k + 1]; cluster 0 is outside of all.
    """

    start: Wholes
    organisation: Wholes
    cluster: Wholes

    def of(self, activities: Wholes) -> "Participants":
        """
        Those of some activities alone, numbered in the order given.

        Examples
        --------
        >>> both = Participants(np.array([0, 2, 3]), np.array([4, 5, 6]), np.array([1, 0, 1]))
        >>> [each.tolist() for each in both.of(np.array([1]))]
        [[0, 1], [6], [1]]
        """
        size = np.diff(self.start)[activities]
        start = np.concatenate([[0], np.cumsum(size)])
        rows = np.arange(start[-1]) + np.repeat(self.start[activities] - start[:-1], size)
        return Participants(start, self.organisation[rows], self.cluster[rows])


class Label(NamedTuple):
    """A theme, or a period: its activities, sorted, and how much each is of it, in parts."""

    theme: str
    period: str
    activities: Wholes
    weight: Wholes


def performers(rows: pa.Table, organisations: pa.Table) -> Performers:
    """
    Participations as arrays.

    Parameters
    ----------
    rows : `link_performers`.
    organisations : `link_organisations`.
    """
    activity, organisation, site = (
        rows[name].to_numpy().astype(np.int64) for name in ("activity", "organisation", "site")
    )
    order = np.argsort(activity * max(organisations.num_rows, 1) + organisation, kind="stable")
    place = organisations["organisation"].to_numpy()
    (countries, country), (helices, helix) = (
        _coded(organisations[name], place) for name in ("country", "helix")
    )
    n_activities = int(activity.max(initial=-1)) + 1
    return Performers(n_activities, activity[order], organisation[order], site[order],
                      country, countries, helix, helices)  # fmt: skip


def layers(done: Performers, members: pa.Table) -> Iterator[tuple[int, Participants]]:
    """
    Each layer's number and participants; layer 0, that of countries, has no cluster.

    An organisation at work in two clusters of a layer is two participants, and one at two sites
    of a cluster is one.

    Parameters
    ----------
    done : Performers
    members : `link_members`: layer, site, cluster.
    """
    frame = members.to_pandas().sort_values(["layer", "site", "cluster"])
    yield 0, _participants(done, np.zeros(0, np.int64), np.zeros(0, np.int64))
    for layer, own in frame.groupby("layer"):
        site, cluster = (own[name].to_numpy().astype(np.int64) for name in ("site", "cluster"))
        yield int(str(layer)), _participants(done, site, cluster)


def labels(rows: pa.Table, n_activities: int) -> Iterator[Label]:
    """All activity, then each theme and period of `link_labels`, by name."""
    yield Label("all", "all", np.arange(n_activities), np.full(n_activities, SHARE_PARTS))
    coded = rows.set_column(1, "theme", rows["theme"].dictionary_encode())
    frame = coded.set_column(2, "period", rows["period"].dictionary_encode()).to_pandas()
    frame = frame.sort_values(["activity", "weight"])
    for key, own in sorted(frame.groupby(["theme", "period"], observed=True), key=lambda g: g[0]):
        theme, period = (str(each) for each in key)
        activities, weight = (
            own[name].to_numpy(np.int64, copy=True) for name in ("activity", "weight")
        )
        yield Label(theme, period, activities, weight)


def _coded(names: pa.ChunkedArray, place: Wholes) -> tuple[Names, Wholes]:
    """The sorted names, '' the first, and the number of each at its place."""
    found = pd.Categorical(names.to_pandas())
    kept = np.unique(np.append(found.categories.to_numpy(dtype=object), ""))
    number = np.empty(len(place), dtype=np.int64)
    number[place] = np.searchsorted(kept, found.categories.to_numpy(dtype=object))[found.codes]
    return kept, number


def _participants(done: Performers, site: Wholes, cluster: Wholes) -> Participants:
    n_sites = int(max(done.site.max(initial=0), site.max(initial=0))) + 1
    n_there = np.bincount(site, minlength=n_sites)
    first = np.cumsum(n_there) - n_there
    at = np.append(cluster, 0)[np.where(n_there > 0, first, len(cluster))]
    rows, found = np.arange(len(done.site)), at[done.site]
    if n_there.max(initial=0) > 1:
        size = np.maximum(n_there, 1)[done.site]
        rows = np.repeat(rows, size)
        run = np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)
        inside = n_there[done.site[rows]] > 0
        found = np.zeros(len(rows), dtype=np.int64)
        found[inside] = cluster[(first[done.site[rows]] + run)[inside]]
    return _distinct(done, rows, found)


def _distinct(done: Performers, rows: Wholes, cluster: Wholes) -> Participants:
    activity, organisation = done.activity[rows], done.organisation[rows]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (np.diff(activity) != 0) | (np.diff(organisation) != 0)
    n = int(cluster.max(initial=0)) + 1
    # By cluster within one organisation and activity: all but in order already.
    key = np.sort((np.cumsum(fresh) - 1) * n + cluster, kind="stable")
    key = key[np.append(True, np.diff(key) != 0)] if len(key) else key
    pair = key // n
    size = np.bincount(activity[fresh][pair], minlength=done.n_activities)
    return Participants(np.concatenate([[0], np.cumsum(size)]), organisation[fresh][pair], key % n)

"""Whether a cluster's partners are those it always had."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import stdtr, stdtrit

Reals = NDArray[np.float64]

# Too few separate first meetings for their scatter to tell anything.
LEAST_MEETINGS = 20
# Too few clusters to tell how much they differ when nothing is behind it.
LEAST_CLUSTERS = 20
# Within these, half and nine in ten of standard normal numbers lie.
_WITHIN = ((50, 0.6744897501960817), (90, 1.6448536269514722))
# At least a tenth more than elsewhere.
LEAST_EXCESS = 1.1


class Renewal(NamedTuple):
    """
    The share of a cluster's partners that it had before, arrays of shape (n_clusters,).

    `expected`: the same of other clusters' partners, as much at work as these; `low`, `high`
    bound the share (95 %), what is unsure of the expected included. `p_value`: of so large a
    share, if it were as elsewhere.
    """

    cluster: NDArray[np.object_]
    n: NDArray[np.int64]
    n_met: NDArray[np.int64]
    share: Reals
    low: Reals
    high: Reals
    expected: Reals
    p_value: Reals
    there: NDArray[np.bool_]


def renewal(partners: pd.DataFrame) -> Renewal:
    """
    How many of the present partners each cluster had before, against other clusters.

    Parameters
    ----------
    partners : columns cluster_id, first_activity, exposure, n, n_met
        Of the n partners that a cluster first met again in an activity of the later time,
        n_met it had before. `exposure` classes pairs by how much either did before: those of
        one class would have met as likely.

    Returns
    -------
    Renewal
        Of clusters with twenty such activities or more, in the order of their ids; none if
        there are fewer than twenty such clusters. Partners of a class in which no other cluster
        has any are left out. Partners met in one activity are taken as one draw, also where
        several clusters met them there (Liang and Zeger's sandwich). Clusters differ by more
        than that, as partners were also met together before: so errors are widened until half
        of the clusters, and nine in ten, lie as near to the expected as they should (genomic
        control). Bounds and
        test are by Student's t. It counts where the share is a tenth above the expected, or more.

    References
    ----------
    Liang and Zeger (1986), Biometrika 73(1), 13-22, equation 2.3. doi:10.1093/biomet/73.1.13
    Devlin and Roeder (1999), Biometrics 55(4), 997-1004, equation 3.
    doi:10.1111/j.0006-341X.1999.00997.x

    Examples
    --------
    Twenty-one clusters met twenty partners each in as many activities; the first knew sixteen
    of them, the others ten:

    >>> rows = [(f"c{c:02}", f"{c:02}{k:02}", 0, 1, int(k < (10 if c else 16)))
    ...         for c in range(21) for k in range(20)]
    >>> columns = ["cluster_id", "first_activity", "exposure", "n", "n_met"]
    >>> found = renewal(pd.DataFrame(rows, columns=columns))
    >>> found.share[:2].tolist(), found.expected[:1].tolist(), found.there[:2].tolist()
    ([0.8, 0.5], [0.5], [True, False])
    """
    table = _Table(partners)
    rows = [table.cluster(c) for c in range(len(table.clusters))]
    told = [(table.clusters[c], *row) for c, row in enumerate(rows) if row[-1] >= LEAST_MEETINGS]
    told = told if len(told) >= LEAST_CLUSTERS else []
    n, met, expected, error, meetings = np.array([row[1:] for row in told]).reshape(-1, 5).T
    with np.errstate(divide="ignore", invalid="ignore"):
        share, expected = met / n, expected / n
        error = error / n * _widened((met / n - expected) / (error / n))
        tail = np.where(error > 0, stdtr(meetings - 1, -(share - expected) / error), 1.0)
    reach = stdtrit(meetings - 1, 0.975) * error
    return Renewal(
        np.array([row[0] for row in told], dtype=object), n.astype(np.int64), met.astype(np.int64),
        share, np.maximum(share - reach, 0.0), np.minimum(share + reach, 1.0), expected, tail,
        share >= LEAST_EXCESS * expected,
    )  # fmt: skip


def _widened(deviations: Reals) -> float:
    """By how much the deviations scatter more than they should; at least 1."""
    known = np.abs(deviations[np.isfinite(deviations)])
    if not len(known):
        return 1.0
    return max(1.0, *(float(np.percentile(known, part)) / at for part, at in _WITHIN))


class _Table:
    """The partners as clusters x classes, and what of each activity is above the common share."""

    def __init__(self, partners: pd.DataFrame) -> None:
        rows = partners.sort_values(["cluster_id", "first_activity", "exposure"], kind="stable")
        self.cluster_of, clusters = pd.factorize(rows["cluster_id"], sort=True)
        self.activity, activities = pd.factorize(rows["first_activity"], sort=True)
        self.kind, kinds = pd.factorize(rows["exposure"], sort=True)
        self.clusters = list(clusters)
        self.n, self.met = (rows[name].to_numpy(dtype=float) for name in ("n", "n_met"))
        shape = (len(clusters), len(kinds))
        self.counts, self.met_counts = (
            np.asarray(sparse.coo_array((v, (self.cluster_of, self.kind)), shape).todense())
            for v in (self.n, self.met)
        )
        common = self.met_counts.sum(axis=0) / np.maximum(self.counts.sum(axis=0), 1)
        above = self.met - common[self.kind] * self.n
        self.above = sparse.coo_array(
            (above, (self.activity, self.kind)), (len(activities), len(kinds))
        ).tocsr()
        self.own_above = above
        self.starts = np.searchsorted(self.cluster_of, np.arange(len(clusters) + 1))

    def cluster(self, c: int) -> tuple[float, float, float, float, int]:
        """Partners, those met before, the expected number, its error, and first meetings."""
        others = self.counts.sum(axis=0) - self.counts[c]
        met_there = self.met_counts.sum(axis=0) - self.met_counts[c]
        weigh = np.divide(self.counts[c], others, out=np.zeros(len(others)), where=others > 0)
        chance = np.divide(met_there, others, out=np.zeros(len(others)), where=others > 0)
        mine = np.arange(self.starts[c], self.starts[c + 1])
        mine = mine[others[self.kind[mine]] > 0]
        n, met = float(self.n[mine].sum()), float(self.met[mine].sum())
        expected = float((chance[self.kind[mine]] * self.n[mine]).sum())
        off = (
            self.met[mine]
            - (chance[self.kind[mine]] + (met - expected) / max(n, 1)) * (self.n[mine])
        )
        # The other clusters' rows say what to expect; this cluster's own are no part of that.
        each = -(self.above @ weigh)
        np.add.at(each, self.activity[mine], off + weigh[self.kind[mine]] * self.own_above[mine])
        meetings = len(np.unique(self.activity[mine]))
        return n, met, expected, float(np.sqrt((each**2).sum())), meetings

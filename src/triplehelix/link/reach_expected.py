"""How much of what leaves a cluster would stay in its country, by its size and place."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from triplehelix.link.fitting import Fitted, counted_frames, fitted

Reals = NDArray[np.float64]

_Z = 1.959963984540054
COLUMNS = ("cluster_id", "theme", "period", "value", "low", "high")


def expected_reach(
    counted: pa.Table,
    nodes: pa.Table,
    node_themes: pa.Table,
    clusters: pa.Table,
    languages: Mapping[str, tuple[str, ...]],
) -> pa.Table:
    """
    Of what gravity expects each cluster to share with countries, the part of its own country.

    Parameters
    ----------
    counted, nodes, node_themes, languages : as for `links_with_expected`.
    clusters : `cluster_id` and `countries`, joined by `+`.

    Returns
    -------
    A table of `COLUMNS`: the share with its 95 % interval (the delta method on the logarithm
    of the odds). No row for a cluster in two countries, whose border lies within it, nor where
    too few pairs are tied to tell.
    """
    home = dict(zip(clusters["cluster_id"].to_pylist(), clusters["countries"].to_pylist(),
                    strict=True))  # fmt: skip
    between = counted.filter(pc.equal(counted["kind"], "country"))
    frames = counted_frames(between, nodes, node_themes)
    found = [_of_model(each, home) for each in fitted(frames, languages, ("country",))]
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in
                          zip(COLUMNS, [object] * 3 + [float] * 3, strict=True)})  # fmt: skip
    return pa.Table.from_pandas(pd.concat([empty, *found]) if found else empty, _SCHEMA,
                                preserve_index=False)  # fmt: skip


_SCHEMA = pa.schema([(name, pa.string() if name in COLUMNS[:3] else pa.float64())
                     for name in COLUMNS])  # fmt: skip


def _of_model(each: Fitted, home: Mapping[str, str]) -> pd.DataFrame:
    ids, start = np.unique(each.first, return_index=True)
    ends = [*start[1:], len(each.first)]
    expected = np.exp(each.columns @ each.model.coefficients)
    own = np.array([home[cluster] for cluster in each.first]) == each.second
    rows = [
        (str(cluster), each.theme, each.period, *share_within(
            expected[a:b], each.columns[a:b], own[a:b], each.model.covariance))
        for cluster, a, b in zip(ids, start, ends, strict=True)
        if own[a:b].any() and not own[a:b].all()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def share_within(
    expected: Reals, columns: Reals, own: NDArray[np.bool_], covariance: Reals
) -> tuple[float, float, float]:
    """
    The share of `own` in what is expected, with its 95 % interval.

    Parameters
    ----------
    expected : shape (n,), > 0
        exp(columns @ coefficients).
    columns : shape (n, k)
    own : shape (n,); some True, some False.
    covariance : shape (k, k), of the coefficients.

    Examples
    --------
    An expectation of 1 at home and 3 abroad, of which nothing is unsure:

    >>> share_within(np.array([1.0, 3.0]), np.ones((2, 1)), np.array([True, False]),
    ...              np.zeros((1, 1)))
    (0.25, 0.25, 0.25)
    """
    here, there = expected[own], expected[~own]
    log_odds = np.log(here.sum() / there.sum())
    # How fast the logarithm of the odds grows with each coefficient.
    slope = here @ columns[own] / here.sum() - there @ columns[~own] / there.sum()
    error = np.sqrt(max(float(slope @ covariance @ slope), 0.0))
    share, low, high = (1 / (1 + np.exp(-(log_odds + z * error))) for z in (0.0, -_Z, _Z))
    return float(share), float(low), float(high)

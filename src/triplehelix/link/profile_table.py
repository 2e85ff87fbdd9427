"""Rows of profiles that the stage makes, in their columns, types and order."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa

from triplehelix.tables import EDITION

NAMES = ("cluster_id", "measure", "value", "low", "high", "n", "note", "theme", "period")
_DECIMALS = 9


def profile_table(rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """
    Rows of `profiles`, each a tuple in the order of `NAMES`, sorted by their key.

    Examples
    --------
    >>> made = profile_table([("a", "betweenness", 1 / 3, None, None, 5, "note", "all", "all")])
    >>> made["value"].to_pylist(), made["low"].to_pylist()
    ([0.333333333], [None])
    """
    spec = EDITION["profiles"]
    reals = ("value", "low", "high")
    frame = pd.DataFrame(list(rows), columns=list(NAMES))
    frame = frame.astype(dict.fromkeys(reals, float) | {"n": "Int64"})
    frame = frame.round(dict.fromkeys(reals, _DECIMALS)).sort_values(list(spec.key))
    return pa.Table.from_pandas(frame[spec.schema.names], spec.schema, preserve_index=False)

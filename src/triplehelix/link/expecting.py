"""What to expect of each link: gravity over all pairs of one level and theme, tied or not."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.link.backbone import backbone
from triplehelix.link.fitting import counted_frames, fitted
from triplehelix.link.gravity import Gravity
from triplehelix.link.numbered import as_text
from triplehelix.tables import EDITION

Reals = NDArray[np.float64]

_DECIMALS = 9
_GIVEN = ["expected", "residual", "low", "high"]


def links_with_expected(
    counted: pa.Table,
    nodes: pa.Table,
    node_themes: pa.Table,
    languages: Mapping[str, tuple[str, ...]],
) -> pa.Table:
    """
    The rows of `links`, with what gravity expects of those between two places.

    Parameters
    ----------
    counted : rows of links with `layer`, `kind` (`inside`, `cluster`, `country`, `countries`),
        and the `squares` and the `largest` of the parts of each weight.
    nodes : per layer, theme, period and end of links its `size` (activities), lat, lon,
        country, and whether it `is_country`.
    node_themes : per layer and end, `n` activities per theme.
    languages : the official languages of each country.

    Returns
    -------
    Rows of `links`. NULL where too few pairs are tied to tell, and for ties inside.
    """
    frames = counted_frames(counted, nodes, node_themes)
    rows = frames.rows
    given, p_value = np.full((len(rows), len(_GIVEN)), np.nan), np.full(len(rows), np.nan)
    for each in fitted(frames, languages):
        given[each.tied.index] = _expected(each.model)
    tied = rows[rows["kind"].isin(["cluster", "countries"]) & (rows["weight"] > 0)]
    for _, network in tied.groupby(["layer", "theme", "period", "kind"], observed=True):
        # Ends by number, which is in the order of their ids.
        first, second = (network[end].cat.codes for end in ("from", "to"))
        p_value[network.index] = backbone(first, second, network["weight"]).p_value
    return _table(rows, np.column_stack([given, p_value]))


def _expected(model: Gravity) -> Reals:
    """
    Expectation, residual and bounds of the tied pairs, a column each.

    low and high are on the scale of the weight: the residual is clear of chance where the
    expectation lies outside of them.
    """
    low, high = (model.expected + each for each in (model.residual_low, model.residual_high))
    return np.column_stack([model.expected, model.residual, np.maximum(low, 0.0), high])


def _table(rows: pd.DataFrame, reals: Reals) -> pa.Table:
    schema = EDITION["links"].schema
    # NaN is what cannot be told.
    made = {
        name: pa.array(np.round(column, _DECIMALS), from_pandas=True)
        for name, column in zip([*_GIVEN, "p_value"], reals.T, strict=True)
    } | {name: as_text(rows[name]) for name in ("from", "to", "theme", "period")}
    columns = [made[name] if name in made else pa.array(rows[name]) for name in schema.names]
    return pa.table(columns, names=schema.names).cast(schema)

"""What to expect of each link: gravity over all pairs of one level and theme, tied or not."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from triplehelix.link.backbone import backbone
from triplehelix.link.fitting import Fitted, counted_frames, fitted
from triplehelix.tables import EDITION

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
    rows = frames.rows.assign(**dict.fromkeys([*_GIVEN, "p_value"], np.nan))
    for each in fitted(frames, languages):
        rows.loc[each.tied.index, _GIVEN] = _expected(each)
    tied = rows[rows["kind"].isin(["cluster", "countries"]) & (rows["weight"] > 0)]
    for _, network in tied.groupby(["layer", "theme", "period", "kind"]):
        found = backbone(network["from"], network["to"], network["weight"])
        rows.loc[network.index, "p_value"] = found.p_value
    return _table(rows)


def _expected(each: Fitted) -> pd.DataFrame:
    """
    Expectation, residual and bounds of the tied pairs.

    low and high are on the scale of the weight: the residual is clear of chance where the
    expectation lies outside of them.
    """
    model, at = each.model, each.at
    return pd.DataFrame({
        "expected": model.expected[at], "residual": model.residual[at],
        "low": np.maximum(model.expected[at] + model.residual_low[at], 0.0),
        "high": model.expected[at] + model.residual_high[at],
    }, index=each.tied.index)  # fmt: skip


def _table(rows: pd.DataFrame) -> pa.Table:
    schema = EDITION["links"].schema
    rounded = {name: rows[name].round(_DECIMALS) for name in [*_GIVEN, "p_value"]}
    return pa.Table.from_pandas(
        rows.assign(**rounded)[schema.names], schema=schema, preserve_index=False
    )

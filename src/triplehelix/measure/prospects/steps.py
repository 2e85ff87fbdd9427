"""The steps that look for prospects: the opportunities and challenges of each cluster."""

import pyarrow as pa

from triplehelix.measure.prospects.counting import counting
from triplehelix.measure.prospects.rows import (
    carried_rows,
    helix_rows,
    opening_rows,
    payer_rows,
    renewal_rows,
    specialised_rows,
    trend_rows,
)
from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import EDITION

_FOUND = (
    Calculation("specialised_prospects", ("profiles", "theme_tests", "prospect_clusters"),
                specialised_rows),
    Calculation("trend_prospects", ("prospect_trends", "prospect_split"), trend_rows),
    Calculation("carried_prospects", ("prospect_carried",), carried_rows),
    Calculation("payer_prospects", ("prospect_payers",), payer_rows),
    Calculation("helix_prospects", ("prospect_helices",), helix_rows),
    Calculation("renewal_prospects", ("prospect_renewal",), renewal_rows),
    Calculation("opening_prospects",
                ("prospect_parts", "activity_themes", "prospect_activities", "prospect_clusters"),
                opening_rows),
)  # fmt: skip


def prospect_steps() -> list[Step]:
    """
    Steps from clusters, their work and their profiles to the table `prospects`.

    They read `clusters`, `memberships`, `sites`, `organisations`, `participations`,
    `activities`, `activity_themes`, `profiles` and `theme_tests`.

    Returns
    -------
    list of steps
        In the order in which they run; the last makes `prospects`.

    Notes
    -----
    One row for each cluster, kind, theme and subject that was looked at, whether or not
    something was found: `evidence` is `none` where not. No row means that it could not be told.
    `docs/methods/opportunities` has the rules.

    Examples
    --------
    >>> [step.makes for step in prospect_steps()][-1]
    'prospects'
    """
    parts = Query("prospect_parts", """
        select cluster_id, activity_id, count(*) as n from prospect_work
        where of = 'all' group by all""")  # fmt: skip
    return [
        *counting(), parts, *_FOUND,
        Calculation("prospects", tuple(each.makes for each in _FOUND), _together),
    ]  # fmt: skip


def _together(*found: pa.Table) -> pa.Table:
    spec = EDITION["prospects"]
    rows = pa.concat_tables([each.cast(spec.schema) for each in found])
    return rows.sort_by([(name, "ascending") for name in spec.key])

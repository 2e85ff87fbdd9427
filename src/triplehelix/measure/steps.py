"""The steps that turn clusters and activities into profiles."""

from functools import partial

import pyarrow as pa

from triplehelix.measure.certainty import profiles_with_certainty
from triplehelix.measure.composition import cluster_helices
from triplehelix.measure.counting import (
    cluster_activities,
    cluster_amounts,
    cluster_counts,
    cluster_participations,
    counted_profiles,
    performing_participations,
    profiled_memberships,
)
from triplehelix.measure.kind_rows import clusters_with_kinds, kind_rows
from triplehelix.measure.kinds import Thresholds
from triplehelix.measure.moments import theme_moments
from triplehelix.measure.profile_rows import (
    balance_rows,
    diversity_rows,
    quotient_rows,
    share_rows,
)
from triplehelix.measure.quotients import cluster_quotients
from triplehelix.measure.reach import cluster_reach
from triplehelix.query import Calculation, Step
from triplehelix.tables import EDITION

DEFAULTS = Thresholds()


def steps(thresholds: Thresholds = DEFAULTS) -> list[Step]:
    """
    Steps from found clusters, memberships and activities to `profiles` and `clusters`.

    They read `found_clusters`, `memberships`, `sites`, `organisations`, `participations`,
    `activities`, `activity_themes`, `themes` and what other stages left for the profiles
    (`cluster_intervals`, `theme_tests`, `cluster_roles`), and leave intermediate tables named after
    what they hold (`performing_participations`, `cluster_participations`,
    `cluster_activities`, `cluster_counts`, ...), which later stages may read by name. Funders
    never count.

    Parameters
    ----------
    thresholds : Thresholds, optional
        What the lower bounds of measures must exceed for a cluster to be of a kind.

    Returns
    -------
    list of steps
        In the order in which they run; the last two make `profiles` and `clusters`, which
        is `found_clusters` with `kind`.

    Notes
    -----
    The measures, `n` being the number that the value rests on:

    - `n_organisations`, `n_activities`, `activity_share` (fractional, in activities): per
      theme and `all`, per start year (`2014/2014`) and `all`; no row where nothing is.
    - `amount_EUR` and so on per currency: n participations state one. NULL if none does.
    - `location_quotient` per theme: n activities of the theme in the cluster.
    - `diversity_themes_q0`, `_q1`, `_q2`: Hill numbers; n activities with a theme.
    - `helix_share_academia` and so on: by member organisations; n organisations.
    - `helix_activity_share_academia` and so on: by fractional activity; n activities.
    - `helix_balance`: evenness over academia, industry and health; n members of these.
    - `kind_diverse`, `kind_specialised`, `kind_rd_collaborating`: what tells the kind, or does
      not, with the reason in words; n activities.
    - `local_share`, `national_share`, `international_share`: of the cluster's n activities.
    - `joint_local_share` and so on, `betweenness`, `constraint`, `bridging_countries`,
      `community`: as `cluster_roles` has them from the links.
    - `concentration_q` per theme: the q-value of the test that the theme is no more common in
      the cluster than chance would have it; n activities of the theme in the cluster.

    All this is for clusters over all themes and periods. For one of a theme or a period there
    are `n_organisations` and `n_activities` alone, as found, under that theme and period.
    For every cluster there are its `weight`, its `rank` by weight among those of its level and
    `organisations_per_km2`, its density on its footprint; these, like its numbers of
    organisations and activities, have the bounds that resampling gives.

    Values are rounded to 9 decimals. `docs/methods` says what each means.

    Examples
    --------
    >>> [step.makes for step in steps()][-2:]
    ['profiles', 'clusters']
    """
    return [
        profiled_memberships(),
        performing_participations(),
        cluster_participations(),
        cluster_activities(),
        cluster_counts(),
        cluster_amounts(),
        cluster_quotients(),
        theme_moments(),
        cluster_helices(),
        cluster_reach(),
        counted_profiles(),
        Calculation(
            "measured_profiles",
            ("counted_profiles", "cluster_helices", "cluster_reach", "cluster_quotients",
             "theme_moments"),
            _measured,
        ),
        Calculation(
            "kind_profiles", ("measured_profiles", "themes"),
            partial(kind_rows, thresholds=thresholds),
        ),
        Calculation("known_profiles", ("measured_profiles", "kind_profiles"), _profiles),
        profiles_with_certainty(),
        clusters_with_kinds(),
    ]  # fmt: skip


def _measured(
    counted: pa.Table, helices: pa.Table, reach: pa.Table, quotients: pa.Table, moments: pa.Table
) -> pa.Table:
    spec = EDITION["profiles"]
    # Sorted before any arithmetic, so that vectorised exp and log see one order.
    per_theme = quotients.sort_by([("cluster_id", "ascending"), ("theme", "ascending")])
    families = [
        counted.select(spec.schema.names).cast(spec.schema),
        share_rows(helices),
        balance_rows(helices.sort_by([("cluster_id", "ascending"), ("measure", "ascending")])),
        share_rows(reach),
        quotient_rows(per_theme),
        diversity_rows(per_theme, moments),
    ]
    return pa.concat_tables(families)


def _profiles(measured: pa.Table, kinds: pa.Table) -> pa.Table:
    spec = EDITION["profiles"]
    both = [each.select(spec.schema.names).cast(spec.schema) for each in (measured, kinds)]
    return pa.concat_tables(both).sort_by([(name, "ascending") for name in spec.key])

"""The steps that turn clusters and participations into links, and into clusters' roles."""

from collections.abc import Mapping, Sequence
from functools import partial

from triplehelix.link import counted, reach_rows
from triplehelix.link.ends import link_node_themes, link_nodes
from triplehelix.link.expecting import links_with_expected
from triplehelix.link.participation_steps import (
    link_activities,
    link_clusters,
    link_labels,
    link_members,
    link_organisations,
    link_performers,
    link_sites,
)
from triplehelix.link.reach_expected import expected_reach
from triplehelix.link.standing_rows import standing_rows
from triplehelix.query import Calculation, Query, Step

_ENDS = ("links_counted", "link_nodes", "link_node_themes")


def steps(
    languages: Mapping[str, tuple[str, ...]] | None = None, periods: Sequence[str] = ()
) -> list[Step]:
    """
    Steps from clusters and participations to the tables `links` and `cluster_roles`.

    They read `found_clusters`, `memberships`, `sites`, `organisations`, `participations`,
    `activities` and `activity_themes`, and no table of another stage's making beside these.

    Parameters
    ----------
    languages : mapping, optional
        The official languages of each country, by its code; without it no two countries are
        taken to share one.
    periods : such as "2014/2016", optional
        For which links are counted apart, beside those of all activities.

    Returns
    -------
    list of steps
        In the order in which they run; the last makes `cluster_roles`.

    Notes
    -----
    The weight is that of `collaboration` with equal shares: an activity with n participants
    spreads a weight of one evenly over its n (n - 1) / 2 pairs. It is kept in whole parts of
    1e-9, each tie of an activity rounded to the nearest, so that no sum depends on the order
    of rows. A participant is an organisation at one cluster, or outside all of them: one at
    work in two clusters is two participants, and ties the two. Funders do not take part.

    Rows of `links`:

    - between clusters, once per pair, `from` < `to`; clusters of one method and level only,
      so that none is tied to the larger one around it. Clusters that were found for a theme
      or a period alone have no links: these count all activity;
    - inside a cluster, `from` = `to`;
    - from a cluster to a country (`to` is its ISO code): participants from that country that
      are not in the cluster, be they in another cluster, elsewhere, or in a place unknown;
      its own country included. These hold the ties between clusters again: do not add both.
      Participants whose country is unknown are in no such row;
    - between countries, once per pair, and inside a country: organisations by their country,
      whether in a cluster or not. They hold all of the above again.

    `theme` is `all`, or a theme: then weights are those of the activity times the theme's
    weight in it. `n_activities` counts each activity fully. `period` is `all`, or one of the
    periods asked for (with the theme `all`): activities that began then.

    `expected` is what gravity (`gravity`, `pair_columns`) leads one to expect of the two by
    their size in shared activities, distance, border, language and themes, fitted over all
    pairs of clusters of one layer and theme, tied or not; likewise over those of a cluster
    with a country, whose place is the middle of its sites, and of two countries. `residual`
    is weight - expected; `low` and `high` are the bounds of the weight, wider by what is
    unsure of the expectation: the residual is beyond chance where `expected` lies outside of
    them. NULL for ties inside, and where fewer than 30 pairs are tied. `p_value` is that of
    `backbone`, noise-corrected, among the ties of clusters of one layer, or of countries; NULL
    for others.

    Rows of `cluster_roles` are rows of `profiles`: see `reach_rows` and `standing_rows`.

    Examples
    --------
    >>> [step.makes for step in steps()]
    ['link_clusters', 'link_sites', 'link_members', 'link_activities', 'link_organisations',
     'link_performers', 'link_labels', 'links_counted', 'link_sizes', 'link_nodes',
     'link_node_themes', 'links', 'link_reach_expected', 'link_reach', 'link_standing',
     'cluster_roles']
    """
    known = languages or {}
    return [
        link_clusters(), link_sites(), link_members(), link_activities(), link_organisations(),
        link_performers(), link_labels(periods),
        Calculation("links_counted", counted.READS, counted.links_counted),
        Calculation("link_sizes", counted.READS, counted.link_sizes),
        link_nodes(), link_node_themes(),
        Calculation("links", _ENDS, partial(links_with_expected, languages=known)),
        Calculation(
            "link_reach_expected", (*_ENDS, "link_clusters"),
            partial(expected_reach, languages=known),
        ),
        Calculation("link_reach", reach_rows.READS, reach_rows.reach_rows),
        Calculation("link_standing", ("links_counted", "link_clusters"), standing_rows),
        Query("cluster_roles", "from link_reach union all from link_standing"),
    ]  # fmt: skip

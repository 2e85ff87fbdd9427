"""Gathering from an edition what an offer is made of."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from triplehelix.app.contents import contents
from triplehelix.app.missing import MissingLink, missing
from triplehelix.app.offers.question import (
    OfferQuestion,
    partner_asked,
    require_country,
    themes_asked,
)
from triplehelix.app.offers.wordings import country_in
from triplehelix.app.prepared import kept_per_edition, once_per_edition, prepare
from triplehelix.offer.chain import Chain, SharedAsset, Work
from triplehelix.offer.material import (
    ActivitySeen,
    ClusterSeen,
    Joint,
    Material,
    Measured,
    OrganisationSeen,
    Partner,
    ThemeAsked,
    TieMeasured,
    Unmet,
)
from triplehelix.offer.reach import Town, Towns
from triplehelix.query import Query
from triplehelix.store.edition import Edition

MOST_UNMET = 4


def gathered(
    edition: Edition, question: OfferQuestion, chain: Chain,
    assets: Sequence[SharedAsset] | None = None,
) -> Material:  # fmt: skip
    """
    What the offer is made of.

    Parameters
    ----------
    chain : the rules by which roles are told.
    assets : those that everybody may see, in clusters; None without a registry.

    Raises
    ------
    UnknownName
        If there is no such theme, partner, audience, or no cluster in the country.
    InputError
        If a theme has no value chain.
    """
    prepare(edition)
    themes, partner = themes_asked(edition, question), partner_asked(question)
    audience = chain.audience(question.audience)
    require_country(edition, question)
    clusters = _clusters(edition, question, partner)
    ours = {one.cluster_id for one in clusters}
    work = [one for theme in themes for one in work_of(edition, theme.theme)
            if one.cluster_id in ours]  # fmt: skip
    joint = _joint(edition, partner, clusters, themes)
    about = contents(edition)
    organisations = {w.organisation_id for w in work} | {
        id_ for row in joint for id_ in (row.partner_id, row.organisation_id)
    }
    return Material(
        edition.id, about.name, about.sample, edition_sources(edition), question.query, themes,
        audience, partner, question.country or None, chain, clusters, tuple(work),
        _activities(edition, {w.activity_id for w in work} | {j.activity_id for j in joint}),
        _organisations(edition, organisations), tuple(assets or ()), assets is not None, joint,
        _expected(edition, partner), _quotients(edition, themes), towns(edition),
        _unmet(edition, partner, ours),
        {code: country_in(question.language, code)
         for one in clusters for code in one.countries},
        question.roles,
    )  # fmt: skip


@once_per_edition
def work_of(edition: Edition, theme: str) -> tuple[Work, ...]:
    """All parts in activities of a theme at sites in clusters; funders' too."""
    rows = prepare(edition).rows(Query("work", _WORK, {"theme": theme}))
    return tuple(
        Work(r["cluster_id"], theme, r["activity_id"], r["organisation_id"], r["helix"], r["role"],
             r["kind"], tuple(r["also"]))
        for r in rows
    )  # fmt: skip


@once_per_edition
def towns(edition: Edition) -> Towns:
    """The towns of the edition's gazetteer that are no part of a larger one."""
    return Towns([Town(**row) for row in edition.rows(Query("towns", _TOWNS))])


@once_per_edition
def edition_period(edition: Edition) -> str:
    """From the first year in which an activity began to the last."""
    years = [one.year for one in _every_activity(edition).values() if one.year is not None]
    return f"{min(years)}/{max(years)}" if years else "no year is known"


@once_per_edition
def edition_sources(edition: Edition) -> tuple[str, ...]:
    """The short names of the sources of its activities."""
    rows = edition.rows(Query("sources", _SOURCES))
    return tuple(row["source"] for row in rows) or ("edition",)


@once_per_edition
def _every_cluster(edition: Edition) -> tuple[ClusterSeen, ...]:
    return tuple(
        ClusterSeen(r["cluster_id"], r["name"], tuple(r["countries"] or ()), r["centre_lat"],
                    r["centre_lon"], r["evidence"])
        for r in edition.rows(Query("clusters", _CLUSTERS))
    )  # fmt: skip


def _clusters(
    edition: Edition, question: OfferQuestion, partner: Partner | None
) -> tuple[ClusterSeen, ...]:
    theirs = set(partner.countries) if partner else set()
    return tuple(
        one for one in _every_cluster(edition)
        if (question.country in one.countries if question.country
            else theirs.isdisjoint(one.countries))
    )  # fmt: skip


@once_per_edition
def _every_activity(edition: Edition) -> dict[str, ActivitySeen]:
    rows = edition.rows(Query("activities", _ACTIVITIES))
    return {
        r["activity_id"]: ActivitySeen(r["title"], r["year"], r["amount"], r["currency"],
                                       r["source"] or "edition")
        for r in rows
    }  # fmt: skip


def _activities(edition: Edition, ids: Collection[str]) -> dict[str, ActivitySeen]:
    every = _every_activity(edition)
    return {id_: every[id_] for id_ in sorted(ids)}


@once_per_edition
def _every_organisation(edition: Edition) -> dict[str, OrganisationSeen]:
    rows = edition.rows(Query("organisations", _ORGANISATIONS))
    return {r["organisation_id"]: OrganisationSeen(r["name"], r["helix"], r["country"],
                                                     r["named"])
            for r in rows}  # fmt: skip


def _organisations(edition: Edition, ids: Iterable[str]) -> dict[str, OrganisationSeen]:
    every = _every_organisation(edition)
    return {id_: every[id_] for id_ in sorted(ids)}


def _joint(
    edition: Edition, partner: Partner | None, clusters: Sequence[ClusterSeen],
    themes: Sequence[ThemeAsked],
) -> tuple[Joint, ...]:  # fmt: skip
    if partner is None:
        return ()
    home = tuple(sorted({c for one in clusters for c in one.countries} - set(partner.countries)))
    ours = {one.cluster_id for one in clusters}
    slugs = tuple(theme.theme for theme in themes)
    return tuple(
        row if row.cluster_id in ours else row._replace(cluster_id=None)
        for row in _joint_rows(edition, partner.countries, home, slugs)
    )


@kept_per_edition(32)
def _joint_rows(
    edition: Edition, theirs: tuple[str, ...], home: tuple[str, ...], themes: tuple[str, ...]
) -> tuple[Joint, ...]:
    values = {"theirs": list(theirs), "home": list(home), "themes": list(themes)}
    return tuple(Joint(**row) for row in edition.rows(Query("joint", _JOINT, values)))


def _expected(edition: Edition, partner: Partner | None) -> dict[tuple[str, str], TieMeasured]:
    if partner is None or len(partner.countries) != 1:
        return {}
    [country] = partner.countries
    rows = edition.rows(Query("expected", _EXPECTED, {"country": country}))
    return {
        (r["of"], country): TieMeasured(
            r["weight"], r["expected"], r["low"], r["high"], r["n_activities"]
        )
        for r in rows
    }


def _quotients(edition: Edition, themes: Sequence[ThemeAsked]) -> dict[tuple[str, str], Measured]:
    values: dict[str, Any] = {"themes": [theme.theme for theme in themes]}
    return {
        (r["cluster_id"], r["theme"]): Measured(r["value"], r["low"], r["high"], r["n"])
        for r in edition.rows(Query("quotients", _QUOTIENTS, values))
    }


def _unmet(edition: Edition, partner: Partner | None, ours: Collection[str]) -> tuple[Unmet, ...]:
    """Pairs of a cluster of ours and one of the partner, the most promising first."""
    theirs = {
        c.cluster_id: c for c in _every_cluster(edition)
        if partner and not set(partner.countries).isdisjoint(c.countries)
        and c.cluster_id not in ours
    }  # fmt: skip
    if not theirs:
        return ()
    found = []
    for link in missing_links(edition):
        for a, b in ((link.a, link.b), (link.b, link.a)):
            if a.id in ours and b.id in theirs:
                found.append(Unmet(
                    a.id, b.id, b.name or b.id, theirs[b.id].countries[0], link.weight,
                    link.expected, tuple(reason.words for reason in link.reasons),
                ))  # fmt: skip
    return tuple(found[:MOST_UNMET])


@once_per_edition
def missing_links(edition: Edition) -> tuple[MissingLink, ...]:
    """Pairs of clusters that work together less than expected, the most promising first."""
    return tuple(missing(edition, limit=1000).links)


_WORK = """
    with of_theme as (select activity_id from atlas.activity_themes where theme = $theme),
    also as (
        select activity_id, list(theme order by theme) as themes
        from atlas.activity_themes where theme <> $theme
          and activity_id in (select activity_id from of_theme)
        group by activity_id)
    select distinct m.cluster_id, p.activity_id, p.organisation_id, o.helix,
           coalesce(p.role, 'partner') as role, a.kind, coalesce(s.themes, []) as also
    from of_theme t
    join atlas.parts p using (activity_id)
    join atlas.activities a using (activity_id)
    join atlas.memberships m on m.site_id = p.site_id
    join atlas.clusters c on c.cluster_id = m.cluster_id and c.main
    join atlas.organisations o on o.organisation_id = p.organisation_id
    left join also s on s.activity_id = p.activity_id
    order by all"""

_TOWNS = """
    select place_id, lat, lon, population from places
    where population > 0 and lat is not null and lon is not null order by place_id"""

_SOURCES = """
    select distinct source from activities where source is not null order by source"""

_CLUSTERS = """
    select cluster_id, name, countries, centre_lat, centre_lon, evidence
    from atlas.clusters where main order by cluster_id"""

_ACTIVITIES = """
    select v.activity_id, a.title, a.year, v.amount::double as amount, v.currency, v.source
    from activities v join atlas.activities a using (activity_id) order by v.activity_id"""

_ORGANISATIONS = """
    select organisation_id, name, helix, country, named and name <> organisation_id as named
    from atlas.organisations
    order by organisation_id"""

# Funders take no part: atlas.participations leaves them out.
_JOINT = """
    with theirs as (
        select distinct activity_id, organisation_id from atlas.participations
        where list_contains($theirs, country)),
    ours as (
        select distinct p.activity_id, p.organisation_id, c.cluster_id
        from atlas.participations p
        left join atlas.memberships m on m.site_id = p.site_id and m.cluster_id in
             (select cluster_id from atlas.clusters where main)
        left join atlas.clusters c on c.cluster_id = m.cluster_id
        where list_contains($home, p.country)
          and p.activity_id in (select activity_id from theirs)),
    themed as (
        select distinct activity_id from atlas.activity_themes where list_contains($themes, theme))
    select t.activity_id, t.organisation_id as partner_id, o.organisation_id, o.cluster_id,
           t.activity_id in (select activity_id from themed) as themed
    from theirs t join ours o using (activity_id)
    order by all"""

_EXPECTED = """
    select "of", weight, expected, low, high, n_activities from atlas.ties
    where id = $country and expected is not null and weight is not null order by "of" """

_QUOTIENTS = """
    select cluster_id, theme, value, low, high, n from atlas.profiles
    where measure = 'location_quotient' and list_contains($themes, theme) and value is not null
    order by cluster_id, theme"""

"""The ends of links: how much each shares, where it stands, what it works on."""

from triplehelix.query import Query


def link_nodes() -> Query:
    """Ends of links with size and place: (layer, id, is_country, theme, period, size, ...)."""
    return Query(
        "link_nodes",
        """
        with counted as (
            select o.country, round(s.lat, 5)::decimal(9, 5) as lat,
                round(s.lon, 5)::decimal(9, 5) as lon
            from sites s join organisations o using (organisation_id)
            where s.precision in ('address', 'postcode', 'district', 'city')
                and o.country is not null and s.lat is not null),
        -- The middle one of its sites each way: exact, and the same in any order of rows.
        centres as (
            select country, quantile_disc(lat, 0.5)::double as lat,
                quantile_disc(lon, 0.5)::double as lon
            from counted group by country)
        select l.layer, l.id, l.is_country, l.theme, l.period, l.n::double as size,
            coalesce(c.centre_lat, m.lat) as lat, coalesce(c.centre_lon, m.lon) as lon,
            case when l.is_country then l.id
                 when len(c.countries) = 1 then c.countries[1] end as country
        from link_sizes l
        left join found_clusters c on not l.is_country and c.cluster_id = l.id
        left join centres m on l.is_country and m.country = l.id
        """,
    )


def link_node_themes() -> Query:
    """Of each end, how many of its shared activities are of a theme: (layer, id, theme, n)."""
    return Query(
        "link_node_themes",
        "select layer, id, theme, n from link_sizes where theme <> 'all'",
    )

"""The stage's steps: from mentions of organisations to sites, and participations at sites."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from triplehelix.locate.nearby import nearest
from triplehelix.locate.postcodes import postcode_levels
from triplehelix.locate.towns import folded, spellings
from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import PRECISIONS, SHARE_PARTS, TEXT, WHOLE

# The gazetteer's places this near to a site belong to the edition ("where is my town?").
NEAR_KM = 30.0
# A point without a named town belongs to the nearest place, unless that is further than this.
NAMED_WITHIN_KM = 10.0

TOWN_SPELLINGS = pa.schema([("country", TEXT), ("city", TEXT), ("rank", WHOLE),
                            ("spelling", TEXT)])  # fmt: skip
POSTCODE_KEYS = pa.schema([("written", TEXT), ("level", TEXT), ("postcode", TEXT),
                           ("rank", WHOLE)])  # fmt: skip


def steps() -> list[Step]:
    """
    From `staged_*`, `mention_organisations`, `resolved_organisations` and the references to
    `sites`, `places`, `organisations` and `participations`.

    A mention stands, in this order, where its coordinates say (precision as given), at its
    postcode (`postcode`, or the mean of its sector or outcode: `district`), in its town
    (`city`), in the town the registry has for the organisation (`city`), at the
    organisation's only known site, or nowhere (`country` or `none`, without coordinates).
    """
    return [
        _gazetteer(),
        _written_towns(),
        Calculation("town_spellings", ("written_towns",), _town_spellings),
        _towns_found(),
        _written_postcodes(),
        Calculation("postcode_keys", ("written_postcodes",), _postcode_keys),
        _postcode_points(),
        _mention_points(),
        Calculation("named_points", ("mention_points", "gazetteer"), _named_points),
        _located_mentions(),
        _mention_sites(),
        _sites(),
        Calculation("near_places", ("gazetteer", "sites"), _near_places),
        _places(),
        _organisations(),
        _participations(),
    ]


def _gazetteer() -> Query:
    """One row per place: the packaged gazetteer's, else the registry's."""
    return Query(
        "gazetteer",
        """
        select * from reference_places
        qualify row_number() over (
            partition by place_id
            order by (source = 'geonames') desc, (name, country, lat, lon)) = 1""",
    )


def _written_towns() -> Query:
    return Query(
        "written_towns",
        """
        select distinct country, city from staged_organisations
        where country is not null and city is not null""",
    )


def _town_spellings(written: pa.Table) -> pa.Table:
    """What to look each written town up as, in order of rank."""
    rows = [
        (country, city, rank, text)
        for country, city in zip(
            *(written[c].to_pylist() for c in ("country", "city")), strict=True
        )
        for rank, text in enumerate(spellings(city))
    ]
    return _table(rows, TOWN_SPELLINGS)


def _towns_found() -> Query:
    """
    The place meant by each written town: (country, city, place_id).

    A place's own name and its other names count alike. Of several places so named in the
    country, the one where most of the registry's organisations stand is meant (Salamanca, not
    the district of Madrid, which has more people), then the most populous, then the smaller id.
    """
    return Query(
        "towns_found",
        f"""
        with asked as (select *, {folded("spelling")} as key from town_spellings),
        wanted as (select distinct country, key from asked),
        called as (
            select place_id, country, unnest(list_append(names, name)) as called, population
            from gazetteer where country in (select country from wanted)),
        places as (
            select distinct place_id, country, {folded("called")} as key, population
            from called),
        known as (select place_id, count(*) as n from reference group by place_id)
        select country, city, place_id
        from asked join places using (country, key) left join known using (place_id)
        qualify row_number() over (
            partition by country, city
            order by rank, coalesce(n, 0) desc, coalesce(population, 0) desc, place_id) = 1""",
    )


def _written_postcodes() -> Query:
    return Query(
        "written_postcodes",
        """
        select distinct postcode from staged_organisations
        where postcode is not null and country in ('GB', 'IM', 'JE', 'GG')
          and exists (from reference_postcodes)""",
    )


def _postcode_keys(written: pa.Table) -> pa.Table:
    rows = [
        (postcode, level, key, rank)
        for postcode in sorted(written["postcode"].to_pylist())
        for rank, (level, key) in enumerate(postcode_levels(postcode))
    ]
    return _table(rows, POSTCODE_KEYS)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _postcode_points() -> Query:
    """
    Each written postcode's point; where the source lists units only, their mean stands in.

    Means are taken over whole millionths of a degree, so that they do not depend on order.
    """
    return Query(
        "postcode_points",
        """
        with units as (
            select postcode, lat, lon from reference_postcodes where level = 'postcode'),
        wanted as (select distinct level, postcode from postcode_keys),
        means as (
            select 'sector' as level, left(postcode, -2) as key, lat, lon from units
            union all
            select 'outcode' as level, left(postcode, -3) as key, lat, lon from units),
        derived as (
            select level, key as postcode,
                   sum(round(lat * 1e6)::bigint) / count(*) / 1e6 as lat,
                   sum(round(lon * 1e6)::bigint) / count(*) / 1e6 as lon
            from means semi join wanted
              on wanted.level = means.level and wanted.postcode = means.key
            group by all),
        points as (
            select *, 0 as preference from reference_postcodes
            semi join wanted using (level, postcode)
            union all by name
            select *, 1 as preference from derived)
        select k.written,
               case when k.level = 'postcode' then 'postcode' else 'district' end as precision,
               p.lat, p.lon
        from postcode_keys k join points p using (level, postcode)
        qualify row_number() over (
            partition by k.written order by k.rank, p.preference, p.lat, p.lon) = 1""",
    )


def _mention_points() -> Query:
    """The best point for each mention: given, postcode, town, the registry's town, none."""
    return Query(
        "mention_points",
        """
        select m.mention_id, m.source, mo.organisation_id,
               case when m.lat is not null then coalesce(m.precision, 'address')
                    when p.lat is not null then p.precision
                    when t.lat is not null or r.lat is not null then 'city'
                    when m.country is not null or r.country is not null then 'country'
                    else 'none' end as precision,
               round(coalesce(m.lat, p.lat, t.lat, r.lat), 5) as lat,
               round(coalesce(m.lon, p.lon, t.lon, r.lon), 5) as lon,
               case when m.lat is not null or p.lat is not null or t.lat is not null
                    then f.place_id else r.place_id end as place_id
        from staged_organisations m
        join mention_organisations mo using (mention_id)
        left join postcode_points p on p.written = m.postcode
        left join towns_found f on f.country = m.country and f.city = m.city
        left join gazetteer t on t.place_id = f.place_id
        left join reference r on r.ror_id = mo.organisation_id""",
    )


def _named_points(points: pa.Table, gazetteer: pa.Table) -> pa.Table:
    """A place for each point without one: the nearest, if it is near."""
    schema = pa.schema([("mention_id", TEXT), ("place_id", TEXT)])
    nameless = points.filter(pc.and_(pc.is_valid(points["lat"]), pc.is_null(points["place_id"])))
    if not nameless.num_rows or not gazetteer.num_rows:
        return schema.empty_table()
    gazetteer = gazetteer.sort_by("place_id")
    index, distance_km = nearest(
        nameless["lat"], nameless["lon"], gazetteer["lat"], gazetteer["lon"]
    )
    found = gazetteer["place_id"].take(pa.array(index))
    table = pa.table([nameless["mention_id"], found], schema=schema)
    return table.filter(pa.array(distance_km <= NAMED_WITHIN_KM))


def _located_mentions() -> Query:
    """
    Each mention with the site it belongs to.

    A mention known to its town only is taken to be the organisation's better placed site in
    that town, if there is one; a mention without place, the organisation's only site.
    """
    order = " ".join(f"when '{p}' then {i}" for i, p in enumerate(PRECISIONS))
    return Query(
        "located_mentions",
        f"""
        with named as (
            select p.* replace (coalesce(p.place_id, n.place_id) as place_id),
                   case p.precision {order} end as fineness,
                   case when p.precision in ('city', 'district') then organisation_id end
                       as coarse,
                   case when p.lat is null then organisation_id end as placeless
            from mention_points p left join named_points n using (mention_id)),
        candidates as (
            select distinct organisation_id, place_id, lat, lon, precision, fineness
            from named where lat is not null),
        best_in_town as (
            select * from candidates where place_id is not null
            qualify row_number() over (
                partition by organisation_id, place_id order by fineness, lat, lon) = 1),
        only_site as (
            select organisation_id, any_value(place_id) as place_id, any_value(lat) as lat,
                   any_value(lon) as lon, any_value(precision) as precision
            from (select * from best_in_town
                  union all
                  select * from candidates where place_id is null)
            group by organisation_id having count(*) = 1)
        select n.mention_id, n.organisation_id, n.source,
               coalesce(n.place_id, o.place_id) as place_id,
               coalesce(b.lat, n.lat, o.lat) as lat, coalesce(b.lon, n.lon, o.lon) as lon,
               case when b.lat is not null then b.precision
                    when n.lat is not null then n.precision
                    else coalesce(o.precision, n.precision) end as precision
        from named n
        left join best_in_town b
          on b.organisation_id = n.coarse and b.place_id = n.place_id
        left join only_site o on o.organisation_id = n.placeless""",
    )


def _mention_sites() -> Query:
    return Query(
        "mention_sites",
        """
        select *, md5(concat_ws('|', organisation_id, precision,
                                coalesce(printf('%.5f,%.5f', lat, lon), place_id, '')))
                  as site_id
        from located_mentions""",
    )


def _sites() -> Query:
    return Query(
        "sites",
        """
        select site_id, organisation_id, any_value(g.name) as name,
               min(m.place_id) as place_id, any_value(m.lat) as lat, any_value(m.lon) as lon,
               any_value(precision) as precision, min(m.source) as source
        from (select * replace (min(place_id) over (partition by site_id) as place_id)
              from mention_sites) m
        left join gazetteer g on g.place_id = m.place_id
        group by site_id, organisation_id""",
    )


def _near_places(gazetteer: pa.Table, sites: pa.Table) -> pa.Table:
    gazetteer = gazetteer.sort_by("place_id")
    located = sites.filter(pc.is_valid(sites["lat"]))
    if not located.num_rows or not gazetteer.num_rows:
        return gazetteer.select(["place_id"]).slice(0, 0)
    _, distance_km = nearest(gazetteer["lat"], gazetteer["lon"], located["lat"], located["lon"])
    return gazetteer.select(["place_id"]).filter(pa.array(distance_km <= NEAR_KM))


def _places() -> Query:
    return Query(
        "places",
        """
        select place_id, name, names, country, lat, lon, population, population_year, source
        from gazetteer
        where place_id in (select place_id from near_places
                           union select place_id from sites where place_id is not null)""",
    )


def _organisations() -> Query:
    """The main site is where most of an organisation's participations are."""
    return Query(
        "organisations",
        """
        with used as (
            select site_id, count(*) as n
            from staged_participations join mention_sites using (mention_id)
            group by site_id),
        main as (
            select organisation_id, site_id
            from sites left join used using (site_id)
            qualify row_number() over (
                partition by organisation_id
                order by (lat is null), coalesce(n, 0) desc, site_id) = 1)
        select organisation_id, name, names, helix, country, main.site_id as main_site_id,
               parent_id, sources, n_records
        from resolved_organisations left join main using (organisation_id)""",
    )


def _participations() -> Query:
    """
    Participations with their fractional shares.

    Each of the n performing organisations of an activity has 1/n, divided equally over its
    rows; parts of a thousand millionth that do not divide go to the smallest id.
    """
    return Query(
        "participations",
        """
        with placed as (
            select md5(p.source || ':' || p.source_record_id) as participation_id,
                   p.source || ':' || activity_record_id as activity_id,
                   organisation_id, site_id, role, amount, currency,
                   md5('participation:' || p.source || ':' || p.source_record_id)
                       as record_id
            from staged_participations p join mention_sites using (mention_id)),
        performing as (
            select participation_id, activity_id, organisation_id,
                   count(*) over (partition by activity_id, organisation_id) as n_rows
            from placed where role <> 'funder'),
        organisations_of as (
            select activity_id, count(distinct organisation_id) as n_organisations
            from performing group by activity_id),
        whole as (
            select participation_id, activity_id,
                   $parts // (n_organisations * n_rows) as parts,
                   row_number() over (partition by activity_id order by participation_id)
                       as place_in_line
            from performing join organisations_of using (activity_id)),
        exact as (
            select participation_id,
                   case when place_in_line = 1
                        then parts + $parts - sum(parts) over (partition by activity_id)
                        else parts end as parts
            from whole)
        select p.participation_id, activity_id, organisation_id, site_id, role,
               coalesce(e.parts, 0)::double / $parts as share, amount, currency, record_id
        from placed p left join exact e using (participation_id)""",
        {"parts": SHARE_PARTS},
    )

"""The stage's steps: from staged mentions to organisations, activities and their records."""

import pyarrow as pa

from triplehelix.query import Calculation, Query, Step
from triplehelix.resolve.match import resolve
from triplehelix.resolve.names import display_name
from triplehelix.tables import TEXT


def steps() -> list[Step]:
    """
    From `staged_*` and `reference_organisations` to organisations, identifiers, activities.

    Makes `resolved_organisations` (`locate` adds the main site), `identifiers`,
    `records`, `successors`, `activities`, `texts`, `figures`, and `resolution`, which says
    for each source record which organisation it is.
    """
    return [
        _reference(),
        _organisation_records(),
        Calculation("resolution", ("organisation_records", "reference"), resolve),
        _mention_organisations(),
        _attributes(),
        Calculation("shown_names", ("organisation_attributes",), _shown_names),
        _organisations(),
        _identifiers(),
        _activities(),
        _texts(),
        _records(),
        _successors(),
        _figures(),
    ]


def most_common(expression: str) -> str:
    """SQL for a group's most frequent value; of equally frequent ones, the last by content."""
    counted = f"map_entries(histogram({expression}))"
    return f"list_max(list_transform({counted}, e -> {{'n': e.value, 'v': e.key}})).v"


def _reference() -> Query:
    """One row per registry id: of several dumps, the fullest record, ties by content."""
    return Query(
        "reference",
        """
        select given.* from reference_organisations given
        qualify row_number() over (
            partition by ror_id
            order by len(names) + len(identifiers) + len(acronyms) desc, given) = 1""",
    )


def _organisation_records() -> Query:
    """What all mentions of one source record say together."""
    return Query(
        "organisation_records",
        f"""
        with said as (
            select *, list_transform(list_filter(coalesce(identifiers, []),
                                                 i -> i.scheme <> 'ror'),
                                     i -> i.scheme || ':' || i.value) as other_ids,
                   list_transform(list_filter(coalesce(identifiers, []),
                                              i -> i.scheme = 'ror'),
                                  i -> i.value) as own_ror_ids
            from staged_organisations)
        select source, source_record_id,
               coalesce(list(distinct name order by name) filter (name is not null), [])
                   as main_names,
               list_concat(main_names,
                   list_sort(list_distinct(flatten(list(coalesce(names, [])))))) as names,
               {most_common("country")} as country,
               coalesce(list(distinct city order by city) filter (city is not null), [])
                   as cities,
               list_sort(list_distinct(flatten(list(own_ror_ids)))) as ror_ids,
               list_sort(list_distinct(flatten(list(other_ids)))) as identifiers,
               {most_common("nullif(helix, 'unknown')")} as helix,
               min(parent_record_id) as parent_record_id,
               min(source_url) as source_url, min(confidence) as confidence,
               string_agg(distinct note, '; ' order by note) as note,
               min(file) as file, count(*) as n_mentions
        from said group by source, source_record_id""",
    )


def _mention_organisations() -> Query:
    return Query(
        "mention_organisations",
        """
        select mention_id, organisation_id
        from staged_organisations join resolution using (source, source_record_id)""",
    )


def _attributes() -> Query:
    """What all source records of one organisation, and the registry, say of it."""
    return Query(
        "organisation_attributes",
        f"""
        with own as (
            select organisation_id,
                   list_sort(list_distinct(flatten(list(r.main_names)))) as main_names,
                   list_sort(list_distinct(flatten(list(r.names)))) as names,
                   {most_common("r.country")} as country, {most_common("r.helix")} as helix,
                   list(distinct source order by source) as sources,
                   min(source || ':' || parent_record_id) as parent,
                   count(*) as n_records
            from organisation_records r join resolution using (source, source_record_id)
            group by organisation_id)
        select own.organisation_id, ref.name as registry_name,
               case when len(own.main_names) > 0 then own.main_names else own.names end
                   as written_names,
               list_sort(list_distinct(list_concat(
                   own.names, coalesce(ref.names, []), coalesce(ref.acronyms, []))))
                   as all_names,
               coalesce(nullif(ref.helix, 'unknown'), own.helix, 'unknown') as helix,
               coalesce(ref.country, own.country) as country,
               ref.parent_id as registry_parent, own.parent as source_parent,
               own.sources, own.n_records
        from own left join reference ref on ref.ror_id = own.organisation_id""",
    )


def _shown_names(attributes: pa.Table) -> pa.Table:
    """The registry's name; else the best written of the sources' names; else the id."""
    ids = attributes["organisation_id"].to_pylist()
    names = [
        registry or _best_written(written) or organisation_id
        for organisation_id, registry, written in zip(
            ids,
            attributes["registry_name"].to_pylist(),
            attributes["written_names"].to_pylist(),
            strict=True,
        )
    ]
    return pa.table({"organisation_id": pa.array(ids, TEXT), "name": pa.array(names, TEXT)})


def _best_written(names: list[str]) -> str | None:
    # A name with small letters was typed by somebody for reading; acronyms alone were not.
    if not names:
        return None
    mixed = [name for name in names if name != name.upper() and " " in name]
    return display_name(mixed[0] if mixed else names[0])


def _organisations() -> Query:
    return Query(
        "resolved_organisations",
        """
        with parents as (
            select a.organisation_id,
                   coalesce(registry.organisation_id, source.organisation_id) as parent_id
            from organisation_attributes a
            left join organisation_attributes registry
              on registry.organisation_id = a.registry_parent
            left join (select source || ':' || source_record_id as id, organisation_id
                       from resolution) source on source.id = a.source_parent)
        select organisation_id, n.name,
               list_filter(a.all_names, other -> other <> n.name) as names,
               a.helix, a.country, null::varchar as main_site_id,
               nullif(p.parent_id, organisation_id) as parent_id, a.sources,
               a.n_records::bigint as n_records
        from organisation_attributes a join shown_names n using (organisation_id)
        join parents p using (organisation_id)""",
    )


def _identifiers() -> Query:
    return Query(
        "identifiers",
        """
        with given as (
            select organisation_id, unnest(identifiers) as i
            from mention_organisations join staged_organisations using (mention_id)
            union all by name
            select ror_id as organisation_id, unnest(identifiers) as i
            from reference where ror_id in (select organisation_id from resolved_organisations)
            union all by name
            select organisation_id, {'scheme': 'ror', 'value': organisation_id} as i
            from resolved_organisations where organisation_id like 'https://ror.org/%')
        select distinct 'organisation' as entity_kind, organisation_id as entity_id,
               i.scheme as scheme, i.value as value
        from given where i.value is not null""",
    )


def _activities() -> Query:
    """Activities as listed; those only named in participations exist too, and say no more."""
    return Query(
        "activities",
        """
        select source || ':' || source_record_id as activity_id, kind, title, start, "end",
               amount, currency, amount_note, source, url
        from staged_activities
        union all by name
        select distinct source || ':' || activity_record_id as activity_id,
               'project' as kind, null::varchar as title, null::date as start,
               null::date as "end", null::decimal(18, 2) as amount, null::varchar as currency,
               null::varchar as amount_note, source, null::varchar as url
        from staged_participations p
        where not exists (from staged_activities a where a.source = p.source)""",
    )


def _texts() -> Query:
    return Query(
        "texts",
        """
        select source || ':' || source_record_id as activity_id,
               coalesce(language, 'und') as language, summary
        from staged_activities where summary is not null""",
    )


def _records() -> Query:
    """Each source record, whatever it speaks of, with how it was matched and how sure it is."""
    return Query(
        "records",
        """
        select md5('organisation:' || r.source || ':' || r.source_record_id) as record_id,
               r.source, r.source_record_id, file, 'organisation' as entity_kind,
               organisation_id as entity_id, names[1] as name, matched_how,
               case when matched_how = 'identifier' then 1.0 end::double as match_probability,
               confidence, source_url, note
        from organisation_records r join resolution using (source, source_record_id)
        union all by name
        select md5('activity:' || source || ':' || source_record_id) as record_id,
               source, source_record_id, file, 'activity' as entity_kind,
               source || ':' || source_record_id as entity_id, title as name,
               'identifier' as matched_how, 1.0::double as match_probability,
               confidence, source_url, note
        from staged_activities
        union all by name
        select md5('participation:' || source || ':' || source_record_id) as record_id,
               source, source_record_id, file, 'participation' as entity_kind,
               md5(source || ':' || source_record_id) as entity_id, null::varchar as name,
               'identifier' as matched_how, 1.0::double as match_probability,
               confidence, source_url, note
        from staged_participations""",
    )


def _successors() -> Query:
    """Ids that a record had, or would have had, before it was joined with others."""
    return Query(
        "successors",
        """
        with recursive following as (
            select ror_id as earlier_id, successor_id as organisation_id
            from reference where successor_id is not null
            union
            select f.earlier_id, r.successor_id
            from following f join reference r on r.ror_id = f.organisation_id
            where r.successor_id is not null)
        select source || ':' || source_record_id as earlier_id, organisation_id
        from resolution where source || ':' || source_record_id <> organisation_id
        union all
        select earlier_id, min(organisation_id) as organisation_id
        from following semi join resolved_organisations using (organisation_id)
        where earlier_id <> organisation_id group by earlier_id""",
    )


def _figures() -> Query:
    return Query(
        "figures",
        """
        select organisation_id, measure, period, value, unit, f.source
        from staged_figures f join resolution r
          on r.source = f.source and r.source_record_id = f.organisation_record_id
        qualify row_number() over (
            partition by organisation_id, measure, period
            order by f.source, f.source_record_id) = 1""",
    )

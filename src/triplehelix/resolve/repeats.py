"""
Which rows say nothing new, or speak of something that was not read.

A row repeats another when everything it was staged as (activity, participation, code,
figure) has the key of another row's. The fullest row is kept, ties going to the smaller
content hash, so that the order of rows does not matter. Repeated rows, and rows that name a
project or an organisation missing from the files, join the rows that readers rejected in
`rejects`.
"""

from triplehelix.query import Query, Step

# Staged table -> the columns that make one row fuller than another.
_KEYED = {
    "activities": "title start end amount summary",
    "participations": "amount",
    "codes": "value",
    "figures": "value",
}


def steps() -> list[Step]:
    """
    From `incoming_*`, `rejected_rows` and `read_rows` to `staged_*` and `rejects`.

    Also makes `rejected_per_file` (file, n): the rows rejected here, beside a reader's own.
    """
    return [
        *(_ranked(table, columns) for table, columns in _KEYED.items()),
        _activity_sources(),
        _keyed_rows(),
        _refused(),
        *(_staged(table) for table in _KEYED),
        _staged_organisations(),
        _rejects(),
        Query("rejected_per_file", "select file, count(*) as n from refused group by file"),
    ]


def _ranked(table: str, columns: str) -> Query:
    fullness = " + ".join(f'("{column}" is not null)::int' for column in columns.split())
    return Query(
        f"ranked_{table}",
        f"""
        select *, row_number() over (
            partition by source, source_record_id
            order by {fullness} desc, content_hash, file, row) as place_in_line
        from incoming_{table}""",
    )


def _activity_sources() -> Query:
    """Sources that list their activities: there, an activity not listed is a fault."""
    return Query("activity_sources", "select distinct source from incoming_activities")


def _keyed_rows() -> Query:
    """One row per staged record: is it a repeat, and what does it name that is missing?"""
    return Query(
        "keyed_rows",
        """
        with known as (select distinct source, source_record_id from incoming_activities),
        mentioned as (select distinct source, source_record_id from incoming_organisations),
        named as (
            select source, file, row, content_hash, place_in_line > 1 as repeats,
                   null as activity, null as organisation, source_record_id as key
            from ranked_activities
            union all by name
            select source, file, row, content_hash, place_in_line > 1 as repeats,
                   activity_record_id as activity, null as organisation,
                   source_record_id as key
            from ranked_participations
            union all by name
            select source, file, row, content_hash, place_in_line > 1 as repeats,
                   activity_record_id as activity, null as organisation,
                   source_record_id as key
            from ranked_codes
            union all by name
            select source, file, row, content_hash, place_in_line > 1 as repeats,
                   null as activity, organisation_record_id as organisation,
                   source_record_id as key
            from ranked_figures)
        select named.*,
               activity is not null and known.source is null
               and named.source in (from activity_sources) as homeless,
               organisation is not null and mentioned.source is null as nobodys
        from named
        left join known
          on known.source = named.source and known.source_record_id = named.activity
        left join mentioned
          on mentioned.source = named.source
         and mentioned.source_record_id = named.organisation""",
    )


def _refused() -> Query:
    """
    Rows of which nothing is left: (source, file, row, content_hash, reason).

    A row that names organisations only repeats another if all of it is the same; one that two
    tables of a mapping read (`members.csv#2`) says something else in each.
    """
    return Query(
        "refused",
        """
        with rows_without_key as (
            select source, file, row, content_hash
            from read_rows anti join keyed_rows using (file, row)),
        repeated as (
            select *, row_number() over (
                partition by source, content_hash, regexp_extract(file, '#[0-9]+$')
                order by file, row) > 1 as repeats
            from rows_without_key)
        select source, file, row, any_value(content_hash) as content_hash,
               case when bool_or(homeless)
                    then 'names activity ' || min(activity) || ', which is in none of the files '
                         'of this source; give the file that lists it'
                    when bool_or(nobodys)
                    then 'names organisation ' || min(organisation) || ', which is in none of '
                         'the files of this source; give the file that lists it'
                    else 'repeats ' || min(key) || ', which another row gives as fully or more '
                         'so; that row is kept: remove this one, or give it an id of its own'
               end as reason
        from keyed_rows
        group by source, file, row
        having bool_and(repeats or homeless or nobodys)
        union all by name
        select source, file, row, content_hash,
               'the same row stands in the file more than once; one of them is kept' as reason
        from repeated where repeats""",
    )


def _staged(table: str) -> Query:
    if table == "figures":
        return _staged_figures()
    alone = table == "activities"
    known = "" if alone else """
        left join (select distinct source, source_record_id from incoming_activities) known
          on known.source = r.source
         and known.source_record_id = r.activity_record_id"""  # fmt: skip
    listed = "" if alone else """
          and (known.source is not null or r.source not in (from activity_sources))"""  # fmt: skip
    return Query(
        f"staged_{table}",
        f"""
        select r.* exclude (place_in_line) from ranked_{table} r {known}
        where r.place_in_line = 1 {listed}""",
    )


def _staged_figures() -> Query:
    return Query(
        "staged_figures",
        """
        select r.* exclude (place_in_line) from ranked_figures r
        where place_in_line = 1 and (source, organisation_record_id) in (
            select (source, source_record_id) from incoming_organisations)""",
    )


def _staged_organisations() -> Query:
    """Each mention once, if a row that is kept makes it: a refused row leaves no site behind."""
    return Query(
        "staged_organisations",
        """
        select * from incoming_organisations
        where mention_id in (select mention_id from staged_participations)
           or (file, row) not in (select (file, row) from refused)
        qualify row_number() over (partition by mention_id order by file, row) = 1""",
    )


def _rejects() -> Query:
    return Query(
        "rejects",
        """
        with every as (
            select source, content_hash, file, row, reason, raw from rejected_rows
            union all by name
            select refused.source, refused.content_hash, file, row, reason, raw
            from refused join read_rows using (file, row))
        select source, content_hash,
               row_number() over (
                   partition by source, content_hash order by file, reason, row) as n,
               file, row, reason, raw
        from every""",
    )

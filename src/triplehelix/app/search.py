"""Finding organisations, clusters, themes, places and activities by what people call them."""

import re
from dataclasses import dataclass

from triplehelix.app.prepared import prepare
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition

KINDS = ("cluster", "theme", "organisation", "place", "activity")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that is so called, under the name it is best known by."""

    kind: str
    id: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class HitKind:
    """The best hits of one kind, and how many there are in all."""

    kind: str
    total: int
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by kind; kinds without a hit are left out."""

    query: str
    kinds: list[HitKind]
    total: int


# Better first: the whole name, the beginning of a word, anywhere; then the more active.
_SEARCH = """
    with asked as (
        select lower(strip_accents($asked)) as phrase,
               list_transform($words, w -> lower(strip_accents(w))) as words),
    hits as (
        select n.kind, n.id, n.label, n.country, n.weight,
               case when n.folded = a.phrase then 0
                    when contains(' ' || n.folded, ' ' || a.phrase) then 1
                    else 2 end as rank
        from atlas.names n, asked a
        where contains(n.folded, a.words[1])
          and len(list_filter(a.words, w -> not contains(n.folded, w))) = 0
        union all
        select 'organisation', o.organisation_id, o.name, o.country, o.n_activities, 0
        from atlas.identifiers i join atlas.organisations o on o.organisation_id = i.entity_id
        where i.entity_kind = 'organisation' and i.value = $asked
        union all
        select 'organisation', organisation_id, name, country, n_activities, 0
        from atlas.organisations where organisation_id in ($asked, 'https://ror.org/' || $asked)
        union all
        select 'activity', activity_id, title, null, 0, 0
        from atlas.activities where activity_id = $asked),
    best as (
        select kind, id, any_value(label) as label, any_value(country) as country,
               max(weight) as weight, min(rank) as rank
        from hits group by kind, id)
    select kind, id, label as name, country, count(*) over (partition by kind) as total
    from best
    qualify row_number() over (partition by kind
                               order by rank, weight desc, label, id) <= $most
    order by kind, rank, weight desc, label, id
"""


def search(edition: Edition, query: str, *, limit: int = 10) -> Found:
    """
    What is called so, case and accents aside; every word of the query must occur.

    Parameters
    ----------
    query : at most 200 characters; an empty one finds nothing. Ids are found too.
    limit : hits of each kind, 1 to 100, best first: whole name, beginning of a word,
        anywhere; then by activities, people or year.

    Raises
    ------
    InputError
        If the query is too long or the limit out of range.
    """
    asked = " ".join(query.split())
    if len(asked) > LONGEST:
        raise InputError(f"the search is {len(asked)} characters long; give at most {LONGEST}")
    if not 1 <= limit <= 100:
        raise InputError(f"limit is {limit}; give a number from 1 to 100")
    words = re.findall(r"\S+", asked)
    if not words:
        return Found(asked, [], 0)
    values = {"asked": asked, "words": words, "most": limit}
    rows = prepare(edition).rows(Query("search", _SEARCH, values))
    kinds = []
    for kind in KINDS:
        of_kind = [row for row in rows if row["kind"] == kind]
        if of_kind:
            total = of_kind[0]["total"]
            hits = [Hit(r["kind"], r["id"], r["name"], r["country"]) for r in of_kind]
            kinds.append(HitKind(kind, total, hits))
    return Found(asked, kinds, sum(k.total for k in kinds))

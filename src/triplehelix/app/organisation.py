"""All that is known of one organisation."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from triplehelix.app.names import full_organisation_id
from triplehelix.app.prepared import prepare
from triplehelix.app.records import Record, records_of
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition

ACTIVITIES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Site:
    """Where an organisation stands, how precisely that is known, and in which cluster."""

    site_id: str
    name: str | None
    place_id: str | None
    place: str | None
    lat: float | None
    lon: float | None
    precision: str
    source: str | None
    cluster_id: str | None
    cluster: str | None


@dataclass(frozen=True, slots=True)
class Identifier:
    """An id of the organisation in another scheme."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """The organisation's part in an activity."""

    activity_id: str
    kind: str
    title: str
    start: date | None
    end: date | None
    roles: list[str]
    amount: float | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated figure of the organisation, such as employment."""

    measure: str
    period: str
    value: float | None
    unit: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Kin:
    """The organisation above this one, or one below it."""

    relation: str
    organisation_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class OrganisationAnswer:
    """What an organisation's page shows; activities are the newest 200 of `n_activities`."""

    organisation_id: str
    name: str
    named: bool
    names: list[str]
    helix: str
    country: str | None
    sources: list[str]
    n_activities: int
    n_funded: int
    main_site_id: str | None
    sites: list[Site]
    identifiers: list[Identifier]
    activities: list[Part]
    kin: list[Kin]
    figures: list[Figure]
    records: list[Record]


def organisation(edition: Edition, organisation_id: str) -> OrganisationAnswer:
    """
    One organisation, by its id, an earlier id, or a short way of writing it (`ror:013meh722`).

    Raises
    ------
    UnknownName
        If the edition has no such organisation.
    """
    row = organisation_row(edition, organisation_id)
    found = row["organisation_id"]
    parts = [Part(**p) for p in _ask(edition, _PARTS, found)]
    return OrganisationAnswer(
        **row,
        n_funded=_ask(edition, _FUNDED, found)[0]["n"],
        sites=[Site(**s) for s in _ask(edition, _SITES, found)],
        identifiers=[Identifier(**i) for i in _ask(edition, _IDENTIFIERS, found)],
        activities=parts[:ACTIVITIES_SHOWN],
        kin=[Kin(**k) for k in _ask(edition, _KIN, found)],
        figures=[Figure(**f) for f in _ask(edition, _FIGURES, found)],
        records=records_of(edition, found),
    )


def organisation_row(edition: Edition, organisation_id: str) -> dict[str, Any]:
    """The organisation's own row, or the error that none is so named."""
    return _row(prepare(edition), full_organisation_id(organisation_id))


def _ask(edition: Edition, sql: str, organisation_id: str) -> list[dict[str, Any]]:
    return edition.rows(Query("organisation", sql, {"organisation": organisation_id}))


def _row(edition: Edition, organisation_id: str) -> dict[str, Any]:
    found = _ask(edition, _ORGANISATION, organisation_id)
    if found:
        return found[0]
    later = _ask(edition, _SUCCESSOR, organisation_id)
    if later and later[0]["organisation_id"] != organisation_id:
        return _row(edition, later[0]["organisation_id"])
    raise _unknown(edition, organisation_id)


def _unknown(edition: Edition, organisation_id: str) -> UnknownName:
    start = organisation_id[: max(1, len(organisation_id) // 2)]
    rows = _ask(edition, _NEAR, start)
    ids = [r["organisation_id"] for r in rows]
    near = get_close_matches(organisation_id, ids, n=5, cutoff=0.7)
    perhaps = f"; perhaps {', '.join(near)}" if near else ""
    return UnknownName(
        f"no organisation {organisation_id!r} in this edition{perhaps}; "
        "look for it by name at /search"
    )


_ORGANISATION = """
    select organisation_id, name, named, names, helix, country, sources, n_activities, main_site_id
    from atlas.organisations where organisation_id = $organisation"""

_SUCCESSOR = "select organisation_id from successors where earlier_id = $organisation"

_NEAR = """
    select organisation_id from atlas.organisations
    where starts_with(organisation_id, $organisation) order by organisation_id limit 5000"""

_FUNDED = """
    select count(distinct activity_id) as n from atlas.parts
    where organisation_id = $organisation and role = 'funder'"""

_SITES = """
    select site_id, name, place_id, place, lat, lon, precision, source, cluster_id, cluster
    from atlas.stands where organisation_id = $organisation
    order by site_id limit 500"""

_IDENTIFIERS = """
    select scheme, value from atlas.identifiers
    where entity_kind = 'organisation' and entity_id = $organisation order by scheme, value"""

_PARTS = """
    select p.activity_id, a.kind, a.title, a.start, a."end",
           list_sort(list(distinct p.role)) as roles,
           sum(p.amount) as amount, min(p.currency) as currency
    from atlas.parts p join atlas.activities a using (activity_id)
    where p.organisation_id = $organisation
    group by p.activity_id, a.kind, a.title, a.start, a."end"
    order by a.start desc nulls last, p.activity_id"""

_KIN = """
    select 'part of' as relation, o.parent_id as organisation_id, p.name
    from atlas.organisations o
    left join atlas.organisations p on p.organisation_id = o.parent_id
    where o.organisation_id = $organisation and o.parent_id is not null
    union all
    select 'contains', organisation_id, name
    from atlas.organisations where parent_id = $organisation
    order by relation desc, name, organisation_id limit 100"""

_FIGURES = """
    select measure, period, value, unit, source from figures
    where organisation_id = $organisation order by measure, period"""

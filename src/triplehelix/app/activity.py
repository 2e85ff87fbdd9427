"""All that is known of one activity."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from triplehelix.app.prepared import prepare
from triplehelix.app.records import Record, records_of
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition

PARTICIPANTS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation's part; the amount is None where it is not known."""

    participation_id: str
    organisation_id: str
    name: str
    helix: str
    country: str | None
    role: str | None
    share: float | None
    amount: float | None
    currency: str | None
    place: str | None
    precision: str | None
    cluster_id: str | None
    cluster: str | None
    record: Record | None


@dataclass(frozen=True, slots=True)
class ThemeLabel:
    """A theme of the activity, and how it came to be one: a code, a keyword, or given."""

    theme: str
    label: str | None
    weight: float | None
    how: str


@dataclass(frozen=True, slots=True)
class ActivityAnswer:
    """What an activity's page shows."""

    activity_id: str
    kind: str
    title: str
    titled: bool
    start: date | None
    end: date | None
    amount: float | None
    currency: str | None
    amount_note: str | None
    source: str | None
    url: str | None
    summaries: list[str]
    themes: list[ThemeLabel]
    participants: list[Participant]
    records: list[Record]


def activity(edition: Edition, activity_id: str) -> ActivityAnswer:
    """
    One activity with its participants, and the records both come from.

    Raises
    ------
    UnknownName
        If the edition has no such activity.
    """
    found = _ask(prepare(edition), _ACTIVITY, activity_id)
    if not found:
        raise UnknownName(
            f"no activity {activity_id!r} in this edition; an id is written source:number, "
            "and /search finds activities by title"
        )
    return ActivityAnswer(
        **found[0],
        summaries=[t["summary"] for t in _ask(edition, _TEXTS, activity_id)],
        themes=[ThemeLabel(**t) for t in _ask(edition, _THEMES, activity_id)],
        participants=[_participant(row) for row in _ask(edition, _PARTICIPANTS, activity_id)],
        records=records_of(edition, activity_id),
    )


def _participant(row: dict[str, Any]) -> Participant:
    record = row.pop("record")
    return Participant(record=Record(**record) if record else None, **row)


def _ask(edition: Edition, sql: str, activity_id: str) -> list[dict[str, Any]]:
    return edition.rows(Query("activity", sql, {"activity": activity_id}))


_ACTIVITY = """
    select v.activity_id, v.kind, a.title, a.titled, v.start, v."end", v.amount::double as amount,
           v.currency, v.amount_note, v.source, v.url
    from activities v join atlas.activities a using (activity_id)
    where v.activity_id = $activity"""

_TEXTS = """
    select summary from texts
    where activity_id = $activity and summary is not null order by language"""

_THEMES = """
    select t.theme, h.label, t.weight, t.how
    from atlas.activity_themes t left join atlas.themes h using (theme)
    where t.activity_id = $activity order by t.weight desc nulls last, t.theme"""

_PARTICIPANTS = f"""
    select p.participation_id, p.organisation_id, o.name, o.helix, o.country, p.role, p.share,
           p.amount, p.currency, s.place, s.precision, s.cluster_id, s.cluster, p.record
    from atlas.parts p
    join atlas.organisations o using (organisation_id)
    left join atlas.stands s on s.site_id = p.site_id
    where p.activity_id = $activity
    order by list_position(['lead','host','partner','site','manufacturer','funder'], p.role),
             p.share desc nulls last, o.name, p.participation_id
    limit {PARTICIPANTS_SHOWN}"""

"""Findings of prospects in plain words."""

from collections.abc import Callable
from typing import Any

from triplehelix.app.prepared import prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition

_NEAREST = 3
HELIX = {
    "academia": "universities and institutes", "industry": "companies",
    "health": "hospitals and health bodies",
}  # fmt: skip


def in_words(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    """
    One sentence on a row of `prospects` whatever its evidence.

    Parameters
    ----------
    row : with the theme's `label` and `subject_name`.
    trend : what the same theme surely does besides, `growing` or `losing`.
    near : labels of the themes the cluster is at home in that go with this one.

    Examples
    --------
    >>> in_words({"kind": "missing_helix", "theme": "all", "label": None, "subject": "health",
    ...           "subject_name": None, "value": 0.0, "expected": 0.3,
    ...           "note": "0 of 20 members whose sector is known"}, None, [])
    'No hospitals and health bodies: 0 of 20 members whose sector is known; 30 % elsewhere.'
    """
    return _SAID[row["kind"]](row, trend, near)


def themes_beside(edition: Edition, cluster_id: str) -> dict[str, list[str]]:
    """For each theme, up to three that go with it elsewhere and the cluster is at home in."""
    rows = prepare(edition).rows(Query("beside", _BESIDE, {"cluster": cluster_id}))
    return {row["theme"]: row["labels"] for row in rows}


def _theme(row: dict[str, Any]) -> str:
    return str(row["label"] or ("all its work" if row["theme"] == "all" else row["theme"]))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _specialised(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    moving = {"growing": ", and growing", "losing": ", but losing ground"}.get(trend or "", "")
    return f"{_theme(row)}: {row['value']:.1f} times its share everywhere{moving}."


def _trend(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    what = "all work" if row["theme"] == "all" else f"all work in {_theme(row)}"
    turned = "larger" if row["value"] > 1 else "smaller"
    return f"Its part of {what} is {turned} than it was, {row['value']:.2f} times: {row['note']}."


def _opening(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    beside = f" ({', '.join(near)})" if near else ""
    return (
        f"{_theme(row)}: not at home in it, but in {_percent(row['value'])} of what goes with it "
        f"elsewhere{beside}; for any theme {_percent(row['expected'])} would be expected."
    )


def _carried(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    who, what = row["subject_name"] or row["subject"], _theme(row)
    scope = "in all its work" if row["theme"] == "all" else f"in {what}"
    return f"{who} works without another member {scope}: {row['note']}."


def _payer(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    who = row["subject_name"] or row["subject"]
    known = "payer" if row["kind"] == "one_funder" else "source"
    return f"{who} is the only known {known} of {_percent(row['value'])}: {row['note']}."


def _helix(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    few = "Few" if row["value"] else "No"
    return (
        f"{few} {HELIX.get(row['subject'], row['subject'])}: {row['note']}; "
        f"{_percent(row['expected'])} elsewhere."
    )


def _partners(row: dict[str, Any], trend: str | None, near: list[str]) -> str:
    return (
        f"{_percent(row['value'])} of its present partners it had before ({row['note']}); "
        f"{_percent(row['expected'])} would be as elsewhere."
    )


_SAID: dict[str, Callable[[dict[str, Any], str | None, list[str]], str]] = {
    "specialised": _specialised, "growing": _trend, "losing": _trend, "opening": _opening,
    "carried": _carried, "one_funder": _payer, "one_source": _payer, "missing_helix": _helix,
    "ageing_partners": _partners,
}  # fmt: skip

# Proximity as in `measure.proximity`, over the activities outside the cluster.
_BESIDE = f"""
    with inside as (
        select activity_id from atlas.cluster_activities where cluster_id = $cluster),
    outside as (
        select activity_id, theme from atlas.activity_themes where weight > 0
        and activity_id not in (select activity_id from inside)
        and activity_id in (select activity_id from atlas.participations)),
    sizes as (select theme, count(*) as n from outside group by theme),
    homes as (
        select theme from atlas.profiles
        where cluster_id = $cluster and measure = 'location_quotient' and value > 1),
    near as (
        select a.theme as theme, b.theme as other,
               count(*) / greatest(any_value(x.n), any_value(y.n)) as p
        from outside a join outside b using (activity_id)
        join homes h on h.theme = b.theme
        join sizes x on x.theme = a.theme join sizes y on y.theme = b.theme
        where a.theme <> b.theme group by a.theme, b.theme
        qualify row_number() over (partition by a.theme order by p desc, b.theme) <= {_NEAREST})
    select near.theme, list(coalesce(t.label, other) order by p desc, other) as labels
    from near left join atlas.themes t on t.theme = near.other group by near.theme"""

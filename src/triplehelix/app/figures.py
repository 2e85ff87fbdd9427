"""What organisations employ and turn over, as far as the sources say."""

import math
import re
from typing import Any, NamedTuple

from triplehelix.query import Query
from triplehelix.store.edition import Edition

MEASURES = ("employment", "turnover")
_YEAR = re.compile(r"\d{4}")


class Figures(NamedTuple):
    """
    The latest known figure of each organisation, by measure; periods and units they are from.

    `left_out` counts organisations whose figures are all negative, not finite, or in another
    unit than most.
    """

    of: dict[str, dict[str, float]]
    periods: dict[str, list[str]]
    units: dict[str, str | None]
    left_out: dict[str, int]


def known_figures(edition: Edition) -> Figures:
    """
    The figures of the measures `employment` and `turnover`.

    Figures of several units are never added: those in the unit that most organisations use
    are taken, and among an organisation's figures that of the latest period.
    """
    of, periods, units, left_out = {}, {}, {}, {}
    for measure in MEASURES:
        rows = edition.rows(Query("figures", _FIGURES, {"measure": measure}))
        good = [r for r in rows if math.isfinite(r["value"]) and r["value"] >= 0]
        unit = _commonest(good)
        latest: dict[str, dict[str, Any]] = {}
        for row in sorted((r for r in good if r["unit"] == unit), key=_recency):
            latest[row["organisation_id"]] = row
        of[measure] = {organisation: row["value"] for organisation, row in latest.items()}
        periods[measure] = sorted({row["period"] for row in latest.values()})
        units[measure] = unit
        left_out[measure] = len({r["organisation_id"] for r in rows} - latest.keys())
    return Figures(of, periods, units, left_out)


def _commonest(rows: list[dict[str, Any]]) -> str | None:
    users: dict[str | None, set[str]] = {}
    for row in rows:
        users.setdefault(row["unit"], set()).add(row["organisation_id"])
    return min(users, key=lambda unit: (-len(users[unit]), unit or ""), default=None)


def _recency(row: dict[str, Any]) -> tuple[str, str, str]:
    """By the last year a period names; `all`, which names none, before every year."""
    years = _YEAR.findall(row["period"])
    return max(years, default=""), row["period"], row["organisation_id"]


_FIGURES = """
    select organisation_id, period, value, nullif(trim(unit), '') as unit from figures
    where lower(trim(measure)) = $measure and value is not null
    order by organisation_id, measure, period"""

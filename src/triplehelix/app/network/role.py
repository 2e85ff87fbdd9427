"""The role of a cluster in plain words, each sentence with its figures and its evidence."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.names import unknown_theme
from triplehelix.app.network.brokers import (
    betweenness_claim,
    bridging_claim,
    constraint_claim,
    gateway_claim,
    joins_claims,
)
from triplehelix.app.network.claims import Claim
from triplehelix.app.network.network import network
from triplehelix.app.network.reach import (
    SCOPES,
    bounded,
    expected_share,
    reach_claims,
    reach_headline,
    sector_claim,
)
from triplehelix.app.network.surprises import group_claim, surprise_claims
from triplehelix.app.network.wording import Bounded, against
from triplehelix.app.prepared import prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class ScopeShare:
    """A scope's share of joint work with its interval, beside what size and place would give."""

    scope: str
    value: float
    low: float | None
    high: float | None
    expected: float | None
    expected_low: float | None
    expected_high: float | None
    by: str | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class ThemeRole:
    """The reach of a cluster's joint work in one theme, or in all."""

    theme: str
    label: str | None
    n_activities: int
    shares: list[ScopeShare]


@dataclass(frozen=True, slots=True)
class PeriodRole:
    """The reach of a cluster's joint work that began in one period, of all themes."""

    period: str
    n_activities: int
    shares: list[ScopeShare]


@dataclass(frozen=True, slots=True)
class RoleAnswer:
    """
    The role of a cluster in a theme.

    `summary` says the most telling of the `claims` in one sentence; these come in the order of
    the rules;
    `n_looked_at` is how many ties were held against gravity, each alone. `note` says why
    nothing is told, if so. `themes` and `periods` are all in which it shares enough work to
    tell; periods are those the edition was built with.
    """

    cluster_id: str
    name: str
    countries: list[str]
    level: int
    theme: str
    label: str | None
    n_activities: int
    summary: str
    claims: list[Claim]
    n_looked_at: int
    themes: list[ThemeRole]
    periods: list[PeriodRole]
    note: str | None


_MEASURES = """
    select p.theme, p.period, t.label, p.measure, p.value, p.low, p.high, p.n
    from profiles p left join atlas.themes t using (theme)
    where p.cluster_id = $cluster and (p.theme = 'all' or p.period = 'all')
      and (starts_with(p.measure, 'joint_')
           or p.measure in ('betweenness', 'constraint', 'bridging_countries'))
    order by p.theme <> 'all', t.label, p.theme, p.period, p.measure"""
_LABEL = "select label from atlas.themes where theme = $theme"


def role_of(edition: Edition, cluster_id: str, *, theme: str = "all") -> RoleAnswer:
    """
    What role a cluster plays locally, nationally and internationally.

    Parameters
    ----------
    cluster_id : of a cluster of all activity; those of a theme or a period alone have no ties.
    theme : only its work in this theme; `all`.

    Raises
    ------
    UnknownName
        If the edition has no such cluster or theme.
    """
    row = cluster_row(prepare(edition), cluster_id)
    label = _label(edition, theme)
    measured = _measures(edition, cluster_id)
    by_theme = {one: found for (one, period), found in measured.items() if period == "all"}
    themes = [_theme_role(one, found) for one, found in by_theme.items()]
    periods = [
        PeriodRole(period, found["joint_local_share"]["n"], _shares(found))
        for (_, period), found in measured.items() if period != "all"
    ]  # fmt: skip
    own = by_theme.get(theme, {})
    note = _note(row, theme, own, label)
    found: list[Claim] = []
    n_looked_at = 0
    if note is None:
        found, n_looked_at = _claims(edition, row, theme, own)
    shared = own.get("joint_local_share", {}).get("n") or 0
    summary = _summary(row, own, found) if found else ""
    return RoleAnswer(
        cluster_id, row["name"], list(row["countries"]), row["level"], theme, label, shared,
        summary, found, n_looked_at, themes, periods, note,
    )  # fmt: skip


def _claims(
    edition: Edition, row: dict[str, Any], theme: str, own: dict[str, dict[str, Any]]
) -> tuple[list[Claim], int]:
    cluster_id, countries = row["cluster_id"], list(row["countries"])
    whole = network(edition, theme=theme, level=row["level"], arcs="all")
    surprises, n_looked_at = surprise_claims(edition, cluster_id, theme, countries)
    single = [
        sector_claim(own, cluster_id, theme),
        betweenness_claim(own, whole, cluster_id),
        constraint_claim(own, whole, cluster_id),
        bridging_claim(own, whole, cluster_id),
        gateway_claim(whole, cluster_id),
        group_claim(whole, cluster_id),
    ]
    said = {each.rule: each for each in single if each is not None}
    told = [
        *reach_claims(own, cluster_id, theme, countries),
        *(said[rule] for rule in ("sectors", "betweenness", "constraint") if rule in said),
        *joins_claims(edition, whole, cluster_id),
        *(said[rule] for rule in ("bridging", "gateways", "group") if rule in said),
        *surprises,
    ]
    return told, n_looked_at


def _summary(row: dict[str, Any], own: dict[str, dict[str, Any]], found: list[Claim]) -> str:
    """The headline with the largest share, and the first of the others that tells something."""
    said = f"{row['name']} {reach_headline(own, row['countries'])}: {found[0].words}"
    apart = next((each for each in found[1:] if each.rule == "reach" and each.verdict in
                  ("more", "less")), None)  # fmt: skip
    broker = next((each for each in found if each.rule == "betweenness"
                   and each.verdict == "more"), None)  # fmt: skip
    joins = next((each for each in found if each.rule == "joins"), None)
    rest = [
        *([apart.words] if apart else []),
        *([_lowered(broker.words.partition(":")[0])] if broker else []),
        *([_lowered(joins.words.partition(":")[0])] if joins else []),
    ]
    return ". ".join([said, *([f"{'; '.join(rest)[0].upper()}{'; '.join(rest)[1:]}"]
                              if rest else [])]) + "."  # fmt: skip


def _lowered(words: str) -> str:
    return words[0].lower() + words[1:]


def _measures(
    edition: Edition, cluster_id: str
) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """By theme and period, each measure's row."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in edition.rows(Query("measures", _MEASURES, {"cluster": cluster_id})):
        found.setdefault((row["theme"], row["period"]), {})[row["measure"]] = row
    return {label: own for label, own in found.items() if "joint_local_share" in own}


def _label(edition: Edition, theme: str) -> str | None:
    if theme == "all":
        return None
    found = edition.rows(Query("label", _LABEL, {"theme": theme}))
    if not found:
        raise unknown_theme(edition, theme)
    return found[0]["label"] or theme


def _theme_role(theme: str, own: dict[str, dict[str, Any]]) -> ThemeRole:
    first = own["joint_local_share"]
    return ThemeRole(theme, first["label"], first["n"], _shares(own))


def _shares(own: dict[str, dict[str, Any]]) -> list[ScopeShare]:
    shares = []
    for scope in SCOPES:
        found, held = bounded(own, f"joint_{scope}_share"), expected_share(own, scope)
        if found is not None:
            null, by = held or (None, None)
            verdict = against(found, null) if null else None
            expected = null or Bounded(None)  # type: ignore[arg-type]
            shares.append(ScopeShare(scope, *found, *expected, by, verdict))
    return shares


def _note(
    row: dict[str, Any], theme: str, own: dict[str, dict[str, Any]], label: str | None
) -> str | None:
    if row["theme"] != "all" or row["period"] != "all":
        return (
            "Roles are told of clusters of all activity: this one was found among some of it "
            "alone, and the edition counts no ties for it."
        )
    if not own:
        where = "" if theme == "all" else f" in {label}"
        least = "any activity" if theme == "all" else "five activities"
        return f"It does not share {least}{where} with others in this edition: too little to tell."
    return None

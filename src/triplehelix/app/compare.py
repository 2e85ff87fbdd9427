"""Clusters side by side: profiles, not one ranking."""

from dataclasses import dataclass

from triplehelix.app.cluster_profile import ClusterProfile, Measure, Partner, cluster_profile
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition

MOST = 4


@dataclass(frozen=True, slots=True)
class ThemeComparison:
    """One theme across the clusters compared, in their order; None where it was not measured."""

    theme: str
    label: str | None
    quotients: list[Measure | None]


@dataclass(frozen=True, slots=True)
class Shared:
    """Activities that two of the clusters share; `tie` carries what chance would give."""

    a: str
    b: str
    n_activities: int
    tie: Partner | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two to four clusters side by side."""

    clusters: list[ClusterProfile]
    themes: list[ThemeComparison]
    shared: list[Shared]


def compare(edition: Edition, cluster_ids: list[str]) -> Comparison:
    """
    Clusters side by side, in the order they are given.

    Raises
    ------
    InputError
        If there are not two to four of them, or one is given twice.
    UnknownName
        If the edition has no such cluster.
    """
    if not 2 <= len(cluster_ids) <= MOST or len(set(cluster_ids)) != len(cluster_ids):
        raise InputError(
            f"{len(set(cluster_ids))} different clusters were given; give two to {MOST} "
            "different ones as ?cluster=ID&cluster=ID"
        )
    profiles = [cluster_profile(edition, one) for one in cluster_ids]
    return Comparison(profiles, _themes(profiles), _shared(edition, profiles))


def _themes(profiles: list[ClusterProfile]) -> list[ThemeComparison]:
    by_theme = [{m.theme: m for m in p.strengths} for p in profiles]
    labels = {m.theme: m.label for p in profiles for m in p.strengths}
    ordered = sorted(labels, key=lambda t: (-max(_value(b.get(t)) for b in by_theme), t))
    return [ThemeComparison(t, labels[t], [b.get(t) for b in by_theme]) for t in ordered]


def _value(measure: Measure | None) -> float:
    return measure.value if measure is not None and measure.value is not None else 0.0


def _shared(edition: Edition, profiles: list[ClusterProfile]) -> list[Shared]:
    shared = []
    for i, one in enumerate(profiles):
        for other in profiles[i + 1 :]:
            a, b = one.cluster.cluster_id, other.cluster.cluster_id
            n = edition.rows(Query("shared", _SHARED, {"a": a, "b": b}))[0]["n"]
            tie = next((p for p in one.partners if p.id == b), None)
            shared.append(Shared(a, b, n, tie))
    return shared


_SHARED = """
    select count(*) as n from atlas.cluster_activities
    where cluster_id = $a and activity_id in
          (select activity_id from atlas.cluster_activities where cluster_id = $b)"""

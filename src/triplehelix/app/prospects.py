"""What a cluster can build on, try and must mind: each finding in words, with its figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.partners.seeking import Partners, clusters_to_seek
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.app.prospect_words import in_words, themes_beside
from triplehelix.measure.prospects.judging import WEAK
from triplehelix.measure.prospects.mixing import AT_MOST
from triplehelix.measure.prospects.renewal import LEAST_EXCESS
from triplehelix.measure.prospects.trends import LEAST_CHANGE
from triplehelix.query import Query
from triplehelix.store.edition import Edition

SURE = ("strong", "moderate")
# In the order in which they are told; of those alike the surest first.
SECTIONS = {
    "strengths": ("specialised",), "openings": ("opening", "growing"),
    "risks": ("losing", "carried", "ageing_partners"), "missing": ("missing_helix",),
    "dependence": ("one_funder", "one_source"),
}  # fmt: skip
PARTNERS = 5
# On which side of the expected, and how far, by the rules.
_SIZES = {
    "growing": (False, LEAST_CHANGE), "losing": (True, 1 / LEAST_CHANGE),
    "missing_helix": (True, AT_MOST), "ageing_partners": (False, LEAST_EXCESS),
}  # fmt: skip
# What leans one way, and as far by chance in one of five cases or fewer.
LEANING, LEANINGS = 0.2, 8


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What one rule found, or looked for in vain (`evidence` is `none`).

    `value` has bounds `low` and `high` and is held against `expected`; it rests on `n`
    activities, members or partners. `subject` is whom it is about, `trend` what the same theme
    does besides: `growing`, `losing` or None. Evidence is asked by kind, theme and subject.
    """

    kind: str
    theme: str
    label: str | None
    subject: str
    subject_name: str | None
    words: str
    trend: str | None
    value: float | None
    low: float | None
    high: float | None
    expected: float | None
    n: int
    p_value: float | None
    q_value: float | None
    evidence: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Prospects:
    """
    The opportunities and challenges of a cluster.

    Each list has what was found, the surest first; `not_found` the rest of what was looked at,
    and `leanings` those of it that come nearest: a leaning is no finding. `partners` are up to
    five clusters it should seek. `untold` says what could not be told, and why;
    `minded` what to mind of what is.
    """

    cluster_id: str
    name: str
    sample: bool
    split: int | None
    strengths: list[Finding]
    openings: list[Finding]
    risks: list[Finding]
    missing: list[Finding]
    partners: Partners
    dependence: list[Finding]
    leanings: list[Finding]
    not_found: list[Finding]
    untold: list[str]
    minded: list[str]

    @property
    def n_found(self) -> int:
        """How many findings there are."""
        return sum(len(getattr(self, name)) for name in SECTIONS)

    def told(self, section: str) -> bool:
        """Whether anything of a section was looked at; if not, nothing found says nothing."""
        kinds = {f.kind for f in self.not_found}
        return bool(getattr(self, section)) or bool(kinds & set(SECTIONS[section]))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The split of the years, and the shares of participations placed before it and since."""

    split: int
    before: float | None
    since: float | None


def prospects(edition: Edition, cluster_id: str) -> Prospects:
    """
    Strengths, openings, risks, what is missing and what a cluster depends on, by published rules.

    Raises
    ------
    UnknownName
        If the edition has no such cluster; near names are given.
    """
    cluster = cluster_row(prepare(edition), cluster_id)
    found = findings(edition, cluster_id)
    by_section = {
        name: [f for f in found if f.kind in kinds and f.evidence != "none"]
        for name, kinds in SECTIONS.items()
    }
    strong = {f.theme for f in by_section["strengths"]}
    # What grows and is a strength already is told there.
    by_section["openings"] = [
        f for f in by_section["openings"] if f.kind != "growing" or f.theme not in strong
    ]
    partners = clusters_to_seek(edition, cluster_id, n=PARTNERS)
    cover = coverage(edition)
    return Prospects(
        cluster_id=cluster_id, name=cluster["name"], sample=bool(edition.manifest.get("sample")),
        split=cover.split if cover else None, **by_section, partners=partners,
        leanings=[f for f in found if _leans(f)][:LEANINGS],
        not_found=[f for f in found if f.evidence == "none"],
        untold=_untold(edition, cluster, found, _nobody(partners)), minded=_minded(edition, cover),
    )  # fmt: skip


def findings(edition: Edition, cluster_id: str) -> list[Finding]:
    """All that was looked at in a cluster, the surest first; of equals by theme and subject."""
    rows = prepare(edition).rows(Query("prospects", _ROWS, {"cluster": cluster_id}))
    trends = {r["theme"]: r["kind"] for r in rows
              if r["kind"] in ("growing", "losing") and r["evidence"] in SURE}  # fmt: skip
    near = themes_beside(edition, cluster_id) if _has_openings(rows) else {}
    return [
        Finding(**row, trend=trends.get(row["theme"]),
                words=in_words(row, trends.get(row["theme"]), near.get(row["theme"], [])))
        for row in rows
    ]  # fmt: skip


def sure_findings(found: Iterable[Finding]) -> list[Finding]:
    """Those with strong or moderate evidence."""
    return [f for f in found if f.evidence in SURE]


@once_per_edition
def coverage(edition: Edition) -> Coverage | None:
    """Where the rules split the years; None if all activities begin in one, or none is known."""
    rows = prepare(edition).rows(Query("coverage", _COVERAGE))
    return Coverage(**rows[0]) if rows else None


def _leans(finding: Finding) -> bool:
    """Whether something not found lies on the side that its rule asks for, and not far off."""
    value, base, p_value = finding.value, finding.expected, finding.p_value
    if finding.evidence != "none" or value is None or base is None or p_value is None:
        return False
    below, factor = _SIZES.get(finding.kind, (False, 1.0))
    there = value <= factor * base if below else value >= factor * base and value > base
    # What is not found though its chance is small is not of a size that counts.
    return there and WEAK < p_value <= LEANING


def _has_openings(rows: list[dict[str, Any]]) -> bool:
    return any(r["kind"] == "opening" and r["p_value"] <= LEANING for r in rows)


def _untold(
    edition: Edition, cluster: dict[str, Any], found: list[Finding], why_none: str | None
) -> list[str]:
    kinds = {f.kind for f in found}
    whole = cluster["theme"] == "all" and cluster["period"] == "all"
    if cluster["period"] != "all":
        return ["Nothing is told of clusters of single years: look at the cluster of all years."]
    said = []
    if not kinds & {"growing", "losing"}:
        said.append("Growth: fewer than five activities of known year, or all begin in one year.")
    if whole and "opening" not in kinds:
        said.append("Openings: the edition has too few themes, or too little work in them here.")
    if not whole:
        said.append("Strengths, openings and payers: told for clusters of all activity only.")
    if "ageing_partners" not in kinds:
        said.append("The age of its partners: too few first meetings, here or in other clusters.")
    if whole and "one_funder" not in kinds:
        said.append("Dependence on a funder: payers are recorded for fewer than five activities.")
    if whole and "one_source" not in kinds:
        said.append(
            f"Dependence on one programme: all that is known is from one source "
            f"({', '.join(_sources(edition)) or 'none'})."
        )
    return said + ([f"Clusters to seek: {why_none}."] if why_none else [])


def _nobody(partners: Partners) -> str | None:
    """Why no cluster is named to seek; None if one is."""
    if any(each.partners for each in partners.lists):
        return None
    return partners.note or "there is none that it works with less than expected"


def _minded(edition: Edition, cover: Coverage | None) -> list[str]:
    said = []
    if edition.manifest.get("sample"):
        said.append("The edition is a sample: what is found is found of the sample.")
    if cover and cover.before and cover.since and abs(cover.before - cover.since) > 0.05:
        said.append(
            f"Of all participations {100 * cover.before:.0f} % are placed before {cover.split} "
            f"and {100 * cover.since:.0f} % since: where newcomers have no place, a cluster with "
            "many of them seems to lose ground."
        )
    return said


@once_per_edition
def _sources(edition: Edition) -> tuple[str, ...]:
    rows = edition.rows(Query("sources", "select distinct source from activities order by 1"))
    return tuple(row["source"] for row in rows if row["source"])


_ROWS = """
    select p.kind, p.theme, t.label, p.subject, o.name as subject_name, p.value, p.low, p.high,
           p.expected, p.n, p.p_value, p.q_value, p.evidence, p.note
    from prospects p
    left join atlas.themes t using (theme)
    left join atlas.organisations o on o.organisation_id = p.subject
    where p.cluster_id = $cluster
    order by list_position(['strong', 'moderate', 'weak', 'none'], p.evidence), p.p_value,
             p.kind, p.theme <> 'all', p.theme, p.subject"""

# As the rules have it: of activities with a known year and a placed organisation.
_COVERAGE = """
    with known as (
        select activity_id, year, count(*) as n, count(*) filter (placed) as n_placed
        from atlas.participations join atlas.activities using (activity_id)
        where year is not null group by all),
    years as (select year, count(*) as n from known where n_placed > 0 group by year),
    halves as (
        select year, sum(n) over (order by year rows between unbounded preceding and 1 preceding)
               as before, sum(n) over () as whole from years),
    split as (
        select year as split from halves where before is not null
        order by abs(2 * before - whole), year limit 1)
    select split, sum(n_placed) filter (year < split) / sum(n) filter (year < split) as before,
           sum(n_placed) filter (year >= split) / sum(n) filter (year >= split) as since
    from known cross join split group by split"""

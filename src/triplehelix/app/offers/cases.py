"""The case for investment in a cluster of an edition."""

from collections.abc import Iterator
from pathlib import Path

from pydantic_core import to_json

from triplehelix.app.cluster_profile import ClusterProfile, Partner, cluster_profile
from triplehelix.app.contents import contents
from triplehelix.app.layers import layers
from triplehelix.app.offers.gathering import edition_period, edition_sources
from triplehelix.app.offers.offering import material_for, part, shipped_chain
from triplehelix.app.offers.question import MOST_THEMES, OfferQuestion, asked_for, themes_offered
from triplehelix.app.offers.saving import ATLAS, document_saved, write_file
from triplehelix.app.partners.seeking import clusters_to_seek
from triplehelix.app.prospects import Finding as Found
from triplehelix.app.prospects import coverage, findings
from triplehelix.draw.numbers import interval, shown
from triplehelix.errors import InputError
from triplehelix.offer.case.case import Case
from triplehelix.offer.case.compose import SURE, compose_case
from triplehelix.offer.case.material import CaseMaterial, Finding, Tie
from triplehelix.offer.case.writing import case_document
from triplehelix.offer.facts import cluster_path, organisation_path
from triplehelix.offer.figures import Figure
from triplehelix.offer.material import Measured
from triplehelix.offer.parts import Part
from triplehelix.offer.wording import Name, Run, Wording
from triplehelix.query import Query
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

TIES = 12


def case(
    edition: Edition, cluster_id: str, *, registry: Registry | None = None,
    words: Wording | None = None,
) -> Case:  # fmt: skip
    """
    The case for a cluster: strengths, trend, role, what could come next, gaps, each by a rule.

    Raises
    ------
    UnknownName
        If the edition has no such cluster; near names are given.
    """
    profile = cluster_profile(edition, cluster_id)
    return compose_case(_gathered(edition, profile, registry, words or Wording()), words)


def save_case(
    edition: Edition, found: Case, form: str, out: Path, *, atlas: str = ATLAS,
    words: Wording | None = None,
) -> None:  # fmt: skip
    """
    Write a case to a file, in a form of `saving.FORMS`.

    Raises
    ------
    InputError
        If there is no such form, or the file cannot be written.
    """
    if form == "json":
        content = to_json(found, inf_nan_mode="null", indent=1) + b"\n"
    else:
        content = document_saved(edition, case_document(found, words), form, atlas=atlas)
    write_file(out, content)


def case_lines(found: Case, language: str = "en") -> Iterator[str]:
    """The case as lines of plain text, intervals in parentheses."""
    for chapter in found.chapters:
        yield f"\n{chapter.title}"
        for statement in chapter.statements:
            yield "- " + "".join(_plain(run, language) for run in statement.runs)


def _plain(run: Run, language: str) -> str:
    if isinstance(run, Figure):
        between = interval(run, language)
        return shown(run, language) + (f" ({between})" if between else "")
    return run if isinstance(run, str) else run.text


def _gathered(
    edition: Edition, profile: ClusterProfile, registry: Registry | None, words: Wording
) -> CaseMaterial:
    row, about, cover = profile.cluster, contents(edition), coverage(edition)
    found = tuple(_finding(one, words) for one in findings(edition, row.cluster_id))
    asked = _themes(edition, profile, found, words)
    own = _part(edition, asked, row.cluster_id, registry, words) if asked else None
    size = next((one.n_clusters for one in layers(edition)
                 if (one.level, one.of, one.period)
                 == (row.level, profile.theme, profile.period)), 0)  # fmt: skip
    return CaseMaterial(
        edition.id, about.name, about.sample, edition_sources(edition), edition_period(edition),
        Name(row.name, cluster_path(row.cluster_id)), tuple(row.countries), row.centre_lat,
        row.centre_lon, row.evidence, size,
        tuple((m.measure.removeprefix("amount_"), m.value, m.n or 0) for m in profile.measures
              if m.measure.startswith("amount_") and m.value is not None),
        _measures(profile), found, cover.split if cover else None, own,
        tuple(Name(words(label), f"/themes/{theme}") for theme, label in _labels(edition, asked)),
        _lacking(edition, asked, own, registry, words) if asked and own else (),
        f"/offer/part?{asked.query}&cluster={row.cluster_id}" if asked else "",
        _ties(edition, profile.partners),
        tuple(Name(each.party.name, cluster_path(each.party.id))
              for one in clusters_to_seek(edition, row.cluster_id, n=5).lists
              for each in one.partners),
    )  # fmt: skip


def _finding(one: Found, words: Wording) -> Finding:
    subject = None
    if one.subject_name:
        subject = Name(one.subject_name, organisation_path(one.subject))
    label = words(one.label) if one.label else one.theme
    return Finding(one.kind, one.theme, label, subject, one.subject, one.value, one.low, one.high,
                   one.expected, one.n, one.evidence)  # fmt: skip


def _measures(profile: ClusterProfile) -> dict[str, Measured]:
    row = profile.cluster
    seen = {
        m.measure: Measured(m.value, m.low, m.high, m.n)
        for m in profile.measures if m.theme == "all" and m.value is not None
    }  # fmt: skip
    # Of a cluster of one theme these stand under its theme.
    for name in ("n_organisations", "n_activities"):
        value, low, high = (getattr(row, f"{name}{end}") for end in ("", "_low", "_high"))
        seen[name] = Measured(value, low, high, row.n_activities)
    return seen


def _themes(
    edition: Edition, profile: ClusterProfile, found: tuple[Finding, ...], words: Wording
) -> OfferQuestion | None:
    """
    The themes whose value chain the cluster is held against; None for clusters of no offer.

    Up to three that are surely strengths; else the one with the most of its activities.
    """
    if (profile.theme, profile.period, profile.cluster.level) != ("all", "all", 0):
        return None
    offered = set(themes_offered(edition))
    sure = [f.theme for f in found if f.kind == "specialised" and f.evidence in SURE]
    most = sorted(profile.strengths, key=lambda m: (-(m.n or 0), m.theme))
    themes = [theme for theme in sure if theme in offered][:MOST_THEMES]
    themes = themes or [m.theme for m in most if m.theme in offered and m.n][:1]
    return asked_for(themes, language=words.language) if themes else None


def _part(
    edition: Edition, asked: OfferQuestion, cluster_id: str, registry: Registry | None,
    words: Wording,
) -> Part | None:  # fmt: skip
    try:
        return part(edition, asked, cluster_id, registry=registry, words=words)
    except InputError:
        # An edition may have put it out of the question: then nothing is said of its part.
        return None


def _lacking(
    edition: Edition, asked: OfferQuestion, own: Part, registry: Registry | None, words: Wording
) -> tuple[str, ...]:
    """Labels of roles that a rule tells and the cluster shows no evidence of."""
    chain = shipped_chain()
    material = material_for(edition, asked, registry=registry)
    has = {(role.theme, role.role) for role in own.roles}
    several = len(material.themes) > 1
    return tuple(
        f"{words(role.label)} ({theme.label})" if several else words(role.label)
        for theme in material.themes for slug in theme.roles
        if (role := chain.role(slug)) is not None and (theme.theme, slug) not in has
    )  # fmt: skip


def _labels(edition: Edition, asked: OfferQuestion | None) -> list[tuple[str, str]]:
    if asked is None:
        return []
    rows = edition.rows(Query("labels", _LABELS, {"themes": list(asked.themes)}))
    return [(row["theme"], row["label"]) for row in rows]


def _ties(edition: Edition, partners: list[Partner]) -> tuple[Tie, ...]:
    known = [p for p in partners if p.n_activities][:TIES]
    rows = edition.rows(Query("centres", _CENTRES, {"ids": [p.id for p in known]}))
    at = {row["cluster_id"]: (row["centre_lat"], row["centre_lon"]) for row in rows}
    return tuple(
        Tie(Name(p.name or p.id, cluster_path(p.id)), *at.get(p.id, (None, None)),
            p.n_activities or 0)
        for p in known
    )  # fmt: skip


_LABELS = """
    select theme, coalesce(label, theme) as label from atlas.themes
    where list_contains($themes, theme) order by theme"""

_CENTRES = """
    select cluster_id, centre_lat, centre_lon from atlas.clusters
    where list_contains($ids, cluster_id) order by cluster_id"""

"""The page of the combined offer, its forms, and what stands behind its figures."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.citing import cite_offer
from triplehelix.app.landscape import cluster_countries, cluster_names
from triplehelix.app.offers.evidence import EvidenceList, Narrowed, evidence, evidence_rows
from triplehelix.app.offers.needing import question_for, understood_need
from triplehelix.app.offers.offering import offer, part, shipped_chain
from triplehelix.app.offers.question import OfferQuestion, partner_asked, roles_of, themes_asked
from triplehelix.app.offers.saving import figure_rows, saved
from triplehelix.app.offers.wordings import wording
from triplehelix.app.theme import themes
from triplehelix.draw.html import fragment
from triplehelix.offer.facts import organisation_path
from triplehelix.offer.wording import Wording
from triplehelix.offer.writing import written
from triplehelix.read.country_groups import country_groups
from triplehelix.serve.asked import ForOffer, Roles, Themes
from triplehelix.serve.cite_pages import base_of
from triplehelix.serve.embed_pictures import map_alt
from triplehelix.serve.registry.live import page_answered_by, unkept
from triplehelix.serve.render import View, edition_of, site_of
from triplehelix.serve.spoken import spoken
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

router = APIRouter(include_in_schema=False)

_MEDIA = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_ROW = ["kind", "id", "name", "begun", "source"]


def registry_or_none(request: Request) -> Registry | None:
    """The registry whose public assets count, if the atlas has one."""
    found: Registry | None = request.app.state.registry
    return found


def answer_of_now(
    request: Request, view: View, form: str = "html", forms: tuple[str, ...] = ()
) -> Response:
    """What counts assets of the registry is true only now, though it is the same for everybody."""
    response = site_of(request).answer(request, view, form, forms)
    return response if registry_or_none(request) is None else unkept(response)


def _choices(request: Request, question: OfferQuestion | None, words: Wording) -> dict[str, Any]:
    edition = edition_of(request)
    chain = shipped_chain()
    in_chain = roles_of(edition, question) if question else set()
    return {
        **spoken(words),
        "roles": [(r.role, words(r.label)) for r in chain.roles if r.role in in_chain],
        "question": question,
        "themes": [t for t in themes(edition) if t.n_clusters],
        "audiences": chain.audiences,
        "countries": cluster_countries(edition),
        "groups": sorted(country_groups()),
    }


@page_answered_by(answer_of_now, router, "/offer", ("json", "csv"))
def offer_page(
    request: Request,
    theme: Themes = [],  # noqa: B006
    partner: str = "",
    audience: str = "general",
    country: str = "",
    roles: Roles = [],  # noqa: B006
    need: str = "",
    lang: str = "en",
) -> View:
    """The combined offer; without a theme or a need that tells one, a form to ask for one."""
    edition, asked, words = edition_of(request), need.strip(), wording(lang)
    told = understood_need(edition, asked) if asked else None
    if request.url.path == "/offer" and not any(theme) and not (told and told.themes):
        context = _choices(request, None, words) | {"forms": (), "need": asked, "told": told}
        return View("offer_form.html", None, context)
    question = question_for(
        edition, theme, partner, audience, country, ",".join(roles), asked, lang
    )
    made = offer(edition, question, registry=registry_or_none(request), words=words)
    document = written(made, words)
    context = {"document": document, "need": asked, "told": told,
               **_choices(request, question, words)}  # fmt: skip
    if request.url.path == "/offer":
        context["body"] = fragment(document)
        context["citation"] = cite_offer(edition, question, document.title, base_of(request))
        context["picture_alt"] = map_alt(document)
    return View("offer.html", made, context, table=lambda: figure_rows(document))


@router.get("/offer.pdf")
def offer_pdf(request: Request, question: ForOffer) -> Response:
    """The combined offer for print."""
    return _file(request, question, "pdf")


@router.get("/offer.pptx")
def offer_pptx(request: Request, question: ForOffer) -> Response:
    """The combined offer as slides."""
    return _file(request, question, "pptx")


def _file(request: Request, question: OfferQuestion, form: str) -> Response:
    words = wording(question.language)
    edition, registry = edition_of(request), registry_or_none(request)
    made = offer(edition, question, registry=registry, words=words)
    atlas = str(request.base_url)
    content = saved(edition, made, form, atlas=atlas, words=words, in_worker=True)
    tongue = "" if question.language == "en" else f"-{question.language}"
    name = f"offer-{'-'.join(question.themes)}{tongue}.{form}"
    named = {"content-disposition": f'inline; filename="{name}"'}
    response = Response(content, media_type=_MEDIA[form], headers=named)
    return response if registry is None else unkept(response)


@page_answered_by(answer_of_now, router, "/offer/part", ("json",))
def part_page(request: Request, question: ForOffer, cluster: str = "") -> View:
    """One cluster's part in an offer; without a cluster, a form to choose one."""
    edition = edition_of(request)
    context = {
        **spoken(wording(question.language)), "question": question, "all": cluster_names(edition),
        "labels": [theme.label for theme in themes_asked(edition, question)],
    }  # fmt: skip
    if not cluster:
        return View("offer_part.html", None, context)
    found = part(edition, question, cluster, registry=registry_or_none(request))
    return View("offer_part.html", found, context)


@page_answered_by(answer_of_now, router, "/offer/evidence", ("json", "csv"))
def evidence_page(
    request: Request,
    question: ForOffer,
    cluster: str = "",
    partner_cluster: str = "",
    of: str = "",
    role: str = "",
    organisation: str = "",
    joint: str = "",
    period: str = "",
) -> View:
    """The activities, organisations and assets that a figure of an offer counts."""
    narrowed = Narrowed(cluster, partner_cluster, of, role, organisation, joint, period)
    found = evidence(edition_of(request), question, narrowed, registry=registry_or_none(request))
    context = {
        **spoken(wording(question.language)), "question": question,
        "said": list(_said(edition_of(request), question, found)),
    }  # fmt: skip
    return View(
        "offer_evidence.html", found, context, table=lambda: (_ROW, list(evidence_rows(found)))
    )


def _said(
    edition: Edition, question: OfferQuestion, found: EvidenceList
) -> Iterator[tuple[str, str]]:
    """What the list was narrowed to, as people read it; an id without a name as it is."""
    words, narrowed = wording(question.language), found.narrowed
    labels = {theme.theme: theme.label for theme in themes_asked(edition, question)}
    partner, role = partner_asked(question), shipped_chain().role(narrowed.role)
    names = dict(cluster_names(edition))
    joint = {"theme": words("Of the theme"), "all": words("Of any theme"),
             "placed": words("Of any theme, with an organisation in a cluster")}  # fmt: skip
    said = [
        (words("Theme"), words.joined(labels.values())),
        (words("Partner"), partner.label if partner else ""),
        (words("Cluster"), found.cluster),
        (words("Together with"), names.get(narrowed.partner_cluster, narrowed.partner_cluster)),
        (words("Of the theme"), labels.get(narrowed.of, narrowed.of) if len(labels) > 1 else ""),
        (words("Role"), words(role.label) if role else narrowed.role),
        (words("Organisation"), next(iter(_names(found, narrowed.organisation)), "")),
        (words("Joint activities"), joint.get(narrowed.joint, "")),
        (words("Begun"), words.years(narrowed.period)),
    ]
    return ((name, value) for name, value in said if value)


def _names(found: EvidenceList, organisation_id: str) -> Iterator[str]:
    if organisation_id:
        path = organisation_path(organisation_id)
        yield from (one.text for one in found.organisations if one.path == path)
        yield organisation_id

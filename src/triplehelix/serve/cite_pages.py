"""Citations, and the stable addresses that they give: one for each edition, by its content."""

import re

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from triplehelix.app.citing import Citation, cite_cluster, cite_edition, cite_offer
from triplehelix.app.offers.offering import offer
from triplehelix.app.offers.wordings import wording
from triplehelix.offer.writing import written
from triplehelix.serve.asked import ForOffer
from triplehelix.serve.render import edition_of, site_of

router = APIRouter(include_in_schema=False)
# Only what is cited is led on to: an address may not be made to lead elsewhere.
_CITED = re.compile(r"edition|offer|clusters/[^/]+(/case)?")


@router.get("/edition.bib")
def edition_bib(request: Request) -> Response:
    """How to cite the edition."""
    return _bib(cite_edition(edition_of(request), base_of(request)))


@router.get("/clusters/{cluster_id}.bib")
def cluster_bib(request: Request, cluster_id: str) -> Response:
    """How to cite a cluster of the edition."""
    return _bib(cite_cluster(edition_of(request), cluster_id, base_of(request)))


@router.get("/offer.bib")
def offer_bib(request: Request, question: ForOffer, lang: str = "en") -> Response:
    """How to cite an offer of the edition."""
    edition, words = edition_of(request), wording(lang)
    title = written(offer(edition, question, words=words), words).title
    return _bib(cite_offer(edition, question, title, base_of(request)))


@router.get("/editions/{edition_id}")
def cited_edition(request: Request, edition_id: str) -> Response:
    """The edition that was cited: the one served, or word that it is gone."""
    return cited(request, edition_id, "edition")


@router.get("/editions/{edition_id}/{page:path}")
def cited(request: Request, edition_id: str, page: str) -> Response:
    """A page of the edition that was cited: of the one served, or word that it is gone."""
    site = site_of(request)
    known = _CITED.fullmatch(page) is not None
    query = f"?{request.url.query}" if request.url.query else ""
    if known and edition_id == site.edition.id:
        return RedirectResponse(f"/{page}{query}")
    there = f"/{page}{query}" if known else "/edition"
    context = {"asked": edition_id, "there": there, "same": edition_id == site.edition.id}
    return site.html(request, "edition_gone.html", context, 404 if context["same"] else 410)


def base_of(request: Request) -> str:
    """The atlas's own address, without a slash at the end."""
    return str(request.base_url).rstrip("/")


def _bib(citation: Citation) -> Response:
    named = {"content-disposition": f'inline; filename="{citation.key}.bib"'}
    return Response(citation.bibtex, media_type="application/x-bibtex; charset=utf-8",
                    headers=named)  # fmt: skip

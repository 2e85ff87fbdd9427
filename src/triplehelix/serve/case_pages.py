"""The page, and the paper, of the case for investment in a cluster."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.offers.cases import case
from triplehelix.app.offers.saving import document_saved, figure_rows
from triplehelix.app.offers.wordings import wording
from triplehelix.draw.html import fragment
from triplehelix.offer.case.case import Case
from triplehelix.offer.case.writing import case_document
from triplehelix.serve.offer_pages import answer_of_now, registry_or_none
from triplehelix.serve.registry.live import page_answered_by, unkept
from triplehelix.serve.render import View, edition_of
from triplehelix.serve.spoken import spoken

router = APIRouter(include_in_schema=False)


@router.get("/clusters/{cluster_id}/case.pdf")
def case_pdf(request: Request, cluster_id: str, lang: str = "en") -> Response:
    """The case for print."""
    words = wording(lang)
    document = case_document(_case(request, cluster_id, lang), words)
    atlas = str(request.base_url)
    content = document_saved(edition_of(request), document, "pdf", atlas=atlas, in_worker=True)
    named = {"content-disposition": f'inline; filename="case-{cluster_id}.pdf"'}
    response = Response(content, media_type="application/pdf", headers=named)
    return response if registry_or_none(request) is None else unkept(response)


@page_answered_by(answer_of_now, router, "/clusters/{cluster_id}/case", ("json", "csv"))
def case_page(request: Request, cluster_id: str, lang: str = "en") -> View:
    """The case for investment in a cluster; its figures as CSV."""
    found, words = _case(request, cluster_id, lang), wording(lang)
    document = case_document(found, words)
    context = {**spoken(words), "document": document, "cluster_id": cluster_id,
               "body": fragment(document)}  # fmt: skip
    return View("case.html", found, context, table=lambda: figure_rows(document))


def _case(request: Request, cluster_id: str, lang: str) -> Case:
    registry = registry_or_none(request)
    return case(edition_of(request), cluster_id, registry=registry, words=wording(lang))

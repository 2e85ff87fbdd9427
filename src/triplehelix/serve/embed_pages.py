"""
Pages that other sites may show in a frame, and their pictures: a cluster's card, a chart, a map.

They are the only ones. They are made of the edition alone, so nothing of a registry is in them;
they set and read no cookie, and have neither form nor script.
"""

from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from triplehelix.app.cluster_profile import cluster_profile
from triplehelix.app.offers.offering import offer
from triplehelix.app.offers.question import OfferQuestion
from triplehelix.app.offers.wordings import wording
from triplehelix.draw.numbers import shown
from triplehelix.offer.document import Document
from triplehelix.offer.writing import written
from triplehelix.serve.asked import ForOffer
from triplehelix.serve.embed_pictures import largest, map_of, offer_svg, quotients_svg
from triplehelix.serve.render import edition_of, site_of

router = APIRouter(include_in_schema=False)


@router.get("/embed/clusters/{cluster_id}")
def card(request: Request, cluster_id: str) -> Response:
    """A cluster's card: how large, how sure, what it is good at."""
    profile = cluster_profile(edition_of(request), cluster_id)
    return _framed(request, "embed_card.html", {"answer": profile, "row": profile.cluster})


@router.get("/embed/clusters/{cluster_id}/quotients")
def chart(request: Request, cluster_id: str) -> Response:
    """A chart of the themes that a cluster is good at, with their intervals."""
    profile = cluster_profile(edition_of(request), cluster_id)
    picture = Markup(quotients_svg(profile.strengths, profile.cluster.name))  # noqa: S704
    context = {"row": profile.cluster, "picture": picture, "shown": largest(profile.strengths)}
    return _framed(request, "embed_chart.html", context)


@router.get("/embed/clusters/{cluster_id}/quotients.svg")
def chart_picture(request: Request, cluster_id: str) -> Response:
    """The chart as a picture."""
    profile = cluster_profile(edition_of(request), cluster_id)
    return _picture(quotients_svg(profile.strengths, profile.cluster.name))


@router.get("/embed/offer")
def offer_map(request: Request, question: ForOffer) -> Response:
    """The map of an offer, and the table of what it shows."""
    document = _document(request, question)
    picture = Markup(offer_svg(edition_of(request), document))  # noqa: S704
    context = {"document": document, "drawn": map_of(document), "picture": picture,
               "question": question, "said": shown}  # fmt: skip
    return _framed(request, "embed_offer.html", context)


@router.get("/embed/offer.svg")
def offer_picture(request: Request, question: ForOffer) -> Response:
    """The map of an offer as a picture."""
    return _picture(offer_svg(edition_of(request), _document(request, question)))


def _document(request: Request, question: OfferQuestion) -> Document:
    """The offer of the edition alone: without a registry, whoever asks."""
    words = wording(question.language)
    return written(offer(edition_of(request), question, words=words), words)


def _picture(svg: str) -> Response:
    return Response(svg, media_type="image/svg+xml")


def _framed(request: Request, template: str, context: dict[str, Any]) -> Response:
    return site_of(request).html(request, template, context)

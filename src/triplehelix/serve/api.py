"""The JSON API: the questions of `app`, with their types, at /api/v1."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from triplehelix.app.activity import ActivityAnswer, activity
from triplehelix.app.cluster_activities import ClusterActivities, cluster_activities
from triplehelix.app.cluster_members import ClusterMembers, cluster_members
from triplehelix.app.cluster_place import ClusterPlace, cluster_place
from triplehelix.app.cluster_profile import ClusterProfile, cluster_profile
from triplehelix.app.compare import Comparison, side_by_side
from triplehelix.app.contents import Contents, contents
from triplehelix.app.front.finding import Answer
from triplehelix.app.landscape import Landscape, landscape
from triplehelix.app.layers import LayerSize, layers
from triplehelix.app.links import Links, links
from triplehelix.app.network.network import Network, network
from triplehelix.app.network.role import RoleAnswer, role_of
from triplehelix.app.offers.cases import case
from triplehelix.app.offers.needing import understood_need
from triplehelix.app.offers.offering import offer
from triplehelix.app.offers.wordings import wording
from triplehelix.app.organisation import OrganisationAnswer, organisation
from triplehelix.app.partners.between import Between, between
from triplehelix.app.partners.seeking import Partners, partners_of
from triplehelix.app.prospect_evidence import ProspectEvidence, prospect_evidence
from triplehelix.app.prospects import Prospects, prospects
from triplehelix.app.theme import ThemeAnswer, ThemeRow, theme, themes
from triplehelix.app.where import Whereabouts, where
from triplehelix.offer.case.case import Case
from triplehelix.offer.need import Understood
from triplehelix.offer.offer import Offer
from triplehelix.serve.asked import Compared, ForNetwork, ForOffer, ForPartners
from triplehelix.serve.front_pages import Limit, found, may_be_kept
from triplehelix.serve.headers import LIVE
from triplehelix.serve.problem import Problem
from triplehelix.serve.render import edition_of

_REFUSED: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "Nothing is so called"},
    422: {"model": Problem, "description": "A parameter is wrong"},
}
api = APIRouter(prefix="/api/v1", responses=_REFUSED)

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=1000)]


@api.get("/clusters", tags=["clusters"])
def list_clusters(
    request: Request,
    theme: str | None = None,
    country: str | None = None,
    kind: str | None = None,
    level: int = 0,
    of: str = "all",
    period: str = "all",
    sort: str = "activities",
    page: PageNumber = 1,
    per_page: PerPage = 200,
) -> Landscape:
    """
    Clusters of one level, theme and period, sorted and filtered by theme, country and kind.

    `theme` keeps clusters with activities of a theme; `of` asks for those that were found
    among the activities of a theme alone. `/api/v1/layers` says which there are.
    """
    return landscape(
        edition_of(request), theme=theme, country=country, kind=kind, level=level, of=of,
        period=period, sort=sort, page=page, per_page=per_page,
    )  # fmt: skip


@api.get("/layers", tags=["clusters"])
def list_layers(request: Request) -> list[LayerSize]:
    """The levels, themes and periods in which the edition has clusters."""
    return list(layers(edition_of(request)))


@api.get("/clusters/{cluster_id}", tags=["clusters"])
def one_cluster(request: Request, cluster_id: str) -> ClusterProfile:
    """One cluster: measures with their intervals, members, partners."""
    return cluster_profile(edition_of(request), cluster_id)


@api.get("/clusters/{cluster_id}/activities", tags=["clusters"])
def activities_of_cluster(
    request: Request,
    cluster_id: str,
    theme: str | None = None,
    year: int | None = None,
    scope: str | None = None,
    partner: str | None = None,
    period: str | None = None,
    page: PageNumber = 1,
    per_page: PerPage = 200,
) -> ClusterActivities:
    """The activities behind a figure of a cluster."""
    return cluster_activities(
        edition_of(request), cluster_id, theme=theme, year=year, scope=scope, partner=partner,
        period=period, page=page, per_page=per_page,
    )  # fmt: skip


@api.get("/clusters/{cluster_id}/members", tags=["clusters"])
def members_of_cluster(
    request: Request,
    cluster_id: str,
    helix: str | None = None,
    sort: str = "activities",
    page: PageNumber = 1,
    per_page: PerPage = 200,
) -> ClusterMembers:
    """The organisations of a cluster, each with its probability of belonging to it."""
    return cluster_members(
        edition_of(request), cluster_id, helix=helix, sort=sort, page=page, per_page=per_page
    )


@api.get("/clusters/{cluster_id}/role", tags=["links"])
def role_of_cluster(request: Request, cluster_id: str, theme: str = "all") -> RoleAnswer:
    """
    What role a cluster plays, in sentences with their figures and evidence.

    Evidence of the kind `activities` is what `/api/v1/clusters/{cluster_id}/activities` answers
    to the parameters in `asked`; that of the kind `network`, `/api/v1/network`.
    """
    return role_of(edition_of(request), cluster_id, theme=theme)


@api.get("/clusters/{cluster_id}/case", tags=["clusters"])
def case_for_cluster(request: Request, cluster_id: str, lang: str = "en") -> Case:
    """
    The case for investment in a cluster: statements by chapter, each with the rule that made it.

    Every number stands in a figure with its source, period, sample, uncertainty and evidence.
    """
    registry = request.app.state.registry
    return case(edition_of(request), cluster_id, registry=registry, words=wording(lang))


@api.get("/clusters/{cluster_id}/opportunities", tags=["clusters"])
def opportunities_of_cluster(request: Request, cluster_id: str) -> Prospects:
    """Strengths, openings, risks, what is missing, by published rules; and what was not found."""
    return prospects(edition_of(request), cluster_id)


@api.get("/clusters/{cluster_id}/opportunities/evidence", tags=["clusters"])
def evidence_of_opportunity(
    request: Request,
    cluster_id: str,
    kind: str,
    theme: str = "all",
    subject: str = "all",
    page: PageNumber = 1,
    per_page: PerPage = 200,
) -> ProspectEvidence:
    """The activities, members or partners behind a finding, by its kind, theme and subject."""
    return prospect_evidence(
        edition_of(request), cluster_id, kind=kind, theme=theme, subject=subject, page=page,
        per_page=per_page,
    )  # fmt: skip


@api.get("/clusters/{cluster_id}/place", tags=["clusters"])
def place_in_cluster(request: Request, cluster_id: str, organisation: str) -> ClusterPlace:
    """An organisation's place in a cluster: what rests on it, whom it alone brings."""
    return cluster_place(edition_of(request), cluster_id, organisation)


@api.get("/organisations/{organisation_id:path}", tags=["records"])
def one_organisation(request: Request, organisation_id: str) -> OrganisationAnswer:
    """One organisation, by ROR address, `ror:ID`, `source:ID`, or an earlier id."""
    return organisation(edition_of(request), organisation_id)


@api.get("/activities/{activity_id:path}", tags=["records"])
def one_activity(request: Request, activity_id: str) -> ActivityAnswer:
    """One activity with its participants and the records behind them."""
    return activity(edition_of(request), activity_id)


@api.get("/themes", tags=["themes"])
def list_themes(request: Request) -> list[ThemeRow]:
    """All themes of the edition's scheme."""
    return themes(edition_of(request))


@api.get("/themes/{name}", tags=["themes"])
def one_theme(request: Request, name: str) -> ThemeAnswer:
    """One theme, and the clusters that work in it."""
    return theme(edition_of(request), name)


@api.get("/links", tags=["links"])
def list_links(
    request: Request,
    kind: str = "cluster",
    country: str | None = None,
    level: int = 0,
    of: str = "all",
    period: str = "all",
    limit: PerPage = 100,
) -> Links:
    """The strongest ties between clusters, or of clusters with countries."""
    return links(
        edition_of(request), kind=kind, country=country, level=level, of=of, period=period,
        limit=limit,
    )  # fmt: skip


@api.get("/network", tags=["links"])
def whole_network(request: Request, asked: ForNetwork) -> Network:
    """Nodes, ties and groups of clusters or countries; `arcs` is `backbone` or `all`."""
    return network(edition_of(request), **asked._asdict())


@api.get("/partners", tags=["links"])
def list_partners(
    request: Request,
    asked: ForPartners,
    cluster: str | None = None,
    organisation: str | None = None,
    country: str | None = None,
) -> Partners:
    """
    Whom a cluster, an organisation or a country should seek, with the reasons; give one of them.

    `country` and `with` are a code (JP), a group (eu27) or a nation of the United Kingdom.
    """
    return partners_of(
        edition_of(request), cluster=cluster, organisation=organisation, country=country, **asked
    )


@api.get("/partners/between", tags=["links"])
def what_is_between(request: Request, a: str, b: str) -> Between:
    """All that speaks for two; each is `cluster:ID`, `organisation:ID` or `country:CODE`."""
    return between(edition_of(request), a, b)


@api.get("/search", tags=["search"])
def find(request: Request, response: Response, q: str, limit: Limit = 10) -> Answer:
    """
    What there is for words: names, and what members share as far as you see it; needs, themes
    and the place that the words tell of, with what could meet them and where that is at home.
    """
    answer = found(request, q, limit)
    if not may_be_kept(request, answer):
        response.headers["cache-control"] = LIVE
    return answer


@api.get("/where", tags=["search"])
def where_is(request: Request, town: str, country: str | None = None) -> list[Whereabouts]:
    """In which cluster a town lies, in which wider and finer ones, and which is nearest."""
    return where(edition_of(request), town, country=country)


@api.get("/compare", tags=["clusters"])
def compared(request: Request, cluster: Compared = [], country: Compared = []) -> Comparison:  # noqa: B006
    """Two to ten clusters, or countries (ISO codes), side by side, by name; never ranked."""
    return side_by_side(edition_of(request), cluster, country)


@api.get("/offer", tags=["offer"])
def combined_offer(request: Request, question: ForOffer) -> Offer:
    """
    What clusters offer together in up to three themes: sets that cover the value chain, ties.

    Every number stands in a figure with its source, period, sample, uncertainty and evidence.
    """
    registry = request.app.state.registry
    return offer(edition_of(request), question, registry=registry)


@api.get("/offer/need", tags=["offer"])
def need_of_offer(request: Request, need: str) -> Understood:
    """What themes and roles a need in words seems to ask for, with the words that led there."""
    return understood_need(edition_of(request), need)


@api.get("/edition", tags=["edition"])
def about_edition(request: Request) -> Contents:
    """What the edition holds, and what it lacks."""
    return contents(edition_of(request))

"""What several addresses ask alike, taken from their parameters once."""

from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query, Request

from triplehelix.app.offers.needing import question_for
from triplehelix.app.offers.question import OfferQuestion
from triplehelix.serve.render import edition_of

Themes = Annotated[list[str], Query()]
Roles = Annotated[list[str], Query()]
Compared = Annotated[list[str], Query()]


class NetworkAsked(NamedTuple):
    """Which network: as `app.network.network` takes it."""

    kind: str
    theme: str
    period: str
    level: int
    arcs: str
    country: str | None


def _network(
    kind: str = "cluster",
    theme: str = "all",
    period: str = "all",
    level: int = 0,
    arcs: str = "backbone",
    country: str | None = None,
) -> NetworkAsked:
    # A form sends what was left open as nothing.
    return NetworkAsked(
        kind or "cluster", theme or "all", period or "all", level, arcs, country or None
    )


def _partners(
    with_: Annotated[str | None, Query(alias="with")] = None,
    theme: str | None = None,
    n: Annotated[int, Query(ge=1, le=100)] = 5,
) -> dict[str, Any]:
    """Where partners are, at work in what, how many: as `app.partners` takes it."""
    return {"with_country": with_ or None, "theme": theme or None, "n": n}


def _offer(
    request: Request,
    theme: Themes = [],  # noqa: B006
    partner: str = "",
    audience: str = "general",
    country: str = "",
    roles: Roles = [],  # noqa: B006
    need: str = "",
    lang: str = "en",
) -> OfferQuestion:
    edition = edition_of(request)
    return question_for(edition, theme, partner, audience, country, ",".join(roles), need, lang)


ForNetwork = Annotated[NetworkAsked, Depends(_network)]
ForPartners = Annotated[dict[str, Any], Depends(_partners)]
ForOffer = Annotated[OfferQuestion, Depends(_offer)]

"""What several addresses ask alike, taken from their parameters once."""

from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query

from triplehelix.app.offers.question import OfferQuestion, asked_for

Themes = Annotated[list[str], Query()]
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
    theme: Themes,
    partner: str = "",
    audience: str = "general",
    country: str = "",
    lang: str = "en",
) -> OfferQuestion:
    return asked_for(theme, partner, audience, country, lang)


ForNetwork = Annotated[NetworkAsked, Depends(_network)]
ForPartners = Annotated[dict[str, Any], Depends(_partners)]
ForOffer = Annotated[OfferQuestion, Depends(_offer)]

"""The page that sets clusters, or countries, side by side."""

from fastapi import APIRouter, Request

from triplehelix.app.compare import panel_rows, side_by_side
from triplehelix.app.landscape import cluster_names
from triplehelix.app.partners.area import countries_at_work
from triplehelix.serve import compare_words
from triplehelix.serve.asked import Compared
from triplehelix.serve.render import View, edition_of
from triplehelix.serve.routes import page

router = APIRouter(include_in_schema=False)


@page(router, "/compare", "json", "csv")
def comparison(request: Request, cluster: Compared = [], country: Compared = []) -> View:  # noqa: B006
    """Clusters or countries side by side; of fewer than two a form to choose them."""
    edition = edition_of(request)
    clusters, countries = _given(cluster), _given(country)
    context = {
        "all_clusters": cluster_names(edition), "all_countries": countries_at_work(edition),
        "chosen": clusters or countries, "compared": compare_words,
    }  # fmt: skip
    if request.url.path == "/compare" and len(clusters) + len(countries) < 2:
        return View("choose.html", None, context | {"forms": ()})
    found = side_by_side(edition, clusters, countries)
    return View("compare.html", found, context, table=lambda: panel_rows(found))


def _given(asked: list[str]) -> list[str]:
    """What a form leaves open is sent as nothing."""
    return [one for one in dict.fromkeys(asked) if one]

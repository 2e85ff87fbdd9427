"""Pages that say whom to work with, and what speaks for any two."""

from typing import Any

from fastapi import APIRouter, Request

from triplehelix.app.countries import country_name
from triplehelix.app.landscape import cluster_names
from triplehelix.app.partners.area import countries_at_work
from triplehelix.app.partners.between import Between, between
from triplehelix.app.partners.seeking import Partners, partners_of
from triplehelix.app.theme import themes
from triplehelix.read.country_groups import country_groups
from triplehelix.read.nations import NATIONS
from triplehelix.serve import partner_words
from triplehelix.serve.asked import ForPartners
from triplehelix.serve.render import Table, View, edition_of
from triplehelix.serve.routes import page
from triplehelix.store.edition import Edition

router = APIRouter(include_in_schema=False)
_COLUMNS = ["scope", "place", "kind", "id", "name", "country", "helix", "score", "n_shared",
            "expected", "reasons"]  # fmt: skip


@page(router, "/partners")
def choose_page(request: Request) -> View:
    """Whom to ask for: a cluster or a country."""
    edition = edition_of(request)
    context = {"clusters": cluster_names(edition), "areas": _areas(edition)}
    return View("partners_choose.html", None, context | {"partner": partner_words})


@page(router, "/partners/between", "json", "csv")
def between_page(request: Request, a: str, b: str) -> View:
    """All that speaks for two working together; the common partners as CSV."""
    found = between(edition_of(request), a, b)
    return View(
        "partners_between.html", found, {"partner": partner_words}, table=lambda: _common(found)
    )


@page(router, "/clusters/{cluster_id}/partners", "json", "csv")
def cluster_partners(request: Request, cluster_id: str, asked: ForPartners) -> View:
    """Whom a cluster should seek."""
    edition = edition_of(request)
    return _view(edition, partners_of(edition, cluster=cluster_id, **asked))


@page(router, "/organisations/{organisation_id:path}/partners", "json", "csv")
def organisation_partners(request: Request, organisation_id: str, asked: ForPartners) -> View:
    """Whom an organisation should seek."""
    edition = edition_of(request)
    return _view(edition, partners_of(edition, organisation=organisation_id, **asked))


@page(router, "/countries/{area}/partners", "json", "csv")
def country_partners(request: Request, area: str, asked: ForPartners) -> View:
    """Whom a country, a group of countries or a nation should seek."""
    edition = edition_of(request)
    return _view(edition, partners_of(edition, country=area, **asked))


def _view(edition: Edition, found: Partners) -> View:
    labelled = [t for t in themes(edition) if t.n_activities]
    context = {
        "areas": _areas(edition), "themes": labelled, "partner": partner_words,
        "label": next((t.label for t in labelled if t.theme == found.theme), found.theme),
    }  # fmt: skip
    return View("partners.html", found, context, table=lambda: _table(found))


def _areas(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen: countries at work, groups, nations; each a key and a name."""
    codes = countries_at_work(edition)
    found = [("Countries", sorted(((c, country_name(c)) for c in codes), key=lambda each: each[1]))]
    found.append(("Groups", [(key, group.name) for key, group in country_groups().items()]))
    if "GB" in codes:
        found.append(("Nations", [(name, name) for name in sorted(NATIONS.values())]))
    return found


def _table(found: Partners) -> Table:
    rows: list[list[Any]] = []
    for each in found.lists:
        for place, one in enumerate(each.partners, 1):
            why = "; ".join(reason.words for reason in one.reasons)
            party = one.party
            rows.append([
                each.scope, place, party.kind, party.id, party.name, party.country, party.helix,
                one.score, one.n_shared, one.expected, why,
            ])  # fmt: skip
    return _COLUMNS, rows


def _common(found: Between) -> Table:
    columns = ["kind", "id", "name", "n_with_a", "n_with_b"]
    rows = [[c.party.kind, c.party.id, c.party.name, c.n_with_a, c.n_with_b] for c in found.common]
    return columns, rows

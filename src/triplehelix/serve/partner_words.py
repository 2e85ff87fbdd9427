"""Addresses and headings of the pages that say whom to work with."""

from urllib.parse import quote, urlencode

from triplehelix.app.countries import country_within
from triplehelix.app.partners.parties import Party
from triplehelix.serve.words import cluster_path, organisation_path

# Where on the page of two parties the evidence for a reason stands.
_STANDS = {
    "shortfall": "shared", "common_partners": "common", "alike": "themes",
    "related_themes": "themes", "complementary": "themes",
}  # fmt: skip


def party_path(party: Party) -> str:
    """
    Address of a party's own page; of a country, of the page about its partners.

    Examples
    --------
    >>> from triplehelix.app.partners.area import area_named
    >>> from triplehelix.app.partners.parties import about_area
    >>> party_path(about_area(area_named("JP")))
    '/countries/JP/partners'
    """
    if party.kind == "cluster":
        return cluster_path(party.id)
    if party.kind == "organisation":
        return organisation_path(party.id)
    return partners_path(party)


def partners_path(party: Party) -> str:
    """Address of the page that says whom a party should seek."""
    if party.kind == "country":
        return f"/countries/{quote(party.id, safe='')}/partners"
    return f"{party_path(party)}/partners"


def between_path(a: Party, b: Party, reason: str | None = None) -> str:
    """Address of all that speaks for two, at the evidence for a reason."""
    asked = urlencode({"a": f"{a.kind}:{a.id}", "b": f"{b.kind}:{b.id}"})
    at = f"#{_STANDS.get(reason, 'who')}" if reason else ""
    return f"/partners/between?{asked}{at}"


def heading(scope: str, of: Party, area: str | None) -> str:
    """
    What a list of partners is called.

    Examples
    --------
    >>> from triplehelix.app.partners.area import area_named
    >>> from triplehelix.app.partners.parties import about_area
    >>> heading("clusters", about_area(area_named("JP")), "Wales")
    'Clusters in Wales'
    >>> heading("elsewhere", about_area(area_named("JP")), None)
    'Organisations elsewhere'
    """
    if scope == "clusters":
        return f"Clusters in {area}" if area else "Clusters"
    if scope == "area":
        return f"Organisations in {area}"
    if scope == "cluster":
        return f"In its own cluster, {of.cluster}"
    if scope == "country":
        beyond = " beyond the cluster" if of.kind == "cluster" or of.cluster else ""
        where = country_within(of.country) if of.country else "its country"
        return f"Organisations in {where}{beyond}"
    return {"abroad": "Organisations abroad", "elsewhere": "Organisations elsewhere"}[scope]

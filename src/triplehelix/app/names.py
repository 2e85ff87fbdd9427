"""Finding what somebody meant by an id, and naming what is near when nothing is so called."""

from difflib import get_close_matches

from triplehelix.app.prepared import prepare
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition

ROR = "https://ror.org/"


def full_organisation_id(written: str) -> str:
    """
    The organisation's id from any way of writing it in an address.

    Examples
    --------
    >>> full_organisation_id("ror:013meh722")
    'https://ror.org/013meh722'
    >>> full_organisation_id("https:/ror.org/013meh722"), full_organisation_id("cordis:999")
    ('https://ror.org/013meh722', 'cordis:999')
    """
    for start in ("ror:", "https://ror.org/", "https:/ror.org/", "http://ror.org/", "ror.org/"):
        if written.startswith(start):
            return ROR + written[len(start) :]
    return written


def unknown_cluster(edition: Edition, cluster_id: str) -> UnknownName:
    """The error for a cluster that is not there, naming those whose name or id is near."""
    rows = prepare(edition).rows(Query("names", "select cluster_id, name from atlas.clusters"))
    names = {r["cluster_id"]: r["name"] for r in rows}
    by_name = {name.casefold(): one for one, name in names.items()}
    near = [by_name[n] for n in get_close_matches(cluster_id.casefold(), by_name, n=5)]
    # An id is a hash: only its beginning can be meant, nothing is near to it.
    near += [one for one in sorted(names) if len(cluster_id) > 3 and one.startswith(cluster_id)][:5]
    return UnknownName(
        f"no cluster {cluster_id!r} in this edition"
        + _perhaps([f"{names[one]} ({one})" for one in near])
        + "; all are listed at /clusters or by `triplehelix clusters`"
    )


def unknown_theme(edition: Edition, theme: str) -> UnknownName:
    """The error for a theme that is not there, naming those that are near."""
    known = [
        r["theme"]
        for r in prepare(edition).rows(
            Query("themes", "select theme from atlas.themes order by theme")
        )
    ]
    near = get_close_matches(theme.casefold(), known, n=5, cutoff=0.4)
    return UnknownName(f"no theme {theme!r} in this edition{_perhaps(near)}; all are at /themes")


def _perhaps(near: list[str]) -> str:
    return f"; perhaps {', '.join(dict.fromkeys(near))}" if near else ""

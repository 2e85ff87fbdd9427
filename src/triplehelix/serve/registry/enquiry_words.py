"""How pages speak of enquiries: what each is about, what has happened to it."""

from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import quote

from triplehelix.app.prepared import prepare
from triplehelix.capabilities.listed import Capabilities
from triplehelix.query import Query
from triplehelix.store.edition import Edition

_KINDS = {
    "asset": "an asset", "member": "an organisation", "network": "a network",
    "cluster": "a cluster", "theme": "a theme", "capability": "a capability",
    "general": "the body as a whole",
}  # fmt: skip
_ACTS = {
    "enquire": "asked", "pass on": "passed on", "answer": "answered", "close": "closed",
    "withdraw": "withdrawn", "erase": "personal words erased",
}  # fmt: skip
_SIDES = {"asker": "by whoever asked", "desk": "", "time": "by itself, as time went on"}
_CLOSINGS = {
    "done": "dealt with", "unanswered": "no answer will come", "no enquiry": "this is no enquiry",
}  # fmt: skip
_PATHS = {"asset": "/assets/", "member": "/members/", "network": "/networks/",
          "cluster": "/clusters/", "theme": "/themes/", "capability": "/capabilities/"}  # fmt: skip

said = SimpleNamespace(kinds=_KINDS, acts=_ACTS, sides=_SIDES, closings=_CLOSINGS)


def called(
    edition: Edition, capabilities: Capabilities
) -> Callable[[str, str | None, str | None], list[tuple[str, str | None]]]:
    """
    What makes names with their pages of (kind, name as known, id or slug).

    Empty where nothing is known: it is about the body as a whole, or about what is hidden or gone.
    """

    def names(kind: str, known: str | None, about: str | None) -> list[tuple[str, str | None]]:
        if kind == "general" or not known or not about:
            return []
        if kind == "cluster":
            found = _labels(edition, _CLUSTER, [about])
            return [(found[about], _path(kind, about))] if found else [("a cluster", None)]
        if kind == "theme":
            slugs = about.split(",")
            found = _labels(edition, _THEME, slugs)
            return [(found.get(one, one), _path(kind, one) if one in found else None)
                    for one in slugs]  # fmt: skip
        if kind == "capability":
            label = capabilities[about].label if about in capabilities else about
            return [(label, _path(kind, about) if about in capabilities else None)]
        return [(known, _path(kind, about))]

    return names


_CLUSTER = """select cluster_id as id, name from atlas.clusters
              where list_contains($ids, cluster_id)"""
_THEME = """select theme as id, coalesce(label, theme) as name from atlas.themes
            where list_contains($ids, theme)"""


def _labels(edition: Edition, sql: str, ids: list[str]) -> dict[str, str]:
    rows = prepare(edition).rows(Query("labels", sql, {"ids": ids}))
    return {row["id"]: row["name"] for row in rows}


def _path(kind: str, about: str) -> str:
    return _PATHS[kind] + quote(about, safe="")

"""How often members and regions come up over calls: what even-handedness can be checked by."""

from fastapi import APIRouter, Request

from triplehelix.ally.exposure import Exposure, Share
from triplehelix.app.calls.neutrality import ExposureAnswer, exposure_over_calls
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import live_page
from triplehelix.serve.render import Table, View, site_of

router = APIRouter(include_in_schema=False)
STANDS_OUT = 0.05


# Before the page of a call, which would take the word for an id.
@live_page(router, "/calls/exposure", "json", "csv")
def exposure_page(request: Request, by: str = "member") -> View:
    """How often each member, or region, was a candidate, proposed, invited, and joined."""
    edition = site_of(request).edition
    found = exposure_over_calls(
        registry_of(request), viewer_of(request), capabilities_of(request), by=by, edition=edition
    )
    names = dict(found.names)
    if by == "region":
        clusters = edition.clusters
        names = dict(zip(clusters["cluster_id"], clusters["name"], strict=True))
    told = sorted(found.rows, key=lambda one: _first(one, names))
    known = [one for one in told if _is_told(one)]
    context = {**calling.context(request), "names": names, "known": known,
               "others": [one for one in told if not _is_told(one)]}  # fmt: skip
    return View("registry/exposure.html", found, context, lambda: _table(found, names))


def _is_told(one: Exposure) -> bool:
    """Whether there is more to say of it than that it could have been chosen."""
    return one.proposed.n + one.invited.n + one.accepted.n > 0 or one.q_value <= STANDS_OUT


def _first(one: Exposure, names: dict[str, str]) -> tuple[bool, int, int, str, str]:
    name = names.get(one.who, "")
    return (one.q_value > STANDS_OUT, -one.proposed.n, -one.candidate, name.casefold(), one.who)


def _table(found: ExposureAnswer, names: dict[str, str]) -> Table:
    columns = [found.by, "name", "calls", "candidate"]
    for stage in ("proposed", "invited", "accepted"):
        columns += [stage, f"{stage}_share", f"{stage}_low", f"{stage}_high"]
    columns += ["expected", "p_value", "q_value"]
    return columns, [_row(one, names) for one in found.rows]


def _row(one: Exposure, names: dict[str, str]) -> list[object]:
    row: list[object] = [one.who, names.get(one.who, ""), one.calls, one.candidate]
    for share in (one.proposed, one.invited, one.accepted):
        row += _share(share)
    return [*row, one.expected, one.p_value, one.q_value]


def _share(share: Share) -> list[object]:
    if not share.of:
        return [share.n, None, None, None]
    return [share.n, share.share, share.low, share.high]

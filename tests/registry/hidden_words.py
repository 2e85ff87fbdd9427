"""A registry with a canary word in everything that visitors may not see, and visitors of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from starlette.requests import Request

from tests.registry.random_worlds import EMPTY, id_of
from triplehelix.registry.capacity import Promise
from triplehelix.registry.commitments import Act, Asked
from triplehelix.registry.enquiries import checked_asker
from triplehelix.registry.routing import About, Route
from triplehelix.registry.viewer import COMMAND_LINE, Viewer
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry.door import VisitorsOnly
from triplehelix.store.registry import enquiries
from triplehelix.store.registry.capacities import put_capacity, reserve
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.commitments import answer, begin
from triplehelix.store.registry.networks import compose, join
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import keep_proposal
from triplehelix.store.registry.reports import report
from triplehelix.store.registry.sealed import let_tell

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CANARY = "quokka"
OPEN_WORD = "otter"
_NEED = {"need": "tests", "capability": "pcr-testing", "amount": 864200, "unit": "samples/day"}
_OPEN_NEED = {"need": "tests", "capability": "pcr-testing"}
_TIMES = {"starts": "2026-05-01T09:00+00:00", "ends": "2026-05-01T10:00+00:00"}
NEEDED = {
    "asset": {"kind": "equipment"}, "member": {"helix": "academia"}, "network": {"kind": "other"},
    "post": {"text": "said", "day": "2026-02-01"}, "event": _TIMES, "call": {"state": "open"},
}  # fmt: skip


def _w(n: int) -> str:
    """A word of its own for each hidden value, so that a find says which it was."""
    return f"{CANARY}{n}"


# Every field of each kind that can be hidden, with a canary in it.
PRIVATE = {
    "asset": {
        "description": _w(1), "capabilities": [_w(2)], "techniques": [{"term": _w(3)}],
        "manufacturer": _w(4), "model": _w(5), "commissioned": _w(6), "decommissioned": _w(7),
        "measured_variables": [_w(8)], "subjects": [_w(9)],
        "place": {"town": _w(10), "lat": 51.0, "lon": 0.5, "postcode": _w(11), "site": _w(12)},
        "contacts": [{"name": _w(13), "email": f"{_w(14)}@example.org", "telephone": _w(15)}],
        "photos": [f"https://example.org/{_w(16)}"], "website": f"https://{_w(17)}.example",
        "links": [f"https://example.org/{_w(18)}"], "department": _w(19),
        "service_level": _w(20), "access": _w(21), "terms": {"who": _w(22), "note": _w(23)},
        "identifiers": [{"scheme": _w(24), "value": _w(25)}],
        "provenance": {"source": _w(26), "note": _w(27)}, "extra": {_w(28): _w(29)},
        "status": "planned",
    },
    "member": {
        "organisation_id": _w(40), "description": _w(41), "website": f"https://{_w(42)}.example",
        "place": {"town": _w(43), "lat": 52.0, "lon": 0.7}, "contacts": [{"name": _w(44)}],
        "identifiers": [{"scheme": _w(45), "value": _w(46)}], "provenance": {"source": _w(47)},
    },
    "network": {
        "description": _w(60), "area": _w(61), "themes": [_w(62)], "founded": _w(63),
        "clusters": [{"cluster_id": _w(64), "name": _w(65)}], "contacts": [{"name": _w(66)}],
        "website": f"https://{_w(67)}.example", "provenance": {"source": _w(68)},
    },
    "post": {}, "event": {"text": _w(80), "place": _w(81), "url": f"https://{_w(82)}.example"},
    "call": {
        "text": _w(100), "heading": _w(101), "organiser": _w(102), "sources": [_w(103)],
        "themes": [_w(104)], "place": {"name": _w(105), "lat": 51.0, "lon": 0.5},
        "needs": [{**_NEED, "note": _w(106)}], "rules": {"include": [_w(107)]},
        "sealed_needs": [{**_NEED, "need": "sealed", "sealed": True, "note": _w(108)}],
        "weights": {"cost": 864200.0}, "opens": "2026-03-09", "closes": "2027-03-09",
        "as_of": "2026-03-08",
    },
}  # fmt: skip


def fill(registry: Registry) -> None:
    """
    Of each kind a record shown with every further field hidden (0), and a hidden one (1).

    A public asset (2) of the hidden member; a public network whose tie to a public member is
    hidden; a hidden network above a public one; a hidden capacity, promised to somebody.
    """
    with registry.change(COMMAND_LINE) as change:
        for kind in ("network", "member", "asset", "post", "event", "call"):
            called = "title" if kind in ("post", "event", "call") else "name"
            for n in (0, 1):
                held = Holder(id_of("member", 0) if kind in ("asset", "call") else None,
                              id_of("network", n) if kind in ("post", "event") else None)  # fmt: skip
                hidden = dict.fromkeys(PRIVATE[kind], "private")
                shown = {"*": "public", **hidden} if n == 0 else {"*": "private"}
                if kind == "asset":
                    shown["capacities"] = "private"
                name = f"{OPEN_WORD} {kind}" if n == 0 else f"{CANARY} {kind} hidden"
                said = {called: name, **NEEDED[kind], **PRIVATE[kind]}
                change.create(kind, said, held, visibility=shown, record_id=id_of(kind, n))
        change.create("asset", {"name": f"{OPEN_WORD} shared", "kind": "service"},
                      Holder(id_of("member", 1)), visibility={"*": "public"},
                      record_id=id_of("asset", 2))  # fmt: skip
        join(change, id_of("network", 0), id_of("member", 0), visibility="private")
        join(change, id_of("network", 0), id_of("member", 1))
        join(change, id_of("network", 1), id_of("network", 0))
        compose(change, id_of("network", 1), (id_of("network", 0),))
        change.ids = lambda kind, made=change.ids: (  # type: ignore[misc]
            id_of(kind, 0) if kind in ("capacity", "reservation") else made(kind))  # fmt: skip
        new = put_capacity(change, id_of("asset", 0), {
            "capability": _w(90), "amount": 987654.0, "unit": _w(91), "note": _w(92),
            "accreditations": [_w(93)]})  # fmt: skip
        reserve(change, new, Promise(123454.0, date(2026, 5, 2), None), _w(94))
        _answer_calls(change)
        _enquire(change)


def _enquire(change: Change) -> None:
    """An enquiry to the hidden network and the hidden member, and their answer."""
    made = change.ids
    change.ids = lambda kind: made(kind) if kind == "entry" else id_of(kind, 0)
    asker = checked_asker({
        "name": _w(120), "email": f"{_w(121)}@example.org", "organisation": _w(122),
        "place": _w(123), "text": f"{_w(124)} is what we look for",
    })  # fmt: skip
    to = tuple(sorted((id_of("network", 1), id_of("member", 1))))
    enquiries.begin(change, asker, About.ASSET, id_of("asset", 1), Route("holder", to, ()))
    enquiries.answer(change, id_of("enquiry", 0), _w(125))
    change.ids = made


def _answer_calls(change: Change) -> None:
    """A proposal, invitations, offers and a report to a public call (2) and a hidden one (1)."""
    made = change.ids
    change.ids = lambda kind: made(kind) if kind == "entry" else id_of(kind, 0)
    change.create("call", {"title": f"{OPEN_WORD} shown", "state": "open", "needs": [_OPEN_NEED]},
                  Holder(id_of("member", 0)), visibility={"*": "public"},
                  record_id=id_of("call", 2))  # fmt: skip
    change.ids = lambda kind: made(kind) if kind == "entry" else id_of(kind, 2)
    asked = Asked("tests", "pcr-testing", id_of("member", 1), id_of("asset", 2), None, 864200.0,
                  "samples/day", None, date(2026, 4, 1), None)  # fmt: skip
    begin(change, id_of("call", 2), asked, "call", reason=_w(110))
    answer(change, id_of("commitment", 2), Act.ACCEPT, reason=_w(111))
    report(change, id_of("commitment", 2), date(2026, 4, 2), 864200.0)
    result = {**EMPTY, "notes": [_w(112)], "objective": 864200.0}
    keep_proposal(change, id_of("call", 2), result, asked={"robust": 864200}, parts={})
    let_tell(change, id_of("asset", 1), None)
    change.ids = made


def lesser_viewers() -> Iterator[Viewer]:
    """Whoever may see none of it: nobody's holder, reader or steward of another network."""
    yield Viewer()
    for name, grants in {
        "signed in": (), "other member": (f"member:{id_of('member', 8)}",),
        "other network": (f"network:{id_of('network', 8)}",),
        "other steward": (f"steward:{id_of('network', 8)}", f"network:{id_of('network', 8)}"),
        # Belongs to the public network, and stands for nobody in it.
        "reader": (f"network:{id_of('network', 0)}",),
    }.items():  # fmt: skip
        yield Viewer("us_1", name, frozenset({"signed-in", *grants}))


class DoorFor(VisitorsOnly):
    """A door through which one viewer comes."""

    def __init__(self, viewer: Viewer) -> None:
        self.asker = viewer

    def viewer(self, request: Request) -> Viewer:
        """That viewer."""
        return self.asker

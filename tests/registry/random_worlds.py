"""
Random registries, and who sees what in them by the specification's words alone.

A world is plain data. `build` writes it through the registry's own changes; `without_hidden`
takes away all that one viewer may not see; `seen_by` and `grants_of` are the oracle, written from
the specification: *a record is shown to everybody, to the signed-in, to people of networks, to
people of named members, or to its holder alone; a field may be narrower than its record; a holder
sees and changes all of its own*. Nothing here asks `registry.visibility` or `store.registry.sight`.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.call import Call
from triplehelix.ally.to_json import alliance_json
from triplehelix.registry.capacity import Promise
from triplehelix.registry.commitments import between
from triplehelix.registry.enquiries import checked_asker
from triplehelix.registry.ids import new_id
from triplehelix.registry.routing import About, Route
from triplehelix.registry.viewer import COMMAND_LINE, Viewer
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import enquiries
from triplehelix.store.registry.call_tables import COMMITMENT_EVENTS, COMMITMENTS
from triplehelix.store.registry.capacities import put_capacity, reserve
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.networks import compose, join
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import keep_proposal, show_proposal

BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 9, tzinfo=UTC)
_ORDER = ("network", "member", "asset", "post", "event", "call")
_TITLED = ("post", "event", "call")
_NEED = {"need": "tests", "capability": "pcr-testing", "amount": 5.0, "unit": "samples/day"}
# What a record of each kind may say beside what it must.
OPTIONAL: dict[str, dict[str, list[Any]]] = {
    "asset": {
        "capabilities": [["pcr-testing"], ["mri", "pcr-testing"]], "department": ["a", "b"],
        "description": ["<p>swabs</p>", "swabs and robots"],
        "place": [{"town": "Leeds", "lat": 53.8, "lon": -1.55},
                  {"town": "York", "lat": 53.96, "lon": -1.08}],
        "terms": [{"price": 1.0, "currency": "GBP"}, {"who": "all"}],
        "contacts": [[{"email": "a@example.org"}], [{"name": "Bo"}]],
    },
    "member": {
        "description": ["one", "two"], "website": ["https://example.org/a"],
        "organisation_id": ["table:one"], "place": [{"town": "Leeds", "lat": 53.8, "lon": -1.55}],
    },
    "network": {"description": ["one", "two"], "area": ["North"], "themes": [["brain"]]},
    "post": {}, "event": {"place": ["Hall"], "text": ["once", "twice"]},
    "call": {
        "text": ["swabs wanted", "robots wanted"], "organiser": ["a", "b"],
        "needs": [[_NEED], [_NEED, {"need": "scans", "capability": "mri"}]],
        "sealed_needs": [[{"need": "quiet", "capability": "mri", "sealed": True}]],
    },
}  # fmt: skip
NEEDED: dict[str, dict[str, Any]] = {
    "asset": {"kind": "equipment"}, "member": {"helix": "academia"}, "network": {"kind": "other"},
    "post": {"text": "said", "day": "2026-02-01"},
    "event": {"starts": "2026-05-01T09:00+00:00", "ends": "2026-05-01T10:00+00:00"},
    "call": {"state": "open"},
}  # fmt: skip


EMPTY = alliance_json(Alliance(
    Call.model_validate({"title": "A call", "needs": [_NEED]}), "infeasible", None, None, {}, (),
    (), (),
))  # fmt: skip


def id_of(kind: str, key: object) -> str:
    """An id told by what it is of, so that it is one in two worlds."""
    return new_id(kind, sha256(f"{kind} {key}".encode()).digest()[:16])


@dataclass(frozen=True)
class Thing:
    """A record: its own fields, their later values, and who may see it (`*`) and them."""

    kind: str
    key: int
    name: str
    fields: dict[str, Any]
    shown: dict[str, str]
    member: int | None = None
    network: int | None = None
    later: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return id_of(self.kind, self.key)


@dataclass(frozen=True)
class Amount:
    """A capacity of an asset, and how much of it is promised."""

    key: int
    asset: int
    fields: dict[str, Any]
    shown: str | None
    promised: float | None = None


@dataclass(frozen=True)
class Tie:
    """A member (`mb`) or a network (`nw`) in a network."""

    network: int
    below: tuple[str, int]
    shown: str
    state: str = "member"


@dataclass(frozen=True)
class Asked:
    """A member asked by a call for an asset, and how it stands."""

    key: int
    call: int
    member: int
    asset: int
    state: str = "invited"


@dataclass(frozen=True)
class Plan:
    """A proposal for a call, made from assets and members, shown to some."""

    key: int
    call: int
    assets: tuple[int, ...]
    members: tuple[int, ...]
    shown: str = "private"


@dataclass(frozen=True)
class Enquired:
    """An enquiry with some networks and members; `answered` by one of them."""

    key: int
    to: tuple[tuple[str, int], ...]
    about: int | None = None
    answered: bool = False


@dataclass(frozen=True)
class World:
    """
    All there is. `stubs` are calls that the viewer may not see and to which it was invited: of
    such a call nothing but its id can be known.
    """

    things: tuple[Thing, ...]
    amounts: tuple[Amount, ...]
    ties: tuple[Tie, ...]
    parts: tuple[tuple[int, int], ...]
    asked: tuple[Asked, ...] = ()
    plans: tuple[Plan, ...] = ()
    stubs: tuple[int, ...] = ()
    enquired: tuple[Enquired, ...] = ()


Roles = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Person:
    """Somebody signed in, with their roles; a visitor is None."""

    roles: Roles


def grants_of(world: World, person: Person | None) -> frozenset[str]:
    """What a person holds: their members, networks they steward, networks they belong to."""
    if person is None:
        return frozenset()
    held = {"signed-in"}
    inside = set()
    for role, key in person.roles:
        kind = "member" if role == "member" else "network"
        inside.add((kind, key))
        if role in ("member", "steward"):
            held.add(f"{role}:{id_of(kind, key)}")
        if role in ("steward", "reader"):
            held.add(f"network:{id_of('network', key)}")
    # People of a member are of its networks, and of those these networks are in.
    for _ in range(10):
        for tie in world.ties:
            if tie.below in inside and tie.state == "member":
                inside.add(("network", tie.network))
                held.add(f"network:{id_of('network', tie.network)}")
        for above, part in world.parts:
            if ("network", part) in inside:
                inside.add(("network", above))
                held.add(f"network:{id_of('network', above)}")
    return frozenset(held)


def shown_to(held: frozenset[str], audience: str, member: str | None, network: str | None) -> bool:
    """Whether an audience takes in somebody who holds this; a holder always is."""
    if f"member:{member}" in held or f"steward:{network}" in held:
        return True
    level, _, names = audience.partition(":")
    if level == "public":
        return True
    if level == "signed-in":
        return "signed-in" in held
    kind = {"network": "network", "named": "member"}.get(level, "nobody")
    return any(f"{kind}:{name}" in held for name in names.split(","))


def _holder(thing: Thing) -> tuple[str | None, str | None]:
    if thing.kind == "network":
        return None, thing.id
    member = thing.id if thing.kind == "member" else None
    if thing.member is not None and member is None:
        member = id_of("member", thing.member)
    return member, None if thing.network is None else id_of("network", thing.network)


def without_hidden(world: World, held: frozenset[str]) -> World:
    """The world in which all that somebody who holds this may not see has never been."""

    def seen(thing: Thing) -> bool:
        return shown_to(held, thing.shown["*"], *_holder(thing))

    kept = {(t.kind, t.key): t for t in world.things if seen(t)}
    assets = {key: thing for (kind, key), thing in kept.items() if kind == "asset"}

    def ends(tie: Tie) -> tuple[str | None, str]:
        kind, key = tie.below
        return id_of("member", key) if kind == "member" else None, id_of("network", tie.network)

    calls = {thing.key: thing for thing in world.things if thing.kind == "call"}
    asked = tuple(
        one for one in world.asked
        if _holds(held, calls[one.call]) or f"member:{id_of('member', one.member)}" in held
    )  # fmt: skip
    return World(
        tuple(_narrowed(thing, held, kept) for thing in kept.values()),
        tuple(
            replace(a, promised=a.promised if _holds(held, assets[a.asset]) else None)
            for a in world.amounts
            if a.asset in assets
            and all(shown_to(held, text, *_holder(assets[a.asset]))
                    for text in (assets[a.asset].shown.get("capacities"), a.shown) if text)
        ),
        tuple(
            tie for tie in world.ties
            if ("network", tie.network) in kept and tie.below in kept
            and shown_to(held, tie.shown if tie.state == "member" else "private", *ends(tie))
        ),
        tuple(
            (above, part) for above, part in world.parts
            if ("network", above) in kept and ("network", part) in kept
        ),
        asked,
        tuple(
            plan for plan in world.plans
            if ("call", plan.call) in kept
            and shown_to(held, plan.shown, *_holder(calls[plan.call]))
            and all(("asset", one) in kept for one in plan.assets)
            and all(("member", one) in kept for one in plan.members)
        ),
        tuple(sorted({one.call for one in asked if ("call", one.call) not in kept})),
        tuple(one for one in world.enquired if any(
            f"{'member' if kind == 'member' else 'steward'}:{id_of(kind, key)}" in held
            for kind, key in one.to)),
    )  # fmt: skip


def _holds(held: frozenset[str], thing: Thing) -> bool:
    return shown_to(held, "private", *_holder(thing))


def _narrowed(thing: Thing, held: frozenset[str], kept: dict[tuple[str, int], Thing]) -> Thing:
    hidden = {name for name, text in thing.shown.items()
              if name != "*" and not shown_to(held, text, *_holder(thing))}  # fmt: skip
    return replace(
        thing,
        fields={name: value for name, value in thing.fields.items() if name not in hidden},
        later={name: value for name, value in thing.later.items() if name not in hidden},
        shown={name: text for name, text in thing.shown.items() if name not in hidden},
        member=thing.member if ("member", thing.member) in kept else None,
        network=thing.network if ("network", thing.network) in kept else None,
    )


def build(registry: Registry, world: World) -> None:
    """Write a world through the registry's own changes, each at a moment of its own."""
    with registry.change(COMMAND_LINE) as change:
        for thing in sorted(world.things, key=lambda t: (_ORDER.index(t.kind), t.key)):
            change.now = BEGIN + timedelta(hours=thing.key)
            holder = Holder(*(None if key is None else id_of(kind, key) for kind, key in
                              (("member", thing.member), ("network", thing.network))))  # fmt: skip
            change.create(thing.kind, _whole(thing, thing.fields), holder, visibility=thing.shown,
                          record_id=thing.id, confirmed=thing.key % 2 == 0)  # fmt: skip
        for tie in world.ties:
            join(change, id_of("network", tie.network), id_of(*tie.below), state=tie.state,
                 visibility=tie.shown)  # fmt: skip
        for above in sorted({above for above, _ in world.parts}):
            mine = tuple(id_of("network", part) for one, part in world.parts if one == above)
            compose(change, id_of("network", above), mine)
        change.now = BEGIN
        for key in world.stubs:
            change.create("call", {"title": "stub", "state": "open"},
                          visibility={"*": "private"}, record_id=id_of("call", key))  # fmt: skip
        for amount in world.amounts:
            _add(change, amount)
        for one in world.asked:
            _ask(change, world, one)
        for plan in world.plans:
            _propose(change, plan)
        for enquired in world.enquired:
            _enquire(change, enquired)
        change.now = LATER
        for thing in world.things:
            if thing.later:
                said = _whole(thing, {**thing.fields, **thing.later})
                change.update(thing.kind, thing.id, said)


def _add(change: Change, amount: Amount) -> None:
    random = change.ids
    change.ids = lambda kind: random(kind) if kind == "entry" else id_of(kind, amount.key)
    new = put_capacity(change, id_of("asset", amount.asset), amount.fields,
                       visibility=amount.shown)  # fmt: skip
    if amount.promised:
        reserve(change, new, Promise(amount.promised, date(2026, 2, 1), None), "a call")
    change.ids = random


def _ask(change: Change, world: World, one: Asked) -> None:
    """A commitment as it stands: written down by hand, for one side may see less than it took."""
    call = next((t for t in world.things if (t.kind, t.key) == ("call", one.call)), None)
    member = id_of("member", one.member)
    seen_by = change.keep(between(Holder(*_holder(call)) if call else Holder(), member))
    own = id_of("commitment", one.key)
    change.connection.execute(insert(COMMITMENTS), {
        "commitment_id": own, "call_id": id_of("call", one.call), "seen_by": seen_by,
        "title": "A call", "member_id": member, "asset_id": id_of("asset", one.asset),
        "need": "tests", "capability": "pcr-testing", "amount": 5.0, "unit": "samples/day",
        "starts": date(2026, 2, 1), "state": one.state,
        "by": "call" if one.state == "invited" else "member", "made_at": BEGIN,
        "changed_at": BEGIN,
    })  # fmt: skip
    change.connection.execute(insert(COMMITMENT_EVENTS), {
        "commitment_id": own, "n": 1, "seen_by": seen_by, "at": BEGIN, "by": "call",
        "state": "invited", "starts": date(2026, 2, 1), "reason": "why not",
    })  # fmt: skip


def _enquire(change: Change, one: Enquired) -> None:
    random = change.ids
    change.ids = lambda kind: random(kind) if kind == "entry" else id_of(kind, one.key)
    asker = checked_asker({"name": f"Jo {one.key}", "email": "jo@example.org",
                           "text": "swabs and robots, please"})  # fmt: skip
    to = tuple(sorted(id_of(*each) for each in one.to))
    kind, about = (About.GENERAL, "") if one.about is None else (
        About.ASSET, id_of("asset", one.about))  # fmt: skip
    enquiries.begin(change, asker, kind, about, Route("holder", to, ()))
    if one.answered:
        enquiries.answer(change, id_of("enquiry", one.key), "yes")
    change.ids = random


def _propose(change: Change, plan: Plan) -> None:
    random = change.ids
    change.ids = lambda kind: random(kind) if kind == "entry" else id_of(kind, plan.key)
    made = [id_of("asset", one) for one in plan.assets] + [id_of("member", n) for n in plan.members]
    result = {**EMPTY, "notes": [f"made from {one}" for one in made]}
    keep_proposal(change, id_of("call", plan.call), result, asked={},
                  parts=dict.fromkeys(made, ()))  # fmt: skip
    if plan.shown != "private":
        show_proposal(change, id_of("proposal", plan.key), plan.shown)
    change.ids = random


def _whole(thing: Thing, fields: dict[str, Any]) -> dict[str, Any]:
    called = "title" if thing.kind in _TITLED else "name"
    return {called: thing.name, **NEEDED[thing.kind], **fields}


def viewer_for(world: World, person: Person | None) -> Viewer:
    """The viewer that the oracle says a person is."""
    held = grants_of(world, person)
    return Viewer("us_1" if person else None, "somebody" if person else "visitor", held)


N_NETWORKS, N_MEMBERS, N_ASSETS, N_CALLS = 3, 3, 3, 2
_ONE_OF = st.integers(0, 2)


@st.composite
def audiences(draw: st.DrawFn) -> str:
    """Any visibility."""
    level = draw(st.sampled_from(["public", "signed-in", "network", "named", "private"]))
    if level not in ("network", "named"):
        return level
    kind = "network" if level == "network" else "member"
    keys = draw(st.sets(_ONE_OF, min_size=1, max_size=2))
    return f"{level}:{','.join(sorted(id_of(kind, key) for key in keys))}"


@st.composite
def things(draw: st.DrawFn, kind: str, key: int) -> Thing:
    """A record of a kind; names repeat, so that orders fall to the tie-break."""
    said = {
        name: draw(st.sampled_from(values))
        for name, values in OPTIONAL[kind].items() if draw(st.booleans())
    }  # fmt: skip
    later = {name: OPTIONAL[kind][name][-1] for name in said if draw(st.integers(0, 3)) == 0}
    narrow = [name for name in (*OPTIONAL[kind], *(["capacities"] if kind == "asset" else []))
              if draw(st.booleans())]  # fmt: skip
    return Thing(
        kind, key, draw(st.sampled_from(["Alpha lab", "Beta lab", "beta lab", "Gamma"])), said,
        {"*": draw(st.one_of(st.just("public"), audiences())),
         **{name: draw(audiences()) for name in narrow},
         **({"sealed_needs": "private"} if kind == "call" else {})},
        member=draw(st.one_of(st.none(), _ONE_OF)) if kind in ("asset", "call") else None,
        network=draw(_ONE_OF) if kind in ("post", "event")
        else draw(st.one_of(st.none(), _ONE_OF)) if kind in ("asset", "member", "call") else None,
        later=later,
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A registry with records of all kinds, networks of networks and joint networks."""
    made = [draw(things(kind, key)) for kind, n in
            (("network", N_NETWORKS), ("member", N_MEMBERS), ("asset", N_ASSETS), ("post", 2),
             ("event", 1), ("call", N_CALLS)) for key in range(n)]  # fmt: skip
    ties = [
        Tie(network, ("member", member), draw(audiences()),
            draw(st.sampled_from(["member", "member", "asked", "invited"])))
        for network in range(N_NETWORKS) for member in range(N_MEMBERS) if draw(st.booleans())
    ]  # fmt: skip
    pairs = [(0, 1), (0, 2), (1, 2)]
    ties += [Tie(a, ("network", b), draw(audiences())) for a, b in pairs if draw(st.booleans())]
    parts = [pair for pair in pairs if draw(st.integers(0, 2)) == 0]
    amounts = [
        Amount(key, draw(_ONE_OF),
               {"capability": draw(st.sampled_from(["mri", "pcr-testing"])), "unit": "tests",
                "amount": draw(st.sampled_from([5.0, 10.0])), "per": "day"},
               draw(st.one_of(st.none(), audiences())), draw(st.sampled_from([None, 2.0])))
        for key in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    calls = st.integers(0, N_CALLS - 1)
    asked = [
        Asked(key, draw(calls), draw(_ONE_OF), draw(_ONE_OF),
              draw(st.sampled_from(["invited", "offered", "accepted", "declined"])))
        for key in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    some = st.lists(_ONE_OF, max_size=2, unique=True).map(tuple)
    plans = [Plan(key, draw(calls), draw(some), draw(some), draw(audiences()))
             for key in range(draw(st.integers(0, 2)))]  # fmt: skip
    holders = st.tuples(st.sampled_from(["network", "member"]), _ONE_OF)
    enquired = [
        Enquired(key, tuple(draw(st.lists(holders, min_size=1, max_size=2, unique=True))),
                 draw(st.one_of(st.none(), _ONE_OF)), draw(st.booleans()))
        for key in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return World(tuple(made), tuple(amounts), tuple(ties), tuple(parts), tuple(asked),
                 tuple(plans), enquired=tuple(enquired))  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> Person | None:
    """A visitor, somebody without a role, or with one or two."""
    if draw(st.integers(0, 3)) == 0:
        return None
    roles = st.tuples(st.sampled_from(["member", "steward", "reader"]), _ONE_OF)
    return Person(tuple(draw(st.lists(roles, max_size=2, unique=True))))

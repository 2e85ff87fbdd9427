"""What an enquiry is about, and to whom the published rule sends it."""

from dataclasses import dataclass, fields

from triplehelix.app.enquiries.holders import Holding, holdings, networks_able
from triplehelix.app.names import unknown_cluster, unknown_theme
from triplehelix.app.prepared import prepare
from triplehelix.app.registry.asset_rows import Named
from triplehelix.app.where import where
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.routing import About, Route, Step, is_of_place, route
from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.enquiry_reading import desk_is_read, read_for
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

MOST_THEMES, LONGEST = 3, 200


@dataclass(frozen=True, slots=True)
class Topic:
    """
    What somebody asks about: the first of these that is given; none, the body as a whole.

    `asset`, `member` and `network` are ids of the registry, `cluster` one of the edition. `theme`
    has up to three slugs with commas between them, `capability` one. `place` is a town or area in
    the asker's own words; it narrows themes and capabilities.
    """

    asset: str = ""
    member: str = ""
    network: str = ""
    cluster: str = ""
    theme: str = ""
    capability: str = ""
    place: str = ""

    @property
    def kind(self) -> About:
        """Of which kind it is."""
        return next((one for one in About if self.of(one)), About.GENERAL)

    def of(self, kind: About) -> str:
        """What is given of a kind."""
        return "" if kind is About.GENERAL else str(getattr(self, kind))

    @property
    def about(self) -> str:
        """The id or slug itself."""
        return self.of(self.kind)

    @property
    def given(self) -> dict[str, str]:
        """All that is given, by name."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}


@dataclass(frozen=True, slots=True)
class Addressed:
    """
    To whom an enquiry goes and why, told before it is sent.

    `to` is empty where it goes to the front desk. `passed_over` are those of an earlier step for
    whom nobody reads. `taken` is False where nobody at all reads in this registry.
    """

    topic: Topic
    name: str | None
    rule: str
    why: str
    to: list[Named]
    passed_over: list[Named]
    taken: bool


def whom(
    registry: Registry, viewer: Viewer, edition: Edition, topic: Topic, capabilities: Capabilities
) -> Addressed:
    """
    To whom the rule sends an enquiry about this.

    A record that is named is looked up as the viewer sees it; all else by what everybody sees, so
    that the answer is one for all.

    Raises
    ------
    InputError, UnknownName
        If what it is about is too long, or there is none, or it is not shown to the viewer.
    """
    if max(map(len, topic.given.values()), default=0) > LONGEST:
        raise InputError(f"a part of the address is too long; give at most {LONGEST} letters")
    name = name_of(registry, viewer, edition, topic, capabilities)
    steps = _steps(registry, viewer, edition, topic, capabilities)
    found = sorted({one for step in steps for one in step.found})
    with registry.look(viewer) as sight:
        names = sight.names(found)
        reading = read_for(sight.connection, list(names))
        taken = desk_is_read(sight.connection)
    # What the viewer may not know of is not told to them, and gets nothing from them.
    seen = [Step(step.rule, tuple(one for one in step.found if one in names)) for step in steps]
    way: Route = route(seen, reading)
    return Addressed(
        topic, name, way.rule, way.why, _named(way.to, names), _named(way.passed_over, names), taken
    )


def name_of(
    registry: Registry, viewer: Viewer, edition: Edition, topic: Topic, capabilities: Capabilities
) -> str | None:
    """
    How that is called which a topic is about; None for the body as a whole.

    Raises
    ------
    InputError, UnknownName
        If there is none, or it is not shown to the viewer.
    """
    kind, about = topic.kind, topic.about
    if kind in (About.ASSET, About.MEMBER, About.NETWORK):
        with registry.look(viewer) as sight:
            return sight.record(str(kind), about).name
    if kind is About.CLUSTER:
        return _cluster(edition, about)
    if kind is About.THEME:
        return ", ".join(_theme(edition, one) for one in _slugs(about))
    if kind is About.CAPABILITY:
        if about not in capabilities:
            raise nothing_so_named("capability")
        return capabilities[about].label
    return None


def _steps(
    registry: Registry, viewer: Viewer, edition: Edition, topic: Topic, capabilities: Capabilities
) -> list[Step]:
    kind, about = topic.kind, topic.about
    if kind in (About.ASSET, About.MEMBER, About.NETWORK):
        with registry.look(viewer) as sight:
            return _of_record(sight, kind, about)
    with registry.look(VISITOR) as sight:
        known = holdings(sight)
        if kind is About.CLUSTER:
            return [Step("speaks for the cluster", _ids(known, lambda n: about in n.clusters))]
        if kind is About.CAPABILITY:
            wanted = frozenset(capabilities.narrower(about))
            fit = networks_able(sight, known, wanted)
        elif kind is About.THEME:
            fit = {one.network_id for one in known if one.themes & set(_slugs(about))}
        else:
            fit = {one.network_id for one in known}
    return _in_place(known, fit, kind, edition, topic.place.strip())


def _of_record(sight: Sight, kind: About, about: str) -> list[Step]:
    record = sight.record(str(kind), about)
    if kind is About.NETWORK:
        above = [whole for whole, part in sight.network_parts() if part == about]
        above += [t.network_id for t in sight.memberships()
                  if t.member_id == about and t.state == "member"]  # fmt: skip
        return [Step("network", (about,)), Step("wider networks", tuple(above))]
    member = about if kind is About.MEMBER else record.member_id
    holders = tuple(one for one in (member, record.network_id) if one)
    stands_in = [t.network_id for t in sight.memberships()
                 if t.member_id == member and t.state == "member"]  # fmt: skip
    return [Step("holder", holders), Step("member's networks", tuple(stands_in))]


def _in_place(
    known: list[Holding], fit: set[str], kind: About, edition: Edition, place: str
) -> list[Step]:
    """The networks that fit and are of the place; then, unless it is all that was said, all."""
    steps = []
    if place:
        clusters = {
            one.cluster_id for one in where(edition, place) if one.cluster_id is not None
        } if len(place) <= LONGEST else set()  # fmt: skip
        here = _ids(known, lambda n: n.network_id in fit and (
            is_of_place(n.area, place) or bool(n.clusters & clusters)))  # fmt: skip
        steps.append(Step("place" if kind is About.GENERAL else f"{kind} and place", here))
    if kind is not About.GENERAL:
        steps.append(Step(str(kind), tuple(sorted(fit))))
    return steps


def _ids(known: list[Holding], fits: object) -> tuple[str, ...]:
    return tuple(one.network_id for one in known if fits(one))  # type: ignore[operator]


def _slugs(about: str) -> list[str]:
    slugs = [one for one in dict.fromkeys(part.strip() for part in about.split(",")) if one]
    if not 1 <= len(slugs) <= MOST_THEMES:
        raise InputError(f"{len(slugs)} themes are given; give one to {MOST_THEMES}")
    return slugs


def _cluster(edition: Edition, cluster_id: str) -> str:
    sql = "select name from atlas.clusters where cluster_id = $id"
    rows = prepare(edition).rows(Query("cluster", sql, {"id": cluster_id}))
    if not rows:
        raise unknown_cluster(edition, cluster_id)
    return str(rows[0]["name"])


def _theme(edition: Edition, theme: str) -> str:
    sql = "select coalesce(label, theme) as label from atlas.themes where theme = $theme"
    rows = prepare(edition).rows(Query("theme", sql, {"theme": theme}))
    if not rows:
        raise unknown_theme(edition, theme)
    return str(rows[0]["label"])


def _named(ids: tuple[str, ...], names: dict[str, str]) -> list[Named]:
    return sorted((Named(one, names[one]) for one in ids), key=lambda n: (n.name.lower(), n.id))

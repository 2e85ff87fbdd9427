"""
A registry of networks for the tests of their pages, and a door that believes a header.

    North (public)   Alpha, Beta        steward stu
    South (public)   Alpha, Gamma
    Both  (public)   joint of North and South: three members, Alpha in two
    Cellar (private) Delta              steward hid; everything of it is hidden

Alpha has a laboratory that does 40 pcr samples a day and stated 5 more, Beta equipment with 60
pcr samples a day, Gamma a service with 3 pcr runs. The desk of North is an asset of nobody.
"""

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData
from starlette.testclient import TestClient

from tests.registry_worlds import World, an_id
from triplehelix.errors import Forbidden
from triplehelix.registry.viewer import Viewer
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

WORD = "on-purpose"
PEOPLE = ("", "sam", "mia", "stu", "hid", "ada")
NORTH, SOUTH, BOTH, CELLAR = (an_id("network", n) for n in ("North", "South", "Both", "Cellar"))
ALPHA, BETA, GAMMA, DELTA = (an_id("member", n) for n in ("Alpha", "Beta", "Gamma", "Delta"))
ABSENT = an_id("network", "there is none")


@dataclass
class HeaderDoor:
    """Believes the header `x-user`; a form is on purpose that carries `WORD`."""

    world: World

    def viewer(self, request: Request) -> Viewer:
        """Whoever the header names, with what they are granted now."""
        name = request.headers.get("x-user")
        return self.world.viewer(an_id("user", name) if name else None)

    def anti_forgery(self, request: Request) -> str:
        """One for all."""
        return WORD

    def check(self, request: Request, form: FormData) -> None:
        """Whether the form carries it."""
        if form.get("anti_forgery") != WORD:
            raise Forbidden("this form was not sent from a page of ours; open the page again")

    def check_written(self, request: Request) -> None:
        """Whether the header carries it."""
        if request.headers.get("x-anti-forgery") != WORD:
            raise Forbidden("this was not sent from a page of ours; open the page again")


def furnish(world: World, *, cellar: bool = True) -> None:
    """Make what the head of this module tells; without the cellar nothing is hidden."""
    north, south = world.network("North"), world.network("South", area="The south")
    world.compose(world.network("Both", kind="alliance"), north, south)
    alpha = world.member("Alpha", north, place={"town": "Leeds", "lat": 53.8, "lon": -1.5})
    world.join(south, alpha)
    beta, gamma = world.member("Beta", north), world.member("Gamma", south)
    lab = world.asset("Laboratory", alpha, network=north, kind="laboratory",
                      capabilities=["pcr-testing", "sequencing"])  # fmt: skip
    world.capacity(lab, amount=40)
    world.capacity(lab, amount=5, state="stated")
    robot = world.asset("Robot", beta, place={"lat": 52.2, "lon": 0.1})
    world.capacity(robot, amount=60)
    service = world.asset("Service", gamma, kind="service", capabilities=["sequencing"])
    world.capacity(service, amount=3, unit="runs")
    world.asset("Desk", network=north)
    world.post("Good news", north)
    world.event("Open day", north, place="Leeds")
    world.user("sam")
    world.user("mia", ("member", alpha))
    world.user("stu", ("steward", north))
    world.user("ada", ("administrator", ""))
    world.user("hid")
    if cellar:
        _dig(world, north, alpha)


def _dig(world: World, north: str, alpha: str) -> None:
    """What only its own people see, tied to what all see in every way there is."""
    cellar = world.network("Cellar", "private", clusters=[{"cluster_id": "aaaa0001"}])
    delta = world.member("Delta", cellar, "private")
    world.join(north, delta)
    world.compose(cellar, north)
    world.asset("Hidden thing", alpha, "private", kind="data", capabilities=["secret-skill"])
    still = world.asset("Still", delta, "private", capabilities=["pcr-testing"])
    world.capacity(still, amount=1e9)
    known = an_id("asset", "Laboratory")
    world.capacity(known, amount=7e8, shown="private")
    world.post("Whisper", north, "private")
    world.event("Vigil", north, "private")
    world.post("Muttering", cellar)
    with world.registry.writing() as connection:
        from sqlalchemy import insert

        from triplehelix.store.registry.tables import ROLES

        connection.execute(insert(ROLES), {
            "user_id": an_id("user", "hid"), "role": "steward", "object_id": cellar,
            "given_at": world.registry.clock(),
        })  # fmt: skip


def serve(registry: Registry, edition: Edition, world: World) -> TestClient:
    """The atlas of an edition with this registry."""
    app = create_app(edition, registry=registry, door=HeaderDoor(world))
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def as_(who: str) -> dict[str, str]:
    """The headers of somebody; empty for a visitor."""
    return {"x-user": who} if who else {}

"""A registry behind an atlas, with somebody of each role."""

from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.registry_worlds import World
from tests.serve.registry.doors import HeaderDoor
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry, open_registry

ROLES = ("visitor", "signed in", "in network", "owner", "steward", "administrator")
CANARY = "canaryword"


@dataclass(frozen=True)
class Cast:
    """
    Two members of a network and one outside, with assets for each audience; a client for each.

    Alpha (organisation of the edition) has: Cycler (public, with contacts for people signed in,
    terms for the network, a private note), Signed, Netted, Named (for Outside), Hidden.
    """

    world: World
    clients: dict[str, TestClient]
    network: str
    alpha: str
    beta: str
    outside: str
    assets: dict[str, str]
    capacity: str


@pytest.fixture(scope="module")
def atlas(small: Edition, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """An atlas with a registry; which one, each test says."""
    waiting = open_registry(str(tmp_path_factory.mktemp("atlas") / "waiting.sqlite"))
    return create_app(small, registry=waiting)


@pytest.fixture
def cast(registry: Registry, world: World, atlas: FastAPI) -> Cast:
    """The world of the tests, fresh for each."""
    network = world.network("Testing Body")
    alpha = world.member("Alpha Labs", network, organisation_id="https://ror.org/000000001")
    beta = world.member("Beta Clinic", network)
    outside = world.member("Outside Ltd")
    cycler = world.asset(
        "Cycler", alpha,
        {"*": "public", "contacts": "signed-in", "terms": f"network:{network}",
         "department": "private"},
        network=network, capabilities=["pcr-testing"],
        place={"town": "Cambridge", "country": "GB", "lat": 52.2, "lon": 0.12},
        contacts=[{"name": "Desk", "email": "desk@example.org"}],
        terms={"who": "termword"}, department=CANARY,
    )  # fmt: skip
    assets = {"Cycler": cycler} | {
        name: world.asset(name, alpha, shown, capabilities=["biobanking"], subjects=[CANARY])
        for name, shown in [("Signed", "signed-in"), ("Netted", f"network:{network}"),
                            ("Named", f"named:{outside}"), ("Hidden", "private")]
    }  # fmt: skip
    capacity = world.capacity(cycler, amount=100)
    users = {
        "visitor": None, "signed in": world.user("Signed In"),
        "in network": world.user("In Network", ("member", beta)),
        "owner": world.user("Owner", ("member", alpha)),
        "steward": world.user("Steward", ("steward", network)),
        "administrator": world.user("Administrator", ("administrator", "")),
    }  # fmt: skip
    atlas.state.registry, atlas.state.door = registry, HeaderDoor(world)
    clients = {
        role: TestClient(atlas, headers={"x-user": user} if user else {}, follow_redirects=False)
        for role, user in users.items()
    }
    return Cast(world, clients, network, alpha, beta, outside, assets, capacity)

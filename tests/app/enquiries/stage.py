"""A body with networks and people, for the tests of enquiries."""

from dataclasses import dataclass
from typing import Any

from tests.registry_worlds import World, an_id
from triplehelix.app.enquiries.asking import Asked, ask
from triplehelix.app.enquiries.topic import Topic
from triplehelix.read.capabilities import read_capabilities
from triplehelix.registry.enquiries import checked_asker
from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

CAPABILITIES = read_capabilities()
WORDS = {"name": "Jo Quark", "email": "Jo.Quark@example.org", "organisation": "Quark Ltd",
         "text": "We look for five hundred swab tests a day."}  # fmt: skip
CLUSTER = "aaaa0001"


@dataclass
class Stage:
    """
    North (of Leeds and Harrogate; genomics; steward stu) and South (speaks for the cluster; genomics; sue).

    Alpha in North has people (ann) and the asset Cycler, which North curates; Beta has nobody, and
    stands in South. East has a theme and no steward. ada is administrator, sam has no role.
    """

    world: World
    edition: Edition

    def __post_init__(self) -> None:
        world = self.world
        self.north = world.network("North", area="Leeds and Harrogate", themes=["genomics"])
        self.south = world.network(
            "South", area="The south", themes=["genomics"], clusters=[{"cluster_id": CLUSTER}]
        )
        self.east = world.network("East", themes=["vaccines"])
        self.alpha = world.member("Alpha", self.north)
        self.beta = world.member("Beta")
        world.join(self.south, self.beta)
        self.cycler = world.asset("Cycler", self.alpha, network=self.north,
                                  capabilities=["pcr-testing"])  # fmt: skip
        self.robot = world.asset("Robot", self.beta, capabilities=["mri"])
        self.hidden = world.asset("Secret", self.alpha, "private")
        for name, *roles in (
            ("ada", ("administrator", "")), ("stu", ("steward", self.north)),
            ("sue", ("steward", self.south)), ("ann", ("member", self.alpha)), ("sam",),
        ):  # fmt: skip
            world.user(name, *roles)

    @property
    def registry(self) -> Registry:
        """The registry."""
        return self.world.registry

    def as_(self, name: str) -> Viewer:
        """Somebody as they are now; a visitor for no name."""
        return self.world.viewer(an_id("user", name)) if name else VISITOR

    def ask(self, who: str = "", address: str = "192.0.2.7", **said: Any) -> Asked:
        """Ask about a topic; words and names of the asker unless they are given."""
        topic = Topic(**{k: v for k, v in said.items() if k in Topic.__dataclass_fields__})
        words = {**WORDS, **{k: v for k, v in said.items() if k in WORDS}}
        return ask(self.registry, self.as_(who), self.edition, topic, checked_asker(words),
                   CAPABILITIES, address=address)  # fmt: skip

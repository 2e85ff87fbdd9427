"""A call and those who could answer it: a body, a university, a hospital, their people."""

from datetime import date
from typing import Any

from tests.registry_worlds import World
from triplehelix.ally.alliance import Alliance, Contribution, Coverage
from triplehelix.app.calls.commitments import invite
from triplehelix.app.calls.proposals import keep, question_for
from triplehelix.app.calls.records import create_call, open_call
from triplehelix.app.calls.solver import Found, Question
from triplehelix.app.calls.workers import OnProgress
from triplehelix.read.capabilities import read_capabilities

CAPABILITIES = read_capabilities()
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
CONTENT: dict[str, Any] = {
    "title": "Testing for the region", "text": "We need tests.",
    "needs": [{"need": "tests", "capability": "pcr-testing", "amount": 800, "unit": "samples/day",
               "by": FIRST.isoformat(), "until": LAST.isoformat()}],
}  # fmt: skip


class Stage:
    """
    A network that holds a call; a university and a hospital with 500 samples a day each.

    `steward` acts for the call, `ann` for the university, `bob` for the hospital; `eve` has an
    account and no role.
    """

    def __init__(self, world: World, **call: Any) -> None:
        self.world, self.registry = world, world.registry
        self.network = world.network("Body")
        self.members = [world.member(name) for name in ("University", "Hospital")]
        self.assets = [world.asset(f"Laboratory of {name}", member) for name, member in
                       zip(("University", "Hospital"), self.members, strict=True)]  # fmt: skip
        self.capacities = [world.capacity(one, amount=500, lead_days=3) for one in self.assets]
        self.users = {
            "steward": world.user("Steward", ("steward", self.network)),
            "ann": world.user("Ann", ("member", self.members[0])),
            "bob": world.user("Bob", ("member", self.members[1])),
            "eve": world.user("Eve"), "admin": world.user("Admin", ("administrator", "")),
        }  # fmt: skip
        self.call = create_call(self.registry, self.as_("steward"), {**CONTENT, **call},
                                CAPABILITIES, network_id=self.network, progress=True)  # fmt: skip

    def as_(self, name: str) -> Any:
        """What somebody is at this moment; a visitor for no name."""
        return self.world.viewer(self.users[name] if name else None)

    def open(self, visibility: str = "public") -> "Stage":
        """Open the call."""
        open_call(self.registry, self.as_("steward"), self.call, CAPABILITIES,
                  visibility=visibility)  # fmt: skip
        return self

    def propose(self, who: str = "steward") -> str:
        """A proposal, in which each gives 400 a day; its id."""
        viewer = self.as_(who)
        question = question_for(self.registry, viewer, self.call, CAPABILITIES)
        return keep(self.registry, viewer, self.call, question, Found(halves(question)))

    def invite(self) -> list[str]:
        """Everybody is invited; ids of the commitments, the university's first."""
        made = invite(self.registry, self.as_("steward"), self.propose(), CAPABILITIES).made
        assert len(made) == 2
        return made


def halves(question: Question, _: OnProgress | None = None) -> Alliance:
    """What a solver might answer: every capacity gives an equal part of the first need."""
    need = question.call.needs[0]
    there = [(asset, one) for asset in question.landscape.assets for one in asset.capacities]
    amount = need.amount / len(there) if need.amount else 1.0
    given = tuple(
        Contribution(need.need, asset.asset, asset.member, one.capacity, amount, FIRST, LAST,
                     FIRST, 3.0, None, None)
        for asset, one in there
    )  # fmt: skip
    partners = tuple(sorted({one.member for one in given}))
    covered = Coverage(need.need, need.amount or 1.0, need.unit, need.amount or 1.0, 0.0, 0.0, None)
    return Alliance(question.call, "feasible", 200.0, 150.0, {"partners": 200.0}, partners,
                    given, (covered,))  # fmt: skip

"""Random worlds whose every visibility is known, so that what is seen can be told without SQL."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.registry_worlds import World, an_id
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.registry.visibility import Audience, Holder, condition, meets
from triplehelix.store.registry.capacities import put_capacity
from triplehelix.store.registry.networks import compose, join

HIDEABLE = ("department", "access", "capabilities", "place", "website")


@dataclass
class Told:
    """One record as it was made."""

    kind: str
    record_id: str
    holder: Holder
    shown: dict[str, str]
    fields: dict[str, Any]
    capacities: dict[str, str | None] = field(default_factory=dict)

    def audience_met(self, grants: frozenset[str], *texts: str | None) -> bool:
        """Whether all of these audiences let such a viewer see what this holder holds."""
        return all(meets(grants, condition(Audience.read(t), self.holder)) for t in texts if t)

    def seen_by(self, grants: frozenset[str]) -> bool:
        return self.audience_met(grants, self.shown["*"])

    def fields_seen_by(self, grants: frozenset[str]) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.fields.items()
            if self.audience_met(grants, self.shown["*"], self.shown.get(name))
        }

    def capacities_seen_by(self, grants: frozenset[str]) -> set[str]:
        shown = self.shown
        return {
            one
            for one, own in self.capacities.items()
            if self.audience_met(grants, shown["*"], shown.get("capacities"), own)
        }


class RandomWorld:
    """Networks in networks, members in them, assets of both; users of every role."""

    def __init__(self, world: World, rng: Random, n_assets: int = 15) -> None:
        self.world, self.rng = world, rng
        self.told: list[Told] = []
        self.networks = [an_id("network", f"network {n}") for n in range(4)]
        self.members = [an_id("member", f"member {n}") for n in range(5)]
        self.ties: set[tuple[str, str]] = set()
        with world.registry.change(COMMAND_LINE) as change:
            self._make_holders(change)
            for n in range(n_assets):
                self._make_asset(change, n)
        self.users = self._make_users()

    def grants(self, roles: list[tuple[str, str]]) -> frozenset[str]:
        """What somebody with these roles is granted: by the rule in words, step by step."""
        found = {"signed-in"} | {f"{r}:{of}" for r, of in roles if r in ("member", "steward")}
        inside = {of for role, of in roles if role in ("member", "steward", "reader")}
        networks = {of for role, of in roles if role in ("steward", "reader")}
        for _ in range(len(self.networks) + 1):
            above = {network for network, one in self.ties if one in inside}
            inside, networks = inside | above, networks | above
        return frozenset(found | {f"network:{one}" for one in networks})

    def audience(self) -> str:
        """Any."""
        level = self.rng.choice(["public", "signed-in", "network", "named", "private"])
        if level in ("network", "named"):
            names = self.networks if level == "network" else self.members
            return f"{level}:{','.join(self.rng.sample(names, self.rng.randint(1, 2)))}"
        return level

    def _make_holders(self, change: Any) -> None:
        rng = self.rng
        for n, one in enumerate(self.networks):
            self._tell(
                change, "network", one, Holder(None, one), {"name": f"network {n}"}, ["website"]
            )
        for n, one in enumerate(self.members):
            holder = Holder(one, rng.choice([None, *self.networks]))
            self._tell(
                change,
                "member",
                one,
                holder,
                {"name": f"member {n}", "helix": "health"},
                ["website"],
            )
        for above, below in ((0, 1), (1, 2), (0, 3)):
            if rng.random() < 0.5:
                tie = (self.networks[above], self.networks[below])
                self.ties.add(tie)
                if rng.random() < 0.5:
                    join(change, *tie, visibility=self.audience())
                else:
                    compose(change, tie[0], (tie[1],) + tuple(
                        part for whole, part in change.sight.network_parts() if whole == tie[0]))  # fmt: skip
        for member in self.members:
            for network in rng.sample(self.networks, rng.randint(0, 2)):
                self.ties.add((network, member))
                join(change, network, member, visibility=self.audience())

    def _make_asset(self, change: Any, n: int) -> None:
        holder = Holder(
            self.rng.choice([None, *self.members]), self.rng.choice([None, *self.networks])
        )
        fields = {
            "name": f"asset {n}", "kind": "equipment", "department": f"department {n}",
            "access": f"access {n}", "capabilities": ["pcr-testing"],
            "place": {"town": "Leeds"}, "website": f"https://example.org/{n}",
        }  # fmt: skip
        one = an_id("asset", f"asset {n}")
        told = self._tell(change, "asset", one, holder, fields, [*HIDEABLE, "capacities"])
        for _ in range(self.rng.randint(0, 2)):
            own = self.rng.choice([None, self.audience()])
            said = {"capability": "pcr-testing", "amount": 3, "unit": "samples"}
            told.capacities[put_capacity(change, one, said, visibility=own)] = own

    def _tell(
        self, change: Any, kind: str, one: str, holder: Holder, fields: dict[str, Any],
        hideable: list[str],
    ) -> Told:  # fmt: skip
        shown = {"*": self.audience()}
        shown |= {name: self.audience() for name in hideable if self.rng.random() < 0.5}
        if "website" not in fields and kind != "asset":
            fields["website"] = f"https://example.org/{fields['name'].replace(' ', '-')}"
        if kind == "network":
            fields["kind"] = "other"
        change.create(kind, fields, holder, visibility=shown, record_id=one)
        self.told.append(Told(kind, one, holder, shown, fields))
        return self.told[-1]

    def _make_users(self) -> dict[str, list[tuple[str, str]]]:
        made: dict[str, list[tuple[str, str]]] = {}
        choices = [("member", one) for one in self.members]
        choices += [(role, one) for one in self.networks for role in ("steward", "reader")]
        for n in range(8):
            roles = self.rng.sample(choices, self.rng.randint(0, 2))
            made[self.world.user(f"user {n}", *roles)] = roles
        return made

"""Value chains: the roles of a theme, and what shows that a cluster has one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from triplehelix.errors import UnknownName

Grade = Literal["direct", "indirect"]
Words = frozenset[str]


class Work(NamedTuple):
    """An organisation's part in an activity; `also` are the activity's other themes."""

    cluster_id: str
    theme: str
    activity_id: str
    organisation_id: str
    helix: str
    part: str
    kind: str
    also: tuple[str, ...] = ()


class SharedAsset(NamedTuple):
    """
    An asset that everybody may see, in the cluster where it or its holder stands.

    `can` are its capabilities with all that they are kinds of; `capacities` its amounts.
    """

    asset_id: str
    name: str
    cluster_id: str
    member: str
    can: Words
    capacities: tuple["Capacity", ...] = ()
    source: str = "registry"


class Capacity(NamedTuple):
    """How much an asset gives, of what; `state` is available, stated, planned or past."""

    capability: str
    label: str
    amount: float
    unit: str
    state: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What is evidence of a role; `says` tells it to people.

    A rule with `capabilities` is about assets, any other about work: all that it names must fit.
    """

    says: str
    grade: Grade = "direct"
    helix: Words = frozenset()
    part: Words = frozenset()
    kind: Words = frozenset()
    also: Words = frozenset()
    capabilities: Words = frozenset()

    def fits_work(self, work: Work) -> bool:
        """
        Whether this work is such evidence.

        Who pays for work does not do it: only a rule that names `part` takes in funders.

        Examples
        --------
        >>> paid = Work("c", "cancer", "a", "o", "academia", "funder", "project")
        >>> Rule("a university", helix=frozenset({"academia"})).fits_work(paid)
        False
        """
        return (
            not self.capabilities
            and (work.part in self.part if self.part else work.part != "funder")
            and (not self.helix or work.helix in self.helix)
            and (not self.kind or work.kind in self.kind)
            and (not self.also or not self.also.isdisjoint(work.also))
        )

    def fits_asset(self, asset: SharedAsset, instead: Words | None = None) -> bool:
        """Whether this asset is; `instead` are capabilities to go by, for a theme of its own."""
        counted = self.capabilities if instead is None else instead
        return bool(self.capabilities) and not asset.can.isdisjoint(counted)


@dataclass(frozen=True, slots=True)
class Role:
    """A step of a value chain; `words` are phrases by which people ask for it."""

    role: str
    label: str
    definition: str
    rules: tuple[Rule, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an offer is for: which roles must be covered (None: all), what is told first."""

    audience: str
    label: str
    roles: tuple[str, ...] | None
    order: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """
    The rules by which roles are told.

    `assets` has, for a theme and a role, the capabilities that count in place of the rules'.
    """

    name: str
    version: str
    roles: tuple[Role, ...]
    audiences: tuple[Audience, ...]
    assets: dict[tuple[str, str], Words] = field(default_factory=dict)

    def role(self, slug: str) -> Role | None:
        """The role of this slug; None where there is no rule for it, so that it cannot be told."""
        return next((one for one in self.roles if one.role == slug), None)

    def audience(self, slug: str) -> Audience:
        """
        The audience of this slug.

        Raises
        ------
        UnknownName
            If there is none.
        """
        for one in self.audiences:
            if one.audience == slug:
                return one
        offered = ", ".join(one.audience for one in self.audiences)
        raise UnknownName(f"no audience is called {slug!r}; give one of {offered}")

    def of_work(self, work: Work, roles: Sequence[str]) -> Iterator[tuple[str, Grade]]:
        """Of which roles this work is evidence, and of which grade."""
        for slug, rule in self._rules(roles):
            if rule.fits_work(work):
                yield slug, rule.grade

    def of_asset(self, asset: SharedAsset, theme: str, roles: Sequence[str]) -> Iterator[str]:
        """Of which roles of a theme an asset is evidence; always direct."""
        for slug, rule in self._rules(roles):
            if rule.fits_asset(asset, self.assets.get((theme, slug))):
                yield slug

    def _rules(self, roles: Sequence[str]) -> Iterator[tuple[str, Rule]]:
        for slug in roles:
            role = self.role(slug)
            for rule in role.rules if role else ():
                yield slug, rule

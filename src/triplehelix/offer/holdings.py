"""What each cluster holds of each role of each theme: the pieces of evidence, counted once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from triplehelix.offer.chain import Chain, Grade, SharedAsset, Work


class Need(NamedTuple):
    """A role of a theme, to be covered."""

    theme: str
    role: str


@dataclass(frozen=True, slots=True)
class Held:
    """
    The evidence that a cluster has a role: distinct, sorted ids.

    `grade` is `indirect` where nothing direct was found. A piece is an activity or an asset.
    """

    grade: Grade
    activities: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()

    @property
    def pieces(self) -> int:
        """How many pieces of evidence."""
        return len(self.activities) + len(self.assets)


Holdings = Mapping[str, Mapping[Need, Held]]


class _Pieces:
    def __init__(self) -> None:
        self.activities: set[str] = set()
        self.organisations: set[str] = set()
        self.assets: set[str] = set()

    def held(self, grade: Grade) -> Held:
        return Held(
            grade, tuple(sorted(self.activities)), tuple(sorted(self.organisations)),
            tuple(sorted(self.assets)),
        )  # fmt: skip


def holdings(
    chain: Chain, roles: Mapping[str, Sequence[str]], work: Iterable[Work],
    assets: Iterable[SharedAsset] = (),
) -> Holdings:  # fmt: skip
    """
    Tell which cluster has which role, and by what.

    Parameters
    ----------
    chain : the rules.
    roles : of each theme asked for its value chain.
    work, assets : in any order; rows of other themes are passed over.

    Returns
    -------
    By cluster and need the evidence. Direct evidence of a role makes indirect evidence of it,
    in the same cluster, of no account. No entry: no evidence.

    Examples
    --------
    >>> from triplehelix.offer.chain import Role, Rule
    >>> rule = Rule("a university", helix=frozenset({"academia"}))
    >>> ours = Chain("ours", "1", (Role("discovery", "Discovery", "", (rule,)),), ())
    >>> work = Work("york", "cancer", "a1", "o1", "academia", "lead", "project")
    >>> found = holdings(ours, {"cancer": ["discovery"]}, [work])
    >>> found["york"][Need("cancer", "discovery")].pieces
    1
    """
    found: dict[tuple[str, Need, Grade], _Pieces] = {}

    @cache
    def told(sort: Work) -> tuple[tuple[str, Grade], ...]:
        return tuple(chain.of_work(sort, roles[sort.theme]))

    for one in work:
        if one.theme not in roles:
            continue
        # Of a thousand rows there are few sorts: each is judged once.
        for role, grade in told(one._replace(cluster_id="", activity_id="", organisation_id="")):
            pieces = found.setdefault((one.cluster_id, Need(one.theme, role), grade), _Pieces())
            pieces.activities.add(one.activity_id)
            pieces.organisations.add(one.organisation_id)
    for asset in assets:
        for theme in sorted(roles):
            for role in chain.of_asset(asset, theme, roles[theme]):
                pieces = found.setdefault(
                    (asset.cluster_id, Need(theme, role), "direct"), _Pieces()
                )
                pieces.assets.add(asset.asset_id)
    return _best_grade(found)


def _best_grade(found: Mapping[tuple[str, Need, Grade], _Pieces]) -> Holdings:
    held: dict[str, dict[Need, Held]] = {}
    for (cluster, need, grade), pieces in sorted(found.items(), key=lambda one: one[0]):
        # `direct` comes first, by letter.
        held.setdefault(cluster, {}).setdefault(need, pieces.held(grade))
    return held

"""How the clusters of an offer complement each other, and where they overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from triplehelix.offer.facts import Facts
from triplehelix.offer.figures import Figure
from triplehelix.offer.holdings import Holdings, Need
from triplehelix.offer.material import ClusterSeen
from triplehelix.offer.wording import Name, Wording


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clusters: the roles both have, those that one alone has, what they do together."""

    a: Name
    b: Name
    both: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    joint: Figure


def pairs(
    facts: Facts, words: Wording, held: Holdings, labels: Mapping[Need, str],
    clusters: Sequence[ClusterSeen], work: Mapping[str, set[str]],
) -> tuple[Pair, ...]:  # fmt: skip
    """
    Tell of each two clusters how they fit, those with the fewest roles in common first.

    Parameters
    ----------
    labels : the roles asked for, in order.
    work : of each cluster the activities of the theme.
    """
    names = facts.clusters
    found = []
    for one, other in combinations([c.cluster_id for c in clusters], 2):
        mine, yours = held.get(one, {}), held.get(other, {})
        joint = work.get(one, set()) & work.get(other, set())
        n = facts.activities(
            f"pair/{one}/{other}",
            words("activities of the theme that {a} and {b} do together").format(
                a=names[one].text, b=names[other].text
            ),
            joint, facts.path(cluster=one, partner_cluster=other),
        )  # fmt: skip
        found.append(Pair(
            names[one], names[other],
            tuple(labels[need] for need in labels if need in mine and need in yours),
            tuple(labels[need] for need in labels if need in mine and need not in yours),
            tuple(labels[need] for need in labels if need in yours and need not in mine), n,
        ))  # fmt: skip
    found.sort(key=lambda p: (len(p.both), -len(p.only_a) - len(p.only_b), p.a.text, p.b.text))
    return tuple(found)

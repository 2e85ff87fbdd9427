"""Who should talk first: by rules that are told with each suggestion, never by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from triplehelix.offer.facts import Facts, cluster_path, organisation_path
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.material import Joint, Unmet
from triplehelix.offer.parts import Part
from triplehelix.offer.wording import Name, Runs, Wording

MOST = 8


@dataclass(frozen=True, slots=True)
class Conversation:
    """
    A first conversation: who of theirs with whom of ours, why, and what it rests on.

    `rule` is `go-on` (they work together in the theme), `introduce` (they work with one of our
    clusters, and another has the role they lack), or `expected` (clusters that work together less
    than their sizes and distance let one expect).
    """

    rule: str
    theirs: Name
    ours: Name
    why: Runs
    figures: tuple[Figure, ...]


def conversations(
    facts: Facts, parts: Sequence[Part], words: Wording, most: int = MOST
) -> tuple[Conversation, ...]:
    """
    Suggest first conversations with the partner; none where no partner is asked for.

    First come those who work together in the theme, the most joint activities first. Then each of
    their organisations that works with a cluster of ours is led from there to the clusters of the
    offer that it does not work with. Then come pairs of clusters that the edition holds to work
    together less than expected.

    Parameters
    ----------
    parts : the clusters of the offer, the strongest first.
    """
    if facts.material.partner is None:
        return ()
    found = [*_going_on(facts, words), *_introductions(facts, parts, words),
             *_expected(facts, words)]  # fmt: skip
    return tuple(found[:most])


def _going_on(facts: Facts, words: Wording) -> list[Conversation]:
    pairs: dict[tuple[str, str], set[str]] = {}
    for row in facts.material.joint:
        if row.themed and row.cluster_id and _named(facts, row):
            pairs.setdefault((row.partner_id, row.organisation_id), set()).add(row.activity_id)
    seen = facts.material.organisations
    ranked = sorted(pairs, key=lambda p: (-len(pairs[p]), seen[p[0]].name, seen[p[1]].name, p))
    return [_go_on(facts, words, pair, pairs[pair]) for pair in ranked[: MOST // 2]]


def _go_on(facts: Facts, words: Wording, pair: tuple[str, str], ids: set[str]) -> Conversation:
    theirs, ours = (_organisation(facts, one) for one in pair)
    n = facts.activities(
        f"talk/{pair[0]}/{pair[1]}",
        words("joint activities of the theme of {a} and {b}").format(a=theirs.text, b=ours.text),
        ids, facts.path(joint="theme", organisation=pair[0]),
    )  # fmt: skip
    why = words.count(
        "They do {n} activity of the theme together: ask what should follow it.",
        "They do {n} activities of the theme together: ask what should follow them.", n,
    )  # fmt: skip
    return Conversation("go-on", theirs, ours, why, (n,))


def _introductions(facts: Facts, parts: Sequence[Part], words: Wording) -> list[Conversation]:
    by_partner: dict[str, list[Joint]] = {}
    for row in facts.material.joint:
        if row.cluster_id and _named(facts, row):
            by_partner.setdefault(row.partner_id, []).append(row)
    seen = facts.material.organisations
    ranked = sorted(by_partner, key=lambda one: (-_n_joint(by_partner[one]), seen[one].name, one))
    found = []
    for partner in ranked:
        known = {row.cluster_id for row in by_partner[partner]}
        new = next((p for p in parts if p.brief.cluster_id not in known and p.leaders), None)
        if new is not None:
            found.append(_introduce(facts, words, partner, by_partner[partner], new))
    return found


def _named(facts: Facts, row: Joint) -> bool:
    """Whom no source names nobody can call."""
    seen = facts.material.organisations
    return seen[row.partner_id].named and seen[row.organisation_id].named


def _n_joint(rows: Sequence[Joint]) -> int:
    return len({row.activity_id for row in rows})


def _introduce(
    facts: Facts, words: Wording, partner: str, rows: Sequence[Joint], new: Part
) -> Conversation:
    theirs = _organisation(facts, partner)
    names = facts.clusters
    known = sorted({row.cluster_id for row in rows if row.cluster_id}, key=lambda c: names[c].text)
    n = facts.activities(
        f"talk/{partner}",
        words("joint activities of any theme of {a} with our clusters").format(a=theirs.text),
        {row.activity_id for row in rows}, facts.path(joint="placed", organisation=partner),
    )  # fmt: skip
    why = words.say(
        "{partner} works with {known} already ({n} in any theme). {new} has {roles}, and no "
        "joint activity of the two is known.",
        partner=theirs, known=words.listed([names[one] for one in known[:4]]), n=n,
        new=new.brief.name, roles=words.listed([Name(r.label) for r in new.roles if r.share]),
    )  # fmt: skip
    leader = max(new.leaders, key=lambda one: one.activities.value or 0)
    return Conversation("introduce", theirs, leader.organisation, why, (n,))


def _expected(facts: Facts, words: Wording) -> list[Conversation]:
    return [_unmet(facts, words, one) for one in facts.material.unmet]


def _unmet(facts: Facts, words: Wording, one: Unmet) -> Conversation:
    ours = facts.clusters[one.ours]
    theirs = Name(one.name, cluster_path(one.theirs))
    about = {"a": ours.text, "b": one.name}

    def figure(key: str, says: str, value: float) -> Figure:
        return Figure(
            f"talk/{one.ours}/{one.theirs}/{key}", says.format(**about), value,
            "activities", facts.material.sources, facts.whole_period,
            Sample(None, words("all pairs of clusters of the edition")),
            Doubt(None, None, words("the interval of the tie stands on the cluster's page")),
            Evidence(cluster_path(one.ours)),
        )  # fmt: skip

    weight = figure("weight", words("joint work of {a} and {b}, fractional"), one.weight)
    expected = figure(
        "expected", words("joint work of {a} and {b} that one would expect"), one.expected
    )
    why = words.say(
        "They do {weight} together where {expected} would be expected of their sizes and distance.",
        weight=weight, expected=expected,
    )  # fmt: skip
    return Conversation("expected", theirs, ours, why, (weight, expected))


def _organisation(facts: Facts, id_: str) -> Name:
    return Name(facts.material.organisations[id_].name, organisation_path(id_))

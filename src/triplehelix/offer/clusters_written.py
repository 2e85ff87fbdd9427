"""The clusters of an offer, written: their part each, how they fit, and all further ones."""

from triplehelix.offer.document import Bar, Bars, Block, Cell, Paragraph, Section, Table
from triplehelix.offer.offer import LossShown, Offer
from triplehelix.offer.parts import Brief, Part, RolePart
from triplehelix.offer.wording import Name, Runs, Wording


def clusters_section(offer: Offer, words: Wording, most_others: int) -> Section | None:
    """The clusters; None where none has evidence."""
    if not offer.parts:
        return None
    blocks: list[Block] = [
        Paragraph((words(
            "Which cluster has which role. A full mark is direct evidence; an open one is indirect."
        ),)),
        _matrix(offer, words, most_others),
        _strengths(offer, words),
    ]  # fmt: skip
    left = len(offer.others) - most_others
    if left > 0:
        blocks.append(Paragraph(words.say(
            "Further clusters with a part stand on {page}.",
            page=Name(words("the page of this offer"), f"/offer?{offer.query}"),
        ), "note"))  # fmt: skip
    blocks.append(Paragraph(words.say(
        "Of the clusters asked for, {n} show no evidence of any role.", n=offer.without
    ), "note"))  # fmt: skip
    inner = [_part(part, offer, words) for part in offer.parts]
    inner.append(_fit(offer, words))
    return Section("clusters", words("The clusters"), tuple(blocks), tuple(inner))


def _matrix(offer: Offer, words: Wording, most_others: int) -> Table:
    labels = [link.label for link in offer.chain]
    which = {name.path: cover.which for cover in offer.covers for name in cover.clusters}
    sets = {"first": words("first"), "second": words("second"), "third": words("third")}

    def row(brief: Brief) -> tuple[Cell, ...]:
        own = which.get(brief.name.path, "")
        marks = tuple(
            Cell((), _told(brief, label))
            for label in labels
        )  # fmt: skip
        link = f"/offer/part?{offer.query}&cluster={brief.cluster_id}"
        return (
            Cell((Name(brief.name.text, link),)), Cell((sets.get(own, "–"),)), *marks,
            Cell((brief.activities,)), Cell((brief.strength,)),
        )  # fmt: skip

    shown = [*(part.brief for part in offer.parts), *offer.others[:most_others]]
    return Table(
        "matrix", words("Clusters and roles"),
        (words("Cluster"), words("Set"), *labels, words("Activities"), words("Strength")),
        tuple(row(brief) for brief in shown),
        (words("Strength: the mean, over the roles, of the cluster's share of all evidence."),),
    )  # fmt: skip


def _told(brief: Brief, label: str) -> str:
    if label in brief.indirect:
        return "indirect"
    return "direct" if label in brief.roles else "none"


def _strengths(offer: Offer, words: Wording) -> Bars:
    which = {name.path: cover.which for cover in offer.covers for name in cover.clusters}
    briefs = [*(part.brief for part in offer.parts), *offer.others][:12]
    return Bars(
        "strength", words("Strength of the clusters"),
        words("One bar for each cluster: its mean share of the evidence of the roles. The table "
              "has the figures."),
        tuple(Bar(one.name.text, one.strength, which.get(one.name.path, "other"))
              for one in briefs),
    )  # fmt: skip


def _part(part: Part, offer: Offer, words: Wording) -> Section:
    name = part.brief.name
    blocks: list[Block] = [
        Paragraph(words.say(
            "{organisations} organisations are at work in {activities} activities of the theme.",
            organisations=part.organisations, activities=part.brief.activities,
        )),
        _roles(part, words),
    ]  # fmt: skip
    if part.alone:
        alone = words.listed([Name(label) for label in part.alone])
        said = words.say("Nobody else has direct evidence of {roles}.", roles=alone)
        blocks.append(Paragraph(said))
    blocks.extend(
        Paragraph(words.say(
            "Beside what its size would give it, it has {n} times as much of the theme.", n=quotient
        ))
        for quotient in part.quotients
    )  # fmt: skip
    blocks.extend(_loss(loss, words) for loss in offer.losses if loss.cluster.path == name.path)
    if part.leaders:
        blocks.append(_leaders(part, words))
    return Section(f"cluster-{part.brief.cluster_id}", name.text, tuple(blocks))


def _roles(part: Part, words: Wording) -> Table:
    with_assets = any(role.assets is not None for role in part.roles)
    grades = {"direct": words("direct"), "indirect": words("indirect")}

    def row(role: RolePart) -> tuple[Cell, ...]:
        assets = (Cell((role.assets,) if role.assets else ()),) if with_assets else ()
        return (
            Cell((role.label,)), Cell((grades[role.grade],)), Cell((role.activities,)),
            Cell((role.organisations,)), *assets, Cell((role.share,) if role.share else ("–",)),
        )  # fmt: skip

    return Table(
        f"roles-{part.brief.cluster_id}",
        words("What {cluster} brings").format(cluster=part.brief.name.text),
        (words("Role"), words("Evidence"), words("Activities"), words("Organisations"),
         *((words("Assets"),) if with_assets else ()), words("Share of all evidence")),
        tuple(row(role) for role in part.roles),
    )  # fmt: skip


def _leaders(part: Part, words: Wording) -> Table:
    helices = {
        "academia": words("Academia"), "industry": words("Industry"), "health": words("Health"),
        "government": words("Government"), "nonprofit": words("Non-profit"),
        "unknown": words("Not known"),
    }  # fmt: skip
    return Table(
        f"leaders-{part.brief.cluster_id}",
        words("Who leads in {cluster}, by sector").format(cluster=part.brief.name.text),
        (words("Organisation"), words("Sector"), words("Activities")),
        tuple(
            (Cell((one.organisation,)), Cell((helices.get(one.helix, one.helix),)),
             Cell((one.activities,)))
            for one in part.leaders
        ),
    )  # fmt: skip


def _loss(loss: LossShown, words: Wording) -> Paragraph:
    said: list[Runs] = []
    if loss.roles:
        roles = words.listed([Name(label) for label in loss.roles])
        said.append(words.say("Without it the first set would lose {roles}.", roles=roles))
    if loss.instead:
        instead = words.listed(list(loss.instead))
        said.append(words.say("The smallest set in its place: {clusters}.", clusters=instead))
    if loss.gaps:
        gaps = words.listed([Name(label) for label in loss.gaps])
        said.append(words.say("No other cluster could bring {gaps}.", gaps=gaps))
    return Paragraph(words.sentences(said))


def _fit(offer: Offer, words: Wording) -> Section:
    rows = tuple(
        (
            Cell((*words.listed([pair.a, pair.b]),)),
            Cell((words.joined(pair.both) or "–",)), Cell((words.joined(pair.only_a) or "–",)),
            Cell((words.joined(pair.only_b) or "–",)), Cell((pair.joint,)),
        )
        for pair in offer.pairs
    )  # fmt: skip
    return Section("fit", words("How they fit"), (
        Paragraph((words(
            "Which roles two clusters both have (overlap), and which one has and the other lacks "
            "(complement)."
        ),)),
        Table("fit", words("Overlap and complement of the clusters of the sets"),
              (words("Clusters"), words("Both"), words("The first alone"),
               words("The second alone"), words("Joint activities")), rows),
    ))  # fmt: skip

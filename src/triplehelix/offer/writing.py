"""Writing an offer down as a document: by rules, in the words of a catalogue."""

from collections.abc import Callable

from triplehelix.offer.argument import argument
from triplehelix.offer.clusters_written import clusters_section
from triplehelix.offer.document import (
    Bar,
    Bars,
    Block,
    Bullets,
    Cell,
    Document,
    Paragraph,
    Section,
    Table,
)
from triplehelix.offer.labels import labels
from triplehelix.offer.map_written import offer_map
from triplehelix.offer.method_written import method_section
from triplehelix.offer.offer import CoverShown, Offer
from triplehelix.offer.ties_written import conversations_section, ties_section
from triplehelix.offer.wording import Name, Runs, Wording

# More further clusters are listed on the page, and in the files for programs.
MOST_OTHERS = 40


def written(offer: Offer, words: Wording | None = None) -> Document:
    """
    The offer as a document; its sections in the order of the audience.

    Parameters
    ----------
    words : the language, the same that the offer was composed in; English without.
    """
    words = words or Wording()
    made: dict[str, Callable[[], Section | None]] = {
        "chain": lambda: _chain(offer, words),
        "clusters": lambda: clusters_section(offer, words, MOST_OTHERS),
        "ties": lambda: ties_section(offer, words),
        "conversations": lambda: conversations_section(offer, words),
        "assets": lambda: _assets(offer, words),
        "scale": lambda: _scale(offer, words),
    }
    found = [_summary(offer, words), *(made[key]() for key in offer.order)]
    sections = tuple(section for section in found if section is not None)
    return Document(
        _title(offer, words), _subtitle(offer, words), _about(offer, words), words.language,
        words.direction, (*sections, method_section(offer, words)), labels(words),
        f"/offer?{offer.query}",
    )  # fmt: skip


def _themes(offer: Offer, words: Wording) -> Runs:
    return words.listed([Name(theme.text, theme.path) for theme in offer.themes])


def _plain(runs: Runs) -> str:
    return "".join(run if isinstance(run, str) else run.text for run in runs if not _figure(run))  # type: ignore[union-attr]


def _figure(run: object) -> bool:
    return not isinstance(run, str | Name)


def _title(offer: Offer, words: Wording) -> str:
    themes = _plain(_themes(offer, words))
    place = _plain(words.listed([Name(name) for name in offer.countries]))
    if offer.countries and len(offer.countries) <= 2:
        return words("{themes}: {countries}").format(themes=themes, countries=place)
    return words("{themes}: the combined offer").format(themes=themes)


def _subtitle(offer: Offer, words: Wording) -> str:
    if offer.partner:
        return words("A combined offer to {partner}. For: {audience}").format(
            partner=offer.partner, audience=offer.audience
        )
    return words("A combined offer of the clusters. For: {audience}").format(
        audience=offer.audience
    )


def _about(offer: Offer, words: Wording) -> tuple[Runs, ...]:
    about = [words.say("Edition: {edition} ({id})", edition=Name(offer.edition, "/edition"),
                       id=offer.edition_id[:12])]  # fmt: skip
    if offer.is_sample:
        about.append((words(
            "This is a sample. It holds real public facts, chosen by hand: good for trying the "
            "system, not for conclusions about any place."
        ),))  # fmt: skip
    return tuple(about)


def _summary(offer: Offer, words: Wording) -> Section:
    blocks: list[Block] = [
        Paragraph(argument(offer, words), "lead"), *_covers(offer, words),
    ]  # fmt: skip
    if offer.parts:
        together = words.say(
            "Together these hold {n} of the evidence of the roles; every other cluster with a part "
            "is listed below.", n=offer.scale.together,
        )  # fmt: skip
        blocks.append(Paragraph(together))
    gaps = [link.label for link in offer.chain if link.state in ("gap", "untold")]
    if gaps:
        blocks.append(Paragraph(words.say(
            "What is missing: {gaps}. No cluster has evidence of it here; that may be a gap of the "
            "field or of the data.",
            gaps=words.listed([Name(label) for label in gaps]),
        ), "warning"))  # fmt: skip
    drawn = offer_map(offer, words)
    return Section("summary", words("The offer"), (*blocks, *((drawn,) if drawn else ())))


def _covers(offer: Offer, words: Wording) -> list[Paragraph]:
    texts = {
        "first": words("The smallest set that covers the value chain: {clusters}."),
        "second": words("Without these, the smallest further set: {clusters}."),
        "third": words("And without those too: {clusters}."),
    }
    found = []
    for cover in offer.covers:
        runs = words.say(texts[cover.which], clusters=words.listed(list(cover.clusters)))
        found.append(Paragraph(words.sentences([runs, *_said_of(cover, words)])))
    return found


def _said_of(cover: CoverShown, words: Wording) -> list[Runs]:
    said: list[Runs] = []
    if cover.status == "optimal":
        said.append(words.count(
            "Its size of {n} is proven: no smaller set covers as much.",
            "Its size of {n} is proven: no smaller set covers as much.", cover.size,
        ))  # fmt: skip
    else:
        said.append(words.say(
            "It has {n}; whether fewer would do, but no fewer than {bound}, is not known.",
            n=cover.size, bound=cover.bound,
        ))  # fmt: skip
    if cover.gaps:
        gaps = words.listed([Name(label) for label in cover.gaps])
        said.append(words.say("It lacks {gaps}.", gaps=gaps))
    if cover.indirect:
        roles = words.listed([Name(label) for label in cover.indirect])
        said.append(words.say("For {roles} there is indirect evidence only.", roles=roles))
    return said


def _chain(offer: Offer, words: Wording) -> Section:
    states = {
        "covered": words("covered"), "indirect": words("indirect evidence only"),
        "gap": words("nobody has it here"), "untold": words("no rule tells it"),
    }  # fmt: skip
    with_assets = any(link.assets is not None for link in offer.chain)
    columns = [words("Role"), words("State"), words("Clusters"), words("Activities")]
    columns += [words("Assets")] if with_assets else []
    rows = [
        (
            Cell((link.label,)), Cell((states[link.state],), link.state), Cell((link.clusters,)),
            Cell((link.activities,)),
            *((Cell((link.assets,) if link.assets else ()),) if with_assets else ()),
            Cell(words.listed(list(link.strongest)) or ("–",)),
        )
        for link in offer.chain
    ]  # fmt: skip
    return Section("chain", words("The value chain"), (
        Paragraph((words("Which steps from finding out to supply there is evidence for, and where "
                         "most of it is."),)),
        Table("chain", words("The roles and who has them"),
              (*columns, words("Most evidence, first to fifth")), tuple(rows)),
        Bullets(tuple(
            words.say("{role}: {definition} Told by: {rules}.", role=Name(link.label),
                      definition=link.definition, rules=words("; ").join(link.rules))
            for link in offer.chain if link.rules
        )),
    ))  # fmt: skip


def _assets(offer: Offer, words: Wording) -> Section | None:
    if not offer.assets:
        return None
    states = {"available": words("available"), "stated": words("stated"),
              "planned": words("planned")}  # fmt: skip
    rows = []
    for one in offer.assets:
        capacities: list[Runs] = [
            words.say("{what}: {n} {unit}, {state}", what=c.what, n=c.amount,
                      unit=_unit(c.amount.unit, words), state=states.get(c.state, c.state))
            for c in one.capacities
        ]  # fmt: skip
        runs = [
            run
            for at, each in enumerate(capacities)
            for run in ((words("; "),) if at else ()) + each
        ]
        rows.append((
            Cell((one.asset,)), Cell((one.member,)), Cell((one.cluster,)),
            Cell((words.joined(one.roles),)), Cell(tuple(runs) or ("–",)),
        ))  # fmt: skip
    return Section("assets", words("What can be shared"), (
        Paragraph((words(
            "Laboratories, equipment and services of the registry that show a role of the chain, "
            "as everybody may see them. Stated: a source says so; only an available one has been "
            "confirmed by its holder."
        ),)),
        Table("assets", words("Assets of the offer"),
              (words("Asset"), words("Holder"), words("Cluster"), words("Roles"),
               words("Capacity")), tuple(rows)),
    ))  # fmt: skip


def _unit(unit: str, words: Wording) -> str:
    """Such as tests/day: each of the two is a word of the list of capabilities."""
    return "/".join(words(word) for word in unit.split("/"))


def _scale(offer: Offer, words: Wording) -> Section:
    scale = offer.scale
    facts = [
        (words("Clusters with evidence of a role"), scale.clusters),
        (words("Share of all evidence that the clusters of the sets hold"), scale.together),
        (words("Organisations at work in the theme"), scale.organisations),
        (words("Activities"), scale.activities),
        *((words("Money stated, {unit}").format(unit=one.unit), one) for one in scale.money),
        *(((words("Assets that show a role"), scale.assets),) if scale.assets else ()),
        (words("People within reach of the clusters of the sets, each once"), scale.people),
    ]
    rows = tuple(
        (Cell((label,)), Cell((figure,)), Cell((figure.doubt.words,))) for label, figure in facts
    )
    facts_table = Table(
        "scale", words("The facts of scale"),
        (words("Fact"), words("Figure"), words("How sure")), rows,
    )  # fmt: skip
    return Section("scale", words("The facts of scale"), (facts_table, *_reach(offer, words)))


def _reach(offer: Offer, words: Wording) -> list[Block]:
    """Who lives near each cluster of the sets; nothing where no set could be found."""
    reach = offer.scale.reach
    if not reach:
        return []
    chart = Bars(
        "reach", words("People within reach of each cluster of the sets"),
        words("One bar for each cluster: how many people live near it. The table has the figures."),
        tuple(Bar(one.cluster.text, one.people) for one in reach),
    )  # fmt: skip
    table = Table(
        "reach-table", words("People within reach"), (words("Cluster"), words("People")),
        tuple((Cell((one.cluster,)), Cell((one.people,))) for one in reach),
    )  # fmt: skip
    note = Paragraph((words(
        "People are counted from the towns of the gazetteer, each once, and parts of larger towns "
        "left out: an undercount."
    ),), "note")  # fmt: skip
    return [chart, table, note]

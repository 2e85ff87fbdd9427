"""Ties with a partner, and first conversations, written."""

from triplehelix.offer.document import Bar, Bars, Cell, Paragraph, Section, Table
from triplehelix.offer.offer import Offer
from triplehelix.offer.ties import Ties
from triplehelix.offer.wording import Wording


def ties_section(offer: Offer, words: Wording) -> Section | None:
    """What joins the clusters and the partner; None without a partner."""
    ties = offer.ties
    if ties is None:
        return None
    lead = words.say(
        "There are {all} joint activities of any theme, {placed} of them with an organisation in a "
        "cluster, and {themed} of the theme.",
        all=ties.all_themes, placed=ties.placed, themed=ties.themed,
    )  # fmt: skip
    blocks = [Paragraph(lead)]
    tables = [_activities(ties, words), _clusters(ties, words), _partners(ties, words)]
    return Section(
        "ties", words("Ties with {partner}").format(partner=ties.partner),
        (*blocks, *_trend(ties, words), *(table for table in tables if table.rows)),
    )  # fmt: skip


def _trend(ties: Ties, words: Wording) -> list[Bars | Table | Paragraph]:
    if not ties.trend:
        return []
    chart = Bars(
        "trend", words("Joint activities of any theme, by when they began"),
        words("One bar for each five years. The table has the figures."),
        tuple(Bar(words.years(one.period), one.all_themes) for one in ties.trend),
        over_time=True,
    )  # fmt: skip
    table = Table(
        "trend-table", words("Joint activities by five years"),
        (words("Begun"), words("Of the theme"), words("Of any theme")),
        tuple(
            (Cell((words.years(one.period),)), Cell((one.themed,)), Cell((one.all_themes,)))
            for one in ties.trend
        ),
    )  # fmt: skip
    note = words("The last years may be incomplete: sources lag.")
    return [chart, table, Paragraph((note,), "note")]


def _activities(ties: Ties, words: Wording) -> Table:
    return Table(
        "joint", words("Joint activities of the theme"),
        (words("Activity"), words("Begun"), words("Ours"), words("Theirs")),
        tuple(
            (Cell((one.activity,)), Cell((one.period.partition("/")[0],)),
             Cell(words.listed(list(one.ours)) or ("–",)),
             Cell(words.listed(list(one.theirs)) or ("–",)))
            for one in ties.activities
        ),
    )  # fmt: skip


def _clusters(ties: Ties, words: Wording) -> Table:
    measured = any(one.weight is not None for one in ties.clusters)
    return Table(
        "ties-clusters", words("Ties by cluster"),
        (words("Cluster"), words("Of the theme"), words("Of any theme"),
         *((words("Joint work, fractional"), words("Expected")) if measured else ())),
        tuple(
            (
                Cell((one.cluster,)), Cell((one.themed,)), Cell((one.all_themes,)),
                *((Cell((one.weight,) if one.weight else ("–",)),
                   Cell((one.expected,) if one.expected else ("–",))) if measured else ()),
            )
            for one in ties.clusters[:20]
        ),
        (words("Expected: what size, distance, language and themes let one expect."),)
        if measured else (),
    )  # fmt: skip


def _partners(ties: Ties, words: Wording) -> Table:
    return Table(
        "ties-partners", words("Organisations of {partner}").format(partner=ties.partner),
        (words("Organisation"), words("Of the theme"), words("Of any theme"), words("Works with")),
        tuple(
            (Cell((one.organisation,)), Cell((one.themed,)), Cell((one.all_themes,)),
             Cell(words.listed(list(one.clusters)) or ("–",)))
            for one in ties.partners
        ),
        (words("Those without a name in the sources are counted above and not listed."),),
    )  # fmt: skip


def conversations_section(offer: Offer, words: Wording) -> Section | None:
    """Who should talk first; None without a partner, or where nothing suggests it."""
    if not offer.conversations:
        return None
    rules = {
        "go-on": words("they work together"), "introduce": words("a cluster can introduce them"),
        "expected": words("more would be expected"),
    }  # fmt: skip
    return Section("conversations", words("First conversations"), (
        Paragraph((words(
            "Suggested by rules, from what is on record. Nobody named here has been asked."
        ),)),
        Table("conversations", words("Who could talk first"),
              (words("Theirs"), words("Ours"), words("By which rule"), words("Why")),
              tuple(
                  (Cell((one.theirs,)), Cell((one.ours,)), Cell((rules[one.rule],)),
                   Cell(one.why))
                  for one in offer.conversations
              )),
    ))  # fmt: skip

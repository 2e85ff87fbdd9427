"""Writing a case down as a document."""

from triplehelix.offer.case.case import Case
from triplehelix.offer.document import (
    Bar,
    Bars,
    Block,
    Bullets,
    Document,
    Map,
    Mark,
    Paragraph,
    Section,
)
from triplehelix.offer.labels import labels
from triplehelix.offer.wording import Name, Runs, Wording

MOST_BARS = 12


def case_document(case: Case, words: Wording | None = None) -> Document:
    """
    The case as a document.

    Parameters
    ----------
    words : the language, the same that the case was composed in; English without.
    """
    words = words or Wording()
    sections = [_section(case, at, words) for at in range(len(case.chapters))]
    return Document(
        words("The case for {cluster}").format(cluster=case.cluster.text),
        words("What speaks for investment in the cluster, and what does not"),
        _about(case, words), words.language, words.direction,
        (*sections, _method(words)), labels(words), f"{case.cluster.path}/case",
    )  # fmt: skip


def _about(case: Case, words: Wording) -> tuple[Runs, ...]:
    about = [words.say("Edition: {edition} ({id})", edition=Name(case.edition, "/edition"),
                       id=case.edition_id[:12])]  # fmt: skip
    if case.is_sample:
        about.append((words(
            "This is a sample. It holds real public facts, chosen by hand: good for trying the "
            "system, not for conclusions about any place."
        ),))  # fmt: skip
    return tuple(about)


def _section(case: Case, at: int, words: Wording) -> Section:
    chapter = case.chapters[at]
    plain = [s.runs for s in chapter.statements if s.bears != "against"]
    weak = [s.runs for s in chapter.statements if s.bears == "against"]
    blocks: list[Block] = [Bullets(tuple(plain))] if plain else []
    if weak:
        blocks += [Paragraph((words("What is weak:"),), "warning"), Bullets(tuple(weak))]
    if chapter.key == "summary" and case.places:
        blocks.append(_map(case, words))
    if chapter.key == "strengths" and case.quotients:
        blocks.append(_chart(case, words))
    return Section(chapter.key, chapter.title, tuple(blocks))


def _map(case: Case, words: Wording) -> Map:
    kinds = (("first", words("the cluster")), ("partner", words("clusters that it works with")))
    there = {place.kind for place in case.places}
    return Map(
        "ties", words("The cluster and those it works with; size: activities, its own or shared"),
        words("A map of the cluster and of the clusters it works with. The cluster's page has a "
              "table of them."),
        tuple(Mark(p.name, p.lat, p.lon, p.kind, p.activities) for p in case.places),
        tuple(kind for kind in kinds if kind[0] in there), case.countries,
    )  # fmt: skip


def _chart(case: Case, words: Wording) -> Bars:
    ranked = sorted(case.quotients, key=lambda one: (-(one[1].value or 0), one[0]))
    return Bars(
        "quotients", words("Themes with the largest location quotients; one is as everywhere"),
        words("One bar for each theme: how many times its share everywhere, with its interval."),
        tuple(Bar(label, figure) for label, figure in ranked[:MOST_BARS]),
    )  # fmt: skip


def _method(words: Wording) -> Section:
    return Section("method", words("How this was made"), (Bullets((
        (words(
            "Each sentence is made by a rule that holds for every cluster alike. Nothing is "
            "written by hand, and nothing is left out because it is unwelcome."
        ),),
        (words(
            "A strength, a trend or a risk is called so where its evidence is strong or moderate; "
            "with weak evidence it is said to be perhaps chance."
        ),),
        words.say("The rules in full: {page}.", page=Name(words("methods"), "/methods#case")),
    )),))  # fmt: skip

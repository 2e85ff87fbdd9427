"""Documents to make slides of: the small offer, and one that is hard to lay out."""

from dataclasses import replace

from tests.offer.small_material import material
from triplehelix.offer.compose import compose
from triplehelix.offer.document import Bar, Bars, Bullets, Cell, Document, Paragraph, Section, Table
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.wording import Name
from triplehelix.offer.writing import written

SMALL = written(compose(material()))

_LONG = "An institute of a very long name for the research of everything that can be researched"


def figure(key, value, low=None, high=None, unit="share"):
    """A figure whose source, period and sample can be told from its key."""
    return Figure(
        key, f"what {key} is", value, unit, (f"source-{key}",), "2015/2018", Sample(7, "rows"),
        Doubt(low, high, f"doubt of {key}"), Evidence(f"/evidence?of={key}"),
    )  # fmt: skip


def hard(language="en", direction="ltr", name=_LONG) -> Document:
    """Long names, many rows, intervals, an unknown figure, a text of several slides."""
    rows = tuple(
        (
            Cell((Name(f"{name} {n}", f"/organisations/{n}"),)),
            Cell((), ("direct", "indirect", "none")[n % 3]),
            Cell((figure(f"r{n}", n / 50),)),
            Cell((f"because {name}" if n % 2 else "–",)),
        )
        for n in range(50)
    )
    bars = Bars("spans", "Shares with intervals", "One bar for each.", (
        Bar("first", figure("b1", 0.5, 0.25, 0.625), "first"),
        Bar("unknown", figure("b2", None), "other"),
        Bar(name, figure("b3", 0.25, 0.125, 0.75), "partner"),
    ))  # fmt: skip
    text = tuple(Paragraph((f"{n}. {name}. " * 6,)) for n in range(9))
    sections = (
        Section("text", "A text of several slides", text),
        Section("table", name, (
            Paragraph(("What the table tells.",)),
            Table("long", "A long table", ("Name", "Mark", "Share", "Why"), rows, ("A note.",)),
            Paragraph(("And what follows from it.",)),
            Bullets((("one",), ("two",))),
        )),
        Section("chart", "Intervals", (bars,), (Section("inner", "Within", text[:1]),)),
    )  # fmt: skip
    return Document(
        f"{name}: the offer", "To whom", (("Edition: ", Name("one", "/edition")),), language,
        direction, sections, SMALL.labels,
    )  # fmt: skip


HARD = hard()
HEBREW = hard("he", "rtl", "מכון ארוך שם למחקר של כל מה שאפשר לחקור במדינה")
JAPANESE = hard("ja", "ltr", "東京大学医科学研究所附属先端医療研究センター遺伝子治療研究部門")
FROM_RIGHT = replace(SMALL, language="he", direction="rtl")
ALL = {"small": SMALL, "hard": HARD, "he": HEBREW, "ja": JAPANESE, "small-he": FROM_RIGHT}

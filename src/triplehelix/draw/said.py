"""What figures rest on, said in a document's language by the patterns among its labels."""

import re
from collections.abc import Iterable

from triplehelix.draw.numbers import interval, number, shown
from triplehelix.offer.document import Block, Document
from triplehelix.offer.figures import Figure, figures_in
from triplehelix.offer.wording import years

_YEARS = re.compile(r"\d{4}/\d{4}")
_MOST = 4


def period(written: str, document: Document) -> str:
    """
    A period as the document's language writes it; what is no pair of years as it is.

    Examples
    --------
    >>> labels = {"years": "from {first} to {last}", "year": "in {year}"}
    >>> period("2014/2020", Document("", "", (), "en", "ltr", (), labels))
    'from 2014 to 2020'
    """
    return years(written, document.labels["years"], document.labels["year"])


def sample(figure: Figure, document: Document) -> str:
    """How many of what a figure rests on; of what alone, where the number is not known."""
    n, of = figure.sample.n, figure.sample.of
    if n is None:
        return of
    return document.labels["counted"].format(n=number(n, "pieces", document.language), of=of)


def grounds(figure: Figure, document: Document) -> str:
    """What a figure rests on: source, period, sample, and how sure it is."""
    return document.labels["grounds"].format(
        source=document.labels["comma"].join(figure.source),
        period=period(figure.period, document), sample=sample(figure, document),
        doubt=figure.doubt.words,
    )  # fmt: skip


def hint(figure: Figure, document: Document) -> str:
    """What a figure is, and what it rests on: what stands beside the pointer."""
    return document.labels["hint"].format(says=figure.says, grounds=grounds(figure, document))


def valued(figure: Figure, document: Document) -> str:
    """A figure's value, with its interval where it has one."""
    value, between = shown(figure, document.language), interval(figure, document.language)
    if not between:
        return value
    return document.labels["between"].format(value=value, interval=between)


def noted(block: Block, document: Document) -> str:
    """Sources, periods and uncertainty of the figures in a block, each once; empty without any."""
    figures = list(figures_in(block))
    if not figures:
        return ""
    apart = document.labels["apart"]
    return document.labels["grounds"].format(
        source=document.labels["comma"].join(sorted({s for f in figures for s in f.source})),
        period=_span(figures, document),
        sample=apart.join(_few(figure.sample.of for figure in figures)),
        doubt=apart.join(_few(figure.doubt.words for figure in figures)),
    )  # fmt: skip


def _few(said: Iterable[str]) -> list[str]:
    return sorted(set(said))[:_MOST]


def _span(figures: list[Figure], document: Document) -> str:
    """From the first year of any to the last; what is no pair of years as it is said."""
    said = {figure.period for figure in figures}
    known = sorted(year for one in said if _YEARS.fullmatch(one) for year in one.split("/"))
    others = sorted(one for one in said if not _YEARS.fullmatch(one))
    whole = [period(f"{known[0]}/{known[-1]}", document)] if known else []
    return document.labels["comma"].join([*whole, *others])

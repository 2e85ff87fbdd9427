"""The workbook behind a chart: its figures, and beside each what it rests on."""

from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

from triplehelix.draw.said import period
from triplehelix.draw.slides.archive import settled
from triplehelix.offer.document import Bars, Document
from triplehelix.offer.figures import Figure

# No clock: a file says nothing of when it was made.
_NO_TIME = datetime(2000, 1, 1)


def workbook(chart: Bars, document: Document, base: str) -> bytes:
    """
    An XLSX file; its first two columns are what the chart draws, from row 2 on.

    The further columns hold interval, unit, meaning, certainty, source, period, sample, evidence.
    """
    content = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with Workbook(content, options) as book:
        book.set_properties({"created": _NO_TIME, "title": chart.caption})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["", chart.caption, *_heads(document)])
        for at, bar in enumerate(chart.bars, start=1):
            sheet.write_row(
                at, 0, [bar.label, bar.figure.value, *_grounds(bar.figure, document, base)]
            )
    return settled(content.getvalue())


def _heads(document: Document) -> list[str]:
    label = document.labels
    return [
        f"{label['interval']} ↓", f"{label['interval']} ↑", label["unit"], label["figure"],
        label["doubt"], label["source"], label["period"], label["sample"], label["sample"],
        label["evidence"],
    ]  # fmt: skip


def _grounds(figure: Figure, document: Document, base: str) -> list[str | float | None]:
    return [
        figure.doubt.low, figure.doubt.high, figure.unit, figure.says, figure.doubt.words,
        document.labels["comma"].join(figure.source), period(figure.period, document),
        figure.sample.n, figure.sample.of,
        f"{base}{figure.evidence.path}",
    ]  # fmt: skip

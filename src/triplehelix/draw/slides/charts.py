"""Charts as PowerPoint's own, with their figures in a workbook that can be opened."""

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from triplehelix.draw.said import valued
from triplehelix.draw.slides.look import LEAST, LINES, Box
from triplehelix.draw.slides.pen import Pen, clean, locale_tag
from triplehelix.draw.slides.shapes import colour_of, describe, paint_fill, rgb
from triplehelix.draw.slides.workbook import workbook
from triplehelix.offer.document import Bar, Bars


def draw_chart(slide: Any, chart: Bars, box: Box, pen: Pen) -> None:
    """A chart of bars from 0; along time they stand upright."""
    upright = chart.over_time
    spanned = any(bar.figure.doubt.low is not None for bar in chart.bars)
    given: Any = CategoryChartData(number_format=_number_format(chart))  # type: ignore[no-untyped-call]
    given.categories = [_category(bar, pen, spanned) for bar in chart.bars]
    given.add_series(clean(chart.caption), [bar.figure.value for bar in chart.bars])
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if upright else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *pen.place(box), given)
    describe(frame, chart.caption, chart.alt)
    drawn = frame.chart
    content = workbook(chart, pen.document, pen.base)
    drawn.part.chart_workbook.update_from_xlsx_blob(content)
    _simple(drawn, upright, pen.rtl)
    drawn.font._rPr.set("lang", locale_tag(pen.document.language))
    _bars(drawn.plots[0], chart, with_values=not spanned)
    if spanned:
        ends = [bar.figure.doubt.high or bar.figure.value or 0.0 for bar in chart.bars]
        drawn.value_axis.maximum_scale = max(ends)
        _spans(drawn.plots[0].series[0], chart)


def _category(bar: Bar, pen: Pen, spanned: bool) -> str:
    """The bar's name; with its value where the interval's line leaves no room at its end."""
    label = clean(bar.label)
    if not spanned:
        return label
    return pen.document.labels["told"].format(says=label, value=valued(bar.figure, pen.document))


def _number_format(chart: Bars) -> str:
    units = {bar.figure.unit for bar in chart.bars}
    if units == {"share"}:
        return "0.0%"
    values = [bar.figure.value for bar in chart.bars if bar.figure.value is not None]
    return "#,##0" if all(float(value).is_integer() for value in values) else "#,##0.0#"


def _simple(drawn: Any, upright: bool, rtl: bool) -> None:
    """No legend, no grid, no scale: the values stand at the bars."""
    drawn.has_legend = drawn.has_title = False
    drawn.font.size = Pt(LEAST + 1)
    values, names = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines = values.visible = False
    values.minimum_scale = 0
    names.has_major_gridlines = False
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = rgb(LINES)
    # The first bar stands at the top; of columns, at the side where reading begins.
    names.reverse_order = rtl if upright else True
    values.reverse_order = rtl and not upright


def _bars(plot: Any, chart: Bars, *, with_values: bool) -> None:
    plot.gap_width = 45
    plot.vary_by_categories = False
    series = plot.series[0]
    series.invert_if_negative = False
    if with_values:
        plot.has_data_labels = True
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.number_format = _number_format(chart)
        plot.data_labels.number_format_is_linked = False
        plot.data_labels.show_value = True
        plot.data_labels.font.size = Pt(LEAST + 1)
        plot.data_labels._element.find(f".//{qn('a:bodyPr')}").set("wrap", "none")
    for at, bar in enumerate(chart.bars):
        paint_fill(series.points[at].format.fill, colour_of(bar.kind, ""))


def _spans(series: Any, chart: Bars) -> None:
    """The 95 % intervals as PowerPoint's error bars, up and down from the value."""
    up = [_distance(bar.figure.doubt.high, bar) for bar in chart.bars]
    down = [-_distance(bar.figure.doubt.low, bar) for bar in chart.bars]
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="1"/><c:plus>{_literal(up)}</c:plus><c:minus>{_literal(down)}</c:minus>'
        f'<c:spPr><a:ln w="{Pt(1.5)}"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln>'
        f"</c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(bars)


def _distance(end: float | None, bar: Bar) -> float:
    return 0.0 if end is None or bar.figure.value is None else end - bar.figure.value


def _literal(values: list[float]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{v!r}</c:v></c:pt>' for at, v in enumerate(values))
    return (
        f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
        "</c:numLit>"
    )

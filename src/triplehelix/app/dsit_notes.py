"""What goes with the clusters in the layout of DSIT: origin, method, and what is not shown."""

import json
from collections.abc import Iterator
from typing import Any

from triplehelix.app.figures import MEASURES
from triplehelix.app.published_map import COUNT, P_PERCENT, PublishedMap, Row, Shown
from triplehelix.app.wkt import DECIMALS
from triplehelix.store.edition import Edition

Note = tuple[str, str]


def notes(edition: Edition, found: PublishedMap) -> list[Note]:
    """The rows of the sheet of notes: what each is about, and the words."""
    return [("Note", "Text"), *_origin(edition.manifest, edition.id), *_columns(found),
            *_suppression(found), *_coverage(found), *_outlines(found)]  # fmt: skip


def _origin(manifest: dict[str, Any], edition_id: str) -> Iterator[Note]:
    yield "Edition", str(manifest.get("name") or "unnamed")
    yield "Edition id", edition_id
    if manifest.get("sample"):
        yield "Sample", "A sample: what it holds says nothing of how much there is in a place."
    for version in sorted((manifest.get("versions") or {}).items()):
        if version[0] == "triplehelix":
            yield "Made with", f"Triple Helix {version[1]}"
    for each in manifest.get("inputs") or []:
        yield "Source", f"{each.get('source')}: {each.get('file')}, SHA-256 {each.get('sha256')}"
    for words in manifest.get("attribution") or []:
        yield "Attribution", str(words)
    for name, value in sorted((manifest.get("parameters") or {}).items()):
        yield f"Method: {name}", json.dumps(value, sort_keys=True, ensure_ascii=False)


def _columns(found: PublishedMap) -> Iterator[Note]:
    yield (
        "Sector",
        (
            "All: clusters of the whole of activity. Otherwise clusters found among the sites of "
            "that theme alone; Sector Type is the theme's group. A site can be in a cluster of "
            "several sectors, so sectors do not add up to All."
        ),
    )
    yield "Site Count", "Sites of the cluster's members, each counted once."
    for measure in MEASURES:
        yield measure.capitalize(), _measured(found, measure)
    yield "Geometry", (f"Well-Known Text in longitude and latitude (WGS 84), {DECIMALS} decimals.")
    yield "Empty cell", "Not known. It does not mean none."


def _measured(found: PublishedMap, measure: str) -> str:
    n = len(found.figures.of[measure])
    if not n:
        return "No figure is known to this edition."
    periods, unit = found.figures.periods[measure], found.figures.units[measure]
    left_out = found.figures.left_out[measure]
    return " ".join(filter(None, (
        f"Sum over the member organisations whose main site is in the cluster and whose figure "
        f"is known; the latest known of each, unit: {unit or 'not stated'}, periods: "
        f"{', '.join(periods)}.",
        f"Left out for another unit, or no valid figure: {left_out} organisations."
        if left_out else "",
    )))  # fmt: skip


def _suppression(found: PublishedMap) -> Iterator[Note]:
    below = found.suppress_below
    if not below:
        yield "Suppression", "None: every known figure is shown."
    else:
        yield (
            "Suppression",
            (
                f"c: held back. A figure of fewer than {below} organisations; an employment or "
                f"turnover whose largest organisation could be told within {P_PERCENT:g} % by "
                "the second largest, or of which all is 0; and a figure from which, with others "
                "shown, such a one could be worked out. Which of these it is, is not said."
            ),
        )
        held = sum(1 for row in found.rows for shown in row.figures.values() if shown.reason)
        yield "Suppressed cells", f"{held} of {3 * len(found.rows)}"
    if found.round_to > 1:
        yield (
            "Rounding",
            (f"Each figure to the nearest {found.round_to}, by itself; what would become 0 is c."),
        )


def _coverage(found: PublishedMap) -> Iterator[Note]:
    """Sums that rest on a part of the organisations; never of a figure that is not shown."""
    for row in found.rows:
        for measure in MEASURES:
            shown = row.figures[measure]
            if shown.value is not None and shown.n < shown.of:
                told = row.figures[COUNT].value is not None and found.round_to <= 1
                yield f"Partial {measure}", f"{_name(row)}: {_rests_on(shown, told=told)}"


def _rests_on(shown: Shown, *, told: bool) -> str:
    if not told:
        return "rests on a part of its organisations"
    return f"rests on {shown.n} of {shown.of} organisations"


def _outlines(found: PublishedMap) -> Iterator[Note]:
    for row in found.rows:
        if row.outline.tolerance_degrees:
            yield (
                "Simplified outline",
                (f"{_name(row)}: by {row.outline.tolerance_degrees:g} degrees, to fit in a cell"),
            )


def _name(row: Row) -> str:
    return f"{row.sector} / {row.name}"

"""The clusters of an edition in the layout of the innovation clusters map of the UK's DSIT."""

from pathlib import Path
from typing import Any

from triplehelix.app.download import csv_text
from triplehelix.app.dsit_notes import notes
from triplehelix.app.figures import MEASURES
from triplehelix.app.opendocument import spreadsheet
from triplehelix.app.published_map import COUNT, THRESHOLD, Row, Shown, published_map
from triplehelix.errors import InputError
from triplehelix.store.edition import Edition

COLUMNS = ("Sector Type", "Sector", "Cluster", "Site Count", "Employment", "Turnover", "Geometry")
SUPPRESSED = "c"
FORMS = ("ods", "csv")


def dsit_bytes(
    edition: Edition, form: str, *, suppress_below: int = THRESHOLD, round_to: int = 1
) -> bytes:
    """
    The map as a file: `ods` with a sheet of notes, or `csv` without; arguments as `published_map`.

    The same edition and arguments give the same bytes.

    Raises
    ------
    InputError
        If the form is another, or a number is negative.
    """
    if form not in FORMS:
        raise InputError(f"the layout is offered as {' and '.join(FORMS)}, not {form!r}")
    found = published_map(edition, suppress_below=suppress_below, round_to=round_to)
    cells = [_cells(row) for row in found.rows]
    if form == "csv":
        return csv_text(list(COLUMNS), cells).encode()
    return spreadsheet([("Clusters", [COLUMNS, *cells]), ("Notes", notes(edition, found))])


def export_dsit(
    edition: Edition, form: str, out: Path, *, suppress_below: int = THRESHOLD, round_to: int = 1
) -> int:
    """Write the map to a file and return its number of rows; arguments as `dsit_bytes`."""
    content = dsit_bytes(edition, form, suppress_below=suppress_below, round_to=round_to)
    try:
        out.write_bytes(content)
    except OSError as err:
        raise InputError(f"{out} could not be written ({err}); choose another file") from err
    return len(published_map(edition, suppress_below=suppress_below, round_to=round_to).rows)


def _cells(row: Row) -> list[Any]:
    figures = [_number(row.figures[measure]) for measure in (COUNT, *MEASURES)]
    names = [" ".join(text.split()) for text in (row.sector_type, row.sector, row.name)]
    return [*names, *figures, row.outline.wkt]


def _number(figure: Shown) -> str | int | float | None:
    if figure.reason:
        return SUPPRESSED
    if figure.value is None:
        return None
    return int(figure.value) if figure.value.is_integer() else round(figure.value, 2)

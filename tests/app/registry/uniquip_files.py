"""Files of UNIQUIP for tests, made of rows of cells."""

import csv
import io
from collections.abc import Mapping, Sequence

from triplehelix.app.registry.exporting import export
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.opening import Registry

GOOD = {"Type": "equipment", "Name": "Sorter", "Contact Email": "a@example.org",
        "Site Location": "North"}  # fmt: skip


def written(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> bytes:
    """The rows, each filled up with what a row needs."""
    columns = list(dict.fromkeys(column for row in [GOOD, *rows] for column in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def exported(registry: Registry, viewer: Viewer, form: str = "uniquip", **how: str) -> bytes:
    """An export as one."""
    return b"".join(export(registry, viewer, form, **how))


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a file of CSV as another reader sees them, empty cells left out."""
    text = content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{column: cell for column, cell in row.items() if cell} for row in rows]

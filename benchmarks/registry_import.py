"""
How long an import of UNIQUIP rows takes on SQLite: new, again without a change, and changed.

    python benchmarks/registry_import.py [N_ROWS]        default: 20000
"""

import csv
import io
import sys
import tempfile
import time
from pathlib import Path

from triplehelix.app.registry.exporting import export
from triplehelix.app.registry.importing import import_file
from triplehelix.registry.exchange.uniquip_columns import COLUMNS
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry


def rows(n: int, word: str) -> bytes:
    """A file of n rows, every fiftieth a facility that the next ones are part of."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for i in range(n):
        facility = i % 50 == 0
        writer.writerow({
            "Type": "facility" if facility else "equipment", "Name": f"Instrument {i}",
            "Description": f"<p>{word} number {i}, with <b>care</b>.</p>",
            "Related Facility ID": "" if facility else f"A{i - i % 50}",
            "Technique": "Spectroscopy; Imaging", "Location": "Anytown",
            "Contact Name": "Desk", "Contact Telephone": "01632 960000",
            "Contact Email": f"desk{i % 90}@example.org", "ID": f"A{i}",
            "Department": "Chemistry", "Site Location": "North site", "Building": "B2",
            "Web Address": f"https://example.org/{i}",
        })  # fmt: skip
    return out.getvalue().encode()


def main() -> None:
    """Print seconds for each step."""
    n = int(sys.argv[1]) if sys.argv[1:] else 20_000
    with tempfile.TemporaryDirectory() as folder:
        registry = open_registry(str(Path(folder) / "registry.db"))
        create_registry(registry)
        for step, content in (("new", rows(n, "Item")), ("unchanged", rows(n, "Item")),
                              ("changed", rows(n, "Thing"))):  # fmt: skip
            began = time.perf_counter()
            report = import_file(registry, COMMAND_LINE, content, visibility="public")
            counts = ", ".join(f"{c:,} {s}" for s, c in report.counts.items() if c)
            print(f"import, {step:<10} {time.perf_counter() - began:6.1f} s   {counts}")
        for form in ("uniquip", "jsonl", "jsonld"):
            began = time.perf_counter()
            size = sum(len(piece) for piece in export(registry, COMMAND_LINE, form))
            print(f"export, {form:<10} {time.perf_counter() - began:6.1f} s   {size:,} bytes")
        registry.close()


if __name__ == "__main__":
    main()

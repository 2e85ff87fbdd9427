"""The small edition with a value chain: cluster A has discovery and manufacturing of genomics."""

from pathlib import Path

from tests.app.small_edition import tables, write_edition
from triplehelix.store.edition import Edition


def offered(folder: Path) -> Edition:
    """
    The small edition; genomics has the roles discovery, manufacturing, finance.

    Of genomics are `joint` (Alpha University and a firm, both in A) and `abroad` (Alpha with
    Athens, in B).
    """
    rows = tables()
    for theme in rows["themes"]:
        if theme["theme"] == "genomics":
            theme["roles"] = ["discovery", "manufacturing", "finance"]
    return write_edition(folder, rows, id="offered001")

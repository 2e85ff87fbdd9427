"""
Anybody's tables, read through a mapping file (see `mapping` and the how-to "Map your own tables").

Each row goes two steps: its mapped columns are picked as text (compiled once per table), then
the texts become values (dates, amounts, positions, words of a list). Whatever cannot become
one rejects the row, with the reason and the remedy.

The data set's address, licence and rhythm of updates are those the mapping states.
"""

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from triplehelix.errors import InputError
from triplehelix.read import gazetteer
from triplehelix.read.grids import Grid, open_grid, unknown_columns
from triplehelix.read.inputs import Input
from triplehelix.read.mapped.rows import maker
from triplehelix.read.mapped.rules import Cells, Staged, UnfitError
from triplehelix.read.mapping import Mapping, Table, read_mapping
from triplehelix.read.rows import Kept, Outcome, Rejected


def shipped() -> list[Path]:
    """List the mapping files that come with the package, in order of name."""
    return sorted((Path(__file__).parent.parent / "mappings").glob("*.map.yaml"))


def inputs(path: Path) -> list[Input]:
    """
    List the files a mapping names, each checked for the columns it needs.

    Parameters
    ----------
    path : a `*.map.yaml`

    Returns
    -------
    One input for each file of each table. A file used by two tables is two inputs, the label
    of each ending with the table's number: `folder/members.csv#2`.

    Raises
    ------
    InputError
        If the mapping is wrong.
    SourceError
        If a file is missing, damaged, or lacks a column.
    """
    mapping = read_mapping(path)
    found = [(table, file) for table in mapping.tables for file in _files(mapping, table)]
    times = Counter(file for _, file in found)
    return [_input(mapping, table, file, times[file] > 1) for table, file in found]


def _files(mapping: Mapping, table: Table) -> list[Path]:
    root = os.path.expandvars(mapping.root)
    if "$" in root:
        raise InputError(
            f"{mapping.path.name}, root: {mapping.root!r} names an environment variable that is "
            "not set; set it to the folder of the data"
        )
    folder = mapping.path.parent / Path(root).expanduser()
    if not glob.has_magic(table.file):
        return [folder / table.file]
    anchor = Path(table.file).anchor
    files = sorted((folder / anchor).glob(table.file.removeprefix(anchor)))
    if not files:
        raise InputError(
            f"{mapping.path.name}, table {table.number}: no file in {folder} matches "
            f"{table.file!r}; correct `file` or `root`"
        )
    return files


def _input(mapping: Mapping, table: Table, file: Path, again: bool) -> Input:
    grid = open_grid(file, table.used, sheet=table.sheet, header_row=table.header_row,
                     encoding=table.encoding)  # fmt: skip
    positions = _positions(grid, table.used)
    make = maker(mapping.source, table, positions)
    label = grid.member.label + (f"#{table.number}" if again else "")
    # The gazetteer's towns decide which positions look swapped.
    parameters = (f"table {table.number}", gazetteer.version())
    return Input(
        mapping.source, label, file, (mapping.path,), parameters,
        rows=lambda: _outcomes(grid, make), rows_total_hint=grid.rows_total,
    )  # fmt: skip


def _positions(grid: Grid, used: Sequence[str]) -> dict[str, int]:
    """Each column's place: by its exact name, else whatever its capital letters."""
    exact = {column: i for i, column in reversed(list(enumerate(grid.columns)))}
    folded = {column.casefold(): i for i, column in reversed(list(enumerate(grid.columns)))}
    found = {column: exact.get(column, folded.get(column.casefold())) for column in used}
    missing = [column for column, place in found.items() if place is None]
    if missing:
        raise unknown_columns(grid.member.label, missing, grid.columns)
    return {column: place for column, place in found.items() if place is not None}


def _outcomes(grid: Grid, make: Callable[[Cells], Staged]) -> Iterator[Outcome]:
    for row in grid.rows():
        if isinstance(row, Rejected):
            yield row
            continue
        number, raw, cells = row
        try:
            yield Kept(number, raw, make(cells))
        except UnfitError as why:
            yield Rejected(number, raw, str(why))

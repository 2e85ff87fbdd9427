"""OR-Library's set covering files (`scp*`): cover every row by columns at least cost."""

from dataclasses import dataclass

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.instances.numbers import Floats, Ints, Numbers


@dataclass(frozen=True, slots=True)
class SetCover:
    """
    `cost` of each column, shape (n_columns,), >= 0; of each row the columns that cover it.

    Columns count from 0 here and from 1 in the file.
    """

    cost: Floats
    rows: tuple[Ints, ...]


def read_set_cover(text: str, name: str = "the file") -> SetCover:
    """
    Read a set covering instance: rows, columns, costs, then for each row its columns.

    Raises
    ------
    InputError
        If numbers are missing, left over, or out of range; it names the line.

    References
    ----------
    Beasley (1990), OR-Library, Journal of the Operational Research Society 41(11), 1069-1072.
    doi:10.1057/jors.1990.166

    Examples
    --------
    >>> read_set_cover("2 3  1 2 3  2 1 2  1 3").rows
    (array([0, 1]), array([2]))
    """
    numbers = Numbers(text, name)
    n_rows, n_columns = map(int, numbers.whole(2, "the numbers of rows and columns", low=1))
    if n_columns > len(numbers) or n_rows > len(numbers):
        raise InputError(
            f"{name}: {n_rows} rows and {n_columns} columns are announced, and there are "
            f"{len(numbers)} numbers; it is cut off or of another format: fetch it again"
        )
    cost = numbers.take(n_columns, "the costs of columns", low=0)
    rows = []
    for row in range(1, n_rows + 1):
        (n,) = numbers.whole(1, f"the number of columns of row {row}", high=n_columns)
        columns = numbers.whole(int(n), f"the columns of row {row}", low=1, high=n_columns)
        rows.append(np.unique(columns) - 1)
    numbers.end(f"row {n_rows}, the last")
    return SetCover(cost, tuple(rows))

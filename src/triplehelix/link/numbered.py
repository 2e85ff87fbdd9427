"""Names as numbers: each name once, sorted, and the place of every entry among them."""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

Wholes = NDArray[np.int64]
Names = NDArray[np.generic]


def numbered(values: ArrayLike) -> tuple[Names, Wholes]:
    """
    The sorted names that occur, and per entry the index of its own.

    What `numpy.unique` gives, but that only the names are sorted and not all entries: of ten
    million entries this takes a tenth of the time.

    Parameters
    ----------
    values : shape (n,)
        Numbers or text.

    Returns
    -------
    names : sorted, each once, of the type of the values
    place : shape (n,)

    Examples
    --------
    >>> names, place = numbered(["b", "a", "b"])
    >>> names.tolist(), place.tolist()
    (['a', 'b'], [1, 0, 1])
    """
    given = np.asarray(values)
    if given.dtype.kind == "i" and given.size:
        n_between = int(given.max()) - int(given.min()) + 1
        if n_between <= 4 * given.size:
            return _near(given, n_between)
    if given.dtype.kind not in "OU":
        names, place = np.unique(given, return_inverse=True)
        return names, place
    found, kept = pd.factorize(given.astype(object), use_na_sentinel=False)
    names, rank = np.unique(np.asarray(kept).astype(given.dtype), return_inverse=True)
    return names, np.asarray(rank[found], dtype=np.int64)


def _near(given: NDArray[np.integer], n_between: int) -> tuple[Names, Wholes]:
    """The same for whole numbers that lie near one another: without a sort."""
    least = int(given.min())
    at = given.astype(np.int64) - least
    there = np.zeros(n_between, dtype=bool)
    there[at] = True
    return (np.flatnonzero(there) + least).astype(given.dtype), (np.cumsum(there) - 1)[at]


def numbered_text(values: ArrayLike) -> tuple[NDArray[np.str_], Wholes]:
    """
    The same with every name taken as text.

    Examples
    --------
    >>> names, place = numbered_text([10, 9, 10])
    >>> names.tolist(), place.tolist()
    (['10', '9'], [0, 1, 0])
    """
    names, place = numbered(values)
    texts, rank = np.unique(names.astype(str), return_inverse=True)
    return texts, np.asarray(rank[place], dtype=np.int64)


def categorised(table: pa.Table) -> pd.DataFrame:
    """
    A table as a frame, its texts as categories in the order of the names: quick to sort and group.

    Examples
    --------
    >>> frame = categorised(pa.table({"to": ["b", "a", "b"], "n": [1, 2, 3]}))
    >>> frame["to"].cat.categories.tolist(), frame.sort_values("to")["n"].tolist()
    (['a', 'b'], [2, 1, 3])
    """
    frame = pd.DataFrame(index=range(table.num_rows))
    for name in table.schema.names:
        column = table[name]
        if pa.types.is_string(column.type):
            text = column.combine_chunks().dictionary_encode().to_pandas()
            frame[name] = text.cat.reorder_categories(sorted(text.cat.categories), ordered=True)
        else:
            frame[name] = column.to_pandas()
    return frame


def as_text(column: pd.Series) -> pa.Array:
    """
    Categories as text again.

    Examples
    --------
    >>> as_text(pd.Series(["b", "a"], dtype="category")).to_pylist()
    ['b', 'a']
    """
    names = pa.array(column.cat.categories.astype(object), pa.string())
    return names.take(pa.array(column.cat.codes.to_numpy()))

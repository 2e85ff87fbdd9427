"""A file of plain numbers, read from front to back, with errors that name the line."""

import numpy as np
from numpy.typing import NDArray

from triplehelix.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST = 2**31


class Numbers:
    """
    The numbers of a text, taken in order.

    Parameters
    ----------
    text : numbers parted by blanks or line ends.
    name : what errors call the file.

    Raises
    ------
    InputError
        If a word is no number, or no finite one.

    Examples
    --------
    >>> numbers = Numbers("2 3\\n0.5 1.5", "small.txt")
    >>> numbers.whole(2, "the size", low=1)
    array([2, 3])
    >>> numbers.take(2, "the costs")
    array([0.5, 1.5])
    """

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name
        words = text.split()
        try:
            self._values: Floats = np.array(words, dtype=np.float64)
        except ValueError:
            at = next(i for i, word in enumerate(words) if not _is_number(word))
            raise self._wrong(at, f"{words[at][:40]!r} is no number") from None
        if (bad := np.flatnonzero(~np.isfinite(self._values))).size:
            raise self._wrong(int(bad[0]), f"{words[bad[0]]!r} is no finite number")
        self._next = 0

    def __len__(self) -> int:
        return len(self._values)

    def take(self, n: int, what: str, *, low: float = -np.inf) -> Floats:
        """The next n numbers, each at least `low`."""
        left = len(self._values) - self._next
        if n > left:
            raise InputError(
                f"{self._name}: it ends after {len(self._values)} numbers, where {what} should "
                f"stand ({n} expected, {left} there); it is cut off or of another format: "
                "fetch it again"
            )
        taken = self._values[self._next : self._next + n]
        if (bad := np.flatnonzero(taken < low)).size:
            value = taken[bad[0]]
            raise self._wrong(
                self._next + int(bad[0]), f"{value:g} for {what}, which cannot be below {low:g}"
            )
        self._next += n
        return taken

    def whole(self, n: int, what: str, *, low: int = 0, high: int = MOST) -> Ints:
        """The next n numbers, whole and from `low` to `high`."""
        taken = self.take(n, what)
        if (
            bad := np.flatnonzero((taken != np.floor(taken)) | (taken < low) | (taken > high))
        ).size:
            told = f"from {low} to {high}" if high < MOST else f"of {low} or more"
            raise self._wrong(
                self._next - n + int(bad[0]),
                f"{taken[bad[0]]:g} for {what}, where a whole number {told} should stand",
            )
        return taken.astype(np.int64)

    def end(self, what: str) -> None:
        """Refuse what is left over."""
        if self._next < len(self._values):
            left = len(self._values) - self._next
            raise self._wrong(
                self._next,
                f"{left} numbers are left over after {what}: they, or a count, are wrong",
            )

    def _wrong(self, at: int, what: str) -> InputError:
        return InputError(
            f"{self._name}, line {_line(self._text, at)} (number {at + 1} of the file): {what}; "
            "correct it, or fetch the file again"
        )


def _line(text: str, at: int) -> int:
    """The line, from 1, on which the word number `at` of a text stands."""
    seen = 0
    for number, line in enumerate(text.splitlines(), 1):
        seen += len(line.split())
        if seen > at:
            return number
    return 1


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True

"""What an answer to a call is to bear when members drop out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from triplehelix.errors import InputError


@dataclass(frozen=True, slots=True)
class Losing:
    """
    What an answer is to bear: see `ally.solve`.

    `robust` members may drop out with a `share` of the weight of all needs still covered; or the
    sum and its dearest mending after `recoverable` losses are together least.
    """

    robust: int = 0
    share: float = 1.0
    recoverable: int = 0

    @property
    def told(self) -> Mapping[str, Any]:
        """
        What is asked for, to keep beside the answer; empty for nothing.

        Examples
        --------
        >>> Losing(robust=1, share=0.9).told, Losing().told
        ({'robust': 1, 'share': 0.9}, {})
        """
        plain = asdict(NOTHING)
        return {name: value for name, value in asdict(self).items() if value != plain[name]}


NOTHING = Losing()


def require_bearable(losing: Losing, most: int) -> None:
    """
    Refuse what cannot be asked for.

    Raises
    ------
    InputError
        If more than `most` are to drop out, the share is none, or the two are mixed.

    Examples
    --------
    >>> require_bearable(Losing(recoverable=9), 5)
    Traceback (most recent call last):
    triplehelix.errors.InputError: recoverable is 9; give how many members may drop out, 0 to 5
    """
    for name, n in (("robust", losing.robust), ("recoverable", losing.recoverable)):
        if not 0 <= n <= most:
            raise InputError(f"{name} is {n}; give how many members may drop out, 0 to {most}")
    if not 0 < losing.share <= 1:
        raise InputError(f"share is {losing.share:g}; give a number above 0 and at most 1")
    if losing.robust and losing.recoverable:
        raise InputError(
            f"robust is {losing.robust} and recoverable {losing.recoverable}; give one of the two"
        )
    if losing.share < 1 and not losing.robust:
        raise InputError(
            f"share is {losing.share:g} and robust 0; give how many members may drop out as robust"
        )

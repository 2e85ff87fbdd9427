"""How long until something happens, where some are still waiting: medians of censored times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from triplehelix.errors import InputError

Reals = NDArray[np.float64]
_Z = float(ndtri(0.975))


@dataclass(frozen=True, slots=True)
class Waited:
    """
    How long half of them wait, in the unit of the durations; `low` and `high` the 95 % interval.

    None: not reached, or not bounded, since too many are still waiting. `n` durations, of which
    `n_events` ended.
    """

    median: float | None
    low: float | None
    high: float | None
    n: int
    n_events: int


def median_wait(durations: ArrayLike, ended: ArrayLike) -> Waited:
    """
    Median time to an event after Kaplan and Meier, with the interval of Brookmeyer and Crowley.

    The median is the first time by which at most half of them are expected to be waiting still.
    Its interval takes in the times at which the 95 % interval of the share still waiting (by
    Greenwood's variance of its log-log) holds one half.

    Parameters
    ----------
    durations : shape (n,), >= 0
        How long each has waited, all in one unit.
    ended : shape (n,), bool
        Whether the wait has ended; where not, it was still going on then (censored). Whoever is
        still waiting counts as waiting up to that time, and is neither left out nor taken for
        done.

    Returns
    -------
    Waited
        All None for no durations, and for durations of which none has ended.

    Raises
    ------
    InputError
        If the shapes differ, or a duration is negative or not finite.

    References
    ----------
    Kaplan and Meier (1958), Journal of the American Statistical Association 53(282), 457-481.
    doi:10.1080/01621459.1958.10501452
    Brookmeyer and Crowley (1982), Biometrics 38(1), 29-41. doi:10.2307/2530286

    Examples
    --------
    Of four, one waits for 1 day, one for 2, one for 3; the fourth is waiting after 3 days. After 2
    days half of them wait.

    >>> waited = median_wait([1, 2, 3, 3], [True, True, True, False])
    >>> waited.median, waited.n_events
    (2.0, 3)
    """
    times, events = _checked(durations, ended)
    if not events.any():
        return Waited(None, None, None, len(times), 0)
    at, waiting, low, high = _curve(times, events)
    return Waited(_first(at, waiting), _first(at, low), _first(at, high), len(times),
                  int(events.sum()))  # fmt: skip


def _curve(times: Reals, events: NDArray[np.bool_]) -> tuple[Reals, Reals, Reals, Reals]:
    """The times of events, and after each the share still waiting with its bounds."""
    at, ended = np.unique(times[events], return_counts=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), at, side="left")
    waiting: Reals = np.cumprod(1 - ended / at_risk, dtype=float)
    # When the last of all has ended nobody waits, and the log-log has no variance: bounds go on.
    inner = waiting > 0
    variance = np.cumsum(ended[inner] / (at_risk[inner] * (at_risk[inner] - ended[inner])))
    logs = np.log(waiting[inner])
    half_width = _Z * np.sqrt(variance) / logs
    low, high = (
        _going_on(np.exp(-np.exp(np.log(-logs) + side * half_width)), len(at)) for side in (-1, 1)
    )
    return at, waiting, low, high


def _going_on(bound: Reals, n: int) -> Reals:
    """A bound for n times, of which it may lack the last."""
    return np.append(bound, bound[-1:] if len(bound) else 1.0)[:n].astype(float)


def _first(at: Reals, waiting: Reals) -> float | None:
    """The first time at which no more than half wait; rounding must not make it a later one."""
    reached = np.flatnonzero(waiting <= 0.5 + 1e-12)
    return float(at[reached[0]]) if len(reached) else None


def _checked(durations: ArrayLike, ended: ArrayLike) -> tuple[Reals, NDArray[np.bool_]]:
    times, events = np.asarray(durations, dtype=float), np.asarray(ended, dtype=bool)
    if times.ndim != 1 or times.shape != events.shape:
        raise InputError(
            f"durations have the shape {times.shape} and ended {events.shape}; give one of each "
            "for every wait"
        )
    bad = np.flatnonzero(~np.isfinite(times) | (times < 0))
    if len(bad):
        raise InputError(
            f"durations[{bad[0]}] is {times[bad[0]]} ({len(bad)} such); durations must be finite "
            "and >= 0: leave out what has not begun"
        )
    return times, events

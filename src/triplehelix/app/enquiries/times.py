"""How long enquiries wait for an answer: published for the whole body and for each network."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from triplehelix.app.registry.asset_rows import Named
from triplehelix.measure.complementary import Cell, suppressions
from triplehelix.measure.disclosure import Contribution, Rule
from triplehelix.registry.enquiries import Enquiry, Turn
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.stats.survival import Waited, median_wait
from triplehelix.store.registry import enquiry_reading, in_networks
from triplehelix.store.registry.opening import Registry

WINDOW = timedelta(days=365)
FEWEST = 5
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Waits:
    """
    Enquiries of the last year, and how long they wait, in days.

    `n` is None where the figures are held back, as are all others then. `answered` of them have
    an answer; the others count as waiting for as long as they have waited, so that what nobody
    answers makes the median longer, not shorter. `median_days` is None where fewer than half
    would have an answer by the longest wait that was seen; the bounds likewise.
    """

    n: int | None
    answered: int | None
    median_days: float | None
    low_days: float | None
    high_days: float | None


@dataclass(frozen=True, slots=True)
class NetworkWaits:
    """A network that everybody sees, and how long enquiries wait with it."""

    network: Named
    waits: Waits


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """
    Time to answer since a moment, of all enquiries, and with each network and the front desk.

    `networks` are by name: this is no ranking.
    """

    since: datetime
    until: datetime
    all: Waits
    networks: list[NetworkWaits]
    desk: Waits
    fewest: int = FEWEST


def answer_times(registry: Registry) -> AnswerTimes:
    """
    Time to answer over the last 365 days; the same for whoever asks.

    A figure is shown if it rests on five enquiries at least and no figure of fewer can be worked
    out from what is shown (`measure.complementary`).
    """
    with registry.look(COMMAND_LINE) as sight:
        now, since = sight.now, sight.now - WINDOW
        made = {
            e.enquiry_id: e
            for e in enquiry_reading.enquiries(sight, enquiry_reading.made_since(since))
        }
        turns = [one for one in enquiry_reading.turns(sight, list(made)) if one.end != "no enquiry"]
    with registry.look(VISITOR) as sight:
        names = sight.names(in_networks.networks_seen(sight))
    real = {one: e for one, e in made.items() if e.closing != "no enquiry"}
    with_ = _by_holder(turns, set(names))
    held = _held_back(real, with_)
    networks = [
        NetworkWaits(Named(one, names[one]), _waits(_of_turns(with_.get(one, []), now), held, one))
        for one in sorted(names, key=lambda one: (names[one].lower(), one))
    ]
    return AnswerTimes(
        since, now, _waits(_of_all(real.values(), now), held, "all"), networks,
        _waits(_of_turns(with_.get("", []), now), held, ""),
    )  # fmt: skip


def _by_holder(turns: Iterable[Turn], shown: set[str]) -> dict[str, list[Turn]]:
    found: dict[str, list[Turn]] = {}
    for one in turns:
        if one.holder_id in shown or not one.holder_id:
            found.setdefault(one.holder_id, []).append(one)
    return found


def _held_back(real: dict[str, Enquiry], with_: dict[str, list[Turn]]) -> set[str]:
    """Names of the totals that may not be shown: `all`, a network's id, or empty for the desk."""
    cells = [Cell(("all",), "all", frozenset(real))]
    cells += [
        Cell((holder,), holder or "desk", frozenset(one.enquiry_id for one in turns) & set(real))
        for holder, turns in with_.items()
    ]
    each = {one: Contribution(one, 1) for one in real}
    return {key[0] for key in suppressions(cells, each, Rule(threshold=FEWEST))}


def _of_all(found: Iterable[Enquiry], now: datetime) -> list[tuple[float, bool]]:
    return [
        (_days(one.made_at, one.answered_at or _until(one, now)), one.answered_at is not None)
        for one in found
    ]


def _until(one: Enquiry, now: datetime) -> datetime:
    """Whoever withdraws waits no more; what was closed without an answer goes on waiting."""
    return one.closed_at if one.state == "withdrawn" and one.closed_at else now


def _of_turns(turns: Iterable[Turn], now: datetime) -> list[tuple[float, bool]]:
    """One wait for each enquiry that a holder had: its turns there added up."""
    days: dict[str, float] = {}
    answered: set[str] = set()
    for one in turns:
        ends = now if one.until is None or one.end == "unanswered" else one.until
        days[one.enquiry_id] = days.get(one.enquiry_id, 0.0) + _days(one.since, ends)
        answered |= {one.enquiry_id} if one.end == "answered" else set()
    return [(waited, one in answered) for one, waited in sorted(days.items())]


def _waits(found: list[tuple[float, bool]], held: set[str], name: str) -> Waits:
    if name in held:
        return Waits(None, None, None, None, None)
    waited: Waited = median_wait([days for days, _ in found], [ended for _, ended in found])
    return Waits(
        waited.n, waited.n_events, _tenth(waited.median), _tenth(waited.low), _tenth(waited.high)
    )


def _days(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds(), 0.0) / _DAY_S


def _tenth(days: float | None) -> float | None:
    return None if days is None else round(days, 1)

"""Sealing the log at fixed intervals for as long as the registry is served."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from triplehelix.app.registry.checkpoints import Mailer, publish
from triplehelix.registry.notes import SigningKey
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealing import INTERVAL, slot

# The clock is asked again at least so often: it may be set, and machines sleep.
_LONGEST_WAIT_S = 60.0
_logger = logging.getLogger(__name__)


@contextmanager
def sealing(
    registry: Registry, key: SigningKey, mailer: Mailer | None = None, *,
    interval: timedelta = INTERVAL, also: Callable[[], object] | None = None,
) -> Iterator[threading.Thread]:  # fmt: skip
    """
    Seal the log, and mail checkpoints, at every interval until the block ends.

    The first seal is made at once, if its interval has none. Whatever goes wrong is written to
    the server's log, and tried again in the next interval. `also` is done after each seal.
    """
    stop = threading.Event()
    thread = threading.Thread(
        target=_seal_until, args=(stop, registry, key, mailer, interval, also), name="sealing",
        daemon=True,
    )  # fmt: skip
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()


def _seal_until(
    stop: threading.Event, registry: Registry, key: SigningKey, mailer: Mailer | None,
    interval: timedelta, also: Callable[[], object] | None,
) -> None:  # fmt: skip
    done: int | None = None
    while not stop.is_set():
        now = registry.clock()
        if slot(now, interval) != done:
            done = slot(now, interval)
            try:
                made = publish(registry, key, mailer, interval=interval).checkpoint
            except Exception:
                made = None
                _logger.exception("the audit log could not be sealed in this interval")
            try:
                # Of several that serve one registry, the one that has sealed does it.
                if also is not None and made is not None:
                    also()
            except Exception:
                _logger.exception("what follows a seal could not be done in this interval")
        left = interval.total_seconds() * (slot(now, interval) + 1) - now.timestamp()
        stop.wait(min(max(left, 0.01), _LONGEST_WAIT_S))

"""
What runs in a worker process: functions by name, one at a time, within bounded memory.

The process that started it sends (function, values, options); progress, and then the result or
what went wrong, are sent back. It ends when that process does, however that ends.
"""

import importlib
import inspect
import os
import pickle
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from triplehelix.errors import TripleHelixError
from triplehelix.optimise.outcome import Progress

# What to import before the first job comes, so that it need not wait for it.
SOLVERS = {
    "cp_sat": "ortools.sat.python.cp_model", "highs": "highspy",
    # No solver, but as long at work: it would hold up every page of the process that serves.
    "paper": "triplehelix.draw.pdf",
}  # fmt: skip
# Sent in place of a job: the one at work is to end with what it has.
STOP = b"stop"
TELL_EVERY_S = 0.1
LOOK_EVERY_S = 1.0


def main(kind: str, wire: int, memory_bytes: int) -> None:
    """Serve jobs that come over the file descriptor `wire` until it closes."""
    # Ctrl-C in a terminal reaches every process in it; what it means is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    connection = Connection(wire)
    importlib.import_module(SOLVERS[kind])
    jobs = _Listener(connection)
    connection.send(("ready", None))
    while True:
        jobs.send(_answer(jobs.next(), jobs))


class _Listener:
    """Takes jobs and stops from the wire on a thread, and ends the process when it closes."""

    def __init__(self, connection: Connection) -> None:
        self.stopped = threading.Event()
        self._connection = connection
        self._sending = threading.Lock()
        self._there = threading.Condition()
        self._waiting: list[bytes] = []
        self._parent = os.getppid()
        threading.Thread(target=self._listen, daemon=True).start()

    def next(self) -> bytes:
        """Wait for a job."""
        with self._there:
            self._there.wait_for(lambda: self._waiting)
            return self._waiting.pop(0)

    def send(self, message: tuple[str, Any]) -> None:
        """Send what came of a job, or how it goes; solvers tell from threads of their own."""
        with self._sending:
            self._connection.send(message)

    def _listen(self) -> None:
        try:
            while True:
                # A third process may hold a copy of the parent's end, so the end of the wire
                # alone does not tell that the parent has died.
                while not self._connection.poll(LOOK_EVERY_S):
                    if os.getppid() != self._parent:
                        os._exit(1)
                job = self._connection.recv_bytes()
                if job == STOP:
                    self.stopped.set()
                    continue
                with self._there:
                    self.stopped.clear()
                    self._waiting.append(job)
                    self._there.notify()
        except (EOFError, OSError):
            os._exit(0)


def _answer(job: bytes, jobs: _Listener) -> tuple[str, Any]:
    try:
        function, values, options = pickle.loads(job)
        called = _named(function)
        known = inspect.signature(called).parameters
        told = {"on_progress": _teller(jobs), "clock": time.perf_counter}
        options = {name: value for name, value in told.items() if name in known} | options
        return "result", called(*values, **options)
    except MemoryError:
        return "memory", None
    except TripleHelixError as err:
        return "error", err
    except Exception as err:
        last = traceback.extract_tb(err.__traceback__)[-1]
        return "failed", f"{type(err).__name__}: {err} (in {last.name}, line {last.lineno})"


def _named(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _teller(jobs: _Listener) -> Callable[[Progress], bool]:
    """What a solver calls as it goes on: sends where it stands, at most ten times a second."""
    last = [-TELL_EVERY_S]

    def tell(progress: Progress) -> bool:
        now = time.perf_counter()
        if now - last[0] >= TELL_EVERY_S:
            last[0] = now
            jobs.send(("progress", progress))
        return jobs.stopped.is_set()

    return tell


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

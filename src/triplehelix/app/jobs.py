"""
Solves run in worker processes of their own: bounded, watched, stopped, replaced.

    outcome = jobs.run("highs", "package.module:function", problem, limits)

The function is named, so that this process never imports a solver. It gets the values, which are
pickled, and, where it has parameters of these names, `on_progress` (to call with a `Progress`;
returns True when it is to stop) and `clock` (seconds).
"""

import atexit
import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from multiprocessing.connection import wait
from typing import Any

from triplehelix.app.job_child import SOLVERS, STOP
from triplehelix.app.job_process import Worker
from triplehelix.errors import InputError, SolverError
from triplehelix.optimise.outcome import Limits, Progress

MEMORY_BYTES = 4 * 2**30
MOST_WAITING = 20
LONGEST_S = 3600.0
# What a function may take beyond its limit to build its model and to work out its answer, and
# beyond being told to stop, before its process is ended.
GRACE_S = 20.0
STOP_GRACE_S = 15.0
LOOK_EVERY_S = 0.05

OnProgress = Callable[[Progress], object]


class Job:
    """A solve that waits, runs or has ended; safe to use from any thread."""

    def __init__(self, function: str, values: tuple[Any, ...], options: dict[str, Any]) -> None:
        # Pickled here, where the caller learns of it if that cannot be done.
        self._message = pickle.dumps((function, values, options), pickle.HIGHEST_PROTOCOL)
        self._ended = threading.Event()
        self._result: Any = None
        self._error: BaseException | None = None
        self._progress: Progress | None = None
        self._began: float | None = None
        self._stopped_at: float | None = None
        self._listeners: list[OnProgress] = []

    def progress(self) -> Progress | None:
        """Where it stands; None until it first tells."""
        return self._progress

    def waits(self) -> bool:
        """Whether it still waits for another job to end."""
        return self._began is None and not self._ended.is_set()

    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._ended.is_set()

    def stop(self) -> None:
        """Ask it to end with the best it has; `result` then has it, or the error."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()

    def result(self, timeout: float | None = None) -> Any:
        """
        What the function returned, once it has; raises what went wrong instead.

        Raises
        ------
        TimeoutError
            If it has not ended within `timeout` seconds; it goes on.
        SolverError
            If its process died, ran out of memory or time, or could not be stopped in time.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(f"not done within {timeout:g} s; ask again, or stop it")
        if self._error is not None:
            raise self._error
        return self._result

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        for listener in self._listeners:
            if listener(progress):
                self.stop()

    def _end(self, result: Any = None, error: BaseException | None = None) -> None:
        self._result, self._error = result, error
        self._ended.set()


class Jobs:
    """
    A worker process for each solver, started when first asked for, and a queue before each.

    Parameters
    ----------
    memory_bytes : most address space that a worker may take.
    most_waiting : how many jobs may wait for one solver before more are refused.
    """

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, most_waiting: int = MOST_WAITING):
        self._memory = memory_bytes
        self._most_waiting = most_waiting
        self._lock = threading.Lock()
        self._desks: dict[str, _Desk] = {}

    def start(
        self, kind: str, function: str, *values: Any, options: Mapping[str, Any] | None = None,
        seconds: float | None = None, on_progress: OnProgress | None = None,
    ) -> Job:  # fmt: skip
        """
        Begin a job, or put it in the queue.

        Parameters
        ----------
        kind : `cp_sat` or `highs`; `paper`, whose worker makes documents.
        function : `package.module:name`, imported in the worker.
        values, options : what it is called with; all must pickle.
        seconds : when it is ended by force, after a grace; the `Limits` among the values say it
            where it is left out.
        on_progress : called from a thread with each `Progress`; what it returns, if true, stops.

        Raises
        ------
        InputError
            If there is no such solver.
        SolverError
            If too many jobs wait for it already.
        """
        if kind not in SOLVERS:
            raise InputError(f"there is no solver {kind!r}; choose from {', '.join(SOLVERS)}")
        job = Job(function, values, dict(options or {}))
        if on_progress is not None:
            job._listeners.append(on_progress)
        with self._lock:
            if kind not in self._desks:
                self._desks[kind] = _Desk(kind, self._memory)
            desk = self._desks[kind]
        desk.add(job, _longest(values, seconds), self._most_waiting)
        return job

    def run(
        self, kind: str, function: str, *values: Any, options: Mapping[str, Any] | None = None,
        seconds: float | None = None, on_progress: OnProgress | None = None,
    ) -> Any:  # fmt: skip
        """`start` it and wait for its result."""
        return self.start(
            kind, function, *values, options=options, seconds=seconds, on_progress=on_progress
        ).result()

    def processes(self) -> dict[str, int]:
        """The process ids of the workers that are running, by solver."""
        with self._lock:
            desks = dict(self._desks)
        return {kind: desk.worker.pid for kind, desk in desks.items() if desk.worker}

    def close(self) -> None:
        """End all workers; jobs at work or waiting end with a SolverError."""
        with self._lock:
            desks, self._desks = list(self._desks.values()), {}
        for desk in desks:
            desk.close()


class _Desk:
    """One solver: its queue, its worker, and the thread that takes the jobs to it in turn."""

    def __init__(self, kind: str, memory_bytes: int) -> None:
        self.kind, self.memory_bytes = kind, memory_bytes
        self.worker: Worker | None = None
        self._there = threading.Condition()
        self._queue: deque[tuple[Job, float]] = deque()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name=f"jobs-{kind}", daemon=True)
        self._thread.start()

    def add(self, job: Job, seconds: float, most_waiting: int) -> None:
        with self._there:
            if len(self._queue) >= most_waiting:
                raise SolverError(
                    f"{len(self._queue)} jobs wait for {self.kind} already; try again later"
                )
            self._queue.append((job, seconds))
            self._there.notify()

    def close(self) -> None:
        with self._there:
            self._closed = True
            self._there.notify()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            with self._there:
                self._there.wait_for(lambda: self._queue or self._closed)
                if self._closed:
                    break
                job, seconds = self._queue.popleft()
            self._do(job, seconds)
        for job, _ in self._queue:
            job._end(error=SolverError("the program ended before this job's turn; ask again"))
        self._drop()

    def _do(self, job: Job, seconds: float) -> None:
        if job._stopped_at is not None:
            job._end(error=SolverError("it was stopped before its turn; start it again"))
            return
        try:
            if self.worker is None:
                self.worker = Worker(self.kind, self.memory_bytes)
            job._began = time.monotonic()
            self.worker.send(job._message)
            result, error = self._heard(self.worker, job, seconds)
        except Exception as err:
            self._drop()
            result, error = None, err
        job._end(result, error)

    def _drop(self) -> None:
        if self.worker is not None:
            self.worker.end()
            self.worker = None

    def _heard(self, worker: Worker, job: Job, seconds: float) -> tuple[Any, Exception | None]:
        """The result, or the function's own refusal; whatever else goes wrong is raised."""
        told = False
        while True:
            if job._stopped_at is not None and not told:
                worker.send(STOP)
                told = True
            self._check_time(job, seconds)
            if not wait([worker.connection], LOOK_EVERY_S):
                continue
            what, value = worker.receive()
            if what == "progress":
                job._tell(value)
            elif what == "result":
                return value, None
            elif what == "error":
                return None, value
            elif what == "memory":
                raise SolverError(
                    f"the solver needed more than {self.memory_bytes / 2**30:g} GiB of memory; "
                    "ask for less at once (fewer needs or assets, a nearer place)"
                )
            else:
                raise SolverError(f"the solver failed: {value}; please report it with the input")

    def _check_time(self, job: Job, seconds: float) -> None:
        now = time.monotonic()
        assert job._began is not None
        if self._closed:
            raise SolverError("the program ended while this job was at work; ask again")
        if now - job._began > seconds + GRACE_S:
            raise SolverError(
                f"the solver did not end within {seconds:g} s and {GRACE_S:g} s of grace, and was "
                "ended; raise the time limit, or ask for less at once"
            )
        if job._stopped_at is not None and now - max(job._stopped_at, job._began) > STOP_GRACE_S:
            raise SolverError(
                f"it was stopped, and had nothing to show within {STOP_GRACE_S:g} s; let it go on "
                "for longer"
            )


def _longest(values: tuple[Any, ...], seconds: float | None) -> float:
    if seconds is not None:
        return seconds
    said = [value.seconds for value in values if isinstance(value, Limits)]
    return max(said, default=LONGEST_S)


_shared: tuple[int, Jobs] | None = None
_sharing = threading.Lock()


def shared() -> Jobs:
    """The workers that all of this process uses; another process that was forked has its own."""
    global _shared
    with _sharing:
        if _shared is None or _shared[0] != os.getpid():
            _shared = (os.getpid(), Jobs())
            atexit.register(_shared[1].close)
        return _shared[1]


def start(kind: str, function: str, *values: Any, **how: Any) -> Job:
    """Begin a job on the shared workers: see `Jobs.start`."""
    return shared().start(kind, function, *values, **how)


def run(kind: str, function: str, *values: Any, **how: Any) -> Any:
    """Run a job on the shared workers and wait for its result: see `Jobs.run`."""
    return shared().run(kind, function, *values, **how)

"""A worker process as its parent holds it: started, spoken with, ended."""

import os
import signal
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection, Pipe
from typing import Any

from triplehelix.errors import SolverError

START_S = 60.0


class Worker:
    """
    One warm process for one solver; use it from one thread at a time.

    It is started anew, as another program, and not forked: it shares nothing with this process,
    so that locks, threads and the other solver cannot get in its way.
    """

    def __init__(self, kind: str, memory_bytes: int) -> None:
        self._memory = memory_bytes
        self._connection, theirs = Pipe()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `end`)
        # -P: a file in the working directory must not stand in for a module of that name.
        command = [sys.executable, "-P", "-m", "triplehelix.app.job_child", kind]
        # BLAS takes address space for every core, and solvers have no use for it.
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"}
        try:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(memory_bytes)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=self._said, env=environment,
            )  # fmt: skip
        finally:
            theirs.close()
        if not self._connection.poll(START_S) or self.receive() is None:
            self.end()
            raise SolverError(
                f"the worker process of {kind} did not start within {START_S:g} s; see what "
                "`triplehelix doctor` says"
            )

    @property
    def connection(self) -> Connection:
        """This end of the wire, to wait on."""
        return self._connection

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def send(self, message: bytes) -> None:
        """Send a pickled job, or that the one at work is to stop."""
        try:
            self._connection.send_bytes(message)
        except OSError as err:
            raise self._died() from err

    def receive(self) -> tuple[str, Any]:
        """What it sends next; SolverError if it has died."""
        try:
            message: tuple[str, Any] = self._connection.recv()
        except (EOFError, OSError) as err:
            raise self._died() from err
        return message

    def end(self) -> None:
        """End the process; nothing if it has ended."""
        self._connection.close()
        self._process.kill()
        self._process.wait()
        self._said.close()

    def _died(self) -> SolverError:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        gib = self._memory / 2**30
        less = "ask for less at once (fewer needs or assets, a nearer place, a coarser file)"
        if code == -signal.SIGKILL:
            what = "was killed, most often because the machine ran out of memory"
        elif code < 0:
            what = f"ended by {signal.Signals(-code).name}; it may have needed over {gib:g} GiB"
        else:
            what = f"ended with exit code {code}"
        said = self._last_words()
        return SolverError(
            f"the solver's process {what}{said}; nothing was changed: try again, or {less}"
        )

    def _last_words(self) -> str:
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - 500))
        lines = self._said.read().decode("utf-8", "replace").split("\n")
        lines = [line.strip() for line in lines if line.strip()]
        return f" (its last words: {lines[-1]!r})" if lines else ""

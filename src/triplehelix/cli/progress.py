"""A progress bar for whatever takes more than two seconds; nothing for what does not."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

PATIENCE_S = 2.0


class Bar:
    """
    Shows the stage at work and how far it is, on standard error, if that is a terminal.

    Elsewhere (a log, a pipe) each stage is one line, once two seconds have passed.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._console = Console(stderr=True)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._stage = ""

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._progress:
            self._progress.stop()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Say that a stage has done so much of so much (None: not known)."""
        if time.monotonic() - self._began < PATIENCE_S:
            return
        if not sys.stderr.isatty():
            if stage != self._stage:
                self._console.print(f"{stage} ...", highlight=False)
            self._stage = stage
            return
        if self._progress is None:
            self._progress = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                TimeElapsedColumn(), console=self._console, transient=True,
            )  # fmt: skip
            self._progress.start()
            self._task = self._progress.add_task(stage, total=total)
        assert self._task is not None
        self._progress.update(self._task, description=stage, completed=done, total=total)

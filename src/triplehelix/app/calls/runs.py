"""Work under way for calls: begun, noted where every process of a server finds it, stopped."""

import logging
import secrets
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.to_json import alliance_from_json, alliance_json
from triplehelix.app.calls.solver import Found, Solve, solve_question
from triplehelix.errors import SolverError, TooOften, TripleHelixError
from triplehelix.optimise.outcome import Progress
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import sees_all
from triplehelix.store.run_files import RunFiles

MOST_AT_ONCE, MOST_OF_VISITORS, MOST_OF_ONE = 8, 2, 2
KEPT_S = 3600.0
_NOTE_EVERY_S, _LOOK_EVERY_S = 0.2, 0.03
_logger = logging.getLogger(__name__)
Parts = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Ended:
    """What came out: values of JSON, the parts that it was made from, where it was kept."""

    result: Mapping[str, Any]
    parts: Parts
    proposal_ids: tuple[str, ...] = ()


Heard = Callable[[Progress], object]
Work = Callable[[Heard], Ended]


@dataclass(frozen=True, slots=True)
class Running:
    """
    How a solve stands: `running`, `done` or `failed` (`error` says why).

    `kind` is `solve`, `repair`, `alternatives`, `worth` or `sharing`, `of` the answer that it is
    about where it is about one. `objective` and `bound` are the best known so far, None before
    there is one. `result` is there once it is done, with the answers as `found`, the main one
    first; `proposal_ids` are those under which they were kept for the call's holder, empty for
    others. `stopping`: it was asked to stop and has not yet.
    """

    run_id: str
    call_id: str
    kind: str
    of: str | None
    state: str
    seconds: float
    objective: float | None
    bound: float | None
    result: Mapping[str, Any] | None
    proposal_ids: tuple[str, ...]
    error: str | None
    stopping: bool = False

    @property
    def found(self) -> tuple[Found, ...]:
        """The answers; none before it is done, or where something else was worked out."""
        listed = (self.result or {}).get("found", ())
        return tuple(Found(alliance_from_json(one["alliance"]), one["about"]) for one in listed)

    @property
    def alliance(self) -> Alliance | None:
        """The main answer; None until it is there."""
        listed = (self.result or {}).get("found", ())
        return alliance_from_json(listed[0]["alliance"]) if listed else None


@dataclass(frozen=True, slots=True)
class _Note:
    run_id: str
    call_id: str
    kind: str
    of: str | None
    user_id: str | None
    began: float
    ended: float | None = None
    objective: float | None = None
    bound: float | None = None
    result: Mapping[str, Any] | None = None
    parts: Parts | None = None
    proposal_ids: tuple[str, ...] = ()
    error: str | None = None


def found_json(one: Found) -> dict[str, Any]:
    """An answer as values of JSON."""
    return {"alliance": alliance_json(one.alliance), "about": dict(one.about)}


class Solves:
    """
    The work of a server for calls, running and ended; what ended is forgotten after an hour.

    Parameters
    ----------
    solve : what computes an answer; the worker processes unless told otherwise.
    clock : seconds, going on, the same for all processes of this machine.
    folder : where notes are kept: one for all processes of a server; one of its own without it.
    """

    def __init__(
        self, *, solve: Solve = solve_question, clock: Callable[[], float] = time.monotonic,
        folder: Path | None = None,
    ) -> None:  # fmt: skip
        self.solve, self.clock = solve, clock
        self._files = RunFiles(folder or self._folder_of_its_own())
        self._lock = threading.Lock()

    def _folder_of_its_own(self) -> Path:
        made = tempfile.mkdtemp(prefix="triplehelix-")
        weakref.finalize(self, shutil.rmtree, made, ignore_errors=True)
        return Path(made)

    def begin(
        self, viewer: Viewer, call_id: str, work: Work, *, kind: str = "solve",
        of: str | None = None,
    ) -> str:  # fmt: skip
        """
        Begin some work in a thread of its own; the id under which it is watched.

        Raises
        ------
        TooOften
            If this viewer, or all together, have too many under way.
        """
        with self._lock:
            self._require_room(viewer)
            run_id = secrets.token_urlsafe(18)
            note = _Note(run_id, call_id, kind, of, viewer.user_id, self.clock())
            held = self._files.hold(run_id)
            self._files.write(run_id, asdict(note))

        def go() -> None:
            try:
                self._go(note, work)
            finally:
                held.close()

        threading.Thread(target=go, name=f"{kind} {run_id[:6]}", daemon=True).start()
        return run_id

    def look_at(self, registry: Registry, viewer: Viewer, run_id: str) -> Running:
        """
        How it stands.

        Raises
        ------
        UnknownName
            If there is none, it is forgotten, somebody else's, or something in what came out is
            no longer shown to the viewer: the same words for all.
        """
        note = self._mine(viewer, run_id)
        if note.parts is not None:
            with registry.look(viewer) as sight:
                if not sees_all(sight, note.parts):
                    raise nothing_so_named("solve")
        return self._told(note)

    def parts_of(self, viewer: Viewer, run_id: str) -> Parts:
        """The parts of what came out; empty before that."""
        return self._mine(viewer, run_id).parts or {}

    def stop(self, viewer: Viewer, run_id: str) -> None:
        """Let it end with the best it has; UnknownName if it is not the viewer's."""
        self._files.ask_to_stop(self._mine(viewer, run_id).run_id)

    def wait_for(
        self, registry: Registry, viewer: Viewer, run_id: str, seconds: float
    ) -> Running:  # fmt: skip
        """How it stands once it has ended, or after so many seconds."""
        until = self.clock() + seconds
        while self._told(self._mine(viewer, run_id)).state == "running" and self.clock() < until:
            time.sleep(_LOOK_EVERY_S)
        return self.look_at(registry, viewer, run_id)

    def _mine(self, viewer: Viewer, run_id: str) -> _Note:
        note = self._read(run_id)
        old = note is not None and note.ended is not None
        if note is None or note.user_id != viewer.user_id or (old and self._is_over(note)):
            raise nothing_so_named("solve")
        return note

    def _read(self, run_id: str) -> _Note | None:
        said = self._files.read(run_id)
        if said is None:
            return None
        return _Note(**{**said, "proposal_ids": tuple(said["proposal_ids"])})

    def _is_over(self, note: _Note) -> bool:
        # A clock that began anew with the machine tells of no note from before.
        age = self.clock() - (note.began if note.ended is None else note.ended)
        return age > KEPT_S or age < 0

    def _require_room(self, viewer: Viewer) -> None:
        going = []
        for name in self._files.names():
            note = self._read(name)
            if note is None:
                continue
            if note.ended is None and self._files.is_held(name):
                going.append(note)
            elif self._is_over(note):
                self._files.remove(name)
        mine = [note for note in going if note.user_id == viewer.user_id]
        most = MOST_OF_VISITORS if viewer.user_id is None else MOST_OF_ONE
        if len(going) >= MOST_AT_ONCE or len(mine) >= most:
            raise TooOften(
                f"{len(going)} solves are under way, {len(mine)} of them yours; wait until one "
                "has ended, or stop one",
                5,
            )

    def _go(self, note: _Note, work: Work) -> None:
        told: list[float] = []

        def heard(progress: Progress) -> bool:
            if not told or self.clock() - told[0] >= _NOTE_EVERY_S:
                told[:] = [self.clock()]
                self._files.write(note.run_id, asdict(_with(note, progress)))
            return self._files.is_to_stop(note.run_id)

        try:
            ended = work(heard)
            found = replace(note, result=ended.result, parts=ended.parts,
                            proposal_ids=ended.proposal_ids)  # fmt: skip
            main: Mapping[str, Any] = next(
                (one["alliance"] for one in ended.result.get("found", ())), {}
            )
            found = replace(found, objective=main.get("objective"), bound=main.get("bound"))
        except TripleHelixError as err:
            found = replace(note, error=str(err))
        except Exception:
            _logger.exception("a solve broke down")
            said = "the solve broke down; its operator finds why in the server's log"
            found = replace(note, error=str(SolverError(said)))
        self._files.write(note.run_id, asdict(replace(found, ended=self.clock())))

    def _told(self, note: _Note) -> Running:
        error = note.error
        if note.ended is None and not self._files.is_held(note.run_id):
            # It may have ended between the two looks.
            note = self._read(note.run_id) or note
            if note.ended is None:
                error = "the server's process that worked at it has ended; begin again"
            else:
                error = note.error
        running = note.ended is None and error is None
        state = "running" if running else "failed" if error else "done"
        until = note.ended if note.ended is not None else self.clock()
        return Running(
            note.run_id, note.call_id, note.kind, note.of, state, max(0.0, until - note.began),
            note.objective, note.bound, note.result, note.proposal_ids, error,
            stopping=running and self._files.is_to_stop(note.run_id),
        )  # fmt: skip


def _with(note: _Note, progress: Progress) -> _Note:
    return replace(note, objective=progress.objective, bound=progress.bound)

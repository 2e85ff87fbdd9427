"""Solves under way: begun, watched, stopped; each known to who began it."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.to_json import alliance_json
from triplehelix.app.calls.landscape import parts_of
from triplehelix.app.calls.proposals import keep, question_for, repair_for
from triplehelix.app.calls.solver import Found, Question, Solve, finished, solve_question
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import SolverError, TooOften, TripleHelixError
from triplehelix.optimise.outcome import Progress
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Action, Viewer, may
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import proposal, sees_all
from triplehelix.store.registry.viewers import viewer_of

# A visitor's solve is a try: short, and one after the other.
VISITORS_S = 10.0
MOST_AT_ONCE, MOST_OF_VISITORS, MOST_OF_ONE = 8, 2, 2
KEPT_S = 3600.0
_logger = logging.getLogger(__name__)


@dataclass
class Run:
    """A solve that somebody began; what is inside is told by `look_at` alone."""

    run_id: str
    call_id: str
    viewer: Viewer
    question: Question
    began: float
    progress: Progress | None = None
    stopped: bool = False
    ended: float | None = None
    found: tuple[Found, ...] = ()
    proposal_ids: tuple[str, ...] = ()
    error: TripleHelixError | None = None
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Running:
    """
    How a solve stands: `running`, `done` or `failed` (`error` says why).

    `objective` and `bound` are the best known so far, None before there is one. `found` are the
    answers once it is done, the main one first; `proposal_ids` those under which they were kept
    for the call's holder, empty for others.
    """

    run_id: str
    call_id: str
    state: str
    seconds: float
    objective: float | None
    bound: float | None
    found: tuple[Found, ...]
    proposal_ids: tuple[str, ...]
    error: str | None

    @property
    def alliance(self) -> Alliance | None:
        """The main answer; None until it is there."""
        return self.found[0].alliance if self.found else None


class Solves:
    """
    The solves of a server, running and ended; an ended one is forgotten after an hour.

    Parameters
    ----------
    solve : what computes an answer; the worker processes unless told otherwise.
    clock : seconds, going on.
    """

    def __init__(
        self, *, solve: Solve = solve_question, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.solve, self.clock = solve, clock
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()

    def begin(self, viewer: Viewer, call_id: str, question: Question) -> Run:
        """
        Note a new solve.

        Raises
        ------
        TooOften
            If this viewer, or all together, have too many under way.
        """
        with self._lock:
            self._forget()
            going = [run for run in self._runs.values() if run.ended is None]
            mine = [run for run in going if run.viewer.user_id == viewer.user_id]
            most = MOST_OF_VISITORS if viewer.user_id is None else MOST_OF_ONE
            if len(going) >= MOST_AT_ONCE or len(mine) >= most:
                raise TooOften(
                    f"{len(going)} solves are under way, {len(mine)} of them yours; wait until one "
                    "has ended, or stop one",
                    5,
                )
            run = Run(secrets.token_urlsafe(18), call_id, viewer, question, self.clock())
            self._runs[run.run_id] = run
        return run

    def get(self, viewer: Viewer, run_id: str) -> Run:
        """
        A solve, for who began it.

        Raises
        ------
        UnknownName
            If there is none, it is forgotten, or somebody else's.
        """
        with self._lock:
            self._forget()
            run = self._runs.get(run_id)
        if run is None or run.viewer.user_id != viewer.user_id:
            raise nothing_so_named("solve")
        return run

    def _forget(self) -> None:
        old = [name for name, run in self._runs.items()
               if run.ended is not None and self.clock() - run.ended > KEPT_S]  # fmt: skip
        for name in old:
            del self._runs[name]


def start_solve(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities,
    *, edition: Edition | None = None, **asked: Any,
) -> str:  # fmt: skip
    """
    Begin to solve a call; the id under which it is watched. `asked` as for `question_for`.

    What comes out is kept as a proposal where the call is the viewer's; else it is theirs to look
    at for an hour, while they see all of it.

    Raises
    ------
    InputError, UnknownName
    TooOften
        If too many solves are under way.
    """
    question = question_for(
        registry, viewer, call_id, capabilities, edition=edition, **_bounded(viewer, asked)
    )
    return _go(solves, registry, viewer, call_id, question)


def start_repair(
    solves: Solves, registry: Registry, viewer: Viewer, proposal_id: str, losses: list[str],
    capabilities: Capabilities, *, edition: Edition | None = None, seconds: float = 10.0,
) -> str:  # fmt: skip
    """
    Begin to mend a proposal that members have left; as `start_solve`.

    Raises
    ------
    InputError, UnknownName, TooOften
    """
    seconds = _bounded(viewer, {"seconds": seconds})["seconds"]
    question = repair_for(
        registry, viewer, proposal_id, losses, capabilities, edition=edition, seconds=seconds
    )
    with registry.look(viewer) as sight:
        call_id = proposal(sight, proposal_id).call_id
    return _go(solves, registry, viewer, call_id, question)


def look_at(solves: Solves, registry: Registry, viewer: Viewer, run_id: str) -> Running:
    """
    How a solve stands.

    Raises
    ------
    UnknownName
        If it is not the viewer's, or something in what came out is no longer shown to them.
    """
    run = solves.get(viewer, run_id)
    if run.found:
        said = [(alliance_json(one.alliance), one.about) for one in run.found]
        with registry.look(viewer) as sight:
            if not sees_all(sight, parts_of(run.question.landscape, {"found": said})):
                raise nothing_so_named("solve")
    return _told(solves, run)


def stop(solves: Solves, viewer: Viewer, run_id: str) -> None:
    """Let a solve end with the best it has; UnknownName if it is not the viewer's."""
    solves.get(viewer, run_id).stopped = True


def wait_for(
    solves: Solves, registry: Registry, viewer: Viewer, run_id: str, seconds: float
) -> Running:
    """How a solve stands once it has ended, or after so many seconds."""
    solves.get(viewer, run_id).done.wait(seconds)
    return look_at(solves, registry, viewer, run_id)


def _bounded(viewer: Viewer, asked: dict[str, Any]) -> dict[str, Any]:
    if viewer.user_id is None and not viewer.everything:
        return {**asked, "seconds": min(asked.get("seconds", VISITORS_S), VISITORS_S)}
    return asked


def _go(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, question: Question
) -> str:
    run = solves.begin(viewer, call_id, question)
    work = threading.Thread(
        target=_work, args=(solves, registry, run), name=f"solve {run.run_id[:6]}", daemon=True
    )
    work.start()
    return run.run_id


def _work(solves: Solves, registry: Registry, run: Run) -> None:
    def heard(progress: Progress) -> bool:
        run.progress = progress
        return run.stopped

    try:
        found = tuple(finished(run.question, one) for one in solves.solve(run.question, heard))
        run.proposal_ids = _kept(registry, run, found)
        run.found = found
    except TripleHelixError as err:
        run.error = err
    except Exception:
        _logger.exception("a solve broke down")
        run.error = SolverError("the solve broke down; its operator finds why in the server's log")
    finally:
        run.ended = solves.clock()
        run.done.set()


def _kept(registry: Registry, run: Run, found: tuple[Found, ...]) -> tuple[str, ...]:
    """The proposals, if the call is still the viewer's to change: rights are asked anew."""
    viewer = run.viewer
    if viewer.user_id is not None:
        with registry.reading() as connection:
            viewer = viewer_of(connection, viewer.user_id, viewer.scopes)
    with registry.look(viewer) as sight:
        sight.record("call", run.call_id)
        mine = may(viewer, Action.EDIT, sight.holder(run.call_id))
    worth_keeping = [one for one in found if one.alliance.status != "unknown"] if mine else []
    return tuple(
        keep(registry, viewer, run.call_id, run.question, one) for one in worth_keeping
    )  # fmt: skip


def _told(solves: Solves, run: Run) -> Running:
    state = "running" if run.ended is None else "failed" if run.error else "done"
    best = run.found[0].alliance if run.found else run.progress
    return Running(
        run.run_id, run.call_id, state, (run.ended or solves.clock()) - run.began,
        best.objective if best else None, best.bound if best else None, run.found,
        run.proposal_ids, str(run.error) if run.error else None,
    )  # fmt: skip

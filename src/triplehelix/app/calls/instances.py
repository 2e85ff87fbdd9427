"""Published instances through the models that answer calls: read, solved in a worker, told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triplehelix.app import jobs
from triplehelix.errors import InputError
from triplehelix.optimise.covering import robust
from triplehelix.optimise.instances.facility import FacilityLocation
from triplehelix.optimise.instances.p_median import PMedian
from triplehelix.optimise.instances.set_cover import SetCover
from triplehelix.optimise.instances.team import TeamFormation
from triplehelix.optimise.instances.telling import Instance, read_instance
from triplehelix.optimise.outcome import Limits, Outcome, Progress, Status
from triplehelix.optimise.partial import partially_robust
from triplehelix.optimise.recoverable import recoverable
from triplehelix.optimise.teams import covering_of

MOST_BYTES = 200_000_000
FORMATS = {
    TeamFormation: "team formation",
    SetCover: "set cover",
    FacilityLocation: "facility location",
    PMedian: "p-median",
}
_MODELS = "triplehelix.optimise"


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What the answer must survive; at most one of the three.

    `robust`: everything is still covered after any so many losses. `partial`: (losses, percent)
    of the weight. `recoverable`: cost plus dearest repair after up to so many losses is least.
    """

    robust: int | None = None
    partial: tuple[int, float] | None = None
    recoverable: int | None = None


@dataclass(frozen=True, slots=True)
class InstanceAnswer:
    """
    What was found; `chosen` are ids as the file has them, or positions from 1 where it has none.

    `gap` is (objective - bound) / objective; `seconds` those of the solver alone.
    """

    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    chosen: tuple[int, ...]
    format: str
    asked: dict[str, Any]
    seconds: float


def solve_instance(
    path: Path, asked: Asked, *, seconds: float = 60.0, capacity: float | None = None,
    on_started: Callable[[jobs.Job], None] | None = None,
    on_progress: Callable[[Progress], object] | None = None,
) -> InstanceAnswer:  # fmt: skip
    """
    Solve the instance in a file.

    Parameters
    ----------
    seconds : time limit of the solver.
    capacity : of warehouses, where the file has a word in its place.
    on_started : gets the job, by which it can be stopped.

    Raises
    ------
    InputError
        If the file cannot be read or what is asked does not fit its format.
    SolverError
        If the solver died or ran out of memory.
    """
    instance = read_instance(_text(path), path.name, capacity=capacity)
    _check(asked, instance, path.name, capacity)
    function, problem = _problem(instance, asked)
    job = jobs.start(
        "highs", f"{_MODELS}.{function}", problem, Limits(seconds), on_progress=on_progress
    )
    if on_started is not None:
        on_started(job)
    outcome: Outcome = job.result()
    return InstanceAnswer(
        outcome.status, outcome.objective, outcome.bound, outcome.gap,
        _ids(instance, outcome.chosen), FORMATS[type(instance)], _said(asked, seconds),
        round(outcome.seconds, 3),
    )  # fmt: skip


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                f"{path}: {path.stat().st_size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB "
                "can be read"
            )
        return path.read_text("utf-8")
    except UnicodeDecodeError as err:
        raise InputError(f"{path}: it is no text; unpack it first, if it is an archive") from err
    except IsADirectoryError as err:
        raise InputError(f"{path} is a folder; name a file in it") from err
    except OSError as err:
        raise InputError(f"{path} cannot be read: {err.strerror}; check its name") from err


def _check(asked: Asked, instance: Instance, name: str, capacity: float | None) -> None:
    """Refuse what a format has no figures for."""
    kind = FORMATS[type(instance)]
    why = None
    if not isinstance(instance, TeamFormation | SetCover):
        if asked != Asked():
            why = "they tell of places, not of members who could drop out; leave the option out"
    elif isinstance(instance, SetCover) and asked.partial is not None:
        why = "their rows have no weights; ask for --robust, or use a team formation file"
    elif isinstance(instance, SetCover) and asked.recoverable is not None:
        why = "their columns have no repair costs; ask for --robust, or use a team formation file"
    if why:
        option = next(
            k for k in ("robust", "partial", "recoverable") if getattr(asked, k) is not None
        )
        raise InputError(f"{name}: --{option} does not fit {kind} files: {why}")
    if capacity is not None and not isinstance(instance, FacilityLocation):
        raise InputError(f"{name}: --capacity does not fit {kind} files; leave it out")


def _problem(instance: Instance, asked: Asked) -> tuple[str, Any]:
    """The function that solves it, and its problem."""
    if isinstance(instance, FacilityLocation):
        return "highs.facility:solve_facility_location", instance
    if isinstance(instance, PMedian):
        return "p_medians:solve_p_median", instance
    cover = covering_of(instance)
    if isinstance(instance, TeamFormation) and asked.partial is not None:
        losses, percent = asked.partial
        problem = partially_robust(cover, instance.weight, losses, percent)
        return "highs.partial:solve_partial", problem
    if isinstance(instance, TeamFormation) and asked.recoverable is not None:
        problem_ = recoverable(cover, instance.repair_cost, asked.recoverable)
        return "highs.recoverable:solve_recoverable", problem_
    return "highs.covering:solve_covering", robust(cover, asked.robust or 0)


def _ids(instance: Instance, chosen: tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(instance, TeamFormation):
        return tuple(instance.agents[at] for at in chosen)
    return tuple(at + 1 for at in chosen)


def _said(asked: Asked, seconds: float) -> dict[str, Any]:
    partial = asked.partial and {"losses": asked.partial[0], "percent": asked.partial[1]}
    return {
        "robust": asked.robust, "partial": partial, "recoverable": asked.recoverable,
        "time_limit": seconds,
    }  # fmt: skip

"""`triplehelix call solve --instance`: published instances, their answers in words or JSON."""

import sys
import threading
from pathlib import Path

import click

from triplehelix.app.calls.instances import Asked, InstanceAnswer, solve_instance
from triplehelix.app.jobs import Job
from triplehelix.cli.progress import Bar
from triplehelix.cli.show import as_json
from triplehelix.errors import InputError
from triplehelix.optimise.outcome import Progress

_WHAT = {
    "team formation": "agents",
    "set cover": "columns",
    "facility location": "warehouses to open",
    "p-median": "medians",
}


class PartialType(click.ParamType[tuple[int, float]]):
    """K:PERCENT, such as 2:90."""

    name = "K:PERCENT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, float]:
        """A number of losses and a percentage from 0 to 100."""
        try:
            losses, percent = str(value).split(":")
            found = int(losses), float(percent)
        except ValueError:
            self.fail(f"{value!r} is not of the form K:PERCENT, such as 2:90", param, ctx)
        if found[0] < 0 or not 0 <= found[1] <= 100:
            self.fail(f"{value!r}: K must be 0 or more, PERCENT from 0 to 100", param, ctx)
        return found


def print_instance(
    path: Path, asked: Asked, *, seconds: float, capacity: float | None, json_: bool
) -> None:
    """Solve an instance and print the answer; exit code 1 if nothing was found in time."""
    if sum(part is not None for part in (asked.robust, asked.partial, asked.recoverable)) > 1:
        raise click.UsageError("choose one of --robust, --partial and --recoverable")
    answer = _solved(path, asked, seconds, capacity)
    if json_:
        as_json(answer)
    else:
        _print(answer)
    if answer.status == "unknown":
        raise InputError(
            f"nothing was found in {answer.seconds:.1f} s, and nothing proves that there is "
            "nothing; raise --time-limit"
        )


def _solved(path: Path, asked: Asked, seconds: float, capacity: float | None) -> InstanceAnswer:
    """Solve on a thread, so that Ctrl-C can stop the solver and still show the best it has."""
    jobs: list[Job] = []
    answers: list[InstanceAnswer] = []
    errors: list[Exception] = []
    ended = threading.Event()
    with Bar() as bar:

        def told(progress: Progress) -> None:
            bar(_where(progress), round(progress.seconds), None)

        def work() -> None:
            try:
                answers.append(solve_instance(
                    path, asked, seconds=seconds, capacity=capacity, on_started=jobs.append,
                    on_progress=told,
                ))  # fmt: skip
            except Exception as err:
                errors.append(err)
            finally:
                ended.set()

        threading.Thread(target=work, daemon=True).start()
        try:
            # Not `join`: once interrupted, it takes the thread for ended (Python 3.11).
            ended.wait()
        except KeyboardInterrupt:
            if not jobs:
                raise
            jobs[0].stop()
            click.echo("Stopping; a second Ctrl-C ends it at once.", err=True)
            ended.wait()
    if errors:
        raise errors[0]
    return answers[0]


def _where(progress: Progress) -> str:
    best = "none yet" if progress.objective is None else f"{progress.objective:,.10g}"
    bound = "none yet" if progress.bound is None else f"{progress.bound:,.10g}"
    return f"solving: best {best}, proven bound {bound}" if sys.stderr.isatty() else "solving"


def _print(answer: InstanceAnswer) -> None:
    click.echo(f"A {answer.format} instance, solved in {answer.seconds:.2f} s.")
    if answer.status == "infeasible":
        click.echo("There is no solution: that is proven.")
        return
    if answer.objective is None:
        return
    if answer.status == "optimal":
        click.echo(f"Objective {answer.objective:,.10g}: proven to be the least there is.")
    else:
        bound = "not known" if answer.bound is None else f"{answer.bound:,.10g} or more"
        click.echo(
            f"Objective {answer.objective:,.10g}: the best found; the least there is, is {bound}."
        )
    chosen = " ".join(map(str, answer.chosen))
    click.echo(f"{len(answer.chosen)} {_WHAT[answer.format]}: {chosen}")

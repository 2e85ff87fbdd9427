"""`triplehelix call solve CALL.yaml`: the alliance for a call in a file."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.said import number_said
from triplehelix.app.calls.solving import FileQuestion, answer_json, question_from_files
from triplehelix.cli.progress import Bar
from triplehelix.optimise.outcome import Progress


def solve_call(
    call: Path, assets: Path, *, today: date, seconds: float, robust: int, share: float,
    as_json: bool,
) -> None:  # fmt: skip
    """Solve a call file against a file of assets and print the alliance; its remedies if none."""
    with Bar() as bar:
        question = question_from_files(
            call,
            assets,
            today=today,
            seconds=seconds,
            losses=(robust, share),
            on_progress=_heard(bar),
        )
        alliance = question.alliance()
    if as_json:
        click.echo(json.dumps(answer_json(alliance), ensure_ascii=False, indent=1))
    else:
        for line in _lines(question, alliance):
            click.echo(line)


def _heard(bar: Bar) -> Callable[[Progress], None]:
    def heard(progress: Progress) -> None:
        best = "none yet" if progress.objective is None else number_said(progress.objective)
        bar(f"solving (best {best})", int(progress.seconds), None)

    return heard


def _lines(question: FileQuestion, alliance: Alliance) -> Iterator[str]:
    call = alliance.call
    names = {one.asset: one.name for one in question.landscape.assets}
    members = {one.member: one.name for one in question.landscape.members}
    yield call.title + (f" ({call.heading})" if call.heading else "")
    yield alliance.said.get("status", alliance.status)
    if "robust" in alliance.said:
        yield alliance.said["robust"]
    if alliance.objective is not None and alliance.bound is not None:
        yield f"Weighted sum {number_said(alliance.objective)}, proven not below " + (
            f"{number_said(alliance.bound)}."
        )
    for need in alliance.coverage:
        unit = f" {need.unit}" if need.unit else ""
        yield ""
        yield f"{need.need}: {number_said(need.given)} of {number_said(need.asked)}{unit}"
        for one in alliance.contributions:
            if one.need == need.need:
                until = f" until {one.ends}" if one.ends else ""
                yield (
                    f"  {number_said(one.amount)}{unit} from {one.starts}{until}: "
                    f"{names[one.asset]}, {members.get(one.member, one.member)}"
                )
    for gap in alliance.gaps:
        yield ""
        yield f"Missing for {gap.need}: {number_said(gap.missing)} {gap.unit or ''}".rstrip()
        yield f"  why: {gap.why}"
        yield from (f"  would close it: {words}" for words in (gap.cheapest, *gap.relax) if words)
    yield ""
    yield from alliance.notes
    yield from (f"Problem: {one}" for one in alliance.problems)

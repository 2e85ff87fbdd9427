"""`triplehelix call solve CALL.yaml`: the alliance for a call in a file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.said import day_said, number_said
from triplehelix.app.calls.landscape import landscape_for
from triplehelix.app.calls.losing import Losing
from triplehelix.app.calls.solving import (
    FileQuestion,
    answer_json,
    landscape_from_file,
    question_about,
)
from triplehelix.cli.progress import Bar
from triplehelix.cli.registry_address import opened, viewer
from triplehelix.optimise.outcome import Progress
from triplehelix.store.edition import open_edition


@dataclass(frozen=True, slots=True)
class Givers:
    """
    Where it stands who could give: a file of assets, or a registry.

    Of a registry `who` says through whose eyes it is looked at, and `edition` who has worked with
    whom.
    """

    assets: Path | None
    registry: str | None
    who: str | None
    edition: Path | None

    def landscape(self) -> Landscape:
        """The landscape that they are."""
        if self.assets is not None:
            return landscape_from_file(self.assets)
        assert self.registry is not None
        edition = open_edition(self.edition) if self.edition else None
        with opened(self.registry) as registry:
            return landscape_for(registry, viewer(registry, self.who), edition=edition)


def solve_call(
    call: Path, givers: Givers, *, today: date, seconds: float, losing: Losing, as_json: bool
) -> None:
    """Solve a call file against those who could give and print the alliance; remedies if none."""
    with Bar() as bar:
        question = question_about(
            call, givers.landscape(), today=today, seconds=seconds,
            losing=losing, on_progress=_heard(bar),
        )  # fmt: skip
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
    for kind in ("robust", "recoverable"):
        if kind in alliance.said:
            yield alliance.said[kind]
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
                until = f" until {day_said(one.ends)}" if one.ends else ""
                yield (
                    f"  {number_said(one.amount)}{unit} from {day_said(one.starts)}{until}: "
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

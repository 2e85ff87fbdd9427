"""Questions about a call in a file and assets in a file: the alliance, alternatives, a repair."""

import time
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.alternatives import Alternative, alternatives
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.ally.repair import repair
from triplehelix.ally.solve import solve
from triplehelix.ally.to_json import alliance_json
from triplehelix.ally.worth import Worth, worth
from triplehelix.app.calls.losing import NOTHING, Losing
from triplehelix.app.calls.nations import with_nations
from triplehelix.app.calls.workers import OnProgress, in_worker
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.optimise.outcome import Limits
from triplehelix.read.call_files import call_schema, parsed_call, read_call
from triplehelix.read.capabilities import read_capabilities
from triplehelix.read.landscapes import read_landscape

SAMPLES = ("testing-network", "ventilator", "advanced-therapy-trial", "trial-network")


@dataclass(frozen=True)
class FileQuestion:
    """
    A call from a file, a landscape, and how they are to be looked at.

    `seconds` for each solve; `losing`: what the alliance is to bear.
    """

    call: Call
    landscape: Landscape
    capabilities: Capabilities
    today: date
    seconds: float = 60.0
    losing: Losing = NOTHING
    on_progress: OnProgress | None = None

    def alliance(self) -> Alliance:
        """The alliance for the call: see `ally.solve`."""
        return solve(
            self.call, self.landscape, self.capabilities, **asdict(self.losing),
            clock=time.monotonic, **self._how,
        )  # fmt: skip

    def alternatives(self) -> tuple[Alternative, ...]:
        """Truly different answers: see `ally.alternatives`."""
        return alternatives(
            self.call, self.landscape, self.capabilities, clock=time.monotonic, **self._how
        )

    def worth(self, alliance: Alliance) -> tuple[Worth, ...]:
        """What each partner adds: see `ally.worth`."""
        return worth(alliance, self.landscape, self.capabilities, clock=time.monotonic, **self._how)

    def without(self, alliance: Alliance, losses: tuple[str, ...]) -> Alliance:
        """The alliance mended after losses: see `ally.repair`."""
        return repair(
            alliance, losses, self.landscape, self.capabilities, clock=time.monotonic, **self._how
        )

    @property
    def _how(self) -> dict[str, Any]:
        return {
            "today": self.today, "limits": Limits(self.seconds),
            "solver": in_worker(self.on_progress),
        }  # fmt: skip


def question_from_files(
    call: Path, assets: Path, *, today: date, seconds: float = 60.0,
    losing: Losing = NOTHING, on_progress: OnProgress | None = None,
) -> FileQuestion:  # fmt: skip
    """A question from a call file and a file of assets: see `question_about`."""
    return question_about(
        call, landscape_from_file(assets), today=today, seconds=seconds, losing=losing,
        on_progress=on_progress,
    )  # fmt: skip


def landscape_from_file(assets: Path) -> Landscape:
    """Who could give, from a file: see `read.landscapes`; with the nations that positions tell."""
    return with_nations(read_landscape(assets))


def question_about(
    call: Path, landscape: Landscape, *, today: date, seconds: float = 60.0,
    losing: Losing = NOTHING, on_progress: OnProgress | None = None,
) -> FileQuestion:  # fmt: skip
    """
    A question from a call file; `losing`: what the alliance is to bear.

    Raises
    ------
    InputError
        If a file cannot be read or something in it is wrong; if the time limit is not above 0.
    """
    if not seconds > 0:
        raise InputError(f"the time limit is {seconds:g} s; give a number above 0")
    return FileQuestion(
        read_call(call), landscape, read_capabilities(), today, seconds, losing, on_progress,
    )  # fmt: skip


def answer_json(alliance: Alliance) -> dict[str, Any]:
    """An alliance as JSON, with the ids of the assets in it as `chosen`."""
    return {
        **alliance_json(alliance),
        "chosen": sorted({one.asset for one in alliance.contributions}),
    }


def sample_calls() -> dict[str, Call]:
    """The example calls from the public record, by name."""
    folder = files("triplehelix.sample") / "calls"
    return {
        name: parsed_call((folder / f"{name}.yaml").read_bytes(), f"{name}.yaml")
        for name in SAMPLES
    }


def schema() -> dict[str, Any]:
    """The JSON Schema of call files."""
    return call_schema()

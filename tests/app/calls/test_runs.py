"""Solves that one process begins are known to the others that serve the same registry."""

import threading

import pytest

from tests.app.calls.staged import CAPABILITIES, Stage, halves
from triplehelix.app.calls.running import Solves, look_at, start_solve, stop, wait_for
from triplehelix.app.calls.solver import Found
from triplehelix.errors import TooOften, UnknownName
from triplehelix.optimise.outcome import Progress
from triplehelix.store.run_files import RunFiles

pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def stage(world):
    return Stage(world).open()


class Slow:
    """A solver that goes on until it is stopped."""

    def __init__(self):
        self.heard = threading.Event()

    def __call__(self, question, on_progress):
        while not on_progress(Progress(1.0, 300.0, 100.0)):
            self.heard.set()
        return (Found(halves(question)),)


def test_another_process_watches_stops_and_reads(stage, tmp_path):
    slow, eve = Slow(), stage.as_("eve")
    here, there = Solves(solve=slow, folder=tmp_path), Solves(folder=tmp_path)
    run = start_solve(here, stage.registry, eve, stage.call, CAPABILITIES)
    assert slow.heard.wait(10)
    seen = look_at(there, stage.registry, eve, run)
    assert (seen.state, seen.objective, seen.stopping) == ("running", 300, False)
    with pytest.raises(UnknownName):
        stop(there, stage.as_("ann"), run)
    stop(there, eve, run)
    done = wait_for(there, stage.registry, eve, run, 10)
    assert done.state == "done" and done.alliance.status == "feasible"


def test_limits_count_what_other_processes_do(stage, tmp_path):
    slow, eve = Slow(), stage.as_("eve")
    both = [Solves(solve=slow, folder=tmp_path) for _ in range(2)]
    runs = [start_solve(one, stage.registry, eve, stage.call, CAPABILITIES) for one in both]
    with pytest.raises(TooOften, match="2 of them yours"):
        start_solve(both[0], stage.registry, eve, stage.call, CAPABILITIES)
    for one, run in zip(both, runs, strict=True):
        stop(one, eve, run)
        wait_for(one, stage.registry, eve, run, 10)


def test_what_a_dead_process_began_is_told_as_ended(stage, tmp_path):
    slow, eve = Slow(), stage.as_("eve")
    here = Solves(solve=slow, folder=tmp_path)
    run = start_solve(here, stage.registry, eve, stage.call, CAPABILITIES)
    assert slow.heard.wait(10)
    files = RunFiles(tmp_path)
    orphan = "an-orphan-that-nobody-holds"
    files.write(orphan, {**files.read(run), "run_id": orphan})
    seen = look_at(here, stage.registry, eve, orphan)
    assert seen.state == "failed"
    assert "process that worked at it has ended; begin again" in seen.error
    stop(here, eve, run)
    wait_for(here, stage.registry, eve, run, 10)

"""Builds that are killed or interrupted anywhere leave the last good edition as it was."""

import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from tests import landscape
from tests.landscape import FEW, organization
from triplehelix import cli
from triplehelix.app.build import build
from triplehelix.cli import make
from triplehelix.store import editions
from triplehelix.store.edition import open_edition

READING = [f"read {file}" for file in (
    "files/outcodes.csv", "files/companies.csv", "cordis/euroSciVoc.csv",
    "cordis/organization.csv.gz", "cordis/project.csv", "files/ror-data.json")]  # fmt: skip
STAGES = [*READING, "gather", "gazetteer", "resolve", "locate", "themes", "land", "detect",
          "overlaps", "link", "measure", "forecasts", "prospects", "lineage", "write"]  # fmt: skip
# All of these begin before the first stage that is computed from their rows.
CHANGED = "read cordis/organization.csv.gz"

processes = multiprocessing.get_context("forkserver")
# Each process that will be killed is forked from one that has everything imported.
processes.set_forkserver_preload(["tests.test_kill", "triplehelix.app.stages"])


@pytest.fixture(scope="module", autouse=True)
def _gazetteer_once():
    with landscape.gazetteer_once():
        yield


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A home with an edition, beside which the files have changed since."""
    home = tmp_path_factory.mktemp("before")
    build(landscape.write(home / "files"), home / "edition", FEW)
    _change_files(home)
    return home


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """What a build of the changed files makes when nothing goes wrong."""
    home = tmp_path_factory.mktemp("unbroken")
    landscape.write(home / "files")
    _change_files(home)
    return build(_inputs(home), home / "edition", FEW)


@pytest.fixture
def home(before, tmp_path):
    """A copy of `before`, to be built in."""
    copy = tmp_path / "home"
    shutil.copytree(before, copy, symlinks=True)
    return copy


def _change_files(home: Path) -> None:
    """One participation more, in a country that had none: the gazetteer is asked again."""
    shutil.rmtree(home / "files")
    added = organization(103, 6001, "ANDORRA CELLS SA", "Andorra la Vella", country="AD")
    landscape.write(home / "files", organizations=[*landscape.ORGANIZATIONS, added])


def _inputs(home: Path) -> list[Path]:
    files = home / "files"
    return [files / "cordis", files / "ror-data.json", files / "outcodes.csv",
            files / "companies.map.yaml"]  # fmt: skip


class Heard(list):
    def __call__(self, stage, done, total):
        if stage not in self:
            self.append(stage)


# --- What the processes do -----------------------------------------------------------------------


def build_and_die_in(home: Path, stage: str) -> None:
    """Build, and be killed as soon as a stage begins."""

    def progress(name, done, total):
        if name == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    build(_inputs(home), home / "edition", FEW, progress=progress)


def build_and_die_at(home: Path, where: str, times: int) -> None:
    """Build, and be killed at a call of a function of `store.editions`."""
    done = getattr(editions, where)
    left = [times]

    def deadly(*arguments):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done(*arguments)

    setattr(editions, where, deadly)
    build(_inputs(home), home / "edition", FEW)


def build_and_die_after(home: Path, seconds: float) -> None:
    """Build, and be killed after some time."""
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    build(_inputs(home), home / "edition", FEW)


def interrupt_command(home: Path, stage: str) -> None:
    """`triplehelix build`, with Ctrl-C pressed when a stage begins."""

    class Bar(make.Bar):
        def __call__(self, name, done, total):
            if name == stage:
                os.kill(os.getpid(), signal.SIGINT)

    make.Bar = Bar
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stderr = (home / "stderr").open("w")
    (home / "few.yaml").write_text(json.dumps(FEW.model_dump()))
    sys.argv = ["triplehelix", "build", *map(str, _inputs(home)), "--into", str(home / "edition"),
                "--config", str(home / "few.yaml")]  # fmt: skip
    cli.main()


def _end_of(work, *arguments) -> int:
    """The exit code of a process; that of a signal is negative."""
    process = processes.Process(target=work, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode is not None, "the process did not end"
    return process.exitcode


# --- What is left of them ------------------------------------------------------------------------


def assert_as_before(home: Path, before: Path) -> None:
    """The edition that was there opens, and is what it was."""
    here, there = open_edition(home / "edition"), open_edition(before / "edition")
    assert here.id == there.id
    assert landscape.table_bytes(here.path) == landscape.table_bytes(there.path)
    assert [len(here.organisations), len(here.clusters)] == [9, 2]


def assert_mended_by_the_same_command(home: Path, unbroken) -> list[str]:
    """A new build makes what an unbroken one does, and tidies up; what it still had to do."""
    heard = Heard()
    again = build(_inputs(home), home / "edition", FEW, progress=heard)
    assert again.id == unbroken.id
    assert landscape.table_bytes(again.path) == landscape.table_bytes(unbroken.path)
    assert landscape.around(home / "edition") == {"edition", "edition.cache", "edition.editions"}
    left = [*home.glob("edition.*/unfinished-*"), *home.glob("edition.cache/spill-*")]
    assert left == []
    return heard


@pytest.mark.parametrize("stage", [CHANGED, *STAGES[6:]])
def test_killed_when_a_stage_begins(stage, home, before, unbroken):
    assert _end_of(build_and_die_in, home, stage) == -signal.SIGKILL
    assert_as_before(home, before)
    heard = assert_mended_by_the_same_command(home, unbroken)
    expected = STAGES[STAGES.index(stage) :]
    assert heard == [s for s in expected if s == CHANGED or s not in READING]


@pytest.mark.parametrize(("where", "times"), [("synced", 0), ("synced", 9), ("synced", 19),
                                              ("is_whole", 0)])  # fmt: skip
def test_killed_while_the_edition_is_written(where, times, home, before, unbroken):
    """After the first table, halfway, after the last, and before it is moved to its place."""
    assert _end_of(build_and_die_at, home, where, times) == -signal.SIGKILL
    assert_as_before(home, before)
    assert [kept.id for kept in editions.kept(home / "edition")] == [
        open_edition(before / "edition").id
    ]
    assert assert_mended_by_the_same_command(home, unbroken) == ["write"]


def test_killed_before_the_link_is_switched(home, before, unbroken):
    assert _end_of(build_and_die_at, home, "switch", 0) == -signal.SIGKILL
    assert_as_before(home, before)
    assert assert_mended_by_the_same_command(home, unbroken) == []


def test_a_link_that_was_half_switched_is_tidied_up(home, before, unbroken):
    (home / ".edition.12345.link").symlink_to("edition.editions/nowhere")
    assert_as_before(home, before)
    assert_mended_by_the_same_command(home, unbroken)


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_time(seed, home, before, unbroken):
    seconds = random.Random(seed).uniform(0.05, 1.2)
    code = _end_of(build_and_die_after, home, seconds)
    if open_edition(home / "edition").id != unbroken.id:
        assert code == -signal.SIGKILL
        assert_as_before(home, before)
    assert_mended_by_the_same_command(home, unbroken)


def test_killed_again_and_again_a_build_gets_on(home, before, unbroken):
    """Each attempt is killed one stage later than the one before."""
    for stage in (CHANGED, "gather", "resolve", "detect", "write"):
        assert _end_of(build_and_die_in, home, stage) == -signal.SIGKILL
        assert_as_before(home, before)
    assert assert_mended_by_the_same_command(home, unbroken) == ["write"]


@pytest.mark.parametrize("stage", [CHANGED, "gather", "resolve", "detect", "write"])
def test_interrupted_it_says_that_nothing_is_lost(stage, home, before, unbroken):
    assert _end_of(interrupt_command, home, stage) == 1
    said = (home / "stderr").read_text().strip()
    assert said.startswith("Stopped. The edition that was there is unchanged; run the same command")
    assert "Traceback" not in said
    assert_as_before(home, before)
    left = [*home.glob("edition.*/unfinished-*"), *home.glob("edition.cache/spill-*")]
    assert left == [], "an interrupted build tidies up after itself"
    assert_mended_by_the_same_command(home, unbroken)


def test_a_killed_build_does_not_keep_the_lock(home, before, unbroken):
    process = processes.Process(target=build_and_die_after, args=(home, 30.0))
    process.start()
    time.sleep(0.5)
    process.kill()
    process.join()
    assert_mended_by_the_same_command(home, unbroken)


def test_a_first_build_that_is_killed_leaves_no_edition(tmp_path, unbroken):
    """Not even a link: whoever opens it is told to build."""
    home = tmp_path / "home"
    landscape.write(home / "files")
    _change_files(home)
    assert _end_of(build_and_die_in, home, "write") == -signal.SIGKILL
    assert landscape.around(home / "edition") == {"edition.cache"}
    assert assert_mended_by_the_same_command(home, unbroken) == ["write"]

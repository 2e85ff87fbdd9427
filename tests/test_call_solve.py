"""`triplehelix call solve --instance`: answers, exit codes, refusals, limits, Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from triplehelix.cli import triplehelix

# Agents 3 and 8 have both skills, 5 and 6 one each; 5 and 8 do not go together.
TEAM = "p 4 2\na 3 4 5 0 1\na 5 1 1 0\na 6 2 1 1\na 8 3 -1 0 1\ns 0 3\ns 1 1\ne 5 8\n"
COVER = "2 3\n1 2 4\n2 1 2\n1 3\n"
PLACES = "2 1\n10 7\n8 1\n5\n12.5 3\n"
GRAPH = "3 2 1\n1 2 5\n2 3 4\n"


@pytest.fixture
def solve(tmp_path, monkeypatch):
    """Solve a text as an instance: exit code, what was printed, what was said."""
    monkeypatch.chdir(tmp_path)

    def command(text, *options):
        Path("instance.txt").write_text(text)
        return run("--instance", "instance.txt", *options)

    return command


def run(*words):
    done = CliRunner().invoke(triplehelix, ["call", "solve", *map(str, words)])
    if done.exception and not isinstance(done.exception, SystemExit):
        return 1, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("text", "options", "objective", "chosen", "format_"),
    [
        (TEAM, [], 3, [8], "team formation"),
        (TEAM, ["--robust", 1], 7, None, "team formation"),
        (TEAM, ["--partial", "1:75"], 5, [3, 5], "team formation"),
        (TEAM, ["--recoverable", 1], 5, [8], "team formation"),
        (COVER, [], 5, [1, 3], "set cover"),
        (PLACES, [], 4, [2], "facility location"),
        (GRAPH, [], 9, [2], "p-median"),
    ],
)
def test_answers_by_hand(solve, text, options, objective, chosen, format_):
    code, out, _ = solve(text, *options, "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["status"], answer["objective"], answer["bound"]) == (
        "optimal", objective, pytest.approx(objective))  # fmt: skip
    assert (answer["gap"], answer["format"]) == (0, format_)
    # Agents 3 and 8 are as good as 3, 5 and 6.
    assert answer["chosen"] in ([chosen] if chosen else [[3, 8], [3, 5, 6]])


def test_what_was_asked_is_told(solve):
    answer = json.loads(solve(TEAM, "--partial", "2:50", "--time-limit", 9, "--json")[1])
    assert answer["asked"] == {
        "robust": None, "partial": {"losses": 2, "percent": 50}, "recoverable": None,
        "time_limit": 9,
    }  # fmt: skip
    assert set(answer) == {
        "status", "objective", "bound", "gap", "chosen", "format", "asked", "seconds",
    }  # fmt: skip


def test_in_words(solve):
    _, out, _ = solve(TEAM)
    assert "Objective 3: proven to be the least there is." in out
    assert "1 agents: 8" in out


@pytest.mark.parametrize("options", [["--robust", 2], ["--robust", 99], ["--partial", "3:100"]])
def test_proven_infeasible_is_an_answer(solve, options):
    """More losses than a skill has agents: nothing survives them, and that is said."""
    code, out, _ = solve(TEAM, *options)
    assert (code, "no solution: that is proven" in out) == (0, True)
    answer = json.loads(solve(TEAM, *options, "--json")[1])
    assert (answer["status"], answer["objective"], answer["chosen"]) == ("infeasible", None, [])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--robust", -1], "-1 is not in the range"),
        (["--recoverable", "two"], "'two' is not a valid integer"),
        (["--partial", "2"], "'2' is not of the form K:PERCENT"),
        (["--partial", "2:101"], "PERCENT from 0 to 100"),
        (["--partial", "2:nan"], "PERCENT from 0 to 100"),
        (["--partial", "-1:50"], "K must be 0 or more"),
        (["--time-limit", 0], "0.* is not in the range"),
        (["--time-limit", -3], "is not in the range"),
        (["--robust", 1, "--partial", "1:90"], "choose one of --robust"),
    ],
)
def test_wrong_use(solve, options, words):
    code, _, err = solve(TEAM, *options)
    assert code == 2
    assert re.search(words, err)


def test_without_an_instance_is_wrong_use():
    code, _, err = run("--robust", 1)
    assert (code, "--instance FILE" in err) == (2, True)


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (PLACES, ["--robust", 1], "--robust does not fit facility location files"),
        (GRAPH, ["--partial", "1:90"], "--partial does not fit p-median files"),
        (COVER, ["--partial", "1:90"], "their rows have no weights"),
        (COVER, ["--recoverable", 0], "their columns have no repair costs"),
        (GRAPH, ["--capacity", 5], "--capacity does not fit p-median files"),
        ("", [], "it is empty"),
    ],
)
def test_what_does_not_fit_is_refused(solve, text, options, words):
    code, out, err = solve(text, *options)
    assert (code, out) == (1, "")
    assert words in err


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "packed").write_bytes(b"\x1f\x8b\x08\x00\xff\xfe")
    assert "unpack it first" in run("--instance", tmp_path / "packed")[2]
    assert "is a folder" in run("--instance", tmp_path)[2]
    assert "cannot be read" in run("--instance", tmp_path / "none")[2]


def hard():
    """A random cover of equal costs, 150 rows by 1,500 columns: nobody proves it in seconds."""
    rng = np.random.default_rng(0)
    has = rng.random((150, 1500)) < 0.05
    rows = "\n".join(f"{len(at)} {' '.join(map(str, at + 1))}" for at in map(np.flatnonzero, has))
    return f"150 1500\n{' '.join(['1'] * 1500)}\n{rows}\n"


def test_a_time_limit_gives_the_best_with_its_gap(solve):
    code, out, _ = solve(hard(), "--time-limit", 3, "--json")
    answer = json.loads(out)
    assert answer["status"] in ("feasible", "unknown")
    assert code == (0 if answer["status"] == "feasible" else 1)
    if code == 0:
        assert 0 < answer["gap"] < 1
        assert answer["bound"] < answer["objective"]


def test_nothing_found_in_time_is_said(solve):
    code, out, err = solve(hard(), "--time-limit", 0.001, "--json")
    assert (code, json.loads(out)["status"]) == (1, "unknown")
    assert "raise --time-limit" in err


def test_ctrl_c_shows_the_best_so_far(tmp_path):
    program = Path(sys.executable).with_name("triplehelix")
    (tmp_path / "hard.txt").write_text(hard())
    process = subprocess.Popen(
        [program, "call", "solve", "--instance", "hard.txt", "--json"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
        # Whoever runs the tests in the background may have had it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    time.sleep(8)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert "Stopping" in err
    assert json.loads(out)["status"] in ("feasible", "unknown")
    assert "solving" in err

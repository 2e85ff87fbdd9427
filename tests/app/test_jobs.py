"""Worker processes: answers, refusals, deaths, limits, stops, queues, and no orphans."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from triplehelix.app import jobs
from triplehelix.errors import InputError, SolverError

SAMPLES = "tests.app.job_samples"


@pytest.fixture(scope="module")
def workers():
    workers = jobs.Jobs(memory_bytes=3 * 2**30, most_waiting=3)
    yield workers
    workers.close()


def ask(workers, name, *values, **how):
    return workers.run("highs", f"{SAMPLES}:{name}", *values, **how)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_a_worker_answers_and_stays(workers):
    assert ask(workers, "double", 21) == 42
    first = ask(workers, "who")
    assert first == ask(workers, "who") == workers.processes()["highs"] != os.getpid()


def test_each_solver_has_a_process_of_its_own(workers):
    """The two solvers cannot be imported in one process."""
    highs = ask(workers, "who")
    cp_sat = workers.run("cp_sat", f"{SAMPLES}:who")
    assert len({highs, cp_sat, os.getpid()}) == 3


def test_what_a_function_refuses_comes_back_and_the_worker_stays(workers):
    before = ask(workers, "who")
    with pytest.raises(InputError, match="7 is not wanted; give another"):
        ask(workers, "refuse", 7)
    assert ask(workers, "who") == before


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("fail", (), "ZeroDivisionError.*report it with the input"),
        ("nothing", (), "the solver failed: AttributeError"),
        ("take", (2**33,), "more than 3 GiB of memory; ask for less"),
        ("die", (signal.SIGKILL,), "was killed, most often because the machine ran out of memory"),
        ("die", (signal.SIGABRT,), "ended by SIGABRT; it may have needed over 3 GiB"),
        ("leave", (), "ended with exit code 3"),
    ],
)
def test_a_worker_that_fails_is_replaced(workers, name, values, words):
    before = ask(workers, "who")
    with pytest.raises(SolverError, match=words):
        ask(workers, name, *values)
    assert ask(workers, "who") not in (before, os.getpid())
    assert not alive(before)


def test_progress_is_told_and_a_stop_returns_the_best(workers):
    told = []
    job = workers.start("highs", f"{SAMPLES}:count", 10_000, on_progress=told.append)
    assert until(lambda: len(told) > 2)
    assert job.progress() == told[-1]
    assert told[-1].seconds > 0
    job.stop()
    assert 0 < job.result(10) < 10_000
    assert job.done()


def test_a_listener_that_returns_true_stops(workers):
    assert ask(workers, "count", 10_000, on_progress=lambda p: p.objective > 5) < 10_000


def test_one_that_does_not_heed_the_stop_is_ended(workers, monkeypatch):
    monkeypatch.setattr(jobs, "STOP_GRACE_S", 0.2)
    before = ask(workers, "who")
    job = workers.start("highs", f"{SAMPLES}:hang")
    assert until(lambda: not job.waits())
    job.stop()
    with pytest.raises(SolverError, match=r"stopped, and had nothing to show within 0\.2 s"):
        job.result(10)
    assert not alive(before)


def test_one_that_goes_on_beyond_its_limit_is_ended(workers, monkeypatch):
    monkeypatch.setattr(jobs, "GRACE_S", 0.1)
    with pytest.raises(SolverError, match=r"did not end within 0\.2 s.*raise the time limit"):
        ask(workers, "hang", seconds=0.2)
    assert ask(workers, "double", 1) == 2


def test_jobs_wait_in_turn_and_too_many_are_refused(workers):
    first = workers.start("highs", f"{SAMPLES}:count", 10_000)
    assert until(lambda: not first.waits())
    rest = [workers.start("highs", f"{SAMPLES}:double", n) for n in range(3)]
    with pytest.raises(SolverError, match="3 jobs wait for highs already; try again later"):
        workers.start("highs", f"{SAMPLES}:double", 4)
    with pytest.raises(TimeoutError, match=r"not done within 0\.01 s"):
        rest[0].result(0.01)
    assert rest[1].waits()
    rest[1].stop()
    first.stop()
    assert [rest[0].result(10), rest[2].result(10)] == [0, 4]
    with pytest.raises(SolverError, match="stopped before its turn"):
        rest[1].result(10)


def test_many_threads_may_ask_at_once():
    workers = jobs.Jobs(most_waiting=50)
    answers = {}

    def one(n):
        answers[n] = ask(workers, "double", n)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    workers.close()
    assert answers == {n: 2 * n for n in range(20)}


def test_closing_ends_what_is_at_work_and_what_waits():
    workers = jobs.Jobs()
    running = workers.start("highs", f"{SAMPLES}:hang")
    waiting = workers.start("highs", f"{SAMPLES}:double", 1)
    assert until(lambda: not running.waits())
    pid = workers.processes()["highs"]
    workers.close()
    with pytest.raises(SolverError, match="ended while this job was at work"):
        running.result(10)
    with pytest.raises(SolverError, match="ended before this job's turn"):
        waiting.result(10)
    assert not alive(pid)


def test_an_unknown_solver_is_refused():
    with pytest.raises(InputError, match="no solver 'cbc'; choose from cp_sat, highs"):
        jobs.start("cbc", f"{SAMPLES}:double", 1)


@pytest.mark.parametrize("busy", [False, True])
def test_no_worker_outlives_a_parent_that_was_killed(busy):
    script = textwrap.dedent(f"""
        import time
        from triplehelix.app import jobs
        jobs.run("highs", "{SAMPLES}:double", 1)
        print(jobs.shared().processes()["highs"], flush=True)
        {f'jobs.start("highs", "{SAMPLES}:hang")' if busy else ""}
        time.sleep(60)
    """)
    root = Path(__file__).parent.parent.parent
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.3)
        assert alive(child)
        parent.kill()
        parent.wait()
    assert until(lambda: not alive(child))

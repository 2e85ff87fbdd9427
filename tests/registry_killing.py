"""Processes that write to a registry, say what was kept, and are killed in the middle of it."""

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import NamedTuple

from triplehelix.registry.notes import Checkpoint, SigningKey
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.opening import Registry, open_registry
from triplehelix.store.registry.sealing import latest, seal
from triplehelix.store.registry.verifying import verify

KEY = SigningKey("registry.example.org/log", bytes(32))
PROCESSES, THREADS = 2, 3

processes = multiprocessing.get_context("forkserver")
# Each process that will be killed is forked from one that has everything imported.
processes.set_forkserver_preload(["tests.registry_killing"])


class Acknowledged(NamedTuple):
    """What the processes said was kept: by record the number written last, and seals by size."""

    records: dict[str, int]
    seals: dict[int, str]


def write_until_killed(address: str, pipe: Connection) -> None:
    """Several threads that make and change records, and one that seals; each tells what is kept."""
    # A thread that fails must not be mistaken for one that was killed.
    threading.excepthook = _fail
    registry = open_registry(address)
    work = [_make_and_change] * THREADS + [_seal]
    for each in work:
        threading.Thread(target=each, args=(registry, pipe.fileno())).start()


def _fail(failed: threading.ExceptHookArgs) -> None:
    sys.excepthook(failed.exc_type, failed.exc_value or SystemExit(), failed.exc_traceback)
    os._exit(3)


def _make_and_change(registry: Registry, said: int) -> None:
    while True:
        with registry.change(COMMAND_LINE) as change:
            made = change.create("asset", _fields(0))
        _say(said, f"{made} 0")
        for n in range(1, 4):
            with registry.change(COMMAND_LINE) as change:
                change.update("asset", made, _fields(n))
            _say(said, f"{made} {n}")


def _seal(registry: Registry, said: int) -> None:
    while True:
        note = seal(registry, KEY, interval=None)
        _say(said, f"seal {Checkpoint.read(note or '').size}")
        time.sleep(0.02)


def _fields(n: int) -> dict[str, object]:
    return {"name": "Scope", "kind": "equipment", "access": f"{n}"}


def _say(said: int, line: str) -> None:
    # One write of so few bytes arrives whole or not at all.
    os.write(said, f"{line}\n".encode())


def killed_while_writing(address: str, chance: random.Random) -> Acknowledged:
    """Let processes write for a moment of random length, and kill them all with SIGKILL."""
    heard, told = processes.Pipe(duplex=False)
    started = [processes.Process(target=write_until_killed, args=(address, told))
               for _ in range(PROCESSES)]  # fmt: skip
    for process in started:
        process.start()
    told.close()
    lines = bytearray()
    while b"_" not in lines:  # as ids of records have it: both processes may be slow to begin
        lines += os.read(heard.fileno(), 65_536)
    end = time.monotonic() + chance.uniform(0, 0.3)
    while (left := end - time.monotonic()) > 0:
        if heard.poll(left):
            lines += os.read(heard.fileno(), 65_536)
    for process in started:
        os.kill(process.pid or 0, signal.SIGKILL)
    while more := os.read(heard.fileno(), 65_536):
        lines += more
    for process in started:
        process.join()
        assert process.exitcode == -signal.SIGKILL, "it ended before it was killed"
    heard.close()
    return _read(lines.decode())


def _read(lines: str) -> Acknowledged:
    said = Acknowledged({}, {})
    for line in lines.splitlines():
        what, number = line.split(" ")
        if what == "seal":
            said.seals[int(number)] = line
        else:
            said.records[what] = int(number)
    return said


def assert_all_kept(address: str, said: Acknowledged) -> int:
    """Every acknowledged write is there, in the record and in the log, and the log verifies."""
    registry = open_registry(address)
    try:
        with registry.look(COMMAND_LINE) as sight:
            ids = sorted(said.records)
            found = {}
            for start in range(0, len(ids), 500):
                for record in sight.records(ids[start : start + 500], "asset"):
                    found[record.record_id] = int(record.fields["access"])
            assert sorted(found) == ids, "records that were acknowledged are not there"
            assert all(found[one] >= n for one, n in said.records.items()), "a change was lost"
            newest = latest(sight.connection)
        size = Checkpoint.read(newest).size if newest else 0
        assert size >= max(said.seals, default=0), "a seal was lost"
        checked = verify(registry, newest)
        assert checked.faults == ()
        # A creation and each change have an entry of their own, and nothing else has.
        assert checked.entries >= sum(n + 1 for n in said.records.values())
        return checked.entries
    finally:
        registry.close()

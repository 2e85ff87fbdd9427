"""The address that is served on."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from triplehelix.errors import InputError
from triplehelix.serve.run import bound
from triplehelix.store.edition import Edition


def test_a_free_port_is_found():
    with bound("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0
        with socket.create_connection(listening.getsockname(), timeout=5):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_is_said_with_the_way_out():
    with bound("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(InputError, match=rf"127\.0\.0\.1, port {port} .*choose another --port"):
            bound("127.0.0.1", port)


def test_an_address_of_another_machine():
    with pytest.raises(InputError, match=r"192\.0\.2\.1, port 0 cannot be served on"):
        bound("192.0.2.1", 0)


def test_several_processes_answer_and_one_that_dies_is_replaced(small: Edition):
    command = [sys.executable, "-c", "from triplehelix.cli import main; main()",
               "serve", str(small.path), "--port", "0", "--workers", "2"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said
        _wait(lambda: len(_workers(process.pid)) == 2)
        first = _workers(process.pid)
        assert httpx2.get(found[0], timeout=60).status_code == 200
        os.kill(min(first), signal.SIGKILL)
        _wait(lambda: len(_workers(process.pid) - first) == 1)
        assert httpx2.get(found[0], timeout=60).status_code == 200
        last = _workers(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    _wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in last))


def _workers(parent: int) -> set[int]:
    """Children that serve: multiprocessing's own helper left out."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {
        int(pid) for pid in listed
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }  # fmt: skip


def _wait(until) -> None:
    for _ in range(600):
        if until():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen within a minute")

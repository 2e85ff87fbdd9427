"""Notes on work under way: whole, found by every process, and told as over with who made them."""

import subprocess
import sys
import time

import pytest

from triplehelix.errors import RegistryError
from triplehelix.store.run_files import RunFiles, shared_folder

NAME = "a-name-as-long-as-it-must-be"
HOLDING = """
import sys, time
from pathlib import Path
from triplehelix.store.run_files import RunFiles
files = RunFiles(Path(sys.argv[1]))
held = files.hold(sys.argv[2])
files.write(sys.argv[2], {"state": "running"})
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def files(tmp_path):
    return RunFiles(tmp_path)


def test_what_is_written_is_read_and_taken_away(files):
    assert files.read(NAME) is None and files.names() == []
    files.write(NAME, {"a": 1})
    files.write(NAME, {"a": 2})
    assert files.read(NAME) == {"a": 2} and files.names() == [NAME]
    assert not files.is_to_stop(NAME)
    files.ask_to_stop(NAME)
    assert files.is_to_stop(NAME)
    files.remove(NAME)
    assert files.read(NAME) is None and not files.is_to_stop(NAME)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", ".", "short", "a/b" * 9, "x" * 41])
def test_a_name_that_is_none_is_no_path(files, tmp_path, name):
    (tmp_path.parent / "passwd.json").write_text("{}")
    assert files.read(name) is None


def test_it_is_held_while_open_and_not_after(files):
    assert not files.is_held(NAME)
    held = files.hold(NAME)
    assert files.is_held(NAME)
    held.close()
    assert not files.is_held(NAME)


def test_a_killed_process_holds_nothing(files, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path), NAME], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        assert files.is_held(NAME) and files.read(NAME) == {"state": "running"}
        process.kill()
        process.wait()
    until = time.monotonic() + 5
    while files.is_held(NAME) and time.monotonic() < until:
        time.sleep(0.02)
    assert not files.is_held(NAME)


def test_a_shared_folder_is_ones_own(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = shared_folder("/srv/registry.db")
    assert shared_folder("/srv/registry.db") == folder != shared_folder("/srv/other.db")
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    with pytest.raises(RegistryError, match="can be written by others; remove it, or set TMPDIR"):
        shared_folder("/srv/registry.db")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    folder.rmdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(RegistryError, match="can be written by others"):
        shared_folder("/srv/registry.db")

"""Compiled code is kept where asked, and done without where it cannot be kept."""

import os
import subprocess
import sys

import pytest

DOUBLED = """
from triplehelix.compiling import compiled

@compiled("int64(int64)")
def doubled(n):
    return 2 * n
"""

# Files of no more than 100 bytes, so that writing fails as it does on a full disk.
FULL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); "


@pytest.fixture
def run(tmp_path):
    (tmp_path / "kernel.py").write_text(DOUBLED)

    def run_python(code, **environment):
        return subprocess.run(
            [sys.executable, "-B", "-c", f"{code}import kernel; print(kernel.doubled(21))"],
            env=os.environ | environment, cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip

    return run_python


def test_kept_where_told(run, tmp_path):
    done = run("", NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert done.stdout == "42\n", done.stderr
    assert list((tmp_path / "cache").rglob("kernel.doubled*.nbi"))


def test_no_folder_can_be_made(run, tmp_path):
    """A folder below a file; Numba is told to look nowhere else."""
    done = run(
        "", NUMBA_CACHE_DIR=str(tmp_path / "kernel.py" / "cache"),
        NUMBA_CACHE_LOCATOR_CLASSES="UserProvidedCacheLocator",
    )  # fmt: skip
    assert done.stdout == "42\n", done.stderr


def test_full_disk(run, tmp_path):
    done = run(FULL_DISK, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert done.stdout == "42\n", done.stderr
    assert not list((tmp_path / "cache").rglob("*.nbi"))

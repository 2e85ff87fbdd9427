"""What is kept of a build, and found again."""

import errno
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import EditionError
from triplehelix.store import cache as caches
from triplehelix.store.cache import Cache, code_hash, file_hash, key_of, locked, writing


def test_a_result_is_made_once(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "result").write_text("42")

    with locked(tmp_path / "cache") as cache:
        for _ in range(2):
            assert (cache.made("stage", "key", make) / "result").read_text() == "42"
        cache.made("stage", "another key", make)
    assert len(made) == 2


def test_a_result_that_fails_leaves_nothing(tmp_path):
    def make(folder):
        (folder / "half").write_text("4")
        raise KeyboardInterrupt

    with locked(tmp_path) as cache:
        with pytest.raises(KeyboardInterrupt):
            cache.made("stage", "key", make)
        assert not list(tmp_path.glob("stage/*")) + list(tmp_path.glob("unfinished-*"))


def test_what_a_killed_build_left_is_swept(tmp_path):
    for name in ("unfinished-1", "spill-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").write_text("4")
    (tmp_path / "unfinished-note").write_text("4")
    (tmp_path / "stage" / "key").mkdir(parents=True)
    with locked(tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"lock", "stage"}


def test_results_of_earlier_builds_are_forgotten_once_a_build_is_whole(tmp_path):
    with locked(tmp_path) as cache:
        cache.made("stage", "earlier", lambda folder: None)
    with locked(tmp_path) as cache:
        cache.made("stage", "now", lambda folder: None)
        assert (tmp_path / "stage" / "earlier").is_dir()
        cache.forget_unused()
        assert [path.name for path in (tmp_path / "stage").iterdir()] == ["now"]


def test_a_note_is_whole_or_not_there(tmp_path, monkeypatch):
    Cache(tmp_path).note(tmp_path / "notes" / "a", "first")
    assert (tmp_path / "notes" / "a").read_text() == "first"
    monkeypatch.setattr("pathlib.Path.rename", _fail)
    with pytest.raises(OSError):
        Cache(tmp_path).note(tmp_path / "notes" / "a", "second")
    assert (tmp_path / "notes" / "a").read_text() == "first"


def _fail(*_):
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_only_one_build_at_a_time(tmp_path):
    said = pytest.raises(EditionError, match="wait until it has ended, or build --into another")
    with locked(tmp_path), said, locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


@pytest.mark.parametrize(("number", "said"), [
    (errno.EACCES, "build --into a folder you may write to"),
    (errno.EPERM, "build --into a folder you may write to"),
    (errno.ENOSPC, "No space left on device); free some space or build --into another disk"),
    (errno.EROFS, "Read-only file system); free some space or build --into another disk"),
    (errno.EIO, "then run the same command again: finished stages are kept"),
])  # fmt: skip
def test_the_system_s_refusals_say_what_to_do(number, said, tmp_path):
    with pytest.raises(EditionError, match=re.escape(said)), writing(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_listener_that_left_is_not_a_full_disk(tmp_path):
    with pytest.raises(BrokenPipeError), writing(tmp_path):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(), each, max_size=4),
)


@given(JSON, JSON)
def test_keys_are_equal_if_what_they_are_of_is(one, other):
    """As JSON writes it, where a float 1.0 is not the whole number 1."""
    assert key_of(one) == key_of(one)
    assert (key_of(one) == key_of(other)) == (caches.json.dumps(one, sort_keys=True)
                                              == caches.json.dumps(other, sort_keys=True))  # fmt: skip


def test_the_order_of_a_mapping_is_no_difference():
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert key_of(["a", "b"]) != key_of(["b", "a"])


def test_the_checksum_is_that_of_sha256sum(tmp_path):
    """FIPS 180-2, appendix B.1: the message `abc`."""
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_hash(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_the_code_of_a_stage_counts_and_that_of_others_does_not(tmp_path, monkeypatch):
    """A copy of a tiny tree, in which files change one by one."""
    for name in ("locate/steps.py", "detect/steps.py", "tables.py", "query.py", "store/engine.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("first")
    monkeypatch.setattr(caches, "_CODE", tmp_path)
    uncached = code_hash.__wrapped__
    first = uncached("locate")
    (tmp_path / "detect" / "steps.py").write_text("changed")
    assert uncached("locate") == first
    for name in ("locate/steps.py", "tables.py", "store/engine.py"):
        (tmp_path / name).write_text("changed")
        assert uncached("locate") != first
        (tmp_path / name).write_text("first")
    assert uncached("locate") == first
    monkeypatch.setattr(caches, "library_versions", lambda: {"duckdb": "another"})
    assert uncached("locate") != first

"""Editions side by side, and the link between them."""

import json
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from triplehelix.errors import EditionError
from triplehelix.store import editions
from triplehelix.store.cache import locked
from triplehelix.store.edition import open_edition
from triplehelix.store.editions import check_target, is_whole, kept, prune, switch, write_edition


@pytest.fixture
def into(tmp_path):
    return tmp_path / "atlas"


def successor(into, earlier, named):
    """Write an edition that holds one successor."""
    with locked(editions.cache_folder(into)) as cache:
        folder = cache.folder / "resolve" / earlier
        folder.mkdir(parents=True, exist_ok=True)
        table = pa.table({"earlier_id": [earlier], "organisation_id": ["it"]})
        pq.write_table(table, folder / "successors.parquet")
        tables = {"successors": [folder / "successors.parquet"]}
        return write_edition(into, tables, {"name": named, "warnings": []}, cache, "100MB")


def test_an_edition_is_named_by_its_content(into):
    one, same, other = (successor(into, *each) for each in [("a", "A"), ("a", "A"), ("b", "A")])
    assert one == same != other
    assert one.parent == into.with_name("atlas.editions")
    assert json.loads((one / "edition.json").read_text())["id"] == one.name
    assert successor(into, "a", "Another name") != one


def test_an_edition_that_was_damaged_is_written_anew(into):
    one = successor(into, "a", "A")
    assert is_whole(one)
    for spoil in (
        lambda: (one / "successors.parquet").write_bytes(b"PAR1"),
        lambda: (one / "sites.parquet").unlink(),
        lambda: (one / "edition.json").write_text("{"),
    ):
        spoil()
        assert not is_whole(one)
        assert successor(into, "a", "A") == one
        assert is_whole(one)


def test_a_note_leads_to_an_edition_only_while_it_is_whole(into, tmp_path):
    one = successor(into, "a", "A")
    note = tmp_path / "note"
    assert editions.folder_of(into, note) is None
    note.write_text(one.name)
    assert editions.folder_of(into, note) == one
    (one / "successors.parquet").write_bytes(b"")
    assert editions.folder_of(into, note) is None
    note.write_text("nowhere")
    assert editions.folder_of(into, note) is None


def test_the_link_is_relative_and_replaced(into):
    one, other = successor(into, "a", "A"), successor(into, "b", "B")
    switch(into, one)
    assert into.readlink() == editions.Path("atlas.editions") / one.name
    switch(into, other)
    assert into.resolve() == other
    moved = into.parent.rename(into.parent.with_name("moved"))
    assert open_edition(moved / "atlas").manifest["name"] == "B"


def test_a_reader_never_finds_nothing_while_the_link_is_switched(into):
    """A thousand switches to and fro under the eyes of another thread."""
    folders = [successor(into, "a", "A"), successor(into, "b", "B")]
    switch(into, folders[0])
    seen, stop = set(), threading.Event()

    def look():
        while not stop.is_set():
            seen.add((into / "edition.json").exists())

    looking = threading.Thread(target=look)
    looking.start()
    for i in range(1000):
        switch(into, folders[i % 2])
    stop.set()
    looking.join()
    assert seen == {True}


def test_what_is_open_stays_as_it_was(into):
    switch(into, successor(into, "a", "A"))
    opened = open_edition(into)
    switch(into, successor(into, "b", "B"))
    assert opened.successors["earlier_id"].tolist() == ["a"]
    assert open_edition(into).successors["earlier_id"].tolist() == ["b"]


def test_editions_are_listed_the_current_one_first(into):
    folders = {name: successor(into, name, name) for name in "bca"}
    switch(into, folders["c"])
    (into.with_name("atlas.editions") / "unfinished-x").mkdir()
    (into.with_name("atlas.editions") / "unfinished-x" / "edition.json").write_text("{}")
    assert [(each.name, each.current) for each in kept(into)] == [
        ("c", True), ("a", False), ("b", False)]  # fmt: skip
    assert kept(into)[0].size == sum(path.stat().st_size for path in folders["c"].iterdir())


def test_all_but_the_current_one_are_pruned(into):
    folders = {name: successor(into, name, name) for name in "abc"}
    switch(into, folders["b"])
    assert [each.name for each in prune(into)] == ["a", "c"]
    assert [path.name for path in into.with_name("atlas.editions").iterdir()] == [folders["b"].name]
    assert open_edition(into).manifest["name"] == "b"
    assert prune(into) == []


def test_pruning_waits_for_no_build(into):
    switch(into, successor(into, "a", "A"))
    with locked(editions.cache_folder(into)), pytest.raises(EditionError, match="another build"):
        prune(into)


def test_pruning_what_is_no_edition(tmp_path):
    with pytest.raises(EditionError, match="name the DIR given to `build --into`"):
        prune(tmp_path)


def test_only_a_link_of_ours_is_replaced(into, tmp_path):
    check_target(into)
    into.symlink_to("atlas.editions/0123")
    check_target(into)  # its edition may have been deleted by hand
    for place, make in [
        (tmp_path / "file", lambda path: path.write_text("")),
        (tmp_path / "folder", lambda path: path.mkdir()),
        (tmp_path / "link", lambda path: path.symlink_to(tmp_path)),
        (tmp_path / "dangling", lambda path: path.symlink_to("nowhere/at-all")),
    ]:
        make(place)
        with pytest.raises(EditionError, match="move it away, or build --into another place"):
            check_target(place)


@pytest.mark.parametrize("path", ["/", "a/.."])
def test_a_place_without_a_name(path):
    with pytest.raises(EditionError, match="build --into a named folder"):
        check_target(editions.Path(path))


def test_a_killed_build_s_leavings_are_swept_and_nothing_else(into):
    one = successor(into, "a", "A")
    switch(into, one)
    (one.parent / "unfinished-x").mkdir()
    (into.parent / ".atlas.77.link").symlink_to("x")
    (into.parent / ".other.77.link").symlink_to("x")
    editions.sweep(into)
    assert is_whole(one)
    assert [path.name for path in one.parent.iterdir()] == [one.name]
    assert {path.name for path in into.parent.iterdir()} == {
        "atlas", "atlas.cache", "atlas.editions", ".other.77.link"}  # fmt: skip

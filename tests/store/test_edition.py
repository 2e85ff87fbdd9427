"""An edition, opened for reading: by whom it may be, and what it says when it cannot."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow.parquet as pq
import pytest

from tests import landscape
from tests.landscape import FEW
from triplehelix.app.build import build
from triplehelix.errors import EditionError
from triplehelix.query import Query
from triplehelix.store.edition import open_edition
from triplehelix.tables import EDITION


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    home = tmp_path_factory.mktemp("few")
    with landscape.gazetteer_once():
        return build(landscape.write(home / "files"), home / "edition", FEW)


def test_all_tables_are_data_frames(few):
    for name, spec in EDITION.items():
        frame = getattr(few, name)
        assert set(spec.key) <= set(frame.columns)
        assert len(frame) == pq.read_metadata(few.path / f"{name}.parquet").num_rows


def test_clusters_have_shapes_that_hold_their_sites(few):
    """Longitude is x: Oxford lies west of Greenwich, and all sites of a cluster within it."""
    import shapely

    assert str(few.clusters.crs) == "OGC:CRS84"
    shapes = few.clusters.set_index("cluster_id").geometry
    sites = few.sites.set_index("site_id")
    for member in few.memberships.itertuples():
        site = sites.loc[member.site_id]
        assert shapes[member.cluster_id].contains(shapely.Point(site.lon, site.lat))


def test_anything_that_reads_parquet_reads_it(few):
    """DuckDB by itself, without our help."""
    asked = f"select count(*) from read_parquet('{few.path}/organisations.parquet')"
    assert duckdb.sql(asked).fetchall() == [(9,)]


def test_questions_come_from_many_threads_at_once(few):
    asked = Query("n", "select count(*) as n from sites where precision = $p", {"p": "address"})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: few.rows(asked), range(64)))
    assert answers == [[{"n": 3}]] * 64


def test_an_edition_cannot_be_written_to(few):
    with pytest.raises(duckdb.Error):
        few.rows(Query("x", "delete from sites"))
    assert len(few.sites) == 9


def test_tables_that_are_none_are_named(few):
    with pytest.raises(AttributeError, match="its tables are organisations, sites"):
        few.towns  # noqa: B018


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda folder: (folder / "edition.json").unlink(), "holds no edition"),
    (lambda folder: (folder / "edition.json").write_text("{"), "is damaged"),
    (lambda folder: (folder / "sites.parquet").unlink(), "has no sites.parquet"),
    (lambda folder: (folder / "sites.parquet").write_bytes(b"PAR1"), "is damaged"),
])  # fmt: skip
def test_an_edition_that_is_not_whole(spoil, said, few, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(few.path, copy)
    spoil(copy)
    with pytest.raises(EditionError, match=said) as raised:
        open_edition(copy)
    assert "build" in str(raised.value)


def test_an_edition_stands_on_its_own(few, tmp_path):
    """It can be copied elsewhere and read there."""
    copy = tmp_path / "copy"
    shutil.copytree(few.path, copy)
    assert open_edition(copy).id == few.id == json.loads((copy / "edition.json").read_text())["id"]

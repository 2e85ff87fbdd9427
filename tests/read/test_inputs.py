"""Which file is what; how files that are none are told of."""

import gzip
import itertools
import os
import sys
import types
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from triplehelix.errors import InputError, SourceError
from triplehelix.read.inputs import Input, recognise

ORGANIZATION = b"projectID;organisationID;name;role;ecContribution\n1;2;N;coordinator;5\n"
PROJECT = b"id;startDate;endDate;ecMaxContribution\n1;2020-01-01;2020-12-31;5\n"
TOPICS = b"projectID;topic\n1;T\n"
STRANGER = b"a;b\n1;2\n"
DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def files(inputs: list[Input]) -> list[str]:
    return [each.file for each in inputs]


def test_a_file_by_name(tmp_path):
    path = put(tmp_path / "h2020" / "organization.csv.gz", gzip.compress(ORGANIZATION))
    (found,), warnings = recognise([path])
    assert found[:4] == ("cordis", "h2020/organization.csv.gz", path, ())
    assert found.parameters[0] == "organization"
    assert warnings == []
    assert len(list(found.rows())) == len(list(found.rows())) == 1


def test_a_folder_with_a_stranger_and_a_folder_below(tmp_path):
    put(tmp_path / "d" / "project.csv", PROJECT)
    put(tmp_path / "d" / "more" / "organization.csv", ORGANIZATION)
    put(tmp_path / "d" / "more" / "deeper" / "topics.csv", TOPICS)
    put(tmp_path / "d" / "notes.csv", STRANGER)
    inputs, warnings = recognise([tmp_path / "d"])
    assert files(inputs) == ["d/project.csv", "more/organization.csv"]
    assert warnings == ["d/notes.csv is not recognised and was not read"]


def test_the_zip_as_downloaded(tmp_path):
    path = tmp_path / "cordis-h2020projects-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (
            ("project.csv", PROJECT), ("organization.csv", ORGANIZATION), ("topics.csv", TOPICS),
            ("webLink.csv", b"id;url\n"), ("information.xlsx", b"PK\x03\x04"),
        ):  # fmt: skip
            archive.writestr(name, content)
    inputs, (warning,) = recognise([path])
    assert files(inputs) == [f"{path.name}/{n}.csv" for n in ("organization", "project", "topics")]
    assert {each.path for each in inputs} == {path}
    assert "not read: information.xlsx, webLink.csv" in warning


def test_a_stranger_named_is_an_error_that_says_what_is_read(tmp_path):
    path = put(tmp_path / "a.csv", STRANGER)
    with pytest.raises(SourceError, match=r"a\.csv is not recognised; what is: CORDIS .*ROR .*map"):
        recognise([path])


def test_a_folder_of_strangers_is_an_error(tmp_path):
    put(tmp_path / "d" / "a.csv", STRANGER)
    with pytest.raises(SourceError, match="nothing in .*d is recognised; what is: CORDIS"):
        recognise([tmp_path / "d"])


def test_missing_empty_truncated_and_none(tmp_path):
    with pytest.raises(SourceError, match="is missing.*check the path"):
        recognise([tmp_path / "none"])
    with pytest.raises(SourceError, match="is empty.*fetch it again"):
        recognise([put(tmp_path / "any.csv", b"")])
    with pytest.raises(SourceError, match="is empty.*fetch it again"):
        recognise([put(tmp_path / "project.csv", b"")])
    with pytest.raises(SourceError, match="truncated or damaged.*fetch it again"):
        recognise([put(tmp_path / "other.csv.gz", gzip.compress(STRANGER)[:15])])
    with pytest.raises(InputError, match="no input given"):
        recognise([])


def test_an_empty_file_in_a_folder(tmp_path):
    put(tmp_path / "d" / "topics.csv", TOPICS)
    put(tmp_path / "d" / "notes.csv", b"")
    assert recognise([tmp_path / "d"])[1] == ["d/notes.csv is empty and was not read"]
    put(tmp_path / "d" / "project.csv", b"")
    with pytest.raises(SourceError, match=r"project\.csv is empty"):
        recognise([tmp_path / "d"])


def test_given_twice_is_read_once(tmp_path, monkeypatch):
    path = put(tmp_path / "d" / "topics.csv", TOPICS)
    monkeypatch.chdir(tmp_path)
    for twice in ([path, path], [path, Path("d/topics.csv")], [path.parent, path]):
        inputs, (warning,) = recognise(twice)
        assert files(inputs) == ["d/topics.csv"]
        assert "given twice; it is read once" in warning


def test_a_folder_within_another_is_read_once(tmp_path):
    path = put(tmp_path / "d" / "e" / "topics.csv", TOPICS)
    assert len(recognise([tmp_path / "d", path.parent])[0]) == 1


def test_any_order_gives_the_same(tmp_path):
    paths = [
        put(tmp_path / "h" / "topics.csv", TOPICS), put(tmp_path / "project.csv", PROJECT),
        put(tmp_path / "d" / "organization.csv", ORGANIZATION).parent,
    ]  # fmt: skip
    results = {str([i[:5] for i in recognise(order)[0]]) for order in itertools.permutations(paths)}
    assert len(results) == 1


def test_files_of_one_label_get_their_folders_before_it(tmp_path):
    paths = [put(tmp_path / year / "cordis" / "topics.csv", TOPICS) for year in ("2019", "2020")]
    inputs, _ = recognise(paths)
    assert files(inputs) == ["2019/cordis/topics.csv", "2020/cordis/topics.csv"]


@pytest.fixture
def mapped(monkeypatch):
    """A stand-in for mapped tables, which reads `data.csv` beside the mapping."""

    def inputs(path: Path) -> list[Input]:
        rows: Iterator = iter(())
        return [Input("mine", "d/data.csv", path.parent / "data.csv", (path,), (), lambda: rows)]

    module = types.ModuleType("triplehelix.read.mapped")
    module.inputs = inputs  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "triplehelix.read.mapped", module)


def test_a_mapping_claims_its_files(tmp_path, mapped):
    data = put(tmp_path / "d" / "data.csv", STRANGER)
    mapping = put(tmp_path / "d" / "x.map.yaml", b"")
    for given in ([mapping], [data, mapping], [data.parent]):
        inputs, warnings = recognise(given)
        assert files(inputs) == ["d/data.csv"]
        assert warnings == []


@pytest.mark.skipif(not (DATA / "cordis_h2020").exists(), reason="the open data are not here")
def test_real_folders():
    inputs, (warning,) = recognise([DATA / "cordis_h2020", DATA / "ror"])
    assert files(inputs) == [
        "cordis_h2020/organization.csv.gz", "cordis_h2020/project.csv.gz",
        "ror/ror-data_schema_v1.json.gz", "ror/ror-data_schema_v2.json.gz",
    ]  # fmt: skip
    assert "organisations_located_baseline.csv.gz is not recognised" in warning

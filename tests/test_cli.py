"""The command as a newcomer meets it: help, answers, and what it says when something is wrong."""

import csv
import errno
import gzip
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
import shapely

from tests import landscape
from tests.landscape import FEW, organization, project
from triplehelix import cli
from triplehelix.app.build import build
from triplehelix.store.cache import locked
from triplehelix.store.edition import open_edition

COMMANDS = ("demo build serve fetch sources editions doctor clusters profile compare links network case "
            "role explain where overlaps export").split()  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _gazetteer_once():
    with landscape.gazetteer_once():
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with files, and an edition built of them."""
    home = tmp_path_factory.mktemp("built")
    landscape.write(home / "files")
    (home / "few.yaml").write_text(json.dumps(FEW.model_dump()))
    build([home / "files"], home / "edition", FEW)
    return home


@pytest.fixture
def home(built, tmp_path):
    """A copy of `built`, to spoil."""
    copy = tmp_path / "home"
    shutil.copytree(built, copy, symlinks=True)
    return copy


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command: its exit code, what it printed, what it said on standard error."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["triplehelix", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return command


# --- A newcomer ----------------------------------------------------------------------------------


def test_every_command_is_listed_and_has_help(run):
    code, listed, _ = run("--help")
    assert code == 0
    assert set(COMMANDS) <= set(cli.triplehelix.commands)
    for name, command in cli.triplehelix.commands.items():
        assert f"  {name} " in listed
        code, shown, _ = run(name, "--help")
        assert code == 0
        assert shown.startswith(f"Usage: triplehelix {name} ")
        assert len(command.help or "") > 20
        for option in command.params:
            told = isinstance(option, click.Argument) or option.help or option.show_default
            assert told, f"{name} {option.name} is not described"


def test_the_version(run):
    code, said, _ = run("--version")
    assert (code, said.startswith("triplehelix, version ")) == (0, True)


@pytest.mark.parametrize("words", [
    [], ["build"], ["build", "x.csv"], ["bild"], ["clusters"], ["clusters", "x", "--no-such"],
    ["export", "x", "--format", "pdf", "--out", "y"], ["demo", "--port", "70000"],
    ["editions", "x", "burn"],
])  # fmt: skip
def test_wrong_use_is_exit_code_2(words, run):
    code, _, said = run(*words)
    assert code == 2
    assert "Usage: triplehelix" in said
    assert "Traceback" not in said


def test_building_and_asking(home, run):
    code, said, _ = run(
        "build", home / "files", "--into", home / "new", "--config", home / "few.yaml"
    )
    assert code == 0
    assert [line.split() for line in said.splitlines()[2:8]] == [
        ["files/outcodes.csv", "1", "1", "0"], ["files/companies.csv", "2", "2", "0"],
        ["cordis/euroSciVoc.csv", "1", "1", "0"], ["cordis/organization.csv.gz", "9", "9", "0"],
        ["cordis/project.csv", "3", "3", "0"], ["files/ror-data.json", "3", "3", "0"],
    ]  # fmt: skip
    assert "9 organisations, 3 activities, 2 clusters in" in said
    assert f"triplehelix serve {home / 'new'}" in said
    code, said, _ = run("clusters", home / "new")
    assert code == 0
    [cambridge, oxford] = [line.split()[:4] for line in said.splitlines()[2:]]
    assert cambridge == ["Cambridge", "GB", "4", "3"]
    assert oxford == ["Oxford", "GB", "3", "3"]
    code, said, _ = run("profile", home / "new", "cambridge")
    assert code == 0
    assert "Cambridge (GB): 4 organisations, 3 activities" in said
    code, said, _ = run("explain", "University of Oxford", home / "new")
    assert code == 0
    assert "UNIVERSITY OF OXFORD" in said
    code, said, _ = run("where", "Oxford", home / "new")
    assert (code, "Oxford (GB): in cluster Oxford" in said) == (0, True)


@pytest.mark.parametrize("words", [
    ["clusters", "DIR"], ["profile", "DIR", "Oxford"], ["compare", "DIR", "Oxford", "Cambridge"],
    ["links", "DIR"], ["network", "DIR"], ["role", "DIR", "Oxford"], ["explain", "University of Oxford", "DIR"], ["where", "Oxford", "DIR"],
    ["overlaps", "DIR", "--areas", "AREAS"], ["editions", "DIR"], ["sources"], ["build", "FILES", "--into", "DIR", "--config", "CONFIG"],
])  # fmt: skip
def test_json_parses(words, built, run):
    """Nothing but JSON is printed, and numbers in it are not NaN, which is none."""
    meant = {"DIR": built / "edition", "FILES": built / "files", "CONFIG": built / "few.yaml",
             "AREAS": halves(built / "halves.geojson")}  # fmt: skip
    code, said, _ = run(*(meant.get(word, word) for word in words), "--json")
    assert code == 0
    assert json.loads(said, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def halves(path):
    """Two areas, west and east of Greenwich: Oxford lies in the one, Cambridge in the other."""
    boxes = {"w": (-10, 50, 0, 54), "e": (0, 50, 10, 54), "n": (-10, 54, 10, 60)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": k, "name": k.upper()},
         "geometry": shapely.box(*box).__geo_interface__} for k, box in boxes.items()]}))  # fmt: skip
    return path


def test_overlaps_with_official_areas(built, run, tmp_path):
    areas = halves(tmp_path / "halves.geojson")
    code, said, _ = run("overlaps", built / "edition", "--areas", areas)
    assert code == 0
    lines = [line.split() for line in said.splitlines()]
    assert lines[2][:5] == ["Cambridge", "E", "e", "100", lines[2][4]]
    assert lines[3][:4] == ["Oxford", "W", "w", "100"]
    assert [line[-1] for line in lines[2:4]] == ["4", "3"]
    assert lines[8] == ["Cambridge", "0.00", "0"]
    assert said.splitlines()[-1] == ("0 clusters are in no area; 1 of 3 areas have no cluster")
    code, said, _ = run("overlaps", built / "edition", "--areas", areas, "--by", "area")
    assert (code, said.splitlines()[2].split()[:2]) == (0, ["Cambridge", "E"])
    code, _, said = run("overlaps", built / "edition", "--areas", areas, "--level", "7")
    assert (code, "no clusters of level 7; it has 0" in said) == (1, True)
    code, _, said = run("overlaps", built / "edition", "--areas", tmp_path / "none.gpkg")
    assert (code, "none.gpkg is not a file; check the path" in said) == (1, True)


def test_exports(built, run, tmp_path):
    for form in ("geojson", "csv", "parquet", "gpkg"):
        out = tmp_path / f"clusters.{form}"
        code, said, _ = run("export", built / "edition", "--format", form, "--out", out)
        assert (code, said.strip()) == (0, f"2 rows of clusters in {out}")
    assert len(json.loads((tmp_path / "clusters.geojson").read_text())["features"]) == 2


def test_the_network_and_roles(built, run, tmp_path):
    code, said, _ = run("network", built / "edition", "--all")
    assert (code, "of 1 ties are more than chance" in said) == (0, True)
    assert set(said.splitlines()[2].split()[:2]) == {"Cambridge", "Oxford"}
    for form in ("graphml", "gexf", "nodes-csv", "edges-csv"):
        out = tmp_path / f"network.{form}"
        code, said, _ = run("network", built / "edition", "--all", "--format", form, "--out", out)
        assert (code, said.strip()) == (0, f"2 nodes and 1 ties in {out}")
        assert out.read_bytes()
    code, said, _ = run("role", built / "edition", "Oxford")
    assert (code, said.split()[:2]) == (0, ["Oxford", "works"])
    assert "% (" in said.replace("\N{NO-BREAK SPACE}", " ")
    code, said, _ = run("profile", built / "edition", "Oxford")
    assert (code, "Oxford works" in said) == (0, True)
    assert run("network", built / "edition", "--format", "gexf")[0] == 2
    code, _, said = run("role", built / "edition", "Oxford", "--theme", "x")
    assert (code, "no theme 'x'" in said) == (1, True)


def test_the_layout_of_the_clusters_map(built, run, tmp_path):
    for form in ("dsit-ods", "dsit-csv"):
        out = tmp_path / form.replace("-", ".")
        code, said, _ = run("export", built / "edition", "--format", form, "--out", out)
        assert (code, said.strip()) == (0, f"2 clusters in {out}")
    all_shown = tmp_path / "all.csv"
    run("export", built / "edition", "--format", "dsit-csv", "--out", all_shown,
        "--suppress-below", "0")  # fmt: skip
    held, shown = (
        [row["Site Count"] for row in csv.DictReader(path.read_text("utf-8").splitlines())]
        for path in (tmp_path / "dsit.csv", all_shown)
    )
    assert held == ["c", "c"]
    assert all(int(n) < 5 for n in shown)


def test_options_of_the_layout_go_with_it_only(built, run, tmp_path):
    out = tmp_path / "x"
    code, _, said = run("export", built / "edition", "--format", "csv", "--out", out,
                        "--round-to", "5")  # fmt: skip
    assert code == 2
    assert "go with --format dsit-ods or dsit-csv; leave them out" in said
    code, _, said = run("export", built / "edition", "--format", "dsit-ods", "--out", out,
                        "--table", "sites")  # fmt: skip
    assert code == 2
    assert "holds clusters; leave --table out" in said
    assert not out.exists()


def test_a_name_that_is_none_is_met_with_near_ones(built, run):
    code, _, said = run("profile", built / "edition", "Cambrige")
    assert code == 1
    assert said.startswith("Error: ")
    assert "Cambridge" in said


def test_what_cannot_be_asked_is_exit_code_1(built, run, tmp_path):
    code, _, said = run("clusters", tmp_path / "nowhere")
    assert code == 1
    assert "holds no edition" in said
    assert "triplehelix build" in said
    assert run("explain", "Nobody at all", built / "edition")[0] == 1
    code, _, said = run("clusters", built / "edition", "--theme", "no-such-theme")
    assert code == 1
    code, _, said = run("export", built / "edition", "--format", "csv", "--out", tmp_path / "x",
                        "--table", "no_such_table")  # fmt: skip
    assert code == 1


def test_editions_are_listed_and_pruned(home, run):
    build([home / "files"], home / "edition")
    code, said, _ = run("editions", home / "edition", "--json")
    kept = json.loads(said)
    assert [edition["current"] for edition in kept] == [True, False]
    assert kept[1]["name"] == "A few"
    code, said, _ = run("editions", home / "edition", "prune")
    assert (code, said.startswith("1 editions removed")) == (0, True)
    assert len(json.loads(run("editions", home / "edition", "--json")[1])) == 1
    assert len(open_edition(home / "edition").organisations) == 9
    assert run("editions", home / "files")[0] == 1


def test_the_doctor_examines(run):
    code, said, _ = run("doctor", "--json")
    findings = {finding["what"]: finding["ok"] for finding in json.loads(said)}
    assert findings["duckdb"] is True
    assert code == (0 if all(findings.values()) else 1)


def test_a_reader_that_walks_away_is_no_error(built):
    """`triplehelix sources | head -1`: no traceback."""
    program = "import sys; from triplehelix.cli import main; sys.argv[0] = 'triplehelix'; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "clusters", str(built / "edition"), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        process.stdout.close()
        said = process.stderr.read()
    assert said == ""
    assert process.returncode in (0, 1)


# --- Bad input -----------------------------------------------------------------------------------


def refused(run, home, *words, said: str):
    """The command fails with a message, and everything else is as it was."""
    edition = open_edition(home / "edition")
    before = landscape.table_bytes(edition.path), landscape.around(home / "edition")
    code, printed, message = run(*words)
    assert (code, printed) == (1, "")
    assert message.startswith("Error: ")
    assert said in message, message
    assert "Traceback" not in message
    after = open_edition(home / "edition")
    assert after.id == edition.id
    assert (landscape.table_bytes(after.path), landscape.around(home / "edition")) == before
    left = [*home.glob("edition.*/unfinished-*"), *home.glob("edition.cache/spill-*")]
    assert left == []
    return message


def _missing(cordis):
    (cordis / "project.csv").unlink()
    return cordis / "project.csv"


def _empty(cordis):
    (cordis / "project.csv").write_bytes(b"")
    return cordis / "project.csv"


def _blank(cordis):
    (cordis / "project.csv").write_bytes(b"\n\n \n")
    return cordis


def _header_only(cordis):
    text = (cordis / "project.csv").read_text().splitlines()[0]
    (cordis / "project.csv").write_text(text + "\n")
    return cordis


def _wrong_columns(cordis):
    (cordis / "project.csv").write_text("id;name\n1;x\n")
    return cordis


def _no_text(cordis):
    (cordis / "project.csv").write_bytes("id;startDate\n".encode("utf-16-le"))
    return cordis


def _truncated_gz(cordis):
    whole = (cordis / "organization.csv.gz").read_bytes()
    (cordis / "organization.csv.gz").write_bytes(whole[: len(whole) // 2])
    return cordis


def _false_gz(cordis):
    text = gzip.decompress((cordis / "organization.csv.gz").read_bytes())
    (cordis / "organization.csv.gz").write_bytes(text)
    return cordis


def _zipped(cordis):
    path = cordis / "cordis-h2020.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(cordis / "project.csv", "csv/project.csv")
        archive.writestr("csv/organization.csv",
                         gzip.decompress((cordis / "organization.csv.gz").read_bytes()))  # fmt: skip
    return path


def _truncated_zip(cordis):
    path = _zipped(cordis)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def _damaged_zip(cordis):
    path = _zipped(cordis)
    whole = bytearray(path.read_bytes())
    whole[200:260] = bytes(60)
    path.write_bytes(whole)
    return path


def _bomb(cordis):
    path = cordis / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("organization.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(1100):
            member.write(bytes(1 << 20))
    return path


def _nothing_readable(cordis):
    other = cordis / "other"
    other.mkdir()
    (other / "notes.txt").write_text("Nothing to see.")
    return other


def _stranger(cordis):
    (cordis / "letter.txt").write_text("Dear reader")
    return cordis / "letter.txt"


def _truncated_registry(cordis):
    path = cordis.parent / "ror-data.json"
    path.write_text(path.read_text()[:-300])
    return path


def _no_registry(cordis):
    path = cordis.parent / "ror-data.json"
    path.write_text("{}")
    return path


def _mapping_of_no_file(cordis):
    (cordis.parent / "companies.csv").unlink()
    return cordis.parent / "companies.map.yaml"


def _mapping_of_no_column(cordis):
    (cordis.parent / "companies.csv").write_text("name,town\nA,B\n")
    return cordis.parent / "companies.map.yaml"


def _malformed_mapping(cordis):
    (cordis.parent / "companies.map.yaml").write_text("source: [")
    return cordis.parent / "companies.map.yaml"


@pytest.mark.parametrize(("spoilt", "said"), [
    (_missing, "is missing: no such file or folder; check the path"),
    (_empty, "project.csv is empty"),
    (_blank, "is empty: no header line; fetch it again"),
    (_header_only, "holds no rows; fetch it again, or leave it out of the build"),
    (_wrong_columns, "lacks the columns startDate, endDate, ecMaxContribution; found: id, name"),
    (_no_text, "save it as CSV in UTF-8, or convert it"),
    (_truncated_gz, "organization.csv.gz is truncated or damaged"),
    (_false_gz, "is named .gz but does not hold gzip"),
    (_truncated_zip, "is truncated or damaged"),
    (_damaged_zip, "is truncated or damaged"),
    (_bomb, "(a zip bomb?); if you trust it, unpack it yourself"),
    (_nothing_readable, "is recognised; what is: CORDIS"),
    (_stranger, "is not recognised; what is: CORDIS"),
    (_truncated_registry, "stops, or is damaged, after 2 whole records"),
    (_no_registry, "where a JSON list should begin"),
    (_mapping_of_no_file, "is missing"),
    (_mapping_of_no_column, "companies.csv"),
    (_malformed_mapping, "is not YAML"),
], ids=lambda value: value.__name__.strip("_") if callable(value) else "")  # fmt: skip
def test_a_file_that_cannot_be_read(spoilt, said, home, run):
    given = spoilt(home / "files" / "cordis")
    refused(run, home, "build", given, "--into", home / "edition", said=said)


def test_a_zip_reads_like_its_files(home, run):
    code, said, _ = run("build", _zipped(home / "files" / "cordis"), "--into", home / "zipped")
    assert code == 0
    assert "cordis-h2020.zip/csv/organization.csv          9     9         0" in said


def test_rows_in_the_wrong_encoding_are_set_apart_with_their_text(home, run):
    """A name in Windows-1252 in a file that is UTF-8: that row alone is rejected, and shown."""
    cordis = home / "files" / "cordis"
    rows = [*landscape.ORGANIZATIONS, organization(101, 7001, "SOCIÉTÉ DE NULLE PART", "PARIS")]
    text = landscape.csv_text(landscape.ORGANIZATION, rows)
    (cordis / "organization.csv.gz").write_bytes(gzip.compress(text.encode("cp1252"), mtime=0))
    code, said, _ = run("build", cordis, "--into", home / "edition", "--json")
    assert code == 0
    counted = {i["file"]: [i["rows_read"], i["rows_kept"], i["rows_rejected"]]
               for i in json.loads(said)["inputs"]}  # fmt: skip
    assert counted["cordis/organization.csv.gz"] == [10, 9, 1]
    [reject] = open_edition(home / "edition").rejects.itertuples()
    assert reject.row == 10
    assert "is not UTF-8" in reject.reason
    assert "iconv" in reject.reason
    assert json.loads(reject.raw)["organisationID"] == "7001"


SPOILT = {
    "organizations": [
        (organization(101, 7001, "A", "LEEDS", geolocation="53.8,-181"), "out of range"),
        (organization(101, 7001, "A", "LEEDS", geolocation="153.8,-1.5"), "swapped?"),
        (organization(101, 7001, "A", "LEEDS", geolocation="nan,nan"), "not `lat,lon`"),
        (organization(101, 7001, "A", "LEEDS", ecContribution="-1"), "is negative"),
        (organization(101, 7001, "A", "LEEDS", ecContribution="1e30"), "more money"),
        (organization(101, 7001, "A", "LEEDS", country="ATLANTIS"), "is not known"),
        (organization(101, 1001, "A", "LEEDS", role="coordinator"), "repeats 101/1001"),
        (organization(998, 7001, "A", "LEEDS"), "names activity 998"),
    ],
    "projects": [
        (project(104, endDate="2014-01-01"), "is before startDate"),
        (project(104, startDate="2015-02-30"), "is no day"),
        (project(104, ecMaxContribution="-3"), "is negative"),
        (project(101, title="Zebras"), "repeats 101"),
    ],
}


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """An edition of the small landscape with every kind of wrong row after its own."""
    home = tmp_path_factory.mktemp("spoilt")
    tables = {name: [*getattr(landscape, name.upper()), *(row for row, _ in rows)]
              for name, rows in SPOILT.items()}  # fmt: skip
    return build(landscape.write(home / "files", **tables), home / "edition", FEW)


@pytest.mark.parametrize(("file", "row", "said"), [
    (file, len(getattr(landscape, name.upper())) + n, said)
    for file, name in (("organization.csv.gz", "organizations"), ("project.csv", "projects"))
    for n, (_, said) in enumerate(SPOILT[name], start=1)
])  # fmt: skip
def test_a_row_that_cannot_be_kept_is_in_rejects_with_its_reason(file, row, said, spoilt):
    rejects = spoilt.rejects[spoilt.rejects["file"] == f"cordis/{file}"].set_index("row")
    reason = rejects.loc[row, "reason"]
    assert said in reason
    assert ";" in reason, "the reason ends with a remedy"


def test_the_rest_of_a_spoilt_landscape_is_built(spoilt):
    counted = {i["file"]: (i["rows_read"], i["rows_kept"], i["rows_rejected"])
               for i in spoilt.manifest["inputs"]}  # fmt: skip
    assert counted["cordis/organization.csv.gz"] == (17, 9, 8)
    assert counted["cordis/project.csv"] == (7, 3, 4)
    assert spoilt.manifest["counts"]["organisations"] == 9
    assert spoilt.manifest["counts"]["clusters"] == 2


def test_a_file_all_of_whose_rows_are_rejected_is_read_and_counted(home, run):
    """Nothing is left, but nothing is lost either; the edition says so."""
    rows = [project(n, endDate="1999-01-01") for n in (101, 102, 103)]
    text = landscape.csv_text(landscape.PROJECT, rows)
    (home / "files" / "cordis" / "project.csv").write_text(text)
    code, said, _ = run("build", home / "files" / "cordis" / "project.csv", "--into", home / "new",
                        "--json")  # fmt: skip
    assert code == 0
    manifest = json.loads(said)
    assert manifest["counts"]["activities"] == 0
    assert manifest["counts"]["rejects"] == 3


@pytest.mark.parametrize(("text", "said"), [
    ("name: [", "is not valid YAML"),
    ("detect: {radius: 5}", "there is no key `detect.radius`; did you mean `radius_km`?"),
    ("nmae: Wales", "there is no key `nmae`; did you mean `name`?"),
    ("detect: {radius_km: -5}", "detect.radius_km: input should be greater than"),
    ("- a\n- b", "write keys and values"),
    (None, "cannot be read"),
])  # fmt: skip
def test_a_config_that_is_wrong(text, said, home, run):
    config = home / "config.yaml"
    if text is not None:
        config.write_text(text)
    refused(run, home, "build", home / "files", "--into", home / "edition", "--config", config,
            said=said)  # fmt: skip


def test_a_theme_scheme_that_is_wrong(home, run):
    (home / "themes.yaml").write_text("scheme: ours\nversion: 1\nthemes: []\n")
    refused(run, home, "build", home / "files", "--into", home / "edition", "--theme-scheme",
            home / "themes.yaml", said="lists no themes")  # fmt: skip


def test_a_theme_that_the_scheme_does_not_have_is_warned_of(home, run):
    (home / "grants.csv").write_text("id,title,themes\n1,A,ageing\n2,B,agings\n3,C,agings\n")
    (home / "grants.map.yaml").write_text(
        "{source: grants, tables: [{file: grants.csv, rows: activity, columns: {id: id, "
        "title: title, kind: {constant: project}, themes: themes}}]}"
    )
    code, _, said = run("build", home / "grants.map.yaml", "--into", home / "new")
    assert code == 0
    assert "Warning: the theme 'agings', given for 2 activities, is not in the scheme" in said


# --- Where the edition goes ----------------------------------------------------------------------


def test_a_place_that_holds_something_else_is_left_alone(home, run):
    (home / "mine").mkdir()
    (home / "mine" / "letters.txt").write_text("dear")
    (home / "link").symlink_to("mine")
    (home / "file").write_text("a file")
    for name in ("mine", "link", "file"):
        refused(run, home, "build", home / "files", "--into", home / name,
                said="is there already and is not an edition; move it away")  # fmt: skip
    assert (home / "mine" / "letters.txt").read_text() == "dear"
    assert (home / "link").readlink() == Path("mine")


def test_two_builds_at_once(home, run):
    with locked(home / "edition.cache"):
        refused(run, home, "build", home / "files", "--into", home / "edition",
                said="another build is writing to")  # fmt: skip
        refused(
            run, home, "editions", home / "edition", "prune", said="another build is writing to"
        )


def test_a_folder_that_may_not_be_written(home, run, monkeypatch):
    """Root may write anywhere, so the system's answer is given in its place."""

    def forbidden(path, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    refused(run, home, "build", home / "files", "--into", home / "elsewhere" / "edition",
            said="build --into a folder you may write to")  # fmt: skip


def test_a_file_that_may_not_be_read(home, run, monkeypatch):
    opened = Path.open

    def forbidden(path, *arguments, **more):
        if path.name == "project.csv":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", forbidden)
    refused(run, home, "build", home / "files" / "cordis", "--into", home / "edition",
            said="give yourself read permission")  # fmt: skip


@pytest.mark.parametrize("given", ["plenty", "2", "GB", ""])
def test_a_memory_limit_that_is_none(given, home, run, monkeypatch):
    monkeypatch.setenv("TRIPLEHELIX_MEMORY", given)
    refused(run, home, "build", home / "files", "--into", home / "edition",
            said="write a size such as 2GiB")  # fmt: skip


def test_too_little_memory(home, run, monkeypatch):
    monkeypatch.setenv("TRIPLEHELIX_MEMORY", "2MB")
    (home / "files" / "cordis" / "euroSciVoc.csv").unlink()
    message = refused(run, home, "build", home / "files", "--into", home / "edition",
                      said="needs more than the 2MB of memory it was given")  # fmt: skip
    assert message.rstrip().endswith("free some disk space, or raise TRIPLEHELIX_MEMORY")
    monkeypatch.setenv("TRIPLEHELIX_MEMORY", "500MB")
    assert run("build", home / "files", "--into", home / "edition")[0] == 0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of few megabytes; only root can mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_read_only(small_disk, home, run):
    """It cannot be built on, but what is on it can be read."""
    for name in ("edition.editions", "edition.cache"):
        shutil.copytree(home / name, small_disk / name)
    (small_disk / "edition").symlink_to((home / "edition").readlink())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for into in (small_disk / "edition", small_disk / "another"):
        code, _, said = run("build", home / "files", "--into", into)
        assert code == 1
        assert "Read-only file system" in said
        assert "build --into another disk" in said
    code, said, _ = run("clusters", small_disk / "edition")
    assert (code, "Cambridge" in said) == (0, True)


@pytest.mark.parametrize("free_kb", [4, 40, 200, 500, 900])
def test_a_disk_that_fills_up(free_kb, small_disk, home, run):
    """Whenever it is full, the edition on it stays; with room made, the build goes on."""
    for name in ("edition.editions", "edition.cache"):
        shutil.copytree(home / name, small_disk / name)
    (small_disk / "edition").symlink_to((home / "edition").readlink())
    before = open_edition(small_disk / "edition")
    held = landscape.table_bytes(before.path)
    left = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    (small_disk / "ballast").write_bytes(bytes(max(0, left - free_kb * 1024)))
    # Rows that need some room in the cache.
    more = [organization(101, 8000 + n, f"COMPANY {n * n} LTD", "CAMBRIDGE", street=str(n ** 5))
            for n in range(6000)]  # fmt: skip
    shutil.rmtree(home / "files")
    landscape.write(home / "files", organizations=[*landscape.ORGANIZATIONS, *more])
    code, _, said = run("build", home / "files", "--into", small_disk / "edition")
    assert code == 1
    assert "Traceback" not in said
    assert "free some" in said
    after = open_edition(small_disk / "edition")
    assert after.id == before.id
    assert landscape.table_bytes(after.path) == held
    assert landscape.around(small_disk / "edition") == {
        "edition",
        "edition.cache",
        "edition.editions",
    }
    assert list(small_disk.glob("edition.*/unfinished-*")) == []


def test_the_demo_makes_the_key_that_seals_its_log(run, tmp_path, monkeypatch):
    monkeypatch.setattr("triplehelix.app.build.build", lambda *_, **__: None)
    monkeypatch.setattr("triplehelix.app.registry.sample.keep_sample_registry", lambda *_: True)
    monkeypatch.setattr("triplehelix.store.edition.open_edition", lambda _: None)
    for _ in range(2):  # the second time it is kept
        run("demo", "--no-serve", "--into", str(tmp_path / "demo"))
    key = tmp_path / "demo.registry.db.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_without_settings_letters_lead_to_the_port_that_is_served(run, tmp_path, monkeypatch):
    served = []
    monkeypatch.setattr("triplehelix.serve.run.serve", lambda *_, **how: served.append(how))
    run("serve", str(tmp_path), "--port", "8123", "--registry", "r.db")
    assert [how["registry"].base_url for how in served] == ["http://127.0.0.1:8123"]
    assert served[0]["registry"].registry == "r.db"

"""The commands import and export: reports for people and programs, exit codes, whose view."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from tests.app.registry.uniquip_files import rows_of, written
from tests.registry_worlds import World
from triplehelix.app.registry.exporting import export
from triplehelix.cli.registry_exchange import EXCHANGE
from triplehelix.errors import InputError, RegistryError, UnknownName
from triplehelix.registry.exchange.pidinst_schema import SCHEMA
from triplehelix.store.registry.opening import Registry

pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
CANARY = "kanarienvogel"


def run(*arguments: object) -> Result:
    group = click.Group("registry", {str(one.name): one for one in EXCHANGE})
    return CliRunner().invoke(group, [str(one) for one in arguments])


@pytest.fixture
def address(registry: Registry) -> str:
    return str(registry.engine.url.database)


def put(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "list.csv"
    path.write_bytes(written(rows))
    return path


def test_faulty_rows_are_shown_in_a_table_and_the_exit_is_0(address: str, tmp_path: Path) -> None:
    file = put(tmp_path, {"ID": "1"}, {"ID": "2", "Type": "van"})
    mend = tmp_path / "mend.csv"
    found = run("import", file, "--registry", address, "--corrections", mend)
    assert found.exit_code == 0
    told = next(line.split(maxsplit=3) for line in found.output.splitlines() if "van" in line)
    assert told == ["3", "faulty", "Sorter", "Type: 'van' is neither; write equipment or facility"]
    assert (
        "2 rows of uniquip: 1 created, 0 updated, 0 unchanged, 0 warned, 1 faulty." in found.output
    )
    assert [row["ID"] for row in rows_of(mend.read_bytes())] == ["2"]


def test_strict_exits_with_1_and_keeps_nothing(address: str, tmp_path: Path) -> None:
    file = put(tmp_path, {"ID": "1"}, {"ID": "2", "Type": "van"})
    found = run("import", file, "--registry", address, "--strict")
    assert (found.exit_code, "Nothing was written: some rows are faulty" in found.output) == (
        1,
        True,
    )
    good = run("import", put(tmp_path, {"ID": "1"}), "--registry", address, "--strict", "--json")
    assert good.exit_code == 0 and json.loads(good.output)["counts"]["created"] == 1


def test_a_trial_says_so_and_json_tells_all(address: str, tmp_path: Path) -> None:
    file = put(tmp_path, {"ID": "1", "Photo": "x"})
    assert "this was a trial" in run("import", file, "--registry", address, "--dry-run").output
    told: dict[str, Any] = json.loads(
        run("import", file, "--registry", address, "--dry-run", "--json").output
    )
    assert (told["kept"], told["dry_run"], told["rows"][0]["record_id"]) == (False, True, None)
    assert told["rows"][0]["messages"][0]["where"] == "Photo"


def test_an_address_in_place_of_a_file_is_refused(address: str) -> None:
    found = run("import", "https://example.org/list.csv", "--registry", address)
    assert isinstance(found.exception, InputError) and "download it first" in str(found.exception)


def test_a_registry_that_is_not_there_is_not_made(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "none.db"
    found = run("import", put(tmp_path, {}), "--registry", path)
    assert isinstance(found.exception, RegistryError) and not path.exists()


def test_the_registry_may_be_named_by_the_environment(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPLEHELIX_REGISTRY", address)
    assert run("import", put(tmp_path, {"ID": "1"})).exit_code == 0


FORMS = {"uniquip": ("csv", "tsv", "xlsx"), "jisc": ("json",), "pidinst": ("json",),
         "jsonl": ("jsonl",), "jsonld": ("json",), "dcat": ("json",)}  # fmt: skip


@pytest.mark.parametrize(("form", "ending"), [(f, e) for f, ends in FORMS.items() for e in ends])
def test_no_export_tells_a_visitor_what_is_private(
    address: str, world: World, tmp_path: Path, form: str, ending: str
) -> None:
    member = world.member("Leeds", contacts=[{"name": "Desk"}])
    hidden = world.member("Bird " + CANARY, shown="private")
    named = {
        "capacities": "private",
        "contacts": "private",
        "terms": "signed-in",
        "access": "private",
    }
    asset = world.asset("Scope", member, {"*": "public", **named, "extra": "private"},
                        contacts=[{"name": CANARY}], terms={"who": CANARY}, access=CANARY,
                        extra={"uniquip": {"Odd": {"said": CANARY}}})  # fmt: skip
    secret = world.asset(CANARY, member, "private", kind="facility")
    world.asset("Part", hidden, part_of=[secret])
    world.capacity(asset, note=CANARY)
    world.network("Net " + CANARY, "signed-in")
    out = tmp_path / f"out.{ending}"
    found = run("export", "--registry", address, "--format", form, "--out", out, "--as", "public")
    assert found.exit_code == 0, found.exception
    shown = [out.read_bytes()]
    if ending == "xlsx":
        import zipfile

        with zipfile.ZipFile(out) as archive:
            shown = [archive.read(name) for name in archive.namelist()]
    assert any(b"Scope" in one for one in shown)
    assert not any(CANARY.encode() in one for one in shown)
    if form != "jsonl":  # there the asset itself says of what it is part
        assert not any(secret.encode() in one for one in shown)
    assert not any(hidden.encode() in one for one in shown)


def test_hidden_records_change_no_byte_of_what_others_export(
    registry: Registry, world: World
) -> None:
    network = world.network("North")
    leeds = world.member("Leeds", network)
    ada = world.user("Ada", ("member", leeds))
    lab = world.asset("Lab", leeds, kind="laboratory", part_of=[])
    world.asset("Scope", leeds, "signed-in", part_of=[lab])
    world.capacity(lab)

    def all_of_it() -> list[bytes]:
        viewers = (world.viewer(None), world.viewer(ada))
        return [b"".join(export(registry, one, form)) for one in viewers for form in FORMS]

    before = all_of_it()
    york = world.member("York", network, "private")
    world.join(network, world.member("Hull", shown="private"), "private")
    store = world.asset("Aardvark", york, "private", kind="facility")
    world.asset(
        "Scope of York",
        york,
        "private",
        part_of=[store],
        techniques=[{"term": "x", "vocabulary": "cpv"}],
    )
    world.post("Hidden news", world.network("Hidden", "private"), "private")
    assert all_of_it() == before


def test_what_a_user_sees_is_exported_as_that_user(
    address: str, world: World, tmp_path: Path
) -> None:
    member = world.member("Leeds")
    world.asset("Scope", member, "private")
    world.user("Ada", ("member", member))
    out = tmp_path / "out.csv"
    common = ("export", "--registry", address, "--format", "uniquip", "--out", out)
    sizes = {}
    for who in ("public", "Ada@example.org"):
        assert run(*common, "--as", who).exit_code == 0
        sizes[who] = len(rows_of(out.read_bytes()))
    assert sizes == {"public": 0, "Ada@example.org": 1}
    found = run(*common, "--as", "nobody@example.org")
    assert isinstance(found.exception, UnknownName)


def test_the_kind_of_table_is_told_by_the_name(address: str, tmp_path: Path) -> None:
    common = ("export", "--registry", address, "--format", "uniquip", "--out")
    found = run(*common, tmp_path / "out.ods")
    assert found.exit_code == 2 and "end it in .csv, .tsv or .xlsx" in found.output
    assert run(*common, tmp_path / "no" / "out.csv").exit_code == 1


def test_exported_instruments_meet_the_schema(address: str, world: World, tmp_path: Path) -> None:
    world.asset("Scope", world.member("Leeds"), manufacturer="Maker", commissioned="2020",
                identifiers=[{"scheme": "DOI", "value": "10.1/x"}], links=["https://example.org"])  # fmt: skip
    world.asset("Bare", commissioned="in spring")
    out = tmp_path / "out.json"
    run(
        "export",
        "--registry",
        address,
        "--format",
        "pidinst",
        "--out",
        out,
        "--page",
        "https://example.org",
    )
    objects = json.loads(out.read_text())
    for one in objects:
        Draft202012Validator(SCHEMA).validate(one)
    assert [one["owners"][0]["ownerName"] for one in objects] == [":unav", "Leeds"]
    assert objects[0]["landingPage"].startswith("https://example.org/assets/as_")

"""`triplehelix registry verify-log`, `seal` and `checkpoint`."""

import json
import sqlite3

import click
import pytest
from click.testing import CliRunner

from triplehelix.cli.registry_log import LOG
from triplehelix.errors import InputError, RegistryError
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

GROUP = click.Group("registry", {command.name: command for command in LOG})


@pytest.fixture
def file(tmp_path):
    registry = open_registry(str(tmp_path / "r.db"))
    create_registry(registry)
    with registry.change(COMMAND_LINE) as change:
        change.create("member", {"name": "A"})
    registry.close()
    return tmp_path / "r.db"


def run(*arguments, file):
    done = CliRunner().invoke(GROUP, [*arguments, "--registry", str(file)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_a_log_is_sealed_kept_elsewhere_and_checked(file, tmp_path):
    made = run("seal", "--new-key", "--origin", "registry.example.org/log", file=file)
    assert made.exit_code == 0
    assert f"The log's key is in {file}.key" in made.stderr
    assert made.stdout.startswith("registry.example.org/log\n1\n")
    assert run("checkpoint", file=file).stdout == made.stdout
    held = tmp_path / "held"
    held.write_text(made.stdout)
    assert run("seal", file=file).stderr == "This interval has been sealed already.\n"
    assert "\n2\n" in run("seal", "--now", file=file).stdout
    found = run("verify-log", "--checkpoint", str(held), file=file)
    assert found.exit_code == 0
    assert (
        "The log is sound: 2 entries (0 erased, 0 awaiting the next seal), 2 leaves" in found.stdout
    )
    assert "It goes on from the checkpoint of size 1 that was kept elsewhere." in found.stdout
    assert "checked against itself only" in run("verify-log", file=file).stdout


def test_a_log_that_was_tampered_with_exits_with_1_and_says_why(file):
    run("seal", "--new-key", file=file)
    with sqlite3.connect(file) as raw:
        raw.execute("update log_entries set payload = replace(payload, '\"A\"', '\"B\"')")
    raw.close()
    found = run("verify-log", file=file)
    assert found.exit_code == 1
    assert "The log does not verify: 1 faults." in found.stderr
    assert "was tampered with: its text is not what was committed to" in found.stderr
    told = run("verify-log", "--json", file=file)
    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert (said["sound"], said["n_faults"], said["entries"]) == (False, 1, 2)


def test_what_cannot_be_done_is_said(file, tmp_path):
    with pytest.raises(RegistryError, match="there is no file .*none.db"):
        run("verify-log", file=tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(RegistryError, match="key could not be read"):
        run("seal", file=file)
    held = tmp_path / "held"
    held.write_text("nonsense")
    with pytest.raises(InputError, match="this is no checkpoint"):
        run("verify-log", "--checkpoint", str(held), file=file)

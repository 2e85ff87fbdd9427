"""What the page on the audit log has an outsider do, done: with a true proof and with false ones."""

import json
import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature

from triplehelix.app.registry import log
from triplehelix.registry.notes import SigningKey
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.sealing import seal

PAGE = (Path(__file__).parents[1] / "docs/reference/audit-log.md").read_text("utf-8")
[CHECK] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
KEY = SigningKey("registry.example.org/log", bytes(32))
EVE = SigningKey("registry.example.org/log", bytes(range(32)))


def check(folder, proof, key=KEY):
    (folder / "proof.json").write_text(json.dumps(proof), "utf-8")
    (folder / "key.txt").write_text(key.public.text + "\n", "utf-8")
    exec(CHECK, {})  # noqa: S102


@pytest.fixture
def proofs(registry, world, tmp_path, monkeypatch):
    """A proof of each entry in logs of one to seven leaves."""
    monkeypatch.chdir(tmp_path)
    found = []
    for n in range(7):
        world.member(f"M{n}")
        seal(registry, KEY, interval=None)
        entries = log.audit(registry, COMMAND_LINE)
        found += [log.proof(registry, COMMAND_LINE, entry.entry_id) for entry in entries]
    return found


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_true_proofs_pass(proofs, tmp_path, capsys):
    for proof in proofs:
        check(tmp_path, proof)
        said = capsys.readouterr().out
        assert said.startswith(f"In the log of {KEY.name} at size {proof['log']['size']}: ")
        assert proof["text"] in said


def lies(proof):
    for change in (("text", proof["text"] + " "), ("salt", "00" * 32)):
        yield {**proof, change[0]: change[1]}
    for tree in ("batch", "log"):
        for name, value in (("index", proof[tree]["index"] ^ 1), ("size", proof[tree]["size"] * 2),
                            ("path", proof[tree]["path"][1:] + ["00" * 32])):  # fmt: skip
            yield {**proof, tree: {**proof[tree], name: value}}


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_false_proofs_do_not(proofs, tmp_path):
    proof = proofs[-1]
    for lie in lies(proof):
        if lie["batch"]["size"] == proof["batch"]["size"]:
            with pytest.raises(AssertionError, match="not in this log"):
                check(tmp_path, lie)
    with pytest.raises(InvalidSignature):
        check(tmp_path, proof, EVE)


def test_the_check_is_short():
    assert len([line for line in CHECK.splitlines() if line.strip()]) <= 30

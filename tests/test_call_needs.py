"""`triplehelix call needs`."""

import json

import pytest
from click.testing import CliRunner, Result

from triplehelix.cli.call import call_group
from triplehelix.errors import InputError

TEXT = "We need 20,500 swab tests a day by 15 January 2021.\nNurses are on call.\n"


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    done = CliRunner().invoke(call_group, ["needs", *arguments], input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_json(tmp_path):
    (tmp_path / "call.txt").write_text(TEXT, "utf-8")
    done = run(str(tmp_path / "call.txt"), "--json", "--as-of", "2020-10-08")
    (one,) = json.loads(done.stdout)
    assert one["capability"] == "pcr-testing"
    assert (one["amount"], one["unit"]) == (20500, "tests/day")
    assert (one["by"], one["until"], one["must"]) == ("2021-01-15", None, True)
    assert one["because"] == ["swab tests", "20,500"]
    assert [TEXT[start:end] for start, end in one["places"]] == one["because"]


def test_for_people():
    done = run("-", "--as-of", "2020-10-08", stdin=TEXT)
    assert "PCR testing: 20,500 tests/day, by 15 January 2021  [pcr-testing]" in done.stdout
    assert 'because: "swab tests"; "20,500"' in done.stdout


def test_an_amount_of_other_things_is_said_to_be_none():
    """GMP suites are not counted in patients."""
    text = "We must make cells for 30 patients under GMP."
    told = {one["capability"]: one for one in json.loads(run("-", "--json", stdin=text).stdout)}
    one = told["cell-therapy-manufacture"]
    assert (one["amount"], one["unit"], one["not_counted"]) == (None, None, "30 patients")
    done = run("-", stdin=text)
    assert (
        "No amount: “30 patients” is not counted in GMP suites; give one if you can." in done.stdout
    )
    assert "These are suggestions: check each" in done.stdout


def test_no_need_is_an_answer():
    done = run("-", "--json", stdin="The weather is fine.")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert "No need was found" in run("-", stdin="The weather is fine.").stdout


@pytest.mark.parametrize(("stdin", "said"), [
    (b"", "standard input holds no text"), (b"\0\1\2", "standard input is no text"),
    (b"\xff\xe9", "standard input is not in UTF-8"),
])  # fmt: skip
def test_what_is_refused(stdin, said):
    with pytest.raises(InputError, match=said):
        run("-", stdin=stdin)


def test_wrong_use():
    assert run("-", "--as-of", "tomorrow", stdin=TEXT).exit_code == 2
    assert run().exit_code == 2

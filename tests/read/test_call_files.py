"""Call files: what is read, and errors that name key and line."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from triplehelix.ally.call import Call
from triplehelix.app.calls.solving import SAMPLES, sample_calls
from triplehelix.errors import InputError
from triplehelix.read.call_files import call_schema, parsed_call, read_call

GOOD = """\
title: Tests
as_of: 2020-10-08
needs:
  - need: pcr
    capability: pcr-testing
    amount: 20500
    unit: tests/day
    by: 2020-12-14
rules:
  helices: {academia: 1}
"""


def test_yaml_and_json_say_the_same() -> None:
    call = parsed_call(GOOD.encode())
    again = parsed_call(json.dumps(call.model_dump(mode="json")).encode())
    assert call == again
    assert call.needs[0].by is not None and call.needs[0].by.isoformat() == "2020-12-14"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("amount: 20500", "amount: many", r"line 6, needs\.0\.amount is 'many'"),
        ("amount: 20500", "amount: -1", r"line 6, needs\.0\.amount is '-1'.*greater than 0"),
        ("amount: 20500", "amount: .inf", r"line 6, needs\.0\.amount"),
        ("unit: tests/day", "units: tests/day", r"line 7, needs\.0\.units is no key here"),
        ("    unit: tests/day\n", "", r"line 4, needs\.0: give both amount and unit"),
        ("title: Tests\n", "", r"title is missing; write it"),
        ("by: 2020-12-14", "by: someday", r"line 8, needs\.0\.by is 'someday'"),
        ("capability: pcr-testing", "capability: PCR Testing", r"line 5, needs\.0\.capability is 'PCR Testing'"),
        ("helices: {academia: 1}", "helices: {navy: 1}", r"line 10, rules\.helices"),
        ("title: Tests", "title: Tests\ntitle: More", r"line 1: the key 'title' stands here twice"),
        ("title: Tests", "title: &a Tests\nheading: *a", r"line 2: an alias \(\*\) stands here"),
        ("title: Tests", "title: [", r"not valid YAML or JSON: line"),
        ("title: Tests", "title: !!python/object/apply:os.system ['true']", r"not valid YAML or JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=words):
        parsed_call(GOOD.replace(old, new).encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "holds no call"), (b"- a\n- b", "holds no call"), (b"\xff\xfe\x00", "not in UTF-8"),
     (b"\x00\x01", "not valid YAML or JSON"), (b"[" * 5000, "not valid YAML or JSON")],
)  # fmt: skip
def test_what_is_no_call_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parsed_call(content)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match=r"cannot be read \(.*\); check its path"):
            read_call(path)
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b" " * 10_000_001)
    with pytest.raises(InputError, match="that is no call file"):
        read_call(huge)


def test_the_schema_accepts_what_is_read_and_refuses_what_is_not() -> None:
    schema = call_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    for call in sample_calls().values():
        judge.validate(call.model_dump(mode="json", exclude_none=True))
    wrong = {
        **yaml.safe_load(GOOD),
        "as_of": "2020-10-08",
        "needs": [{"need": "pcr", "colour": "red"}],
    }
    assert not judge.is_valid(wrong)


def test_every_key_is_in_the_reference() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "calls.md").read_text("utf-8")
    schema = call_schema()
    keys = set(schema["properties"])
    for name in ("Need", "Rules", "Weights"):
        keys |= set(schema["$defs"][name]["properties"])
    assert not [key for key in sorted(keys) if f"`{key}`" not in page]


def test_the_samples_are_calls_with_sources() -> None:
    assert set(sample_calls()) == set(SAMPLES)
    for call in sample_calls().values():
        assert isinstance(call, Call) and call.sources and "example" in call.text

"""
Call files in YAML or JSON, checked key by key; an error names the key and its line.

The keys are those of `ally.call.Call`; docs/reference/calls.md describes them for users.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from triplehelix.ally.call import Call
from triplehelix.errors import InputError
from triplehelix.read.yaml_blocks import EachKeyOnce

# No call is as long as this; whatever is, is another file.
MOST_BYTES = 10_000_000
_NAMED = 5


class _Loader(EachKeyOnce, yaml.SafeLoader):
    """No key twice, and no anchors that multiply."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "an alias (*) stands here; write the value out", event.start_mark
            )
        return super().compose_node(parent, index)


def read_call(path: Path) -> Call:
    """
    The call in a file.

    Raises
    ------
    InputError
        If it cannot be read, is neither YAML nor JSON in UTF-8, or a key or value is wrong: which,
        in which line, and how to mend it.
    """
    return parsed_call(_bytes(path), str(path))


def parsed_call(content: bytes, name: str = "the call") -> Call:
    """
    The call in the bytes of a file; `name` is what messages call it.

    Examples
    --------
    >>> parsed_call(b"title: Tests\\nneeds: [{need: pcr, capability: pcr-testing}]").needs[0].must
    True
    """
    try:
        # JSON is read as the YAML that it is.
        loader = _Loader(content.decode("utf-8-sig"))
        node = loader.get_single_node()
        value = loader.construct_document(node) if node is not None else None
    except UnicodeDecodeError as err:
        raise InputError(f"{name} is not in UTF-8 (byte {err.start}); save it as UTF-8") from err
    except (yaml.YAMLError, ValueError, RecursionError) as err:
        raise InputError(f"{name} is not valid YAML or JSON: {_told(err)}; mend it there") from err
    if not isinstance(value, dict):
        raise InputError(
            f"{name} holds no call; begin with `title:` and `needs:`, as `triplehelix call schema` "
            "tells"
        )
    try:
        return Call.model_validate(value)
    except ValidationError as err:
        said = [f"{_where(node, each['loc'])}{_wrong(each)}" for each in err.errors()[:_NAMED]]
        more = err.error_count() - len(said)
        rest = [f"and {more} more"] if more > 0 else []
        raise InputError(f"{name}: {'; '.join([*said, *rest])}") from err


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} has more than {MOST_BYTES:,} bytes; that is no call file")
        return path.read_bytes()
    except OSError as err:
        reason = err.strerror or err
        raise InputError(f"the call file {path} cannot be read ({reason}); check its path") from err


def _told(err: Exception) -> str:
    mark = getattr(err, "problem_mark", None)
    problem = getattr(err, "problem", None) or str(err).splitlines()[0]
    return f"line {mark.line + 1}: {problem}" if mark else problem


def _where(node: yaml.Node | None, path: Sequence[int | str]) -> str:
    """The key and its line."""
    line = node.start_mark.line if node is not None else 0
    for part in path:
        found = _child(node, part)
        if found is None:
            break
        node = found
        line = node.start_mark.line
    key = ".".join(str(part) for part in path)
    return f"line {line + 1}{', ' + key if key else ''}"


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    return None


def _wrong(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return " is no key here; take it out, or see `triplehelix call schema`"
    if error["type"] == "missing":
        return " is missing; write it"
    value = error.get("input")
    shown = "" if isinstance(value, dict | list | tuple) else f" is {str(value)[:60]!r}"
    return f"{shown}: {error['msg'].removeprefix('Value error, ')}"


def call_schema() -> dict[str, Any]:
    """The JSON Schema of call files (draft 2020-12)."""
    schema = Call.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

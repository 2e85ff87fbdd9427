"""
Hand-written YAML files, block by block: what stands there, or what is wrong and how to mend it.

`where` says in messages which block is meant.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from triplehelix.errors import InputError


class EachKeyOnce(yaml.constructor.BaseConstructor):
    """A part of a loader: a key that stands in a mapping twice is an error, not the later value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        twice = sorted(key for key, times in keys.items() if times > 1)
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {twice[0]!r} stands here twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


class _Loader(EachKeyOnce, yaml.BaseLoader):
    """All values as text, and no key twice."""


def parsed_yaml(path: Path, what: str) -> Any:
    """
    A YAML file, all its values as text; `what` it is, for the message if it cannot be read.

    Raises
    ------
    InputError
        If it is missing, or not YAML in UTF-8, or has a key twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as err:
        reason = err.strerror or err
        raise InputError(f"the {what} {path} cannot be read ({reason}); check its path") from err
    except UnicodeDecodeError as err:
        raise InputError(f"{path} is not in UTF-8 (byte {err.start}); save it as UTF-8") from err
    except (yaml.YAMLError, ValueError) as err:
        raise InputError(f"{path} is not valid YAML: {err}; mend it there") from err


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """A block of keys and values; InputError if it is none."""
    if not isinstance(value, dict):
        raise InputError(f"{where} is not a block of `key: value` lines; write it as one")
    return value


def only(block: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Go on only if all keys of a block are known; InputError names the others."""
    for key in sorted(set(map(str, block)) - set(known)):
        raise InputError(f"{where} has the unknown key {key!r}; the keys are {', '.join(known)}")


def text(block: Mapping[str, Any], key: str, where: str, needed: bool = True) -> str:
    """One text of a block, runs of blanks as one; empty where it may be missing and is."""
    value = block.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{key} of {where} is {value!r}; write a single text")
    if needed and not value.strip():
        raise InputError(f"{where} has no {key}; add a line `{key}: ...`")
    return " ".join(value.split())


def texts(value: Any, what: str) -> list[str]:
    """A list of texts, or a single one, without the empty ones; InputError if it is neither."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise InputError(f"{what} is {value!r}; write a list of texts, as in [one, another]")
    return [each.strip() for each in values if each.strip()]

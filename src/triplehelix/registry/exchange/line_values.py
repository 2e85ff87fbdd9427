"""Values that lines of JSON hold: texts, lists, days, moments; what is none of these is told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from triplehelix.errors import InputError


def texts(said: Mapping[str, Any], *names: str) -> None:
    """That these, where they are there, are texts; InputError else."""
    for name in names:
        if name in said and not isinstance(said[name], str):
            raise InputError(
                f"its {name} is {str(said[name])[:40]!r}; write a text, or leave it out"
            )


def listed(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects, empty where it is not there; InputError else."""
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(f"its {name} are no list of objects")
    return found


def moments(said: Mapping[str, Any], *names: str) -> dict[str, datetime]:
    """Those of these that are there, as moments with an offset; InputError else."""
    found = {}
    for name in names:
        if name in said:
            moment = _read(datetime.fromisoformat, said[name], name)
            if moment.tzinfo is None:
                raise InputError(f"its {name} has no offset; write it as 2026-01-31T12:00:00+00:00")
            found[name] = moment
    return found


def days(said: Mapping[str, Any], *names: str) -> dict[str, date]:
    """Those of these that are there, as days; InputError else."""
    return {name: _read(date.fromisoformat, said[name], name) for name in names if name in said}


def _read(reader: Any, text: Any, name: str) -> Any:
    try:
        return reader(text)
    except (TypeError, ValueError) as err:
        raise InputError(f"its {name} is {str(text)[:40]!r}; write it as in ISO 8601") from err

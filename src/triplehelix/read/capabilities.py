"""
Capabilities from their YAML files: the list that ships, and what somebody adds to it.

The format is described for users in docs/reference/capabilities.md.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from triplehelix.capabilities.listed import Capabilities, Capability, Unit
from triplehelix.capabilities.units import one_word
from triplehelix.errors import InputError
from triplehelix.read.yaml_blocks import mapping, only, parsed_yaml, text, texts

SHIPPED = Path(__file__).parent / "capabilities" / "life-science.yaml"
SIGNS = Path(__file__).parent / "capabilities" / "life-science-signs.yaml"

_FILE_KEYS = ("capabilities", "version", "title", "entries")
_KEYS = ("capability", "label", "definition", "broader", "units", "codes", "synonyms", "signs")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SIGN = re.compile(r"[^\W_]+(\|[^\W_]+)*( [^\W_]+(\|[^\W_]+)*)*")
_PERIODS = ("day", "week", "month", "year")
# How the codes of each scheme are written.
CODES = {
    "EDAM": r"(topic|operation|data|format)_\d{4}",
    "MeSH": r"D\d{6}(\d{3})?",
    "OBI": r"\d{7}",
    "UNSPSC": r"\d{8}",
}


def read_capabilities(more: Path | None = None) -> Capabilities:
    """
    Read the list that ships, and a file that extends it.

    Parameters
    ----------
    more : a YAML file in UTF-8 with further entries, or entries that take the place of shipped
        ones of the same slug.

    Raises
    ------
    InputError
        If a file is missing or not YAML, or an entry is wrong: which, and how to mend it.

    Examples
    --------
    >>> ours = read_capabilities()
    >>> ours["pcr-testing"].units[0].text, ours.broader("pcr-testing")
    ('tests/day', ('diagnostics-testing',))
    """
    shipped = _with_signs(_entries(SHIPPED))
    if more is None:
        return shipped
    added = _entries(more)
    slugs = [one.capability for one in added]
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise InputError(f"{more} has the capability {slug!r} twice; keep one of them")
    return shipped.with_more(added)


def _with_signs(entries: tuple[Capability, ...]) -> Capabilities:
    """The list that ships; its signs stand in a file of their own, so that it can be read."""
    signs = mapping(parsed_yaml(SIGNS, "list of signs"), str(SIGNS))["signs"]
    return Capabilities(
        tuple(
            replace(one, signs=_signs({"signs": signs.get(one.capability, [])}, one.capability))
            for one in entries
        )
    )


def _entries(path: Path) -> tuple[Capability, ...]:
    content = mapping(parsed_yaml(path, "list of capabilities"), str(path))
    only(content, _FILE_KEYS, str(path))
    listed = content.get("entries")
    if not isinstance(listed, list) or not listed:
        raise InputError(f"{path} lists no capabilities; give at least one below the key entries")
    return tuple(_capability(entry, n, path) for n, entry in enumerate(listed, 1))


def _capability(entry: Any, number: int, path: Path) -> Capability:
    where = f"entry {number} of {path}"
    entry = mapping(entry, where)
    slug = text(entry, "capability", where)
    if not _SLUG.fullmatch(slug):
        raise InputError(
            f"{slug!r} ({where}) is no slug; use lower-case letters and digits with single "
            "hyphens between them, as in 'pcr-testing'"
        )
    where = f"capability {slug!r} of {path}"
    only(entry, _KEYS, where)
    return Capability(
        capability=slug,
        label=text(entry, "label", where),
        definition=text(entry, "definition", where, needed=False),
        broader=text(entry, "broader", where, needed=False) or None,
        synonyms=_synonyms(entry, where),
        units=_units(entry, where),
        codes=_codes(entry, where),
        equals=_equals(entry, where),
        in_all=_in_all(entry, where),
        signs=_signs(entry, where),
    )


def _synonyms(block: Mapping[str, Any], where: str) -> tuple[str, ...]:
    synonyms = texts(block.get("synonyms", []), f"synonyms of {where}")
    for one in synonyms:
        if not re.search(r"\w", one):
            raise InputError(f"synonyms of {where} has {one!r}, which holds no word; leave it out")
    return tuple(dict.fromkeys(synonyms))


def _signs(block: Mapping[str, Any], where: str) -> tuple[str, ...]:
    listed = texts(block.get("signs", []), f"signs of {where}")
    # A long one goes on in the next line, behind a | as well.
    signs = [re.sub(r" ?\| ?", "|", " ".join(each.split())) for each in listed]
    for one in signs:
        if not re.fullmatch(_SIGN, one):
            raise InputError(
                f"signs of {where} has {one!r}; write words with blanks between them, and | "
                "between those of which one will do, as in 'fill|put vial'"
            )
    return tuple(dict.fromkeys(signs))


def _units(block: Mapping[str, Any], where: str) -> tuple[Unit, ...]:
    listed = block.get("units", [])
    if not isinstance(listed, list):
        raise InputError(f"units of {where} is {listed!r}; write a list of {{unit: tests}}")
    return tuple(_unit(each, where) for each in listed)


def _unit(entry: Any, where: str) -> Unit:
    if not isinstance(entry, dict):
        raise InputError(f"a unit of {where} is {entry!r}; write {{unit: tests, per: day}}")
    only(entry, ("unit", "per", "equals", "in_all"), f"a unit of {where}")
    per = text(entry, "per", f"a unit of {where}", needed=False) or None
    if per is not None and per not in _PERIODS:
        raise InputError(f"a unit of {where} is per {per!r}; use {', '.join(_PERIODS)}")
    return Unit(text(entry, "unit", f"a unit of {where}"), per)


def _equals(block: Mapping[str, Any], where: str) -> tuple[tuple[str, float], ...]:
    """How many of the first unit's word one of each word is; `_units` has checked the block."""
    units = block.get("units", [])
    found: dict[str, tuple[str, float]] = {}
    for n, entry in enumerate(units):
        if "equals" not in entry:
            continue
        unit = text(entry, "unit", where)
        factor = _factor(entry["equals"], f"the unit {unit!r} of {where}")
        first = one_word(unit) == one_word(text(units[0], "unit", where))
        if factor != (1.0 if first else found.get(one_word(unit), (unit, factor))[1]):
            raise InputError(
                f"the unit {unit!r} of {where} equals {factor:g} (unit {n + 1}), and another "
                "number before; the first unit equals 1, and a word one number"
            )
        found.setdefault(one_word(unit), (unit, factor))
    return tuple(found[word] for word in sorted(found))


def _factor(value: Any, where: str) -> float:
    try:
        factor = float(value)
    except (TypeError, ValueError):
        factor = math.nan
    if not (math.isfinite(factor) and factor > 0):
        raise InputError(
            f"{where} equals {value!r}; write how many of the first unit one of it is, as in "
            "`equals: 1`"
        )
    return factor


def _in_all(block: Mapping[str, Any], where: str) -> tuple[str, ...]:
    found = set()
    for entry in block.get("units", []):
        mark = entry.get("in_all", "false")
        if mark not in ("true", "false"):
            raise InputError(f"in_all of a unit of {where} is {mark!r}; write true or false")
        if mark == "true":
            found.add(text(entry, "unit", where))
    return tuple(sorted(found))


def _codes(block: Mapping[str, Any], where: str) -> tuple[str, ...]:
    codes = texts(block.get("codes", []), f"codes of {where}")
    for one in codes:
        scheme, _, code = one.partition(":")
        if scheme not in CODES or not re.fullmatch(CODES[scheme], code):
            raise InputError(
                f"{one!r} (codes of {where}) is no code of {', '.join(CODES)}; write for example "
                "'MeSH:D016133'"
            )
    return tuple(sorted(set(codes)))

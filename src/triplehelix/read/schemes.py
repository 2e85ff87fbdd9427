"""
Theme schemes from their YAML files: the one that ships, and anybody's own.

The format is described for users in docs/reference/themes.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from triplehelix.errors import InputError
from triplehelix.read.yaml_blocks import mapping, only, parsed_yaml, text, texts
from triplehelix.themes import Scheme, Theme

SHIPPED = Path(__file__).parent / "schemes" / "life-science.yaml"
ROLES = ("discovery", "clinical", "manufacturing", "data", "regulation", "finance")

_SCHEME_KEYS = ("scheme", "version", "title", "themes")
_THEME_KEYS = ("theme", "label", "definition", "broader", "roles", "codes", "keywords", "not")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_scheme(path: Path = SHIPPED) -> Scheme:
    """
    Read a theme scheme.

    Parameters
    ----------
    path
        The YAML file, in UTF-8; the scheme that ships when left out.

    Returns
    -------
    Scheme
        Its slugs distinct, each `broader` one of them, without cycles.

    Raises
    ------
    InputError
        If the file is missing or not YAML, or a theme in it is wrong: the message names the
        file and the theme and says how to mend it.

    Examples
    --------
    >>> scheme = read_scheme()
    >>> scheme.name, sum(theme.broader is None for theme in scheme.themes)
    ('life-science', 3)
    """
    content = mapping(parsed_yaml(path, "theme scheme"), str(path))
    only(content, _SCHEME_KEYS, str(path))
    listed = content.get("themes")
    if not isinstance(listed, list) or not listed:
        raise InputError(f"{path} lists no themes; give at least one below the key themes")
    name = text(content, "scheme", str(path))
    _slug(name, f"the scheme's name in {path}")
    themes = tuple(_theme(entry, n, path) for n, entry in enumerate(listed, 1))
    _check_names(themes, path)
    _check_cycles(themes, path)
    return Scheme(name, text(content, "version", str(path)), themes)


def _theme(entry: Any, number: int, path: Path) -> Theme:
    where = f"theme {number} of {path}"
    block = mapping(entry, where)
    slug = text(block, "theme", where)
    _slug(slug, where)
    where = f"theme {slug!r} of {path}"
    only(block, _THEME_KEYS, where)
    return Theme(
        theme=slug,
        label=text(block, "label", where),
        definition=text(block, "definition", where, needed=False),
        broader=text(block, "broader", where, needed=False) or None,
        roles=_roles(block, where),
        codes=_codes(block, where),
        keywords=_phrases(block, "keywords", where),
        unless=_phrases(block, "not", where),
    )


def _slug(text: str, where: str) -> None:
    if not _SLUG.fullmatch(text):
        raise InputError(
            f"{text!r} ({where}) is no slug; use lower-case letters and digits with single "
            "hyphens between them, as in 'advanced-therapies'"
        )


def _roles(block: Mapping[str, Any], where: str) -> tuple[str, ...]:
    roles = texts(block.get("roles", []), f"roles of {where}")
    for role in roles:
        if role not in ROLES:
            raise InputError(f"{where} has the unknown role {role!r}; use {', '.join(ROLES)}")
    return tuple(role for role in ROLES if role in roles)


def _codes(block: Mapping[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    codes = mapping(block.get("codes") or {}, f"codes of {where}")
    return tuple(
        sorted({(scheme, code) for scheme, listed in codes.items()
                for code in texts(listed, f"codes.{scheme} of {where}")})
    )  # fmt: skip


def _phrases(block: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    phrases = texts(block.get(key, []), f"{key} of {where}")
    for phrase in phrases:
        if not re.search(r"\w", phrase):
            raise InputError(f"{key} of {where} has {phrase!r}, which holds no word; leave it out")
    return tuple(sorted(set(phrases)))


def _check_names(themes: Iterable[Theme], path: Path) -> None:
    times = Counter(each.theme for each in themes)
    for slug in sorted(slug for slug, n in times.items() if n > 1):
        raise InputError(f"{path} has the theme {slug!r} {times[slug]} times; keep one of them")
    for each in themes:
        if each.broader is not None and each.broader not in times:
            near = get_close_matches(each.broader, times, 1)
            hint = f"; did you mean {near[0]!r}?" if near else "; add that theme, or leave it out"
            raise InputError(
                f"theme {each.theme!r} of {path} is part of {each.broader!r} (broader), which "
                f"the scheme does not have{hint}"
            )


def _check_cycles(themes: Iterable[Theme], path: Path) -> None:
    broader = {each.theme: each.broader for each in themes}
    for start in sorted(broader):
        way = [start]
        while (above := broader[way[-1]]) is not None:
            if above in way:
                circle = " -> ".join([*way[way.index(above) :], above])
                raise InputError(
                    f"the themes of {path} are broader than themselves: {circle}; take one "
                    "`broader` of these away"
                )
            way.append(above)

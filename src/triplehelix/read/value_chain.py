"""
The rules of value chains from their YAML file: those that ship, and anybody's own.

The format is described for users in docs/methods/combined-offer.md.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triplehelix.errors import InputError
from triplehelix.offer.chain import Audience, Chain, Role, Rule
from triplehelix.read.yaml_blocks import mapping, only, parsed_yaml, text, texts

SHIPPED = Path(__file__).parent / "value_chain" / "life-science.yaml"

_KEYS = ("chain", "version", "roles", "themes", "audiences")
_ROLE = ("role", "label", "definition", "words", "rules")
_CONDITIONS = ("helix", "part", "kind", "also", "capabilities")
_RULE = ("says", "grade", *_CONDITIONS)
_AUDIENCE = ("audience", "label", "roles", "order")
ORDER = ("chain", "clusters", "ties", "conversations", "assets", "scale")


def read_chain(path: Path = SHIPPED) -> Chain:
    """
    Read the rules of value chains.

    Parameters
    ----------
    path
        The YAML file, in UTF-8; the rules that ship when left out.

    Raises
    ------
    InputError
        If the file is missing or not YAML, or a rule in it is wrong: the message says where and
        how to mend it.

    Examples
    --------
    >>> [role.role for role in read_chain().roles]
    ['discovery', 'clinical', 'manufacturing', 'data', 'regulation', 'finance']
    """
    content = mapping(parsed_yaml(path, "value chain"), str(path))
    only(content, _KEYS, str(path))
    roles = tuple(_role(one, f"role {n} of {path}") for n, one in _listed(content, "roles", path))
    named = [one.role for one in roles]
    for slug in sorted({one for one in named if named.count(one) > 1}):
        raise InputError(f"{path} has the role {slug!r} twice; keep one of them")
    return Chain(
        text(content, "chain", str(path)), text(content, "version", str(path)), roles,
        tuple(
            _audience(one, f"audience {n} of {path}", named)
            for n, one in _listed(content, "audiences", path)
        ),
        {key: slugs for n, one in _listed(content, "themes", path, needed=False)
         for key, slugs in _assets(one, f"theme {n} of {path}", named).items()},
    )  # fmt: skip


def _listed(
    content: Mapping[str, Any], key: str, path: Path, *, needed: bool = True
) -> list[tuple[int, Any]]:
    listed = content.get(key) or []
    if not isinstance(listed, list) or (needed and not listed):
        raise InputError(f"{path} lists no {key}; give at least one below the key {key}")
    return list(enumerate(listed, 1))


def _role(entry: Any, where: str) -> Role:
    block = mapping(entry, where)
    only(block, _ROLE, where)
    rules = block.get("rules")
    if not isinstance(rules, list) or not rules:
        raise InputError(f"{where} has no rules; say at least one thing that shows the role")
    return Role(
        text(block, "role", where), text(block, "label", where),
        text(block, "definition", where, needed=False),
        tuple(_rule(one, f"rule {n} of {where}") for n, one in enumerate(rules, 1)),
        tuple(texts(block.get("words", []), f"words of {where}")),
    )  # fmt: skip


def _rule(entry: Any, where: str) -> Rule:
    block = mapping(entry, where)
    only(block, _RULE, where)
    asked = {key: frozenset(texts(block.get(key, []), f"{key} of {where}")) for key in _CONDITIONS}
    grade = text(block, "grade", where, needed=False) or "direct"
    if grade not in ("direct", "indirect"):
        raise InputError(f"{where} has the grade {grade!r}; write direct or indirect")
    if not any(asked.values()):
        raise InputError(f"{where} names no condition; give one of {', '.join(_CONDITIONS)}")
    if asked["capabilities"] and any(asked[key] for key in _CONDITIONS[:-1]):
        raise InputError(f"{where} is about work and about assets; write two rules")
    if asked["capabilities"] and grade != "direct":
        raise InputError(f"{where} is about assets, which are direct evidence; leave grade out")
    says = text(block, "says", where)
    return Rule(says, "indirect" if grade == "indirect" else "direct", **asked)


def _audience(entry: Any, where: str, roles: list[str]) -> Audience:
    block = mapping(entry, where)
    only(block, _AUDIENCE, where)
    order = texts(block.get("order", []), f"order of {where}")
    if sorted(order) != sorted(ORDER):
        raise InputError(f"order of {where} is {order}; name each of {', '.join(ORDER)} once")
    wanted = texts(block["roles"], f"roles of {where}") if "roles" in block else None
    for role in wanted or ():
        _known(role, roles, where)
    return Audience(
        text(block, "audience", where), text(block, "label", where),
        None if wanted is None else tuple(wanted), tuple(order),
    )  # fmt: skip


def _assets(entry: Any, where: str, roles: list[str]) -> dict[tuple[str, str], frozenset[str]]:
    block = mapping(entry, where)
    only(block, ("theme", "assets"), where)
    theme = text(block, "theme", where)
    counted = mapping(block.get("assets") or {}, f"assets of {where}")
    for role in counted:
        _known(role, roles, where)
    return {
        (theme, role): frozenset(texts(slugs, f"assets.{role} of {where}"))
        for role, slugs in counted.items()
    }


def _known(role: str, roles: list[str], where: str) -> None:
    if role not in roles:
        raise InputError(f"{where} names the role {role!r}; the roles are {', '.join(roles)}")

"""Rules of value chains from YAML: read, and refused with the place and the remedy."""

import pytest

from triplehelix.errors import InputError
from triplehelix.read.capabilities import read_capabilities
from triplehelix.read.schemes import ROLES, read_scheme
from triplehelix.read.value_chain import read_chain

CHAIN = """
chain: ours
version: "1"
roles:
  - role: making
    label: Making
    rules:
      - says: somebody makes
        part: [manufacturer]
audiences:
  - audience: general
    label: All
    order: [chain, clusters, ties, conversations, assets, scale]
"""


def chain(tmp_path, old="", new=""):
    assert old in CHAIN
    file = tmp_path / "chain.yaml"
    file.write_text(CHAIN.replace(old, new) if old else CHAIN, "utf-8")
    return read_chain(file)


def test_roles_of_ones_own(tmp_path):
    ours = chain(tmp_path)
    assert [role.role for role in ours.roles] == ["making"]
    assert ours.roles[0].rules[0].part == {"manufacturer"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("part: [manufacturer]", "grade: direct", "rule 1 of role 1 of .* names no condition"),
        ("part: [manufacturer]", "parts: [x]", "unknown key 'parts'"),
        ("part: [manufacturer]", "part: [x]\n        grade: sure", "grade 'sure'; write direct or indirect"),
        ("part: [manufacturer]", "part: [x]\n        capabilities: [y]", "about work and about assets; write two"),
        ("part: [manufacturer]", "capabilities: [y]\n        grade: indirect", "leave grade out"),
        ("assets, scale]", "assets]", "name each of chain, clusters, .* once"),
        ("    label: All\n", "    label: All\n    roles: [selling]\n", "names the role 'selling'; the roles are making"),
        ("audiences:", "themes:\n  - theme: x\n    assets: {selling: []}\naudiences:", "the role 'selling'"),
        ("    rules:\n      - says: somebody makes\n        part: [manufacturer]\n", "", "has no rules"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tmp_path, old, new, message):
    with pytest.raises(InputError, match=message):
        chain(tmp_path, old, new)


def test_a_role_must_not_stand_twice(tmp_path):
    role = CHAIN[CHAIN.index("  - role: making") : CHAIN.index("audiences:")]
    with pytest.raises(InputError, match="has the role 'making' twice; keep one"):
        chain(tmp_path, role, role * 2)


def test_the_rules_that_ship_name_what_there_is():
    """Roles of the scheme, themes of the scheme, capabilities of the list."""
    ours, scheme, listed = read_chain(), read_scheme(), read_capabilities()
    assert tuple(role.role for role in ours.roles) == ROLES
    themes = {theme.theme for theme in scheme.themes}
    assert {theme for theme, _ in ours.assets} <= themes
    rules = [rule for role in ours.roles for rule in role.rules]
    assert {theme for rule in rules for theme in rule.also} <= themes
    named = {slug for rule in rules for slug in rule.capabilities}
    named |= {slug for slugs in ours.assets.values() for slug in slugs}
    assert {slug for slug in named if slug not in listed} == set()

"""Accounts to try the sample registry with: made when asked for, with passwords told once."""

import secrets
from typing import NamedTuple

from triplehelix.app.registry.people import add_user
from triplehelix.app.registry.sample import sample_id
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.opening import Registry

_NETWORK, _MEMBER = "northern-health-science-alliance", "university-of-dundee"
_PASSWORD_BYTES = 15


class DemoAccount(NamedTuple):
    """An address to sign in with, and its password, which is kept nowhere."""

    email: str
    password: str


def make_demo_accounts(registry: Registry) -> list[DemoAccount]:
    """
    An administrator, a steward of a network and a person of a member of the sample registry.

    Raises
    ------
    Conflict
        If they have been made already.
    """
    roles = {
        "administrator": Role("administrator"),
        "steward": Role("steward", sample_id("network", _NETWORK)),
        "member": Role("member", sample_id("member", _MEMBER)),
    }
    return [_account(registry, name, role) for name, role in roles.items()]


def _account(registry: Registry, name: str, role: Role) -> DemoAccount:
    made = DemoAccount(f"{name}@demo.example", secrets.token_urlsafe(_PASSWORD_BYTES))
    add_user(registry, COMMAND_LINE, email=made.email, name=f"Demo {name}",
             password=made.password, roles=(role,))  # fmt: skip
    return made

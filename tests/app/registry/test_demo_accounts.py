"""Demo accounts: three, with the roles they name; made once, with passwords of their own."""

import pytest

from tests.app.small_edition import tables, write_edition
from triplehelix.app.registry.demo_accounts import make_demo_accounts
from triplehelix.app.registry.people import users
from triplehelix.app.registry.sample import make_sample_registry
from triplehelix.errors import Conflict
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.opening import open_registry


def test_three_accounts_are_made_once_with_their_roles(tmp_path):
    path = str(tmp_path / "demo.registry.db")
    make_sample_registry(path, write_edition(tmp_path / "edition", tables()))
    registry = open_registry(path)
    made = make_demo_accounts(registry)
    assert len({each.password for each in made}) == 3
    assert min(len(each.password) for each in made) >= 20  # 120 random bits
    roles = {one.email: [role.name for role in one.roles] for one in users(registry, COMMAND_LINE)}
    assert roles == {
        f"{name}@demo.example": [name] for name in ("administrator", "steward", "member")
    }
    with pytest.raises(Conflict):
        make_demo_accounts(registry)
    registry.close()
    stored = (tmp_path / "demo.registry.db").read_bytes()
    assert not any(each.password.encode() in stored for each in made)

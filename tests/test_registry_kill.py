"""Whatever was acknowledged before kill -9 is there afterwards, and the log verifies."""

import random

import pytest

from tests.registry_killing import assert_all_kept, killed_while_writing
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealing import seal
from triplehelix.store.registry.verifying import verify

KILLS = {"sqlite": 10, "postgresql": 4}


def test_killed_while_several_write(registry: Registry):
    chance = random.Random(6962)
    address = registry.engine.url.render_as_string(hide_password=False)
    written = 0
    for _ in range(KILLS[registry.engine.dialect.name]):
        said = killed_while_writing(address, chance)
        assert said.records, "nothing was written"
        written += len(said.records)
        assert assert_all_kept(address, said) >= written


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_a_change_that_was_not_finished_leaves_nothing(registry: Registry):
    """An error in the middle of a transaction takes its entries of the log with it."""
    from tests.registry_killing import KEY

    with pytest.raises(RuntimeError), registry.change(COMMAND_LINE) as change:
        change.create("asset", {"name": "Scope", "kind": "equipment"})
        change.flush()
        raise RuntimeError
    seal(registry, KEY)
    assert verify(registry).entries == 1, "the key's own"

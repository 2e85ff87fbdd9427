"""Conditions in the database against the pure test of them."""

from random import Random

import pytest
from sqlalchemy import func, select

from triplehelix.registry.viewer import Viewer
from triplehelix.registry.visibility import EVERYBODY, meets, name_of
from triplehelix.store.registry.conditions import keep, met_by
from triplehelix.store.registry.tables import CONDITIONS

GRANTS = ["signed-in", *(f"{kind}:{n}" for kind in ("member", "network", "steward") for n in "12")]


@pytest.mark.parametrize("seed", range(3))
def test_met_are_those_of_which_each_clause_is_granted(registry, seed):
    rng = Random(seed)
    made = {
        frozenset(
            frozenset(rng.sample(GRANTS, rng.randint(0, 3))) for _ in range(rng.randint(1, 3))
        )
        for _ in range(60)
    }
    with registry.writing() as connection:
        for one in made:
            assert keep(connection, one, set()) == name_of(one)
            keep(connection, one, set())
        assert connection.scalar(select(func.count()).select_from(CONDITIONS)) == len(made) + 1
        for _ in range(25):
            viewer = Viewer(grants=frozenset(rng.sample(GRANTS, rng.randint(0, 4))))
            expected = {name_of(one) for one in made if meets(viewer.grants, one)}
            assert set(met_by(connection, viewer)) == expected | {"everybody"}


def test_everybody_is_met_by_all(registry):
    with registry.writing() as connection:
        assert keep(connection, EVERYBODY, set()) == "everybody"
        assert met_by(connection, Viewer()) == ["everybody"]

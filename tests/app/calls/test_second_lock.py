"""What a forgotten condition shows of calls: nothing, for the database itself refuses."""

import pytest
from sqlalchemy import Table, func, select

from tests.app.calls.staged import CAPABILITIES, Stage
from triplehelix.app.calls.commitments import answer
from triplehelix.app.calls.sealed import ask, let_tell, verify
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry import call_tables, sealed_tables

TABLES = {
    "commitments": {"steward": 2, "ann": 1, "bob": 1, "eve": 0, "": 0},
    "commitment_events": {"steward": 3, "ann": 2, "bob": 1, "eve": 0, "": 0},
    "proposals": {"steward": 1, "ann": 0, "bob": 0, "eve": 0, "": 0},
    "proposal_parts": {"steward": 6, "ann": 0, "bob": 0, "eve": 0, "": 0},
    "call_progress": {"steward": 1, "ann": 1, "bob": 1, "eve": 1, "": 1},
    "sealed_offers": {"steward": 0, "ann": 1, "bob": 0, "eve": 0, "": 0},
    "sealed_uses": {"steward": 0, "ann": 1, "bob": 0, "eve": 0, "": 0},
    "sealed_pairs": {"steward": 0, "ann": 0, "bob": 0, "eve": 0, "": 0},
    "sealed_questions": {"steward": 1, "ann": 0, "bob": 0, "eve": 0, "": 0},
}  # fmt: skip


@pytest.mark.parametrize("registry", ["postgresql"], indirect=True)
def test_the_database_lets_each_see_their_own_rows(world):
    """Counted without any condition: the rows are there, and the asker does not get them."""
    stage = Stage(world).open()
    first, _ = stage.invite()
    answer(stage.registry, stage.as_("ann"), first, "accept", CAPABILITIES)
    verify(stage.registry, stage.as_("admin"), stage.network)
    let_tell(stage.registry, stage.as_("ann"), stage.assets[0])
    ask(stage.registry, stage.as_("steward"), stage.call, CAPABILITIES)
    found = {**vars(call_tables), **vars(sealed_tables)}.values()
    tables = {each.name: each for each in found if isinstance(each, Table)}
    for name, counts in TABLES.items():
        asked = select(func.count()).select_from(tables[name])
        for who, count in counts.items():
            with stage.registry.look(stage.as_(who)) as sight:
                assert sight.connection.scalar(asked) == count, (name, who)
        with stage.registry.look(COMMAND_LINE) as sight:
            assert sight.connection.scalar(asked) > 0, name
    guarded = {name for name, table in tables.items() if "seen_by" in table.c}
    assert tables.keys() - guarded == {"call_mailed"}

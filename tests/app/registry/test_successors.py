"""A member's organisation in an edition that calls it otherwise; permissions stay as they are."""

from datetime import UTC, datetime

import pytest

from tests.app.small_edition import ALPHA, tables, write_edition
from triplehelix.app.registry.successors import organisation_of, organisations_of
from triplehelix.registry.ids import new_id
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def rebuilt(tmp_path):
    """An edition that was rebuilt twice: the body's id changed from `old` to `newer` to ALPHA."""
    rows = tables()
    rows["successors"] = [
        {"earlier_id": "table:old", "organisation_id": "table:newer"},
        {"earlier_id": "table:newer", "organisation_id": ALPHA},
        {"earlier_id": "table:round", "organisation_id": "table:about"},
        {"earlier_id": "table:about", "organisation_id": "table:round"},
    ]
    return write_edition(tmp_path / "edition", rows)


def test_an_id_the_edition_has_is_itself(rebuilt):
    assert organisation_of(rebuilt, ALPHA) == ALPHA


@pytest.mark.parametrize("earlier", ["table:old", "table:newer"])
def test_an_earlier_id_leads_to_todays(rebuilt, earlier):
    assert organisation_of(rebuilt, earlier) == ALPHA


@pytest.mark.parametrize("unknown", ["table:never", "table:round", "", None])
def test_what_leads_nowhere_is_none(rebuilt, unknown):
    assert organisation_of(rebuilt, unknown) is None


def test_many_at_once_are_as_one_by_one(rebuilt):
    asked = [ALPHA, "table:old", "table:newer", "table:never", "table:round", ""]
    found = {one: organisation_of(rebuilt, one) for one in asked}
    assert organisations_of(rebuilt, asked) == {k: v for k, v in found.items() if v is not None}
    assert organisations_of(rebuilt, []) == {}


def test_a_rebuilt_edition_changes_nobodys_permissions(rebuilt, tmp_path):
    """Who acts for a member is told by its own id; two members of one organisation stay apart."""
    registry = open_registry(str(tmp_path / "registry.db"), clock=lambda: NOON)
    create_registry(registry)
    ours, theirs = (new_id("member", bytes([n]) * 16) for n in (1, 2))
    with registry.change(COMMAND_LINE) as change:
        for one, organisation in ((ours, "table:old"), (theirs, "table:newer")):
            fields = {"name": "Alpha", "organisation_id": organisation}
            change.create("member", fields, record_id=one)
    me = Viewer(user_id="us_1", grants=frozenset({"signed-in", f"member:{ours}"}))
    with registry.look(me) as sight:
        seen = sight.records([ours, theirs])
    # Both are one body to the edition; I still see and change my own member alone.
    assert [record.record_id for record in seen] == [ours]
    assert organisation_of(rebuilt, seen[0].fields["organisation_id"]) == ALPHA
    assert seen[0].editable
    with registry.look(VISITOR) as sight:
        assert sight.records([ours, theirs]) == []
    registry.close()

"""The sample registry against its own rows: all public, nothing available, two builds alike."""

import csv
from importlib import resources
from pathlib import Path

import pytest

from tests.app.small_edition import ALPHA, tables, write_edition
from triplehelix.app.registry.sample import keep_sample_registry, make_sample_registry
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry.opening import open_registry

FOLDER = resources.files("triplehelix") / "sample" / "registry"
KINDS = ("asset", "member", "network")


def rows(name, folder=FOLDER):
    return list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """Knows Dundee's university by a ROR id; its other sample ids are unknown to it."""
    later = [{"earlier_id": "sample:university-of-dundee", "organisation_id": ALPHA}]
    return write_edition(tmp_path_factory.mktemp("e") / "edition", tables() | {"successors": later})


@pytest.fixture(scope="module")
def sample(edition, tmp_path_factory):
    path = tmp_path_factory.mktemp("registry") / "sample.db"
    make_sample_registry(str(path), edition)
    registry = open_registry(str(path))
    yield registry
    registry.close()


def everything(registry, viewer):
    """All that a viewer sees, as one text."""
    with registry.look(viewer) as sight:
        ids = [one for kind in KINDS
               for one in sorted(sight.connection.scalars(sight.records_where(kind)))]  # fmt: skip
        told = [*sight.records(ids), *sight.capacities(ids), *sight.memberships()]
        return "\n".join(map(str, told)) + str(sight.network_parts())


def fields_of(registry, kind):
    with registry.look(VISITOR) as sight:
        ids = sight.connection.scalars(sight.records_where(kind)).all()
        return {record.name: record for record in sight.records(ids)}


def test_visitors_see_every_row_and_change_none(sample):
    for kind in KINDS:
        seen = fields_of(sample, kind)
        assert {row["name"] for row in rows(f"{kind}s")} == set(seen)
        assert not any(record.editable for record in seen.values())


def test_every_record_says_whence_it_comes_and_how_sure_it_is(sample):
    for kind in KINDS:
        seen = fields_of(sample, kind)
        for row in rows(f"{kind}s"):
            told = seen[row["name"]].fields["provenance"]
            assert (told["url"], told["confidence"]) == (row["source"], row["confidence"])
            assert told["source"].startswith("Sample")


def test_capacities_are_as_their_rows_say_and_none_is_available(sample):
    with sample.look(VISITOR) as sight:
        ids = sight.connection.scalars(sight.records_where("asset")).all()
        names = {record.record_id: record.name for record in sight.records(ids)}
        seen = {names[c.record_id]: c.fields for c in sight.capacities(ids)}
    stated = {row["name"]: row for row in rows("assets") if row["capacity_amount"]}
    assert set(seen) == set(stated)
    for name, row in stated.items():
        assert seen[name]["state"] == row["capacity_state"] in ("stated", "planned", "past")
        assert seen[name]["amount"] == float(row["capacity_amount"])
        assert seen[name].get("per", "") == row["capacity_per"]
        assert seen[name]["capability"] in row["capabilities"].split("|")


def test_no_closed_laboratory_has_a_capacity_of_today(sample):
    closed = [row for row in rows("assets") if row["status"] == "closed"]
    assert len(closed) == 14
    assert {row["capacity_state"] for row in closed} <= {"", "past", "planned"}
    seen = fields_of(sample, "asset")
    assert all(seen[row["name"]].fields["status"] == "closed" for row in closed)


def test_units_carry_no_period(sample):
    units = {row["capacity_unit"] for row in rows("assets")}
    assert not [unit for unit in units if "/" in unit]


def test_members_are_tied_to_the_editions_organisations_or_to_none(sample):
    members = fields_of(sample, "member")
    assert members["University of Dundee"].fields["organisation_id"] == ALPHA
    assert all("organisation_id" not in record.fields
               for name, record in members.items() if name != "University of Dundee")  # fmt: skip


def test_members_named_in_the_edition_are_there_under_that_name_and_town():
    parent = Path(str(FOLDER)).parent
    bodies = {f"sample:{row['id']}": (row["name"], row["town"])
              for name in ("organisations", "participants", "funders")
              for row in rows(name, parent)}  # fmt: skip
    for row in rows("members"):
        if row["organisation"]:
            assert bodies[row["organisation"]] == (row["name"], row["town"])


def test_rows_refer_to_rows_that_are_there_and_name_their_source():
    members, networks = ({row["id"] for row in rows(name)} for name in ("members", "networks"))
    assert {row["member"] for row in rows("assets") + rows("memberships")} <= members
    assert {row["network"] for row in rows("memberships")} == networks
    for name in ("assets", "members", "networks", "memberships"):
        assert all(row["source"].startswith("http") for row in rows(name))
        assert {row["confidence"] for row in rows(name)} <= {"high", "medium"}


def test_a_joint_network_has_its_parts(sample):
    """The network of centres for advanced therapies is above its three centres."""
    with sample.look(VISITOR) as sight:
        assert len(sight.network_parts()) == 3


def test_two_builds_are_alike(sample, edition, tmp_path):
    again = tmp_path / "again.db"
    make_sample_registry(f"sqlite:///{again}", edition)
    registry = open_registry(str(again))
    assert everything(registry, COMMAND_LINE) == everything(sample, COMMAND_LINE)
    registry.close()


def test_it_is_made_once_and_again_when_the_edition_changes(edition, tmp_path):
    path = tmp_path / "demo.registry.db"
    assert keep_sample_registry(path, edition)
    assert not keep_sample_registry(path, edition)
    other = write_edition(tmp_path / "other", tables(), id="another")
    assert keep_sample_registry(path, other)

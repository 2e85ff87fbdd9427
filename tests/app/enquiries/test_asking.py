"""To whom enquiries go, what keeps too many out, and who sees them."""

import pytest

from tests.app.enquiries.stage import CAPABILITIES, CLUSTER, Stage
from triplehelix.app.enquiries.asking import ask
from triplehelix.app.enquiries.desk import desk, enquiry
from triplehelix.app.enquiries.topic import Topic, whom
from triplehelix.app.registry import log
from triplehelix.errors import Conflict, InputError, TooOften, UnknownName
from triplehelix.registry.enquiries import checked_asker
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.enquiry_tables import ENQUIRY_ASKERS


@pytest.fixture
def stage(world, small):
    return Stage(world, small)


def goes(stage, who="", **topic):
    found = whom(stage.registry, stage.as_(who), stage.edition, Topic(**topic), CAPABILITIES)
    return found.rule, [one.name for one in found.to], [one.name for one in found.passed_over]


def test_each_goes_where_the_published_rule_says(stage):
    """As docs/methods/enquiries.md has it, case by case."""
    assert goes(stage, asset=stage.cycler) == ("holder", ["Alpha", "North"], [])
    assert goes(stage, member=stage.alpha) == ("holder", ["Alpha", "North"], [])
    assert goes(stage, asset=stage.robot) == ("member's networks", ["South"], ["Beta"])
    assert goes(stage, network=stage.south) == ("network", ["South"], [])
    assert goes(stage, network=stage.east) == ("front desk", [], ["East"])
    assert goes(stage, cluster=CLUSTER) == ("speaks for the cluster", ["South"], [])
    assert goes(stage, cluster="bbbb0002") == ("front desk", [], [])
    assert goes(stage, theme="genomics") == ("theme", ["North", "South"], [])
    assert goes(stage, theme="genomics", place="harrogate") == ("theme and place", ["North"], [])
    # South speaks for the cluster of Cambridge, near which Leeds lies too; its area names no town.
    assert goes(stage, theme="genomics", place="leeds")[1] == ["North", "South"]
    assert goes(stage, theme="genomics", place="Cambridge") == ("theme and place", ["South"], [])
    assert goes(stage, theme="genomics", place="Atlantis") == ("theme", ["North", "South"], [])
    assert goes(stage, theme="vaccines,genomics") == ("theme", ["North", "South"], ["East"])
    assert goes(stage, capability="pcr-testing") == ("capability", ["North"], [])
    assert goes(stage, capability="mri") == ("capability", ["South"], [])
    assert goes(stage) == ("front desk", [], [])
    assert goes(stage, place="Harrogate") == ("place", ["North"], [])


def test_a_part_of_a_wider_network_stands_in_for_it(stage):
    whole = stage.world.network("Whole")
    stage.world.compose(whole, stage.east)
    stage.world.user("wim", ("steward", whole))
    assert goes(stage, network=stage.east) == ("wider networks", ["Whole"], ["East"])


def test_what_is_not_there_and_what_is_hidden_are_refused_alike(stage):
    said = set()
    for one in (stage.hidden, "as_" + "0" * 26, "nonsense"):
        with pytest.raises(UnknownName) as raised:
            goes(stage, asset=one)
        said.add(str(raised.value))
    assert len(said) == 1
    assert goes(stage, "ann", asset=stage.hidden)[:2] == ("holder", ["Alpha"])
    for topic in ({"cluster": "zzz"}, {"theme": "zzz"}, {"capability": "zzz"}):
        with pytest.raises(UnknownName):
            goes(stage, **topic)
    with pytest.raises(InputError, match="give one to 3"):
        goes(stage, theme="genomics,vaccines,unused,other")
    with pytest.raises(InputError, match="give at most 200 letters"):
        goes(stage, place="x" * 201)


def test_a_hidden_network_gets_nothing_and_is_not_told_of(stage):
    cellar = stage.world.network("Cellar", "private", themes=["genomics"], area="Leeds")
    before = goes(stage, theme="genomics", place="Leeds")
    stage.world.user("hid", ("steward", cellar))
    assert goes(stage, theme="genomics", place="Leeds") == before


def test_those_it_goes_to_see_it_and_nobody_else(stage):
    asked = stage.ask(asset=stage.cycler)
    for who in ("ada", "stu", "ann"):
        [row] = desk(stage.registry, stage.as_(who)).waiting
        assert (row.enquiry_id, row.about, row.asker) == (
            asked.enquiry_id, "Cycler", "Jo Quark, Quark Ltd")  # fmt: skip
        assert enquiry(stage.registry, stage.as_(who), asked.enquiry_id).asker
    said = set()
    for who in ("", "sam", "sue"):
        assert desk(stage.registry, stage.as_(who)).waiting == []
        for one in (asked.enquiry_id, "eq_" + "0" * 26):
            with pytest.raises(UnknownName) as raised:
                enquiry(stage.registry, stage.as_(who), one)
            said.add(str(raised.value))
    assert len(said) == 1


def test_without_an_administrator_nobody_reads_and_none_is_taken(world, small):
    world.user("stu", ("steward", world.network("North")))
    found = whom(world.registry, world.viewer(None), small, Topic(), CAPABILITIES)
    assert not found.taken
    with pytest.raises(Conflict, match="nobody reads enquiries in this registry yet"):
        ask(world.registry, world.viewer(None), small, Topic(),
            checked_asker({"name": "Jo", "email": "jo@example.org", "text": "x" * 30}),
            CAPABILITIES, address="")  # fmt: skip


def test_so_many_from_one_address_and_under_one_name(stage):
    """docs/methods/enquiries.md: ten from an address, five from an account, then one waits."""
    for n in range(5):
        stage.ask("sam", address=f"192.0.2.{n}")
    with pytest.raises(TooOften, match="wait 10 minutes"):
        stage.ask("sam", address="192.0.2.99")
    for n in range(10):
        stage.ask(address="198.51.100.1", email=f"jo{n}@example.org")
    with pytest.raises(TooOften, match="wait 5 minutes"):
        stage.ask(address="198.51.100.1", email="other@example.org")
    for n in range(5):
        stage.ask(address=f"203.0.113.{n}")
    with pytest.raises(TooOften):
        stage.ask(address="203.0.113.50", email="JO.quark@EXAMPLE.org")
    stage.registry.clock.pass_(days=1)
    assert stage.ask("sam", address="198.51.100.1").enquiry_id


def test_every_step_stands_in_the_log_and_nothing_personal_does(stage):
    asked = stage.ask(asset=stage.cycler)
    [entry] = log.audit(stage.registry, COMMAND_LINE, subject=asked.enquiry_id)
    assert entry.action == "enquire"
    assert entry.said["to"] == sorted([stage.alpha, stage.north])
    assert (entry.said["about"], entry.said["of"], entry.said["rule"]) == (
        "asset", stage.cycler, "holder")  # fmt: skip
    assert "quark" not in str(entry.said).lower()


def test_the_secret_is_not_kept(stage):
    asked = stage.ask()
    with stage.registry.reading() as connection:
        for table in ENQUIRY_ASKERS.metadata.sorted_tables:
            rows = connection.execute(table.select()).all()
            assert asked.secret not in repr(rows)

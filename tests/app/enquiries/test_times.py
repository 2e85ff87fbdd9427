"""Time to answer as it is published: planted waits come back, small figures do not."""

import pytest

from tests.app.enquiries.stage import Stage
from triplehelix.app.enquiries import desk, following
from triplehelix.app.enquiries.times import Waits, answer_times

HELD = Waits(None, None, None, None, None)


@pytest.fixture
def stage(world, small):
    return Stage(world, small)


def asks(stage, n, **topic):
    """So many at once, from as many addresses and people."""
    return [stage.ask(address=f"2001:db8:{len(topic)}:{i}::1", email=f"p{i}.{len(topic)}@example.org",
                      **topic) for i in range(n)]  # fmt: skip


def of(found, name):
    return next(each.waits for each in found.networks if each.network.name == name)


def test_planted_waits_come_back(stage):
    """Answers after 1, 2, 3, 4 days and one that never comes: the median is 3 days."""
    five = asks(stage, 5, network=stage.north)
    for asked in five[:4]:
        stage.registry.clock.pass_(days=1)
        desk.reply(stage.registry, stage.as_("stu"), asked.enquiry_id, "Yes.")
    found = answer_times(stage.registry)
    assert (found.all.n, found.all.answered, found.all.median_days) == (5, 4, 3.0)
    assert of(found, "North") == found.all
    assert of(found, "South") == Waits(0, 0, None, None, None)


def test_silence_makes_it_longer_closed_or_not(stage):
    """Closing unanswered does not stop the clock; withdrawing does; what is no enquiry is not counted."""
    seven = asks(stage, 8, network=stage.north)
    registry, stu = stage.registry, stage.as_("stu")
    registry.clock.pass_(days=1)
    for asked in seven[:3]:
        desk.reply(registry, stu, asked.enquiry_id, "Yes.")
    for asked in seven[3:6]:
        desk.close(registry, stu, asked.enquiry_id, "unanswered")
    desk.close(registry, stu, seven[6].enquiry_id, "no enquiry")
    following.withdraw(registry, seven[7].secret)
    registry.clock.pass_(days=9)
    found = answer_times(registry)
    assert (found.all.n, found.all.answered) == (7, 3)
    # 7 at risk when 3 are answered: 4/7 wait, so the median is not reached.
    assert found.all.median_days is None and found.all.low_days == 1.0


def test_with_each_the_time_counts_from_when_it_came_there(stage):
    five = asks(stage, 5, network=stage.north)
    registry = stage.registry
    registry.clock.pass_(days=4)
    for asked in five:
        desk.pass_on(registry, stage.as_("stu"), asked.enquiry_id, stage.south, "Theirs.")
    registry.clock.pass_(days=1)
    for asked in five:
        desk.reply(registry, stage.as_("sue"), asked.enquiry_id, "Yes.")
    found = answer_times(registry)
    assert (found.all.median_days, of(found, "South").median_days) == (5.0, 1.0)
    assert (of(found, "North").n, of(found, "North").answered) == (5, 0)


def test_of_several_that_get_it_the_others_wait_no_more(stage):
    five = asks(stage, 5, theme="genomics")
    stage.registry.clock.pass_(days=2)
    for asked in five:
        desk.reply(stage.registry, stage.as_("sue"), asked.enquiry_id, "Yes.")
    stage.registry.clock.pass_(days=50)
    found = answer_times(stage.registry)
    assert of(found, "South").median_days == 2.0
    assert (of(found, "North").answered, of(found, "North").median_days) == (0, None)


@pytest.mark.parametrize(("north", "south", "shown"), [
    (4, 0, (False, False, True)),   # too few at all
    (5, 0, (True, True, True)),
    (5, 4, (True, False, False)),   # of 9 less 5, or less 4: one gives the other away
    (5, 5, (True, True, True)),
])  # fmt: skip
def test_small_figures_and_what_gives_them_away_are_held_back(stage, north, south, shown):
    """By hand: nothing below five can be had by taking published figures from each other."""
    asks(stage, north, network=stage.north)
    asks(stage, south, network=stage.south, place="x")
    found = answer_times(stage.registry)
    figures = (found.all, of(found, "North"), of(found, "South"))
    told = [each.n for each in figures]
    assert [each is not None for each in told][0] == shown[0]
    assert told.count(None) == shown.count(False)
    if found.all.n and of(found, "North").n is not None and of(found, "South").n is not None:
        assert north + south == found.all.n
    assert all(each == HELD for each in figures if each.n is None)


def test_hidden_networks_have_no_line_and_old_ones_leave(stage):
    cellar = stage.world.network("Cellar", "private")
    stage.world.user("hid", ("steward", cellar))
    asks(stage, 5, network=stage.north)
    names = [each.network.name for each in answer_times(stage.registry).networks]
    assert names == ["East", "North", "South"]
    stage.registry.clock.pass_(days=366)
    assert answer_times(stage.registry).all.n == 0


def test_erased_ones_still_count(stage):
    five = asks(stage, 5, network=stage.north)
    stage.registry.clock.pass_(days=1)
    for asked in five:
        desk.reply(stage.registry, stage.as_("stu"), asked.enquiry_id, "Yes.")
    before = answer_times(stage.registry)
    for asked in five:
        following.erase(stage.registry, asked.secret)
    after = answer_times(stage.registry)
    assert (after.all, of(after, "North")) == (before.all, of(before, "North"))

"""Solves under way: watched, stopped, kept for the call's holder, bounded for everybody."""

import threading
from dataclasses import replace

import pytest

from tests.app.calls.staged import CAPABILITIES, CONTENT, Stage, halves
from triplehelix.app.calls.commitments import answer, invite
from triplehelix.app.calls.following import following
from triplehelix.app.calls.losing import Losing
from triplehelix.app.calls.proposals import proposals
from triplehelix.app.calls.records import call
from triplehelix.app.calls.running import (
    MOST_OF_ONE,
    Solves,
    look_at,
    start_repair,
    start_solve,
    stop,
    wait_for,
)
from triplehelix.app.calls.solver import Found
from triplehelix.app.registry.sample import make_sample_registry, sample_id
from triplehelix.errors import InputError, TooOften, UnknownName
from triplehelix.optimise.outcome import Progress
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry.opening import open_registry


@pytest.fixture
def stage(world):
    return Stage(world).open()


def at_once(question, on_progress):
    return (Found(halves(question)),)


class Slow:
    """A solver that goes on until it is stopped, and then has a poorer answer."""

    def __init__(self):
        self.heard = threading.Event()

    def __call__(self, question, on_progress):
        while not on_progress(Progress(1.0, 300.0, 100.0)):
            self.heard.set()
        return (Found(replace(halves(question), objective=300.0, bound=100.0)),)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_the_holders_answer_is_kept_and_anothers_is_not(stage):
    solves = Solves(solve=at_once)
    for who, kept in (("steward", 1), ("eve", 0)):
        viewer = stage.as_(who)
        run = start_solve(solves, stage.registry, viewer, stage.call, CAPABILITIES)
        done = wait_for(solves, stage.registry, viewer, run, 10)
        assert (done.state, len(done.proposal_ids)) == ("done", kept)
        assert done.alliance.status == "feasible"
    assert len(proposals(stage.registry, stage.as_("steward"), stage.call)) == 1


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_it_is_watched_and_stopped_with_the_best_it_has(stage):
    slow = Slow()
    solves, viewer = Solves(solve=slow), stage.as_("steward")
    run = start_solve(solves, stage.registry, viewer, stage.call, CAPABILITIES)
    assert slow.heard.wait(10)
    seen = look_at(solves, stage.registry, viewer, run)
    assert (seen.state, seen.objective, seen.bound, seen.alliance) == ("running", 300, 100, None)
    stop(solves, viewer, run)
    done = wait_for(solves, stage.registry, viewer, run, 10)
    assert (done.state, done.objective, done.bound) == ("done", 300, 100)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_it_is_known_to_who_began_it_alone(stage):
    solves = Solves(solve=at_once)
    run = start_solve(solves, stage.registry, stage.as_("eve"), stage.call, CAPABILITIES)
    for who in ("ann", "admin", ""):
        with pytest.raises(UnknownName, match="there is no such solve"):
            look_at(solves, stage.registry, stage.as_(who), run)
        with pytest.raises(UnknownName):
            stop(solves, stage.as_(who), run)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_what_is_hidden_meanwhile_is_not_shown(stage):
    solves, eve = Solves(solve=at_once), stage.as_("eve")
    run = start_solve(solves, stage.registry, eve, stage.call, CAPABILITIES)
    assert wait_for(solves, stage.registry, eve, run, 10).state == "done"
    with stage.registry.change(stage.as_("bob")) as change:
        change.share("asset", stage.assets[1], {"*": "private"})
    with pytest.raises(UnknownName, match="or it is not shown to you"):
        look_at(solves, stage.registry, eve, run)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_rights_are_asked_anew_when_it_ends(stage):
    slow = Slow()
    solves, viewer = Solves(solve=slow), stage.as_("steward")
    run = start_solve(solves, stage.registry, viewer, stage.call, CAPABILITIES)
    assert slow.heard.wait(10)
    stage.world.take_roles(stage.users["steward"])
    stop(solves, viewer, run)
    assert wait_for(solves, stage.registry, viewer, run, 10).proposal_ids == ()


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_nobody_has_more_than_some_under_way(stage):
    slow = Slow()
    solves, viewer = Solves(solve=slow), stage.as_("eve")
    runs = [start_solve(solves, stage.registry, viewer, stage.call, CAPABILITIES)
            for _ in range(MOST_OF_ONE)]  # fmt: skip
    with pytest.raises(TooOften, match="2 of them yours; wait until one has ended, or stop one"):
        start_solve(solves, stage.registry, viewer, stage.call, CAPABILITIES)
    for run in runs:
        stop(solves, viewer, run)
        wait_for(solves, stage.registry, viewer, run, 10)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_what_goes_wrong_is_told_and_nothing_is_kept(stage):
    def fails(question, on_progress):
        raise InputError("the rules contradict each other; give one up")

    solves, viewer = Solves(solve=fails), stage.as_("steward")
    run = start_solve(solves, stage.registry, viewer, stage.call, CAPABILITIES)
    done = wait_for(solves, stage.registry, viewer, run, 10)
    assert (done.state, done.error) == ("failed", "the rules contradict each other; give one up")
    assert proposals(stage.registry, viewer, stage.call) == []


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_an_ended_one_is_forgotten_after_an_hour(stage):
    now = [0.0]
    solves, eve = Solves(solve=at_once, clock=lambda: now[0]), stage.as_("eve")
    run = start_solve(solves, stage.registry, eve, stage.call, CAPABILITIES)
    assert wait_for(solves, stage.registry, eve, run, 10).state == "done"
    now[0] = 3601.0
    with pytest.raises(UnknownName):
        look_at(solves, stage.registry, eve, run)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_the_cheapest_to_mend_is_kept_with_what_was_asked(world, registry):
    """
    One need of half a laboratory; a partner costs 100, a lead day of the whole need 10, and both
    take 3 days. One partner costs 130, and as much again to mend; both with half each 230, and
    when one is lost the other's 3 days for half the need, 15. By the worker process.
    """
    need = {**CONTENT["needs"][0], "amount": 250}
    stage = Stage(world, needs=[need]).open()
    solves, viewer = Solves(), stage.as_("steward")
    run = start_solve(solves, registry, viewer, stage.call, CAPABILITIES,
                      losing=Losing(recoverable=1))  # fmt: skip
    done = wait_for(solves, registry, viewer, run, 60)
    assert (done.state, done.alliance.status, done.alliance.checked) == ("done", "optimal", True)
    assert done.alliance.objective == pytest.approx(245)
    assert done.alliance.terms["mending"] == pytest.approx(15)
    [kept] = proposals(registry, viewer, stage.call)
    assert kept.asked["recoverable"] == 1 and kept.objective == pytest.approx(245)


def test_the_samples_testing_call_is_solved_mended_and_kept(small, tmp_path):
    """With the worker process: a visitor looks, an administrator keeps, loses one, mends."""
    make_sample_registry(str(tmp_path / "sample.db"), small)
    registry = open_registry(str(tmp_path / "sample.db"))
    solves, testing = Solves(), sample_id("call", "testing-network")
    run = start_solve(solves, registry, VISITOR, testing, CAPABILITIES, edition=small)
    seen = wait_for(solves, registry, VISITOR, run, 60)
    assert (seen.state, seen.error, seen.proposal_ids) == ("done", None, ())
    assert seen.alliance.checked, seen.alliance.problems
    given = sum(one.amount for one in seen.alliance.contributions)
    assert given == pytest.approx(20_500)
    run = start_solve(solves, registry, COMMAND_LINE, testing, CAPABILITIES, edition=small)
    first = wait_for(solves, registry, COMMAND_LINE, run, 60)
    lost = first.alliance.partners[0]
    run = start_repair(solves, registry, COMMAND_LINE, first.proposal_ids[0], [lost], CAPABILITIES,
                       edition=small)  # fmt: skip
    mended = wait_for(solves, registry, COMMAND_LINE, run, 60)
    assert mended.error is None
    assert lost not in mended.alliance.partners and mended.alliance.changes
    assert len(proposals(registry, COMMAND_LINE, testing)) == 2
    assert proposals(registry, VISITOR, testing) == []
    _invited_accepted_and_refused(registry, mended.proposal_ids[0], small)
    registry.close()


def _invited_accepted_and_refused(registry, one, edition):
    """Of all that can be hoped for: what is accepted is agreed, what is refused is gone."""
    made = invite(registry, COMMAND_LINE, one, CAPABILITIES).made
    assert len(made) >= 3
    yes = answer(registry, COMMAND_LINE, made[0], "accept", CAPABILITIES)
    no = answer(registry, COMMAND_LINE, made[1], "decline", CAPABILITIES, reason="closed")
    assert yes.reservation_id is None  # what is past is not there to be held
    found = following(registry, COMMAND_LINE, one, CAPABILITIES, edition=edition)
    [need] = found.readiness.needs
    assert max(level.amount for level in need.agreed.levels) == pytest.approx(yes.amount)
    assert max(level.amount for level in need.expected.levels) == pytest.approx(20_500 - no.amount)
    assert call(registry, VISITOR, sample_id("call", "testing-network")).progress["states"] == {
        "invited": len(made) - 2, "accepted": 1, "declined": 1}  # fmt: skip

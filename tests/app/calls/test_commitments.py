"""Inviting, answering, and what of a capacity is held meanwhile."""

import threading
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from tests.app.calls.staged import CAPABILITIES, CONTENT, FIRST, LAST, Stage
from triplehelix.app.calls.asked import ByHand
from triplehelix.app.calls.commitments import (
    answer,
    commitment,
    commitments_to,
    invite,
    invite_one,
    my_commitments,
    offer,
)
from triplehelix.app.calls.following import report, reports
from triplehelix.app.calls.records import call, close_call, create_call, open_call, remove_call
from triplehelix.app.registry.log import history
from triplehelix.errors import Conflict, Forbidden, InputError, UnknownName
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.capacities import release, remove_capacity

ON_SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def stage(world):
    return Stage(world).open()


def held(stage: Stage, n: int) -> list[float]:
    """What is held of a capacity, as its owner sees it."""
    owner = ("ann", "bob")[n]
    with stage.registry.look(stage.as_(owner)) as sight:
        found = sight.reservations([stage.capacities[n]])
    return [one.amount for one in found if one.released_at is None]


def say(stage: Stage, who: str, one: str, act: str, **said):
    return answer(stage.registry, stage.as_(who), one, act, CAPABILITIES, **said)


def test_an_acceptance_reserves_and_a_withdrawal_gives_back(stage):
    first, second = stage.invite()
    assert held(stage, 0) == held(stage, 1) == []
    assert say(stage, "ann", first, "accept", reason="gladly").state == "accepted"
    assert held(stage, 0) == [400]
    assert say(stage, "bob", second, "decline", reason="no staff").state == "declined"
    assert held(stage, 1) == []
    assert say(stage, "ann", first, "withdraw").state == "withdrawn"
    assert held(stage, 0) == []
    told = commitments_to(stage.registry, stage.as_("steward"), stage.call)
    assert [[(e.event.state, e.event.by, e.who, e.event.reason) for e in one.events] for one in told] == [
        [("invited", "call", "Steward", None), ("accepted", "member", "Ann", "gladly"),
         ("withdrawn", "member", "Ann", None)],
        [("invited", "call", "Steward", None), ("declined", "member", "Bob", "no staff")],
    ]  # fmt: skip


def test_what_a_member_offers_is_held_until_it_is_answered(stage):
    made = offer(stage.registry, stage.as_("ann"), stage.call, CAPABILITIES, ByHand(
        "tests", stage.assets[0], stage.capacities[0], 300, FIRST, LAST))  # fmt: skip
    assert held(stage, 0) == [300]
    say(stage, "steward", made, "counter", amount=450)
    assert held(stage, 0) == []  # the call has asked for more: nothing binds the member
    say(stage, "ann", made, "counter", amount=420)
    assert held(stage, 0) == [420]
    say(stage, "steward", made, "accept")
    assert held(stage, 0) == [420]
    say(stage, "steward", made, "withdraw", reason="others are nearer")
    assert held(stage, 0) == []


@ON_SQLITE
def test_amounts_are_held_in_the_capacitys_own_unit(stage):
    """700 tests a week are 100 samples a day."""
    content = {"title": "Weekly", "needs": [{"need": "weekly", "capability": "pcr-testing",
                                             "amount": 1400, "unit": "tests/week"}]}  # fmt: skip
    steward = stage.as_("steward")
    other = create_call(stage.registry, steward, content, CAPABILITIES, network_id=stage.network)
    open_call(stage.registry, steward, other, CAPABILITIES)
    offer(stage.registry, stage.as_("ann"), other, CAPABILITIES,
          ByHand("weekly", stage.assets[0], stage.capacities[0], 700, FIRST))  # fmt: skip
    assert held(stage, 0) == [100]


def test_of_two_acceptances_of_the_last_of_a_capacity_one_is_refused(stage):
    """Two calls, at the same moment, on both engines."""
    first = stage.invite()[0]
    steward = stage.as_("steward")
    other = create_call(stage.registry, steward, {"title": "Another", "needs": [
        {"need": "more", "capability": "pcr-testing", "amount": 200, "unit": "samples/day"}]},
        CAPABILITIES, network_id=stage.network)  # fmt: skip
    open_call(stage.registry, steward, other, CAPABILITIES)
    second = invite_one(stage.registry, steward, other, CAPABILITIES,
                        ByHand("more", stage.assets[0], stage.capacities[0], 200, FIRST))  # fmt: skip
    ready, said = threading.Barrier(2), []

    def accept(one: str) -> None:
        ready.wait()
        try:
            said.append(say(stage, "ann", one, "accept").state)
        except Conflict as err:
            said.append(str(err))

    threads = [threading.Thread(target=accept, args=(one,)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [one for one in said if one != "accepted"]
    assert len(refused) == 1 and "are left on the fullest day; ask for less" in refused[0]
    assert held(stage, 0) in ([400], [200])


@ON_SQLITE
def test_a_capacity_that_is_not_available_is_accepted_without_a_reservation(stage):
    """A replay of what was: there is nothing to promise."""
    past = stage.world.capacity(stage.assets[0], amount=90, state="past")
    made = invite_one(stage.registry, stage.as_("steward"), stage.call, CAPABILITIES,
                      ByHand("tests", stage.assets[0], past, 90, FIRST))  # fmt: skip
    assert say(stage, "ann", made, "accept").reservation_id is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("who", "act", "words"),
    [
        ("steward", "accept", "the call can withdraw"),
        ("ann", "withdraw", "the member can offer, accept, counter, decline"),
        ("bob", "accept", "no such commitment"),
        ("eve", "decline", "no such commitment"),
        ("", "accept", "no such commitment"),
    ],
)
def test_only_the_side_that_is_asked_answers(stage, who, act, words):
    first = stage.invite()[0]
    with pytest.raises((InputError, Forbidden, UnknownName), match=words):
        say(stage, who, first, act)


@ON_SQLITE
def test_a_reader_of_ones_own_may_not_answer(stage):
    first = stage.invite()[0]
    ann = stage.as_("ann")
    reader = Viewer(ann.user_id, ann.name, ann.grants, scopes=frozenset({"read"}))
    with pytest.raises(Forbidden, match="you may read this commitment and not answer it"):
        answer(stage.registry, reader, first, "accept", CAPABILITIES)


@ON_SQLITE
def test_it_is_over_once_it_was_declined(stage):
    plan = stage.propose()
    first = invite(stage.registry, stage.as_("steward"), plan, CAPABILITIES).made[0]
    say(stage, "ann", first, "decline")
    with pytest.raises(InputError, match="it is over; a new one can be begun"):
        say(stage, "ann", first, "accept")
    again = invite(stage.registry, stage.as_("steward"), plan, CAPABILITIES)
    assert len(again.made) == 1  # the other still stands
    assert "is invited for the need 'tests' already" in again.left_out[0][1]


@ON_SQLITE
def test_a_closed_call_takes_no_answers_but_withdrawals(stage):
    first, second = stage.invite()
    say(stage, "ann", first, "accept")
    close_call(stage.registry, stage.as_("steward"), stage.call)
    with pytest.raises(InputError, match="this call is closed, not open"):
        say(stage, "bob", second, "accept")
    assert say(stage, "ann", first, "withdraw").state == "withdrawn"


@ON_SQLITE
def test_whoever_may_not_see_the_call_is_told_what_they_are_invited_to(world):
    stage = Stage(world).open("private")
    first = stage.invite()[0]
    with pytest.raises(UnknownName):
        call(stage.registry, stage.as_("ann"), stage.call)
    [mine] = my_commitments(stage.registry, stage.as_("ann"))
    assert (mine.commitment.title, mine.call, mine.can) == (
        "Testing for the region", None, ("offer", "accept", "counter", "decline"))  # fmt: skip
    assert say(stage, "ann", first, "accept").state == "accepted"


def test_nobody_else_learns_of_an_invitation(stage):
    first, second = stage.invite()
    for who in ("bob", "eve", ""):
        told = commitments_to(stage.registry, stage.as_(who), stage.call)
        assert [one.commitment.commitment_id for one in told] == ([second] if who == "bob" else [])
        with pytest.raises(UnknownName, match="there is no such commitment"):
            commitment(stage.registry, stage.as_(who), first)


def test_a_new_holder_of_the_call_sees_its_commitments_and_the_old_one_no_more(stage):
    from triplehelix.registry.visibility import Holder

    stage.invite()
    other = stage.world.network("Other body")
    taker = stage.world.viewer(stage.world.user("Taker", ("steward", other)))
    with stage.registry.change(stage.as_("admin")) as change:
        change.hand_over("call", stage.call, Holder(None, other))
    assert len(commitments_to(stage.registry, taker, stage.call)) == 2
    assert commitments_to(stage.registry, stage.as_("steward"), stage.call) == []
    assert len(my_commitments(stage.registry, stage.as_("ann"))) == 1


def test_progress_tells_counts_and_sums_and_nothing_else(stage):
    first, second = stage.invite()
    say(stage, "ann", first, "accept")
    say(stage, "bob", second, "decline")
    told = call(stage.registry, stage.as_(""), stage.call).progress
    assert told == {
        "states": {"accepted": 1, "declined": 1},
        "needs": [{"need": "tests", "asked": 800.0, "unit": "samples/day",
                   "curve": [["2026-04-01", 400.0], ["2026-05-01", 0]]}],
    }  # fmt: skip


@ON_SQLITE
def test_progress_is_hidden_where_the_call_does_not_show_it(world):
    stage = Stage(world)
    quiet = create_call(stage.registry, stage.as_("steward"), {"title": "Quiet", "needs": [
        {"need": "a", "capability": "pcr-testing"}]}, CAPABILITIES, network_id=stage.network)  # fmt: skip
    open_call(stage.registry, stage.as_("steward"), quiet, CAPABILITIES)
    assert call(stage.registry, stage.as_(""), quiet).progress is None


def test_members_report_what_they_gave_and_correct_it(stage):
    first = stage.invite()[0]
    with pytest.raises(InputError, match="this commitment is invited"):
        report(stage.registry, stage.as_("ann"), first, FIRST, 1)
    say(stage, "ann", first, "accept")
    with pytest.raises(InputError, match="is to come, or outside"):
        report(stage.registry, stage.as_("ann"), first, FIRST, 1)
    stage.registry.clock.pass_(days=40)
    with pytest.raises(Forbidden, match="by the member's own people"):
        report(stage.registry, stage.as_("steward"), first, FIRST, 1)
    report(stage.registry, stage.as_("ann"), first, FIRST, 350)
    report(stage.registry, stage.as_("ann"), first, FIRST, 360)
    report(stage.registry, stage.as_("ann"), first, date(2026, 4, 2), 400)
    assert [(one.day, one.amount) for one in reports(stage.registry, stage.as_("steward"), stage.call)] == [
        (FIRST, 360), (date(2026, 4, 2), 400)]  # fmt: skip
    assert reports(stage.registry, stage.as_("bob"), stage.call) == []


def test_what_a_call_holds_is_given_back_when_it_is_removed(stage):
    first = stage.invite()[0]
    say(stage, "ann", first, "accept")
    remove_call(stage.registry, stage.as_("steward"), stage.call)
    assert held(stage, 0) == []
    assert my_commitments(stage.registry, stage.as_("ann")) == []


@pytest.mark.parametrize("what", ["asset", "capacity"])
def test_an_asset_that_goes_is_withdrawn(stage, what):
    first = stage.invite()[0]
    say(stage, "ann", first, "accept")
    with stage.registry.change(stage.as_("ann")) as change:
        if what == "asset":
            change.remove("asset", stage.assets[0])
        else:
            remove_capacity(change, stage.assets[0], stage.capacities[0])
    told = commitment(stage.registry, stage.as_("steward"), first)
    assert (told.commitment.state, told.events[-1].event.reason) == (
        "withdrawn",
        "it is there no more",
    )
    assert call(stage.registry, stage.as_(""), stage.call).progress["states"] == {
        "invited": 1, "withdrawn": 1}  # fmt: skip


@ON_SQLITE
def test_what_is_held_for_a_call_is_given_back_by_withdrawing_alone(stage):
    first = stage.invite()[0]
    reservation = say(stage, "ann", first, "accept").reservation_id
    with pytest.raises(
        Conflict, match="it is accepted to the call 'Testing for the region'; withdraw"
    ):
        with stage.registry.change(stage.as_("ann")) as change:
            release(change, reservation)


@ON_SQLITE
def test_everything_stands_in_the_log_of_the_call(stage):
    first = stage.invite()[0]
    say(stage, "ann", first, "accept", reason="gladly")
    told = history(stage.registry, stage.as_("steward"), stage.call)
    assert [one.action for one in told] == [
        "create", "update", "share", "propose", "invite", "invite", "accept"]  # fmt: skip
    assert told[-1].said["reason"] == "gladly"
    asset = history(stage.registry, stage.as_("ann"), stage.assets[0])
    assert [one.action for one in asset][-1] == "reserve"


@ON_SQLITE
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_said_in_whatever_order_no_day_is_promised_beyond_what_there_is(world, seed):
    """What is held is what binds the members, told from the events alone, on each day."""
    needs = [{**CONTENT["needs"][0], "need": f"tests-{n}"} for n in range(4)]
    stage = Stage(world, needs=needs).open()
    rng, days = Random(seed), [FIRST + timedelta(days=n) for n in range(30)]
    made: list[str] = []
    most = 0.0
    for _ in range(60):
        who = rng.choice(["ann", "steward"])
        starts = rng.choice(days[:5])
        said = {"amount": float(rng.choice([100, 200, 300])), "starts": starts,
                "ends": rng.choice([None, starts + timedelta(days=3)])}  # fmt: skip
        if made and rng.random() < 0.7:
            act = rng.choice(
                ["accept", "accept", "accept", "offer", "counter", "decline", "withdraw"]
            )
            with suppress(Conflict, InputError):
                say(stage, who, rng.choice(made), act,
                    **(said if act in ("offer", "counter") and rng.random() < 0.7 else {}))  # fmt: skip
        else:
            begin = offer if who == "ann" else invite_one
            with suppress(Conflict):
                made.append(begin(
                    stage.registry, stage.as_(who), stage.call, CAPABILITIES, ByHand(
                        rng.choice(needs)["need"], stage.assets[0], stage.capacities[0], **said)))  # fmt: skip
        stage.registry.clock.pass_(minutes=1)
        _holds_what_binds(stage, days)
        most = max(most, sum(held(stage, 0)))
    assert most >= 400  # the limit was come near to


def _holds_what_binds(stage, days):
    last = [one.events[-1].event for one in my_commitments(stage.registry, stage.as_("ann"))]
    bound = [e for e in last if e.state == "accepted"
             or (e.by == "member" and e.state in ("offered", "countered"))]  # fmt: skip
    assert sorted(e.amount for e in bound) == sorted(held(stage, 0))
    for day in days:
        assert sum(e.amount for e in bound if e.starts <= day <= (e.ends or date.max)) <= 500

"""Repair, what each partner adds, alternatives, robustness: against solves and sums by hand."""

import pytest

from tests.ally.test_brute import _world
from tests.ally.worlds import OURS, PLACE, TODAY, asset, call, landscape
from triplehelix.ally import alternatives, repair, solve, worth
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.errors import InputError, UnknownName

LINES = [asset("near", "a", 60), asset("mid", "b", 60, lat=51.7), asset("far", "c", 300, lat=53.0)]


def solved(asked: Call, offered: Landscape, **how: int) -> Alliance:
    found: Alliance = solve(asked, offered, OURS, today=TODAY, **how)
    return found


def test_repair_keeps_what_is_agreed_and_adds_the_rest() -> None:
    """Without b, a goes on with its 60 although c alone would be one partner less."""
    asked, offered = call(place=PLACE), landscape(*LINES)
    first = solved(asked, offered)
    mended = repair(first, ["b"], offered, OURS, today=TODAY)
    assert first.partners == ("a", "b") and mended.partners == ("a", "c")
    assert {one.asset: one.amount for one in mended.contributions} == {"near": 60, "far": 40}
    assert [(one.what, one.asset, one.before, one.after) for one in mended.changes] == [
        ("added", "far", 0, 40), ("lost", "mid", 40, 0)]  # fmt: skip
    assert "Lost: mid (b) for need-1, 40 tests/day." in mended.notes
    assert (mended.status, mended.bound, mended.checked) == ("feasible", None, True)
    assert "b" in mended.call.rules.exclude


def test_a_partner_gives_more_before_a_new_one_comes() -> None:
    """Without b, a has 90 free and goes from 50 to 90; c adds the last 10."""
    lines = [
        asset("one", "a", 90),
        asset("two", "b", 50, lat=51.51),
        asset("three", "c", 100, lat=53),
    ]
    asked, offered = call(place={"lat": 51.52, "lon": -0.1}), landscape(*lines)
    first = solved(asked, offered)
    assert {one.member: one.amount for one in first.contributions} == {"a": 50, "b": 50}
    mended = repair(first, ["b"], offered, OURS, today=TODAY)
    assert {one.member: one.amount for one in mended.contributions} == {"a": 90, "c": 10}
    assert {one.what for one in mended.changes} == {"lost", "more", "added"}


def test_what_cannot_be_kept_is_taken_back() -> None:
    """Only c is left beside a, and the two are never together: c takes it all."""
    asked = call(rules={"never_together": [["a", "c"]]}, place=PLACE)
    offered = landscape(*LINES)
    mended = repair(solved(asked, offered), ["b"], offered, OURS, today=TODAY)
    assert (mended.status, mended.partners) == ("feasible", ("c",))
    assert {(one.what, one.member) for one in mended.changes} == {
        ("lost", "b"), ("taken back", "a"), ("added", "c")}  # fmt: skip


def test_a_loss_that_cannot_be_made_good_is_told() -> None:
    asked, offered = call(), landscape(asset("one", "a", 60), asset("two", "b", 60))
    mended = repair(solved(asked, offered), ["b"], offered, OURS, today=TODAY)
    assert mended.status == "infeasible" and mended.gaps[0].missing == pytest.approx(40)
    with pytest.raises(UnknownName, match="'z' is no part of this alliance"):
        repair(solved(asked, offered), ["z"], offered, OURS, today=TODAY)


@pytest.mark.parametrize("block", range(4))
def test_repair_is_possible_exactly_when_a_new_answer_is(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100, 2):
        asked, offered = _world(seed)
        first = solved(asked, offered)
        for name in first.partners if first.status == "optimal" else ():
            mended = repair(first, [name], offered, OURS, today=TODAY)
            again = solved(mended.call, offered)
            assert (mended.status == "feasible") == (again.status == "optimal"), seed
            assert not mended.problems
            if mended.objective is not None:
                assert mended.objective >= again.objective - 1e-5


def test_what_a_partner_adds_is_the_difference_to_doing_without_it() -> None:
    asked, offered = call(place=PLACE), landscape(*LINES)
    found = solved(asked, offered)
    told = {one.member: one for one in worth(found, offered, OURS, today=TODAY)}
    for name, one in told.items():
        without = solved(
            asked.model_copy(update={"rules": asked.rules.model_copy(update={"exclude": (name,)})}),
            offered,
        )
        assert one.costs == pytest.approx(without.objective - found.objective)
        assert one.proven and "more by the weights" in one.said


def test_a_partner_that_cannot_be_missed_is_told_with_what_would_be_missing() -> None:
    offered = landscape(asset("one", "a", 60), asset("two", "b", 60))
    told = worth(solved(call(), offered), offered, OURS, today=TODAY)
    assert [(one.costs, one.missing) for one in told] == [(None, (("need-1", 40.0),))] * 2
    assert told[0].said == "Without it 40 tests/day of need-1 would be missing."


def _priced(name: str, member: str, amount: float, price: float, **said: object) -> object:
    return asset(name, member, amount, price=price, currency="GBP", price_unit="test", **said)


def test_alternatives_are_each_best_by_their_measure() -> None:
    """Cheap is slow, quick is dear, whole is one partner, and two towns share best."""
    offered = landscape(
        _priced("cheap", "a", 60, 1, lead_days=8, town="Leeds"),
        _priced("cheap-too", "b", 60, 1, lead_days=8, town="Hull"),
        _priced("quick", "c", 60, 9, lead_days=0, town="York"),
        _priced("quick-too", "d", 60, 9, lead_days=0, town="York"),
        _priced("whole", "e", 100, 5, lead_days=5, town="Bath"),
    )
    found = alternatives(call({"until": "2026-03-10"}), offered, OURS, today=TODAY)
    by_name = {one.name: one for one in found}
    measures = {name: one.measures for name, one in by_name.items()}
    assert by_name["cheapest"].alliance.partners == ("a", "b")
    assert by_name["soonest"].alliance.partners == ("c", "d")
    assert by_name["fewest"].alliance.partners == ("e",)
    assert measures["cheapest"].money == min(one.money for one in measures.values()) == 100
    assert measures["soonest"].days == 0
    assert measures["fewest"].partners == 1
    assert measures["most spread"].largest_share == pytest.approx(
        min(one.largest_share for one in measures.values()))  # fmt: skip
    assert all(one.alliance.checked for one in found)
    assert len([one for one in found if one.same_as is None]) >= 3
    assert min(one.alliance.objective for one in found) == found[0].alliance.objective
    assert "sooner" in by_name["soonest"].trade or found[0].measures.days == 0


def test_alternatives_of_an_impossible_call_are_none() -> None:
    assert alternatives(call(), landscape(), OURS, today=TODAY) == ()


@pytest.mark.parametrize(("losses", "partners"), [(0, 2), (1, 3), (2, 4)])
def test_robust_means_any_so_many_may_leave(losses: int, partners: int) -> None:
    """Of lines of 60 a need of 100 takes two, and one more for each loss."""
    offered = landscape(*(asset(f"{name}-line", name, 60, lead_days=5) for name in "abcd"))
    found = solved(call(), offered, robust=losses)
    assert (found.status, len(found.partners), found.checked) == ("optimal", partners, True)


def test_what_cannot_be_survived_is_told_with_what_can() -> None:
    offered = landscape(*(asset(f"{name}-line", name, 60) for name in "abcd"))
    found = solved(call(), offered, robust=3)
    assert (found.status, found.robust, len(found.partners)) == ("infeasible", 2, 4)
    assert "does if any group of 2 members drops out" in found.said["status"]


def test_partly_robust_keeps_a_share_of_the_weight() -> None:
    """
    Needs of weight 3 and 1, by hand: after any one loss three quarters are kept by doubling the first.

    Two who test (a, b) and one who designs (d) are enough; in full it takes both designers.
    """
    needs = ({"weight": 3}, {"capability": "design", "amount": None, "unit": None, "by": None})
    offered = landscape(
        asset("t-a", "a", 100), asset("t-b", "b", 100), asset("d-d", "d", capability="design"),
        asset("d-e", "e", capability="design"),
    )  # fmt: skip
    whole = solved(call(*needs), offered, robust=1)
    part = solve(call(*needs), offered, OURS, today=TODAY, robust=1, share=0.75)
    assert (len(whole.partners), whole.robust) == (4, 1)
    assert (len(part.partners), part.robust, part.checked) == (3, None, True)
    assert {"a", "b"} < set(part.partners)
    assert "If any one member drops out, at least 75 %" in part.said["robust"]
    with pytest.raises(InputError, match="share is 0"):
        solve(call(), offered, OURS, today=TODAY, robust=1, share=0)

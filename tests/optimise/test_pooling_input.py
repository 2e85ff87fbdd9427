"""Bad and degenerate input: a plain answer."""

from dataclasses import replace

import numpy as np
import pytest

from triplehelix.errors import InputError
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Extra, Row, small

GOOD = small(
    demand=[4, 2], capacity=[3, 3], owner=[0, 1], partner_cost=[1, 2], arcs=[(0, 0, 5), (0, 1, 1)]
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"demand": np.array([4.0, -2.0])}, r"demand\[1\] is -2 .* leave out what is not asked"),
        ({"demand": np.array([4.0, np.nan])}, r"demand\[1\] is nan"),
        ({"capacity": np.array([-1.0, 3.0])}, r"capacity\[0\] is -1 .* >= 0, or infinite"),
        ({"partner_cost": np.array([np.inf, 3.0])}, r"partner_cost\[0\] is inf .* finite"),
        ({"arc_demand": np.array([0, 7])}, r"arc_demand\[1\] is 7, but demand has 2 rows"),
        ({"owner": np.array([0, -1])}, r"owner\[1\] is -1, but partner_cost has 2 rows"),
        ({"arc_cost": np.array([1.0])}, r"arc_cost has the shape \(1,\) and arc_demand \(2,\)"),
        ({"arc_supply": np.array([0, 0])}, "supply 0 and demand 0 are joined by two arcs"),
        ({"at_least": np.array([1, 0]), "at_most": np.array([0, 1])}, r"bounded by \(1, 0\); use"),
        ({"rows": (Row("budget", low=3, high=2),)}, "'budget' asks for 3 to 2; swap them"),
        ({"rows": (Row("mix", low=1, partners={9: 1.0}),)}, "'mix' gives partners 9"),
        ({"extras": (Extra(1.0, 2.0, 1.0),)}, "extra 0 costs 1 and goes from 2 to 1"),
    ],
)
def test_what_contradicts_itself_is_refused(change: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        solve_pooling(replace(GOOD, **change))


def test_costs_that_fall_without_end_are_refused() -> None:
    with pytest.raises(InputError, match="costs fall without end"):
        solve_pooling(
            replace(GOOD, demand=np.array([3.0, 2.0]), short_cost=np.array([9.0, 9.0]),
                    extras=(Extra(-1.0, 0.0, np.inf),))
        )  # fmt: skip


def test_a_demand_that_nobody_can_meet_is_infeasible() -> None:
    found = solve_pooling(GOOD)
    assert (found.status, found.objective, found.partners) == ("infeasible", None, ())
    assert len(found.amount) == 0


def test_nothing_asked_costs_nothing() -> None:
    found = solve_pooling(small(demand=[], capacity=[3], owner=[0], partner_cost=[1], arcs=[]))
    assert (found.status, found.objective, found.partners) == ("optimal", 0.0, ())


def test_nothing_at_all() -> None:
    found = solve_pooling(small(demand=[], capacity=[], owner=[], partner_cost=[], arcs=[]))
    assert (found.status, found.objective) == ("optimal", 0.0)


def test_no_arcs_and_a_demand_that_may_stay_unmet() -> None:
    problem = small(demand=[4], capacity=[3], owner=[0], partner_cost=[1], arcs=[], short_cost=2.0)
    found = solve_pooling(problem)
    assert (found.status, found.objective) == ("optimal", 8.0)
    np.testing.assert_array_equal(found.short, [4.0])


@pytest.mark.parametrize(("capacity", "status"), [(0.0, "infeasible"), (np.inf, "optimal")])
def test_a_supply_of_nothing_and_one_without_end(capacity: float, status: str) -> None:
    problem = small(demand=[4], capacity=[capacity], owner=[0], partner_cost=[1], arcs=[(0, 0, 2)])
    found = solve_pooling(problem)
    assert found.status == status
    assert found.objective == (9.0 if status == "optimal" else None)


def test_a_partner_who_must_be_in_costs_even_if_idle() -> None:
    problem = small(
        demand=[2], capacity=[3, 3], owner=[0, 1], partner_cost=[7, 1], arcs=[(0, 1, 1)]
    )
    found = solve_pooling(replace(problem, at_least=np.array([1, 0])))
    assert (found.objective, found.partners) == (10.0, (0, 1))


def test_an_error_in_the_listener_comes_out() -> None:
    def fails(_: object) -> bool:
        raise ValueError("the listener broke")

    problem = small(
        demand=[5, 5, 5], capacity=[3] * 9, owner=list(range(9)), partner_cost=[3, 4, 5] * 3,
        arcs=[(d, s, float((d * 7 + s * 5) % 11)) for d in range(3) for s in range(9)],
    )  # fmt: skip
    with pytest.raises(ValueError, match="the listener broke"):
        solve_pooling(problem, Limits(5), on_progress=fails)

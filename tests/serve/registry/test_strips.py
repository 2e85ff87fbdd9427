"""The chart of several answers: less stands left, letters are apart, what all share is left out."""

import random

from triplehelix.ally.measures import Measures
from triplehelix.app.calls.comparing import Column
from triplehelix.serve.registry.strips import strips

SAME = {"money": 0.0, "unpriced": 1, "days": 10.0, "partners": 2, "places": 2, "largest_share": 0.5}


def column(letter: str, objective: float | None = 5.0, **measures) -> Column:
    return Column(letter, "balanced", letter, "", Measures(**{**SAME, **measures}), "optimal",
                  objective, True, [])  # fmt: skip


def test_hand_worked():
    """3, 4 and 8 members on a line from 12 to 348: 4 stands a fifth of the way, at 79.2."""
    drawn = strips([column("A", partners=4), column("B", partners=3), column("C", partners=8)])
    assert [(one.name, one.low, one.high) for one in drawn] == [("Members", "3", "8")]
    assert [(m.letters, m.x, m.at, m.said) for m in drawn[0].marks] == [
        ("B", 12.0, 12.0, "3"), ("A", 79.2, 79.2, "4"), ("C", 348.0, 348.0, "8")]  # fmt: skip


def test_equal_answers_share_a_mark_and_what_is_not_known_is_not_drawn():
    drawn = strips(
        [column("A", days=3, unpriced=0, money=7), column("B", days=9), column("C", days=9)]
    )
    assert [one.name for one in drawn] == ["Days until all are ready"]
    assert [m.letters for m in drawn[0].marks] == ["A", "BC"]
    assert strips([column("A"), column("B")]) == [] and strips([column("A", None)]) == []


def test_letters_lie_apart_in_the_order_of_their_values_and_on_the_chart():
    rng = random.Random(7)
    for _ in range(200):
        columns = [column(c, partners=rng.choice([1, 2, 60, 61, 62])) for c in "ABCDE"]
        for one in strips(columns):
            places = [m.at for m in one.marks]
            assert all(b - a >= 17.9 for a, b in zip(places, places[1:], strict=False))
            assert places[0] >= 12 and places[-1] <= 348
            assert [m.x for m in one.marks] == sorted(m.x for m in one.marks)

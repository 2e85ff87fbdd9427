"""Fractional ties: by hand, against every pair taken singly, against matrices, by their laws."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.link import collaboration

PARTICIPANTS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from("ABCD"), st.integers(0, 5)), max_size=40
)


def columns(participants):
    return [list(column) for column in zip(*participants, strict=True)] or [[], [], []]


def as_dict(ties):
    return {
        (str(first), str(second)): (weight, n)
        for first, second, weight, n in zip(*ties, strict=True)
    }


def pair_by_pair(participants):
    """The definition, one pair of participants at a time, in fractions."""
    weight, together = defaultdict(Fraction), defaultdict(set)
    for activity in {a for a, _, _ in participants}:
        taking_part = [(g, s) for a, g, s in participants if a == activity and s > 0]
        pairs = list(combinations(taking_part, 2))
        total = sum(s * t for (_, s), (_, t) in pairs)
        for (g, s), (h, t) in pairs:
            weight[min(g, h), max(g, h)] += Fraction(s * t, total)
            together[min(g, h), max(g, h)].add(activity)
    return {pair: (float(weight[pair]), len(together[pair])) for pair in weight}


def test_hand_worked_with_shares():
    """Products 1/2 1/4, 1/2 1/4 and 1/4 1/4: two fifths, two fifths and one fifth."""
    ties = as_dict(collaboration(["p"] * 3, ["A", "B", "C"], [0.5, 0.25, 0.25]))
    assert ties == {
        ("A", "B"): (pytest.approx(0.4), 1),
        ("A", "C"): (pytest.approx(0.4), 1),
        ("B", "C"): (pytest.approx(0.2), 1),
    }


@given(PARTICIPANTS)
def test_agrees_with_every_pair_taken_singly(participants):
    found, expected = as_dict(collaboration(*columns(participants))), pair_by_pair(participants)
    assert found.keys() == expected.keys()
    for pair, (weight, n) in expected.items():
        assert found[pair] == (pytest.approx(weight, rel=1e-9), n)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from("ABCD")), min_size=1))
def test_full_count_between_groups_is_that_of_matrix_multiplication(participants):
    incidence = np.zeros((7, 4), dtype=int)
    for activity, group in participants:
        incidence[activity, "ABCD".index(group)] = 1
    together = incidence.T @ incidence
    ties = collaboration(*columns(participants))
    for first, second, n in zip(ties.first, ties.second, ties.n_activities, strict=True):
        if first != second:
            assert n == together["ABCD".index(first), "ABCD".index(second)]


@given(PARTICIPANTS)
def test_each_activity_of_two_or_more_counts_once(participants):
    sizes = defaultdict(int)
    for activity, _, share in participants:
        sizes[activity] += share > 0
    total = collaboration(*columns(participants)).weight.sum()
    assert total == pytest.approx(sum(n > 1 for n in sizes.values()))


@given(PARTICIPANTS, st.randoms(use_true_random=False))
def test_row_order_changes_no_bit(participants, chance):
    shuffled = chance.sample(participants, len(participants))
    ties, again = (collaboration(*columns(rows)) for rows in (participants, shuffled))
    for one, other in zip(ties, again, strict=True):
        assert one.tobytes() == other.tobytes()


@given(PARTICIPANTS, st.sampled_from([0.25, 3.0, 1e6]))
def test_unit_of_the_shares_does_not_matter(participants, unit):
    activity, group, share = columns(participants)
    ties = collaboration(activity, group, share)
    scaled = collaboration(activity, group, np.array(share, dtype=float) * unit)
    np.testing.assert_allclose(ties.weight, scaled.weight)


def test_a_very_large_activity_still_weighs_one():
    n = 3_000
    ties = collaboration(np.zeros(n), np.arange(n) % 3)
    assert ties.weight.sum() == pytest.approx(1)
    assert ties.n_activities.tolist() == [1] * 6


def test_nothing_in_nothing_out():
    for empty in (collaboration([], []), collaboration(["p"], ["A"])):
        assert [len(column) for column in empty] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["p", "q"], ["A"]), r"got shapes \(2,\), \(1,\), \(2,\); give one entry per"),
        (([["p"]], [["A"]]), "must be 1-D"),
        ((["p"], ["A"], [-0.5]), r"share\[0\] is -0.5 \(1 such\).*use 0 for a participant"),
        ((["p"], ["A"], [np.nan]), r"share\[0\] is nan"),
    ],
)
def test_wrong_arrays_are_named_with_the_remedy(arguments, words):
    with pytest.raises(InputError, match=words):
        collaboration(*arguments)

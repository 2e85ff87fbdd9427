"""Ties by label with intervals: by hand, against single activities, by law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.link import Labels, collaboration, inside_share, ties
from triplehelix.stats import sum_interval

ROWS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from("ABCD")), max_size=30)
LABELS = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from("xyz"), st.sampled_from([0.0, 0.001, 0.25, 1.0])),
    max_size=15,
    unique_by=lambda r: r[:2],
)


def columns(rows, n):
    return [list(c) for c in zip(*rows, strict=True)] or [[]] * n


@settings(deadline=None)
@given(ROWS, LABELS)
def test_each_label_is_the_weighted_sum_over_its_activities(rows, labels):
    activity, group = columns(rows, 2)
    found = ties(activity, group, labels=Labels(*columns(labels, 3)))
    parts = {}
    for a, label, weight in labels:
        own = [g for b, g in rows if b == a]
        for first, second, part, _ in zip(*collaboration([a] * len(own), own), strict=True):
            if weight > 0:
                parts.setdefault((str(first), str(second), label), []).append(part * weight)
    keys = list(zip(*(c.tolist() for c in (found.first, found.second, found.label)), strict=True))
    assert keys == sorted(parts)
    for k, key in enumerate(keys):
        part = np.array(parts[key])
        assert found.weight[k] == pytest.approx(part.sum())
        assert found.n_activities[k] == len(part)
        low, high = sum_interval(part.sum(), (part**2).sum(), part.max())
        assert (found.low[k], found.high[k]) == (pytest.approx(low), pytest.approx(high))


@settings(deadline=None)
@given(ROWS)
def test_without_labels_it_is_collaboration(rows):
    activity, group = columns(rows, 2)
    found, whole = ties(activity, group), collaboration(activity, group)
    np.testing.assert_array_equal(found.first, whole.first)
    # Each sums in a way of its own.
    np.testing.assert_allclose(found.weight, whole.weight, rtol=1e-12)
    np.testing.assert_array_equal(found.n_activities, whole.n_activities)
    assert set(found.label.tolist()) <= {"all"}


@settings(deadline=None)
@given(ROWS, LABELS, st.randoms(use_true_random=False))
def test_row_order_changes_no_bit(rows, labels, chance):
    found = [
        ties(*columns(r, 2), labels=Labels(*columns(n, 3)))
        for r, n in (
            (rows, labels),
            (chance.sample(rows, len(rows)), chance.sample(labels, len(labels))),
        )
    ]
    for one, other in zip(*found, strict=True):
        assert one.tobytes() == other.tobytes()


def test_inside_by_hand():
    """p: pairs AA, AB, AB of a third each. q: one pair AB. A: 1/3 inside, 2/3 + 1 outside."""
    found = inside_share(["p", "p", "p", "q", "q"], ["A", "A", "B", "A", "B"])
    assert found.group.tolist() == ["A", "B"]
    assert found.inside.tolist() == pytest.approx([1 / 3, 0])
    assert found.outside.tolist() == pytest.approx([5 / 3, 5 / 3])
    assert found.share.tolist() == pytest.approx([1 / 6, 0])
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()
    assert found.high[1] > 0.3  # little was seen, so little is known


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (Labels(["p"], ["x", "y"]), r"labels have columns of shapes \(1,\), \(2,\)"),
        (Labels(["p"], ["x"], [-1]), r"labels.weight\[0\] is -1.0 \(1 such\).*leave out a label"),
    ],
)
def test_wrong_labels_are_named(labels, words):
    with pytest.raises(InputError, match=words):
        ties(["p", "p"], ["A", "B"], labels=labels)

"""Roles: by hand, pair by pair in fractions, against simulation of the null, shuffled."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.link import expected_shares, role

# Each organisation has one group and one country; "" is outside, or unknown.
GROUP = dict(zip("abcdefgh", ["A", "A", "A", "B", "B", "", "", "B"], strict=True))
COUNTRY = dict(zip("abcdefgh", ["GB", "GB", "FR", "GB", "", "FR", "", "DE"], strict=True))
WORK = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from("abcdefgh")), min_size=1, max_size=30, unique=True
)


def columns(work):
    activity, organisation = (list(c) for c in zip(*work, strict=True))
    return (
        [f"p{a}" for a in activity],
        organisation,
        [GROUP[o] for o in organisation],
        [COUNTRY[o] for o in organisation],
    )


def pair_by_pair(work):
    ends = defaultdict(lambda: [Fraction(0)] * 4)
    for a in {a for a, _ in work}:
        pairs = list(combinations([o for b, o in work if b == a], 2))
        for one, other in [*pairs, *((y, x) for x, y in pairs)]:
            if not GROUP[one]:
                continue
            scope = 3
            if GROUP[one] == GROUP[other]:
                scope = 0
            elif COUNTRY[one] and COUNTRY[other]:
                scope = 1 if COUNTRY[one] == COUNTRY[other] else 2
            ends[GROUP[one]][scope] += Fraction(1, len(pairs))
    return {g: [float(v / sum(e)) for v in e[:3]] for g, e in ends.items()}


@settings(deadline=None)
@given(WORK)
def test_agrees_with_every_pair_taken_singly(work):
    found, expected = role(*columns(work)), pair_by_pair(work)
    assert found.group.tolist() == sorted(expected)
    for group, share in zip(found.group, found.share, strict=True):
        assert share.tolist() == pytest.approx(expected[str(group)])
    assert (found.low <= found.share + 1e-12).all()
    assert (found.share <= found.high + 1e-12).all()


@settings(deadline=None)
@given(WORK, st.randoms(use_true_random=False))
def test_row_order_changes_no_bit(work, chance):
    one, other = (role(*columns(w)) for w in (work, chance.sample(work, len(work))))
    for a, b in zip(one, other, strict=True):
        assert a.tobytes() == b.tobytes()


def test_null_by_hand():
    """
    Four organisations that work equally much: a, b in A (GB), c in B (GB), d in B (FR).

    Of a's three possible partners one is in A, one in B at home and one abroad.
    """
    work = [(k, o) for k, pair in enumerate(combinations("abcd", 2)) for o in pair]
    group, country = (
        dict(zip("abcd", "AABB", strict=True)),
        {"a": "GB", "b": "GB", "c": "GB", "d": "FR"},
    )
    names = [o for _, o in work]
    found = role(
        [str(k) for k, _ in work], names, [group[o] for o in names], [country[o] for o in names]
    )
    np.testing.assert_allclose(found.by_size[0], [1 / 3, 1 / 3, 1 / 3])
    # c: d inside, a and b at home; d: c inside, two abroad.
    np.testing.assert_allclose(found.by_size[1], [1 / 3, 1 / 3, 1 / 3])
    np.testing.assert_allclose(found.share, found.by_size)  # everybody works with everybody
    assert found.n_activities.tolist() == [5, 5]


def test_null_is_what_dealing_out_partners_gives():
    """Partners drawn 40,000 times for each organisation of A, by how much they collaborate."""
    rng = np.random.default_rng(0)
    strength = {"a": 5, "b": 1, "c": 3, "d": 4, "f": 2, "h": 2}  # all of them placed
    # An activity with an outsider z_k for each unit of strength: its country is abroad.
    work = [(f"{o}{k}", x) for o, s in strength.items() for k in range(s) for x in (o, f"z{o}{k}")]
    names = [o for _, o in work]
    found = role(
        [a for a, _ in work],
        names,
        [GROUP.get(o, "") for o in names],
        [COUNTRY.get(o, "US") for o in names],
    )
    everyone = strength | {o: 1 for o in names if o[0] == "z"}
    got = np.zeros(3)
    for o in "abc":
        others = [x for x in everyone if x != o]
        p = np.array([everyone[x] for x in others], float)
        drawn = rng.choice(len(others), 40_000, p=p / p.sum())
        for k in drawn:
            x = others[k]
            local = GROUP.get(x) == "A"
            scope = 0 if local else 1 if COUNTRY.get(x, "US") == COUNTRY[o] else 2
            got[scope] += strength[o] / 9 / 40_000
    np.testing.assert_allclose(found.by_size[0], got, atol=0.006)


def test_expected_shares_by_hand():
    groups, shares = expected_shares(
        ["a", "a", "a"], ["a", "b", "c"], [1, 1, 2], {"a": "GB", "b": "GB", "c": "FR"}
    )
    assert groups.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(shares, [[2 / 5, 1 / 5, 2 / 5], [0, 1, 0], [0, 0, 1]])


def test_wrong_use_is_named():
    with pytest.raises(InputError, match="give one entry each per participant"):
        role(["p"], ["a"], ["A"], [])
    with pytest.raises(InputError, match=r"no country for 'b' \(1 such\)"):
        expected_shares(["a"], ["b"], [1], {"a": "GB"})

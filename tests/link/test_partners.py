"""Whom one should seek: by hand, against every pair worked out plainly, in any order of rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.link.evidence import EVIDENCE, evidence
from triplehelix.link.joining import Body, activities_of, joined, work
from triplehelix.link.partners import BETWEEN_ORGANISATIONS, ranked, ranked_by
from triplehelix.link.past import Traits, past
from triplehelix.link.shortfall import expectation, short_of

NODES = "abcdefgh"
WORK = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(NODES)), min_size=1, max_size=30, unique=True
)


def traits(nodes=NODES):
    lat = np.linspace(50, 54, len(nodes))
    helix = ["academia", "industry"] * (len(nodes) // 2) + ["health"] * (len(nodes) % 2)
    return Traits(list(nodes), lat, np.zeros(len(nodes)), ["GB"] * len(nodes), helix)


def rows(did):
    return [f"p{a}" for a, _ in did], [o for _, o in did]


def plainly(columns, reasons):
    """The mean rank of each candidate: how many it is above, ties counting half, over all."""
    sign = {"near": -1}
    names = {"alike": "shared_themes", "near": "distance", "helix": "helix_bridge"}
    total = []
    for row in columns:
        ranks = []
        for reason in reasons:
            at = EVIDENCE.index(names.get(reason, reason))
            own, all_ = (sign.get(reason, 1) * np.round(v, 9) for v in (row[at], columns[:, at]))
            ranks.append(((all_ < own).sum() + (all_ == own).sum() / 2) / len(columns))
        total.append(sum(ranks) / len(ranks))
    return total


@settings(deadline=None)
@given(WORK)
def test_equal_parts_are_the_mean_of_ranks_worked_out_plainly(did):
    so_far = past(*rows(did), traits())
    candidates = np.arange(1, len(so_far.node))
    if not len(candidates):
        return
    found = ranked(so_far, 0, candidates)
    expected = plainly(
        evidence(so_far, np.zeros(len(candidates), int), candidates), BETWEEN_ORGANISATIONS
    )
    np.testing.assert_allclose(found.score, [expected[k - 1] for k in found.node])
    assert found.score.tolist() == sorted(found.score.tolist(), reverse=True)


@settings(deadline=None)
@given(WORK, st.randoms(use_true_random=False))
def test_row_order_changes_no_bit(did, chance):
    one, other = (past(*rows(each), traits()) for each in (did, chance.sample(did, len(did))))
    candidates = np.arange(1, len(one.node))
    mixed = np.array(chance.sample(candidates.tolist(), len(candidates)), dtype=np.int64)
    weights = {"closeness": 2.0, "distance": -0.3}
    for how in ({}, {"weights": weights}):
        first, second = ranked(one, 0, candidates, **how), ranked(other, 0, mixed, **how)
        assert first.node.tolist() == second.node.tolist()
        assert first.score.tobytes() == second.score.tobytes()
        assert first.ranks.tobytes() == second.ranks.tobytes()


def test_learned_weights_order_by_their_sum_and_ranks_stay_those_of_the_reasons():
    columns = np.zeros((3, len(EVIDENCE)))
    columns[:, EVIDENCE.index("closeness")] = 1, 2, 3
    columns[:, EVIDENCE.index("partners")] = 5, 0, 1
    found = ranked_by(
        [4, 7, 9], columns, reasons=("size",), weights={"closeness": 1.0, "partners": 0.5}
    )
    assert found.node.tolist() == [4, 9, 7]  # 3.5, 3.5 and 2: equal ones by their index
    assert found.score.tolist() == [3.5, 3.5, 2.0]
    assert found.ranks[:, 0].tolist() == pytest.approx([5 / 6, 1 / 2, 1 / 6])


def test_what_cannot_be_told_counts_for_nobody():
    columns = np.zeros((2, len(EVIDENCE)))
    found = ranked_by([0, 1], columns, reasons=("shortfall",), given={"shortfall": [np.nan, 3.0]})
    assert found.node.tolist() == [1, 0]
    assert found.score.tolist() == [0.5, 0.0]


def test_wrong_reasons_and_weights_are_named():
    columns = np.zeros((1, len(EVIDENCE)))
    with pytest.raises(InputError, match="reason 'luck' is neither given nor one of common"):
        ranked_by([0], columns, reasons=("luck",))
    with pytest.raises(InputError, match="no column 'luck'; the columns are constant, size"):
        ranked_by([0], columns, weights={"luck": 1.0})


@settings(deadline=None)
@given(WORK, st.sets(st.sampled_from(NODES), min_size=1, max_size=4))
def test_a_joined_node_is_the_past_of_rows_under_one_name(did, members):
    """What `past` makes of the rows when the members' names are all written as one."""
    activity, node = rows(did)
    themes = (["p0", "p1", "p2"], ["x", "y", "x"])
    so_far, done = (
        past(activity, node, traits(), themes=themes),
        work(activity, node, themes=themes),
    )
    inside = [k for k, name in enumerate(so_far.node) if name in members]
    if not inside:
        return
    found = joined(
        so_far, done, activities_of(done, inside), Body("z", 52.0, 0.0, "GB"), members=inside
    )
    merged = ["z" if name in members else name for name in node]
    known = traits(NODES + "z")
    plain = past(activity, merged, known, themes=themes)
    z = plain.node.tolist().index("z")
    partners = {str(plain.node[k]) for k in plain.tied[[z]].nonzero()[1]}
    assert {str(found.node[k]) for k in found.tied[[len(so_far.node)]].nonzero()[1]} == partners
    assert found.size[-1] == plain.size[z]
    assert found.themes[-1].tolist() == plain.themes[z].tolist()
    assert (found.tied != found.tied.T).nnz == 0


def test_work_of_another_past_is_refused():
    so_far, done = past(["p"], ["a"], traits()), work(["p", "p"], ["a", "b"])
    with pytest.raises(InputError, match="give the work that the past was made of"):
        joined(so_far, done, np.ones(1), Body("z", 0.0, 0.0))


def test_hardly_is_half_of_what_gravity_expects():
    """Four alike, of which every pair but one shares two activities: 10 / 6 can be expected."""
    names = "abcd"
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4) if (i, j) != (0, 1)]
    activity = [f"{i}{j}{n}" for i, j in pairs for n in (0, 1) for _ in (i, j)]
    node = [names[k] for i, j in pairs for _ in (0, 1) for k in (i, j)]
    here = Traits(list(names), [50.0] * 4, [0.0] * 4, ["GB"] * 4, ["academia"] * 4)
    so_far, done = past(activity, node, here), work(activity, node)
    # Sizes differ (4 for a and b, 6 for c and d), so what is expected differs with them.
    fit = expectation(so_far, done)
    shared = np.asarray((done.part @ done.part[[0]].T).toarray()).ravel()
    found = short_of(so_far, shared, 0, fit)
    assert found.node.tolist() == [1]
    assert found.shared.tolist() == [0.0]
    assert short_of(so_far, shared, 0, None).node.tolist() == [1]
    every = short_of(so_far, np.zeros(4), 0, fit).expected.sum()
    i, j = np.triu_indices(4, 1)
    total = (
        sum(short_of(so_far, np.zeros(4), k, fit).expected.sum() for k in range(4)) / 2
    )  # each pair is seen from both ends
    assert every > 0
    # Poisson regression with a constant: what is expected adds up to what there is.
    assert total == pytest.approx((done.part @ done.part.T).toarray()[i, j].sum())


def test_nothing_can_be_expected_of_one():
    assert expectation(past(["p"], ["a"], traits()), work(["p"], ["a"])) is None

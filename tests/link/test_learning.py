"""What earlier years teach: planted habits found again, no leakage, any order of rows."""

from hashlib import sha256
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from triplehelix.link import learning
from triplehelix.link.evidence import EVIDENCE, evidence
from triplehelix.link.forecast_steps import forecasts
from triplehelix.link.learning import CLASSES, TESTED_PER_CLASS, Rows, stretches, taught
from triplehelix.link.past import Traits, new_ties, past
from triplehelix.stats import wilson_interval

N = 240
NODES = [f"o{k:03}" for k in range(N)]


def day(year):
    return np.datetime64(f"{year}-03-01")


def world(seed, *, per_year=220):
    """Projects of 2010-2015 with three partners: of one circle of six nine times in ten, or any."""
    rng = np.random.default_rng(seed)
    circle = np.arange(N) % 6
    activity, node, start = [], [], []
    for year in range(2010, 2016):
        for k in range(per_year):
            own = np.flatnonzero(circle == rng.integers(6))
            for o in rng.choice(own if rng.random() < 0.9 else N, 3, replace=False):
                activity.append(f"{year}-{k:03}")
                node.append(NODES[o])
                start.append(day(year))
    return Rows(np.array(activity), np.array(node), np.array(start, "datetime64[D]"))


def traits():
    return Traits(NODES, [50.0] * N, [0.0] * N, ["GB"] * N, ["academia"] * N)


def learn(rows, **more):
    return taught(rows, traits(), themes=((), ()), eligible=NODES, **more)


def test_years_are_split_where_a_quarter_and_half_had_begun():
    """Of eight, two begin in the first year: a quarter by the second, half by the fourth."""
    years = [2001, 2001, 2002, 2003, 2004, 2004, 2005, 2006]
    found = stretches(np.array([day(y) for y in years], "datetime64[D]"))
    assert [str(each) for each in found] == ["2002-01-01", "2004-01-01"]
    assert stretches(np.array([day(2001)], "datetime64[D]")) is None
    assert stretches(np.array([np.datetime64("NaT")], "datetime64[D]")) is None


def test_planted_circles_are_learned_and_hold():
    """Slowly met circles: a tie within one comes far more often than chance."""
    found = learn(world(0))
    assert found.weights["closeness"] > 0
    came = sum(h.n_came for h in found.held.values())
    named = sum(h.n_named for h in found.held.values())
    chance = np.nanmean([h.chance for h in found.held.values()])
    low, _ = wilson_interval(came, named)
    assert low > chance


def test_what_came_after_the_test_began_changes_no_weight():
    rows = world(1)
    at = learn(rows).stretches
    rng = np.random.default_rng(5)
    late = rows.start >= at.known
    node = rows.node.copy()
    node[late] = rng.permutation(node[late])
    assert learn(rows._replace(node=node)).weights == learn(rows).weights


@pytest.mark.parametrize("few", [False, True])
def test_shuffled_rows_teach_the_same_to_the_bit(few):
    rows = world(2)
    order = np.random.default_rng(3).permutation(len(rows.node))
    one, other = learn(rows, few=few), learn(rows.kept(order), few=few)
    assert one.weights == other.weights
    assert one.held == other.held
    assert one.why_not == other.why_not


def test_of_very_many_new_ties_a_sample_teaches_nearly_the_same(monkeypatch):
    rows = world(6)
    whole = learn(rows).weights
    monkeypatch.setattr(learning, "MOST_CAME", 400)
    assert learn(rows).weights != whole
    # Each tie that was drawn stands for several, so the rate of ties does not fall.
    rows_of = rows.kept(~np.isnat(rows.start))
    at = stretches(np.unique(rows_of.start))
    before, now = rows_of.start < at.learned_from, rows_of.start < at.known
    so_far = past(rows_of.activity[before], rows_of.node[before], traits())
    later = rows_of.kept(now & ~before)
    given = learning._drawn_lesson(so_far, later)
    n = len(new_ties(so_far, later.activity, later.node)[0])
    assert n > 400 == (given.came > 0).sum()
    assert given.weight[given.came > 0].sum() == pytest.approx(n)


def test_too_many_rows_are_not_learned_from(monkeypatch):
    monkeypatch.setattr(learning, "MOST_ROWS", 10)
    assert learn(world(0)).why_not == "3,960 participations are too many to learn from"


def test_too_little_says_so():
    assert learn(world(0, per_year=20)).why_not.endswith("and 200 are needed")
    nothing = Rows(np.array(["p"]), np.array(["o000"]), np.array([day(2010)], "datetime64[D]"))
    assert learn(nothing).why_not == "its activities do not span enough years"


def test_how_it_held_is_what_a_plain_count_gives():
    """Each that was asked: rank all it shared nothing with, and see whom it met later."""
    rows = world(4)
    found = learn(rows)
    before = rows.start < found.stretches.known
    so_far = past(rows.activity[before], rows.node[before], traits())
    who = {}
    for activity, node in zip(rows.activity[~before], rows.node[~before], strict=True):
        who.setdefault(activity, set()).add(node)
    met = {frozenset(pair) for them in who.values() for pair in combinations(sorted(them), 2)}
    for size, (least, most) in CLASSES.items():
        able = [k for k in range(len(so_far.node)) if least <= so_far.size[k] - 1 <= most]
        able.sort(key=lambda k: sha256(str(so_far.node[k]).encode()).digest())
        came, named = 0, 0
        for k in able[:TESTED_PER_CLASS]:
            row = so_far.tied[[k]].toarray()[0]
            others = [m for m in range(len(row)) if row[m] == 0 and m != k]
            columns = evidence(so_far, [k] * len(others), others)
            score = columns @ [found.weights.get(name, 0.0) for name in EVIDENCE]
            best = sorted(range(len(others)), key=lambda m: (-round(score[m], 9), others[m]))[:5]
            named += len(best)
            came += sum(
                frozenset((str(so_far.node[k]), str(so_far.node[others[m]]))) in met for m in best
            )
        assert (found.held[size].n_named, found.held[size].n_came) == (named, came)


def test_those_who_may_not_be_named_are_not():
    rows = world(0)
    found = taught(rows, traits(), themes=((), ()), eligible=[], few=False)
    assert sum(h.n_named for h in found.held.values()) == 0
    assert found.why_not == "in the test the reasons in equal parts held as well"


def test_the_table_says_whether_it_is_used_and_repeats_the_test():
    rows = world(0)
    table = pa.table({
        "between": ["organisation"] * len(rows.node), "level": [0] * len(rows.node),
        "theme": ["all"] * len(rows.node), "period": ["all"] * len(rows.node),
        "activity_id": rows.activity, "node": rows.node, "start": rows.start,
    })  # fmt: skip
    nodes = pa.table({
        "node": NODES, "lat": [50.0] * N, "lon": [0.0] * N, "country": ["GB"] * N,
        "helix": ["academia"] * N, "eligible": [True] * N,
    })  # fmt: skip
    none = pa.table({"activity_id": pa.array([], pa.string()), "theme": pa.array([], pa.string()),
                     "weight": pa.array([], pa.float64())})  # fmt: skip
    made = {r["measure"]: r for r in forecasts(table, nodes, none, {}).to_pylist()}
    found = learn(rows)
    assert made["used"]["value"] == float(found.why_not is None)
    for size, held in found.held.items():
        if held.n_named:
            assert made[f"precision_{size}"]["value"] == pytest.approx(held.n_came / held.n_named)
            assert made[f"precision_{size}"]["n"] == held.n_named
            low, high = wilson_interval(held.n_came, held.n_named)
            assert made[f"precision_{size}"]["low"] == pytest.approx(float(low))
            assert made[f"precision_{size}"]["high"] == pytest.approx(float(high))
    for name, weight in found.weights.items():
        assert made[f"weight_{name}"]["value"] == pytest.approx(weight)

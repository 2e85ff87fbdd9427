"""What earlier years teach: planted habits found again, no leakage, any order of rows."""

import numpy as np
import pyarrow as pa
import pytest

from triplehelix.link.forecasts import forecasts
from triplehelix.link.learning import Rows, stretches, taught
from triplehelix.link.past import Traits
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


def test_too_little_says_so():
    assert learn(world(0, per_year=20)).why_not.endswith("and 200 are needed")
    nothing = Rows(np.array(["p"]), np.array(["o000"]), np.array([day(2010)], "datetime64[D]"))
    assert learn(nothing).why_not == "its activities do not span enough years"


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

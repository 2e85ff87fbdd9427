"""Where clusters stand: against networkx, planted brokers and communities, laws of the bounds."""

from itertools import combinations

import networkx as nx
import pyarrow as pa
import pytest

from triplehelix.link.standing_rows import standing_rows

GROUPS = [[f"a{i}" for i in range(5)], [f"b{i}" for i in range(5)]]


def tables(ties):
    """Counted links of (first, second, weight), each of `weight` activities of one; two countries."""
    rows = [
        {"layer": 1, "kind": "cluster", "from": min(a, b), "to": max(a, b), "theme": "all",
         "period": "all", "weight": float(w), "squares": float(w)}
        for a, b, w in ties
    ]  # fmt: skip
    ids = sorted({end for a, b, _ in ties for end in (a, b)})
    clusters = {
        "cluster_id": ids,
        "countries": [{"a": "GB", "b": "FR"}.get(i[0], "DE") for i in ids],
    }
    return pa.Table.from_pylist(rows), pa.table(clusters)


def two_groups():
    """Two closed groups, and a broker that alone ties them."""
    ties = [(a, b, 40) for group in GROUPS for a, b in combinations(group, 2)]
    return [*ties, *(("x", one, 12) for group in GROUPS for one in group)]


def found(ties):
    return {(r["cluster_id"], r["measure"]): r for r in standing_rows(*tables(ties)).to_pylist()}


def test_betweenness_and_constraint_are_those_of_networkx():
    ties, rows = two_groups(), found(two_groups())
    graph = nx.Graph()
    graph.add_weighted_edges_from(ties)
    for _, _, tie in graph.edges(data=True):
        tie["length"] = 1 / tie["weight"]
    between = nx.betweenness_centrality(graph, weight="length")
    constraint = nx.constraint(graph, weight="weight")
    for node in graph:
        assert rows[node, "betweenness"]["value"] == pytest.approx(between[node], abs=1e-8)
        assert rows[node, "constraint"]["value"] == pytest.approx(constraint[node], abs=1e-8)
        assert rows[node, "constraint"]["n"] == graph.degree(node)


def test_the_planted_broker_stands_between_and_joins_two_countries():
    rows = found(two_groups())
    others = [rows[one, "betweenness"] for group in GROUPS for one in group]
    assert rows["x", "betweenness"]["low"] > max(row["high"] for row in others)


def test_bridging_by_hand():
    """Of the broker's four main partners two are of either country: 4 of 6 pairs, none tied."""
    ties = [(a, b, 3) for group in GROUPS for a, b in combinations(group, 2)]
    ties += [("x", one, 60) for one in ("a0", "a1", "b0", "b1")]
    ties += [(f"z{k}", f"z{k + 1}", 50) for k in range(20)]
    row = found(ties)["x", "bridging_countries"]
    assert row["n"] == 4
    assert row["value"] == pytest.approx(4 / 6)
    assert row["low"] <= row["value"] <= row["high"]


def test_planted_groups_are_found_and_come_back():
    rows = found(two_groups())
    for group in GROUPS:
        assert len({rows[one, "community"]["value"] for one in group}) == 1
        assert min(rows[one, "community_stability"]["value"] for one in group) > 0.75
    assert rows["a0", "community"]["value"] != rows["b0", "community"]["value"]


def test_bounds_hold_the_value_and_are_wider_for_few_activities():
    """A tenth of the activities leaves more open."""
    many, few = found([(a, b, 10 * w) for a, b, w in two_groups()]), found(two_groups())
    for key, row in few.items():
        if key[1] in ("betweenness", "constraint"):
            assert row["low"] <= row["value"] <= row["high"]
    width = {name: sum(r["high"] - r["low"] for k, r in rows.items() if k[1] == "constraint")
             for name, rows in (("many", many), ("few", few))}  # fmt: skip
    assert width["many"] < width["few"]


def test_too_few_ties_tell_nothing():
    assert found([("a", "b", 5), ("b", "c", 5)]) == {}


def test_networks_of_very_many_ties_are_told_of_all_activity_once(monkeypatch):
    """The values are those of the same network looked at in full; single themes have none."""
    counted, clusters = tables(two_groups())
    theme = counted.set_column(counted.column_names.index("theme"), "theme",
                               pa.array(["cells"] * len(counted)))  # fmt: skip
    both = pa.concat_tables([counted, theme])
    full = standing_rows(both, clusters).to_pylist()
    monkeypatch.setattr("triplehelix.link.standing_rows.MOST_STEPS", 0)
    large = standing_rows(both, clusters).to_pylist()
    assert {row["theme"] for row in full} == {"all", "cells"}
    assert {row["theme"] for row in large} == {"all"}

    def values(rows):
        return {(r["cluster_id"], r["measure"]): r["value"] for r in rows
                if r["theme"] == "all" and r["measure"] != "community_stability"}  # fmt: skip

    assert values(large) == values(full)
    assert {(r["low"], r["high"]) for r in large} == {(None, None)}
    between = next(row for row in large if row["measure"] == "betweenness")
    assert "no bounds" in between["note"]

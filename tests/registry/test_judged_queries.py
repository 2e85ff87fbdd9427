"""The judged queries: every asset of the sample there is, both halves filled, no query twice."""

import csv
from collections import Counter
from hashlib import sha256
from importlib import resources
from pathlib import Path

HERE = Path(__file__).parents[1] / "reference" / "search"
ASSETS = resources.files("triplehelix") / "sample" / "registry" / "assets.csv"
AUDIENCES = {"procurement", "founder", "trade", "scientist", "planner"}


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assets():
    return list(csv.DictReader(ASSETS.read_text("utf-8").splitlines()))


def test_every_judged_asset_is_in_the_sample():
    known = {(row["name"], row["organisation"]) for row in assets()}
    assert {(row["asset"], row["organisation"]) for row in rows("judgements.csv")} <= known


def test_no_asset_is_judged_twice_for_a_query():
    judged = Counter((j["query_id"], j["asset"], j["organisation"]) for j in rows("judgements.csv"))
    assert max(judged.values()) == 1


def test_grades_are_one_to_three_and_every_query_has_an_answer_of_three():
    judged = rows("judgements.csv")
    assert {row["grade"] for row in judged} == {"1", "2", "3"}
    answered = {row["query_id"] for row in judged if row["grade"] == "3"}
    assert answered == {row["query_id"] for row in rows("queries.csv")}


def test_no_query_stands_twice():
    queries = rows("queries.csv")
    assert len({row["query"].casefold() for row in queries}) == len(queries) >= 160
    assert len({row["query_id"] for row in queries}) == len(queries)
    assert {row["audience"] for row in queries} == AUDIENCES


def test_halves_are_told_by_the_id_alone_and_both_are_filled():
    queries = rows("queries.csv")
    for row in queries:
        even = sha256(row["query_id"].encode()).digest()[0] % 2 == 0
        assert row["half"] == ("tuning" if even else "reporting")
    assert min(Counter(row["half"] for row in queries).values()) >= 75


def test_closed_assets_are_related_at_most_unless_the_past_is_asked_for():
    closed = {row["name"] for row in assets() if row["status"].startswith("closed")}
    past = {row["query_id"] for row in rows("queries.csv") if "what happened" in row["query"]}
    high = {
        j["query_id"] for j in rows("judgements.csv") if j["asset"] in closed and j["grade"] > "1"
    }
    assert high == past

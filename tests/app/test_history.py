"""Where a cluster comes from, as answers, pages and the command say it."""

import re

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests.app.small_edition import A, B, _cluster, tables, write_edition
from tests.serve.pagecheck import Page, faults
from triplehelix.app.cluster_profile import cluster_profile
from triplehelix.app.history import Gone, Predecessor, history, since
from triplehelix.cli import triplehelix as command_line
from triplehelix.serve import create_app

EARLIER, ENDED = "cccc0003", "dddd0004"
HOSTILE = "<b>Old</b> Cambridge"
LINEAGE = {
    "method": {},
    "earlier": {"id": "small0000", "name": "Smaller", "version": "0.1.0", "parameters": {},
                "clusters": [{"cluster_id": EARLIER, "name": HOSTILE, "level": 0},
                             {"cluster_id": "eeee0005", "name": "Ely", "level": 0},
                             {"cluster_id": "ffff0006", "name": "Campus", "level": -1},
                             {"cluster_id": ENDED, "name": "Leeds", "level": 0}]},
    "account": ["Clusters are found in another way than in Smaller: radius_km was 3 and is 8."],
    "by_method": [{"cluster_id": "", "earlier_cluster_id": ENDED, "by_method": "ended"},
                  {"cluster_id": B, "earlier_cluster_id": "", "by_method": "born"}],
}  # fmt: skip


def _row(cluster, earlier, event, overlap=0.0):
    return {"cluster_id": cluster, "earlier_cluster_id": earlier, "event": event,
            "overlap": overlap}  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A is merged from two, B is born by the method, Leeds has ended; two periods besides."""
    rows = tables()
    rows["clusters"] += [
        _cluster("p1", "Early", "GB", 52.2, 0.1, period="2014/2016"),
        _cluster("p2", "Late", "GB", 52.2, 0.1, period="2017/2020"),
    ]
    rows["lineage"] = [
        _row(A, EARLIER, "merged", 0.7), _row(A, "eeee0005", "merged", 0.25), _row(B, "", "born"),
        _row("", ENDED, "ended"), _row("", "ffff0006", "ended"),
        _row("p2", "p1", "continues", 0.9),
    ]  # fmt: skip
    return write_edition(tmp_path_factory.mktemp("compared"), rows, lineage=LINEAGE)


def test_a_cluster_merged_from_two(compared):
    found = history(compared, A)
    assert (found.since, found.earlier_id, found.by_method) == ("Smaller", "small0000", "")
    assert found.predecessors == [
        Predecessor(EARLIER, HOSTILE, "merged", 0.7, "", False),
        Predecessor("eeee0005", "Ely", "merged", 0.25, "", False),
    ]
    assert cluster_profile(compared, A).history == found


def test_a_cluster_born_by_the_method(compared):
    found = history(compared, B)
    assert (found.predecessors, found.by_method) == ([], "born")


def test_a_cluster_of_a_period_is_compared_with_the_period_before(compared):
    found = history(compared, "p2")
    assert (found.since, found.earlier_id) == ("2014/2016", None)
    assert found.predecessors == [Predecessor("p1", "Early", "continues", 0.9, "", True)]
    assert history(compared, "p1") is None


def test_what_changed_since(compared):
    """At the level the edition is about: neither the campus nor the periods count."""
    found = since(compared)
    assert (found.born, found.continues, found.merged, found.split) == (1, 0, 1, 0)
    assert found.ended == [Gone(ENDED, "Leeds", True)]


def test_an_edition_that_was_compared_with_none(small):
    assert since(small) is None
    assert history(small, A) is None


def _text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []
    return re.sub(r"\s+", " ", Page(answer.text).words)


def test_pages_say_it(compared):
    client = TestClient(create_app(compared))
    front = _text(client, "/")
    assert "Since Smaller: 0 continue, 1 born, 1 ended, 1 merged (Leeds ended)." in front
    cluster = _text(client, f"/clusters/{A}")
    assert f"merged from {HOSTILE} overlap 70" in cluster
    assert "found in another way now" in _text(client, f"/clusters/{B}")
    assert "continues Early overlap 90" in _text(client, "/clusters/p2")
    edition = _text(client, "/edition")
    assert LINEAGE["account"][0] in edition
    assert f"Leeds {ENDED} because of the method" in edition


def test_json_says_it(compared):
    client = TestClient(create_app(compared))
    for path in (f"/api/v1/clusters/{A}", f"/clusters/{A}.json"):
        found = client.get(path).json()["history"]
        assert found["since"] == "Smaller"
        assert [p["event"] for p in found["predecessors"]] == ["merged", "merged"]
    assert client.get("/edition.json").json()["since"]["born"] == 1


def test_the_command_says_it(compared):
    said = CliRunner().invoke(command_line, ["profile", str(compared.path), A]).output
    assert f"  since Smaller: merged from {HOSTILE} (overlap 0.70)\n" in said
    said = CliRunner().invoke(command_line, ["profile", str(compared.path), B]).output
    assert "  since Smaller: born (because of the method)\n" in said

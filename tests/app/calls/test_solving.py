"""The example calls against the sample registry, from files, in the worker process, by command."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from triplehelix.app.calls.solving import (
    FileQuestion,
    answer_json,
    question_from_files,
    sample_calls,
)
from triplehelix.app.registry.sample import make_sample_registry
from triplehelix.cli import triplehelix
from triplehelix.errors import InputError
from triplehelix.store.edition import Edition

SAMPLE = Path(str(files("triplehelix.sample")))
ASSETS = SAMPLE / "registry" / "assets.csv"
TODAY = date(2026, 11, 29)


def _question(name: str, **how: int) -> FileQuestion:
    return question_from_files(SAMPLE / "calls" / f"{name}.yaml", ASSETS, today=TODAY, **how)


@pytest.mark.parametrize("name", sorted(sample_calls()))
def test_each_example_is_solved_and_checked(name: str) -> None:
    alliance = _question(name).alliance()
    assert (alliance.status, alliance.checked, alliance.problems) == ("optimal", True, ())
    assert all(one.missing == 0 for one in alliance.coverage if one.need != "second-country")


def test_the_testing_network_reaches_its_number_across_the_helices() -> None:
    """20,500 a day, at most 10,000 from one member, a university, a hospital body and a company."""
    question = _question("testing-network")
    alliance = question.alliance()
    (tests,) = alliance.coverage
    assert tests.given == 20500
    assert max(one.amount for one in alliance.contributions) <= 10000
    helix = {one.member: one.helix for one in question.landscape.members}
    assert {helix[name] for name in alliance.partners} >= {"academia", "health", "industry"}
    near = {one.asset: one.km for one in alliance.contributions}
    assert all(km is not None and km <= 320 for km in near.values())
    for name in alliance.partners:
        mended = question.without(alliance, (name,))
        assert mended.coverage[0].missing == 0 and name not in mended.partners
        assert not mended.problems


def test_the_second_country_is_told_to_be_missing() -> None:
    alliance = _question("trial-network").alliance()
    (gap,) = alliance.gaps
    assert gap.need == "second-country" and "nobody can serve" in gap.why


def test_alternatives_and_worth_of_an_example() -> None:
    question = _question("testing-network")
    found = question.alternatives()
    assert len([one for one in found if one.same_as is None]) >= 3
    told = question.worth(found[0].alliance)
    assert [one.member for one in told] == list(found[0].alliance.partners)


def test_a_time_limit_is_above_zero() -> None:
    with pytest.raises(InputError, match="the time limit is 0 s"):
        _question("ventilator", seconds=0)


def test_the_command_prints_words_or_json() -> None:
    call = str(SAMPLE / "calls" / "testing-network.yaml")
    asked = ["call", "solve", call, "--assets", str(ASSETS), "--today", "2026-11-29"]
    plain = CliRunner().invoke(triplehelix, asked)
    assert plain.exit_code == 0, plain.output
    assert "historical replay, December 2020" in plain.output
    assert "pcr-tests: 20,500 of 20,500 tests/day" in plain.output
    told = json.loads(CliRunner().invoke(triplehelix, [*asked, "--json"]).stdout)
    assert told["status"] == "optimal" and told["bound"] == pytest.approx(told["objective"])
    alliance = _question("testing-network").alliance()
    assert told["chosen"] == answer_json(alliance)["chosen"]
    assert len(told["contributions"]) == len(alliance.contributions)


def test_a_call_that_cannot_be_met_is_an_answer_and_wrong_use_is_not(tmp_path: Path) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(
        "title: T\nneeds: [{need: beds, capability: clinical-research-beds, amount: 1000000, unit: beds}]\n"
    )
    done = CliRunner().invoke(triplehelix, ["call", "solve", str(path), "--assets", str(ASSETS)])
    assert (
        done.exit_code == 0
        and "Missing for beds" in done.output
        and "could be asked" in done.output
    )
    for wrong, words in (
        ([str(path)], "--assets FILE, or --registry URL"),
        ([str(path), "--assets", str(ASSETS), "--registry", "r.db"], "or --registry URL"),
        ([str(path), "--assets", str(ASSETS), "--as", "public"], "are for --registry"),
        ([str(path), "--assets", str(ASSETS), "--capacity", "1"], "is for --instance"),
        (
            [str(path), "--assets", str(ASSETS), "--recoverable", "1", "--robust", "1"],
            "not several",
        ),
        ([str(path), "--assets", str(ASSETS), "--partial", "1:90", "--robust", "1"], "not both"),
        ([str(path), "--instance", "x"], "not both"),
        ([], "name a call"),
    ):
        told = CliRunner().invoke(triplehelix, ["call", "solve", *wrong])
        assert told.exit_code == 2 and words in told.output


def test_partly_robust_by_command() -> None:
    """Any one of the testing network may leave and 90 % of the tests are still made."""
    call = str(SAMPLE / "calls" / "testing-network.yaml")
    done = CliRunner().invoke(triplehelix, [
        "call", "solve", call, "--assets", str(ASSETS), "--today", "2026-11-29", "--partial", "1:90",
    ])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "If any one member drops out, at least 90 % of the weight" in done.output


def test_recoverable_by_command() -> None:
    """What mending the worst loss costs is a term beside the others, and part of the sum."""
    call = str(SAMPLE / "calls" / "testing-network.yaml")
    asked = ["call", "solve", call, "--assets", str(ASSETS), "--today", "2026-11-29"]
    done = CliRunner().invoke(triplehelix, [*asked, "--recoverable", "1", "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["objective"] == pytest.approx(sum(answer["terms"].values()))
    assert answer["bound"] <= answer["objective"] and answer["checked"]
    assert "mending costs at most" in answer["said"]["recoverable"]


def test_the_schema_is_printed() -> None:
    told = json.loads(CliRunner().invoke(triplehelix, ["call", "schema"]).stdout)
    assert set(told["required"]) == {"title", "needs"}


def test_a_registry_answers_as_the_files_that_it_was_made_of(
    small: Edition, tmp_path: Path
) -> None:
    """Ids differ, the least sum does not; hidden assets are nobody's but their own."""
    address = str(tmp_path / "registry.db")
    make_sample_registry(address, small)
    call = str(SAMPLE / "calls" / "testing-network.yaml")
    asked = ["call", "solve", call, "--today", "2026-11-29", "--json"]
    of_files = json.loads(CliRunner().invoke(triplehelix, [*asked, "--assets", str(ASSETS)]).stdout)
    shown = CliRunner().invoke(triplehelix, [*asked, "--registry", address, "--as", "public"])
    told = json.loads(shown.stdout)
    assert told["status"] == "optimal" and told["checked"]
    assert told["objective"] == pytest.approx(of_files["objective"])
    assert {one[:3] for one in told["chosen"]} == {"as_"}

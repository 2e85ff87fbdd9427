"""`triplehelix links DIR --missing --for ...` says what the question answers."""

import json

import pytest
from click.testing import CliRunner

from tests.app.small_edition import ALPHA, A
from triplehelix.cli import triplehelix


def run(*arguments):
    return CliRunner().invoke(triplehelix, ["links", *map(str, arguments)])


def test_whom_an_organisation_should_seek(small):
    done = run(small.path, "--missing", "--for", "Alpha University")
    assert done.exit_code == 0, done.output
    assert "Whom Alpha University (organisation) should seek" in done.output
    assert "In its own cluster: the first 1 of 1" in done.output
    assert "Πανεπιστήμιο Αθηνών works with both (above 50% of candidates)" in done.output


def test_json_has_ids_and_evidence(small):
    found = json.loads(run(small.path, "--missing", "--for", "alpha university", "--json").output)
    assert found["of"]["id"] == ALPHA
    [cairo] = found["lists"][2]["partners"]
    assert cairo["party"]["id"] == "table:cairo"
    assert cairo["reasons"][0]["evidence"][0]["id"] == "table:athens"


def test_with_a_country_and_a_theme(small):
    found = json.loads(
        run(small.path, "--missing", "--for", A, "--with", "commonwealth", "--json").output
    )
    assert found["area"]["key"] == "commonwealth"
    done = run(small.path, "--missing", "--for", "GR", "--theme", "genomics", "--limit", 1)
    assert done.exit_code == 0
    assert "Whom Greece (country) should seek" in done.output


@pytest.mark.parametrize(
    "wrong", [["--for", "GR"], ["--missing", "--with", "GR"], ["--theme", "genomics"]]
)
def test_options_that_do_not_go_together(small, wrong):
    done = run(small.path, *wrong)
    assert done.exit_code == 2
    assert "--for goes with --missing, and --with and --theme with --for" in done.output


def test_names_that_are_not_there(small):
    done = run(small.path, "--missing", "--for", "Atlantis")
    assert "is no cluster, country or organisation of this edition" in str(done.exception)

"""`triplehelix profile` with its opportunities and a member's place, as printed and as JSON."""

import json

import pytest
from click.testing import CliRunner

from tests.app.prospect_edition import with_prospects
from tests.app.small_edition import ALPHA, write_edition
from triplehelix.cli import triplehelix as command_line


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Runs `profile` on the small edition with findings; gives what it prints."""
    folder = write_edition(tmp_path_factory.mktemp("prospects"), with_prospects(), sample=True).path

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(command_line, ["profile", str(folder), *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_sections_are_printed_with_their_doubt(said):
    text = said("Cambridge", "--opportunities")
    assert "Cambridge: 4 findings of 7 things looked at" in text
    assert "The edition is a sample" in text
    assert "Strengths\n  Genomics: 1.8 times its share everywhere, and growing." in text
    assert "strong evidence: 1.80 (0.90–2.16); p 0.0004, q 0.004" in text
    assert "may well be chance" in text.split("Leanings")[1]


def test_json_is_the_answer_whole(said):
    found = json.loads(said("Cambridge", "--opportunities", "--json"))
    assert [f["kind"] for f in found["strengths"]] == ["specialised"]
    assert len(found["not_found"]) == 3


def test_a_members_place_is_printed(said):
    text = said("Cambridge", "--member", "Alpha University")
    assert "Alpha University in Cambridge: " in text
    assert "Without it 2 of them would have no member of the cluster, 40 %" in text
    assert "Athens" in text.split("Whom it alone brings")[1]
    assert json.loads(said("Cambridge", "--member", ALPHA, "--json"))["rank"] == 1

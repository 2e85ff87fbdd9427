"""The offer as files, by its command."""

import json

import pytest
from click.testing import CliRunner

from tests.serve.offered_edition import offered
from triplehelix.app.offers import offering, saving
from triplehelix.app.offers.question import asked_for, themes_offered
from triplehelix.cli.offer import offer_command
from triplehelix.errors import InputError, UnknownName
from triplehelix.store.edition import open_edition


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("offered") / "edition"
    offered(path)
    return path


def run(folder, out, *more):
    asked = [str(folder), "--theme", "genomics", "--partner", "gr", "--out", str(out), *more]
    return CliRunner().invoke(offer_command, asked, catch_exceptions=False)


@pytest.mark.parametrize("form", ["json", "csv", "html", "pptx"])
def test_the_same_bytes_from_an_edition_opened_anew(folder, tmp_path, form):
    for name in ("one", "two"):
        done = run(folder, tmp_path / f"{name}.{form}")
        assert done.exit_code == 0
        assert "first set: Cambridge (proven smallest)" in done.output
    one, two = ((tmp_path / f"{name}.{form}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert len(one) > 1000


def test_rules_of_ones_own(folder, tmp_path):
    """With one rule, that firms discover, the firm of cluster A is the evidence."""
    rules = tmp_path / "chain.yaml"
    rules.write_text("""
chain: ours
version: "1"
roles:
  - role: discovery
    label: Finding
    rules: [{says: a firm does work of the theme, helix: [industry]}]
audiences:
  - audience: general
    label: All
    order: [chain, clusters, ties, conversations, assets, scale]
""", "utf-8")  # fmt: skip
    run(folder, tmp_path / "x.json", "--chain", str(rules))
    said = json.loads((tmp_path / "x.json").read_text("utf-8"))
    links = {link["role"]: (link["label"], link["state"]) for link in said["chain"]}
    assert links["discovery"] == ("Finding", "covered")
    assert links["manufacturing"] == ("manufacturing", "untold")
    [activities] = [r["activities"] for p in said["parts"] for r in p["roles"]]
    assert activities["evidence"]["ids"] == ["table:joint"]


def test_a_form_that_is_none_is_told(folder, tmp_path):
    with pytest.raises(InputError, match=r"x.docx ends in no form of an offer; name it with one"):
        run(folder, tmp_path / "x.docx")


def test_a_folder_that_is_not_there_is_told(folder, tmp_path):
    with pytest.raises(InputError, match="cannot be written .*; name another file"):
        run(folder, tmp_path / "none" / "x.json")


def test_a_language_without_a_catalogue_is_told(folder, tmp_path):
    with pytest.raises(UnknownName, match="no catalogue is in 'tlh'; give one of en"):
        run(folder, tmp_path / "x.json", "--lang", "tlh")


def test_questions_are_written_in_one_way():
    asked = asked_for(["b", "a", "b"], " jp , KR,eu27", "", "gb")
    assert asked == asked_for(["a", "b"], "JP,KR,EU27", "general", "GB")
    assert asked.query == "theme=a&theme=b&partner=JP,KR,eu27&country=GB"


def test_the_edition_is_not_changed(folder):
    assert open_edition(folder).id == "offered001"


def test_what_is_made_ready_is_not_composed_again(folder, monkeypatch):
    edition = open_edition(folder)
    offering.make_ready(edition)
    monkeypatch.setattr(offering, "compose", None)
    assert offering.offer(edition, asked_for(["genomics"])).covers


def test_only_themes_with_a_value_chain_are_offered(folder):
    assert themes_offered(open_edition(folder)) == ("genomics",)


def test_paper_has_fonts_that_are_quickly_unpacked():
    """WOFF, not WOFF2, whose letters must be put together again."""
    assert all(font.startswith(b"wOFF") for font in saving._fonts("en").values())

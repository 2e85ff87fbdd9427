"""Theme schemes: the one that ships, one of our own, and every way to get one wrong."""

import csv
import gzip
import os
from pathlib import Path

import pytest

from triplehelix.errors import InputError
from triplehelix.read.schemes import ROLES, SHIPPED, read_scheme

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))

# Slugs of the facts from which the sample is made.
LEAVES = set(
    """
    advanced-therapies ageing agri-food-biology ai-drug-discovery animal-health antimicrobials
    bioinformatics biologics-manufacturing cancer cardiovascular child-health clinical-trials
    diagnostics digital-health drug-discovery genomics global-health health-data imaging immunology
    infection medical-devices mental-health metabolic neuroscience public-health rare-disease
    regenerative-medicine respiratory robotics-surgery structural-biology synthetic-biology vaccines
    womens-health""".split()
)

OURS = """
scheme: marine
version: "1.10"
themes:
  - theme: fish-health
    label: Fish   health
    broader: aquatic-life
    roles: [clinical, discovery]
    codes: {mesh: [C22.362], hrcs: "2.1"}
    keywords: [salmon louse, fish health]
    not: [fish oil]
  - {theme: aquatic-life, label: Aquatic life}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scheme_of_ones_own(tmp_path):
    scheme = read_scheme(written(tmp_path, OURS))
    fish, aquatic = scheme.themes
    assert (scheme.name, scheme.version) == ("marine", "1.10")
    assert (fish.theme, fish.label, fish.broader) == ("fish-health", "Fish health", "aquatic-life")
    assert fish.roles == ("discovery", "clinical")
    assert fish.codes == (("hrcs", "2.1"), ("mesh", "C22.362"))
    assert (fish.keywords, fish.unless) == (("fish health", "salmon louse"), ("fish oil",))
    assert (aquatic.broader, aquatic.definition, aquatic.keywords) == (None, "", ())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("broader: aquatic-life", "broader: aquatic-live", "did you mean 'aquatic-life'"),
        ("broader: aquatic-life", "broader: zzz", "does not have; add that theme"),
        ("broader: aquatic-life", "broader: fish-health", "fish-health -> fish-health"),
        ("label: Aquatic life}", "label: A, broader: fish-health}", "broader than themselves"),
        ("theme: aquatic-life", "theme: fish-health", "'fish-health' 2 times; keep one"),
        ("theme: aquatic-life", "theme: Aquatic_Life", "is no slug; use lower-case letters"),
        ("label: Fish   health", "definition: x", "'fish-health' of .* has no label; add a line"),
        ("label: Fish   health", "label: [a]", "write a single text"),
        ("not: [fish oil]", "nor: [fish oil]", "unknown key 'nor'; the keys are theme, label"),
        ("scheme: marine", "schema: marine", "unknown key 'schema'"),
        ("scheme: marine", "", "has no scheme; add a line"),
        ("scheme: marine", "scheme: Marine life", "'Marine life' .* is no slug"),
        ('version: "1.10"', "", "has no version"),
        ("[clinical, discovery]", "[clinic]", "unknown role 'clinic'; use discovery, clinical"),
        ("[salmon louse, fish health]", "{a: b}", "keywords of .* write a list of texts"),
        ("[salmon louse, fish health]", '["--"]', "'--', which holds no word; leave it out"),
        ("{mesh: [C22.362], hrcs: \"2.1\"}", "[C22]", "codes of .* is not a block"),
        ("themes:", "themes: []\nx:", "unknown key 'x'"),
        ("not: [fish oil]", "label: Again", "the key 'label' stands here twice"),
        ("- {theme: aquatic-life, label: Aquatic life}", "- text", "theme 2 of .* not a block"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_how_to_mend_it(tmp_path, old, new, says):
    assert old in OURS
    with pytest.raises(InputError, match=says):
        read_scheme(written(tmp_path, OURS.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a block"),
        ("scheme: a\nversion: 1\nthemes: []", "lists no themes; give at least one"),
        ("scheme: [a\n", "is not valid YAML.*mend it there"),
    ],
)
def test_files_that_are_no_scheme(tmp_path, text, says):
    with pytest.raises(InputError, match=f"(?s){says}"):
        read_scheme(written(tmp_path, text))


def test_a_file_that_is_missing_or_not_utf_8(tmp_path):
    with pytest.raises(InputError, match="cannot be read .*check its path"):
        read_scheme(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"scheme: caf\xe9")
    with pytest.raises(InputError, match="not in UTF-8 .*save it as UTF-8"):
        read_scheme(tmp_path / "latin.yaml")


def test_the_shipped_scheme_is_complete():
    scheme = read_scheme()
    groups = {theme.broader for theme in scheme.themes if theme.broader}
    assert {theme.theme for theme in scheme.themes} - groups == LEAVES
    for theme in scheme.themes:
        assert theme.definition
        assert theme.roles
        assert set(theme.roles) <= set(ROLES)
        assert theme.theme in groups or theme.broader
        assert theme.keywords or theme.theme in groups


def test_its_euroscivoc_paths_exist():
    """Oracle: the paths that CORDIS gave to projects of Horizon Europe."""
    path = DATA / "taxonomies" / "horizon_europe_project_euroscivoc_2025.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is absent; set TRIPLEHELIX_DATA to the folder of the data")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        known = {row["euroSciVocPath"].strip(" /") + "/" for row in csv.DictReader(file)}
    named = {code for theme in read_scheme(SHIPPED).themes for scheme, code in theme.codes
             if scheme == "euroscivoc"}  # fmt: skip
    assert len(named) > 50
    for code in named:
        assert any(path.startswith(code + "/") for path in known), code


def test_its_hrcs_activity_codes_exist():
    """Oracle: the list of the Health Research Classification System's activities."""
    path = DATA / "taxonomies" / "hrcs_labels_long.json"
    if not path.exists():
        pytest.skip(f"{path} is absent; set TRIPLEHELIX_DATA to the folder of the data")
    listed = path.read_text(encoding="utf-8")
    codes = {code for theme in read_scheme().themes for scheme, code in theme.codes
             if scheme == "hrcs" and code[0].isdigit()}  # fmt: skip
    assert codes
    for code in codes:
        assert f'"{code}: ' in listed or f'"{code}.' in listed, code

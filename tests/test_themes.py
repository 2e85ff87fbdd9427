"""Which activities belong to which theme: hand-worked cases, laws, and a reference in Python."""

import csv
import os
import random
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.read.schemes import read_scheme
from triplehelix.store.engine import connection
from triplehelix.tables import EDITION, STAGED
from triplehelix.themes import ENOUGH, Scheme, Theme, steps

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))

SCHEME = Scheme("test", "3", (
    Theme("health", "Health", codes=(("h2020-legal-basis", "H2020-EU.3.1"),)),
    Theme("cancer", "Cancer", "Tumours.", "health", ("discovery", "clinical"),
          codes=(("mesh", "C04"), ("euroscivoc", "medicine/oncology")),
          keywords=("cancer", "tumour"), unless=("tumour necrosis factor",)),
    Theme("vaccines", "Vaccines", broader="health", keywords=("vaccine", "phase I vaccine")),
    Theme("breast-cancer", "Breast cancer", broader="cancer", keywords=("breast cancer",)),
    Theme("trials", "Trials", keywords=("phase i", "ageing research in people")),
))  # fmt: skip


def activity(id: str, **said: Any) -> dict[str, Any]:
    blank = dict.fromkeys(STAGED["staged_activities"].schema.names)
    start = {"source": "s", "source_record_id": id, "file": "f", "row": 1, "content_hash": "h"}
    return {**blank, **start, **said}


def code(activity: str, scheme: str, value: str) -> dict[str, Any]:
    return {"source": "s", "source_record_id": f"{activity}/{value}", "file": "f", "row": 1,
            "content_hash": "h", "activity_record_id": activity, "scheme": scheme,
            "value": value}  # fmt: skip


def made(
    activities: list[dict[str, Any]],
    codes: list[dict[str, Any]] | None = None,
    scheme: Scheme = SCHEME,
    without: tuple[str, ...] = (),
) -> dict[str, pa.Table]:
    with connection() as engine:
        for name, values in (("staged_activities", activities), ("staged_codes", codes or [])):
            engine.give(name, pa.Table.from_pylist(values, schema=STAGED[name].schema))
        ids = [{"activity_id": f"s:{a['source_record_id']}"} for a in activities
               if a["source_record_id"] not in without]  # fmt: skip
        schema = pa.schema([("activity_id", pa.string())])
        engine.give("activities", pa.Table.from_pylist(ids, schema=schema))
        engine.run(steps(scheme))
        return {
            name: engine.table(name) for name in ("activity_themes", "themes", "unknown_themes")
        }


def labels(*arguments: Any, **options: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in made(*arguments, **options)["activity_themes"].to_pylist():
        found[row["activity_id"].removeprefix("s:")][row["theme"]] = row["how"]
    return dict(found)


def test_the_strongest_reason_is_kept():
    activities = [activity("a", title="Cancer", themes=["Cancer "],
                           codes=[{"scheme": "mesh", "value": "C04"}]),
                  activity("b", title="Cancer", codes=[{"scheme": "mesh", "value": "C04.588"}]),
                  activity("c", title="Cancer")]  # fmt: skip
    assert labels(activities) == {
        "a": {"cancer": "given"}, "b": {"cancer": "code"}, "c": {"cancer": "keyword"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "value", "themes"),
    [
        ("mesh", "C04", {"cancer"}),
        ("MeSH", "c04.588.180", {"cancer"}),
        ("mesh", "C040", set()),
        ("mesh", "C0", set()),
        ("euroscivoc", "/medicine/oncology/breast cancer", {"cancer"}),
        ("euroscivoc", "/medicine/oncology-like", set()),
        ("euroscivoc", "/medicine", set()),
        ("h2020-legal-basis", "H2020-EU.3.1.", {"health"}),
        ("h2020-legal-basis", "H2020-EU.2.1.;H2020-EU.3.1.", {"health"}),
        ("h2020-legal-basis", "H2020-EU.3.1.5.", {"health"}),
        ("h2020-legal-basis", "H2020-EU.3.", set()),
        ("other", "C04", set()),
    ],
)
def test_codes_match_whole_steps(scheme, value, themes):
    beside = labels([activity("a")], [code("a", scheme, value)])
    within = labels([activity("a", codes=[{"scheme": scheme, "value": value}])])
    assert set(beside.get("a", {})) == set(within.get("a", {})) == themes


@pytest.mark.parametrize(
    ("title", "summary", "themes"),
    [
        ("A CANCER, early", None, {"cancer"}),
        ("Cancers", None, {"cancer"}),
        ("Cancerous", None, set()),
        ("Precancer", None, set()),
        (None, "One cancer.", set()),
        (None, "One cancer, and one tumour.", {"cancer"}),
        (None, "Cancer cancer", {"cancer"}),
        ("Tumour necrosis factor", None, set()),
        ("Tumour necrosis factors in tumours", None, {"cancer"}),
        ("", "tumour-necrosis factor, tumour necrosis factor, tumour", set()),
        ("Breast cancer", None, {"breast-cancer"}),
        ("Phase-I vaccine", None, {"vaccines", "trials"}),
        ("The first phase is over", None, set()),
        (None, "a phase I vaccine", set()),
        ("Ageing  research\nin people", None, {"trials"}),
        ("Ageing research with people", None, set()),
        ("Vaccíne", None, {"vaccines"}),
        ("", "", set()),
    ],
)
def test_phrases(title, summary, themes):
    assert set(labels([activity("a", title=title, summary=summary)]).get("a", {})) == themes


def test_a_group_gives_way_to_its_parts_unless_it_was_given():
    legal = [code("a", "h2020-legal-basis", "H2020-EU.3.1."),
             code("b", "h2020-legal-basis", "H2020-EU.3.1.")]  # fmt: skip
    activities = [activity("a", title="Breast cancer"), activity("b", title="Sleep"),
                  activity("c", title="Breast cancer", themes=["health"])]  # fmt: skip
    assert labels(activities, legal) == {
        "a": {"breast-cancer": "keyword"},
        "b": {"health": "code"},
        "c": {"breast-cancer": "keyword", "health": "given"},
    }


def test_an_activity_counts_once():
    activities = [activity("a", title="Cancer vaccine, phase I")]
    rows = made(activities)["activity_themes"].to_pylist()
    assert [row["weight"] for row in rows] == [0.333333333] * 3


def test_only_activities_of_the_edition():
    activities = [activity("a", title="Cancer", themes=["vaccines"]), activity("b", title="Cancer")]
    assert labels(activities, [code("a", "mesh", "C04")], without=("a",)) == {
        "b": {"cancer": "keyword"}
    }


def test_unknown_themes_are_counted_not_lost():
    activities = [activity("a", themes=["leeches", "cancer"]), activity("b", themes=["Leeches"]),
                  activity("c", themes=["bloodletting", ""])]  # fmt: skip
    tables = made(activities)
    assert tables["unknown_themes"].to_pylist() == [
        {"theme": "bloodletting", "n": 1}, {"theme": "leeches", "n": 2},
    ]  # fmt: skip
    assert {row["theme"] for row in tables["activity_themes"].to_pylist()} == {"cancer"}


def test_the_tables_have_the_editions_columns():
    tables = made([activity("a", title="Cancer")])
    for name in ("themes", "activity_themes"):
        assert tables[name].schema.names == EDITION[name].schema.names
    cancer = next(row for row in tables["themes"].to_pylist() if row["theme"] == "cancer")
    assert cancer == {"theme": "cancer", "label": "Cancer", "definition": "Tumours.",
                      "broader": "health", "roles": ["discovery", "clinical"], "scheme": "test",
                      "version": "3"}  # fmt: skip


def test_an_empty_edition_has_themes_and_no_labels():
    tables = made([])
    assert (tables["themes"].num_rows, tables["activity_themes"].num_rows) == (5, 0)


VOCABULARY = "cancer cancers tumour Tumour, necrosis factor breast vaccine (vaccine) phase i is —"
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=14)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=25))
def test_like_a_reference_that_walks_the_words(texts):
    activities = [activity(str(n), title=" ".join(title), summary=" ".join(summary))
                  for n, (title, summary) in enumerate(texts)]  # fmt: skip
    expected = {
        str(n): dict.fromkeys(themes, "keyword")
        for n, (title, summary) in enumerate(texts)
        if (themes := _reference(SCHEME, [*title, *title, *summary]))
    }
    assert labels(activities) == expected


def _reference(scheme: Scheme, written: list[str]) -> set[str]:
    words = _tokens(" ".join(written))
    found = {theme.theme for theme in scheme.themes if _times(theme, list(words)) >= ENOUGH}
    above = {ancestor for theme, ancestor in scheme.ancestors() if theme in found}
    return found - above


def _tokens(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain.lower())


def _times(theme: Theme, words: list[str]) -> int:
    """Cross out the exceptions, then the phrases, each kind the longest text first."""
    for phrase in sorted(_forms(theme.unless, 0), key=_longest_first):
        _cross_out(words, phrase, "|")
    for phrase in sorted(_forms(theme.keywords, 2), key=_longest_first):
        _cross_out(words, phrase, "#")
    return words.count("#")


def _longest_first(phrase: tuple[str, ...]) -> tuple[int, str]:
    return -len("  ".join(phrase)), "  ".join(phrase)


def _forms(phrases: tuple[str, ...], short: int) -> set[tuple[str, ...]]:
    forms = set()
    for phrase in phrases:
        *before, last = _tokens(phrase)
        forms |= {(*before, last)} | ({(*before, last + "s")} if len(last) > short else set())
    return forms


def _cross_out(words: list[str], phrase: tuple[str, ...], mark: str) -> None:
    at = 0
    while at <= len(words) - len(phrase):
        if tuple(words[at : at + len(phrase)]) == phrase:
            words[at : at + len(phrase)] = [mark]
        at += 1


def test_shuffled_rows_make_the_same_labels():
    rng = random.Random(7)
    activities = [activity(str(n), title=" ".join(rng.choices(["cancer", "vaccine", "breast",
                                                               "phase i", "and"], k=5)))
                  for n in range(200)]  # fmt: skip
    codes = [code(str(n), "mesh", "C04.1") for n in range(0, 200, 3)]
    once = made(activities, codes)["activity_themes"]
    rng.shuffle(activities)
    rng.shuffle(codes)
    again = made(activities, codes)["activity_themes"]
    order = [("activity_id", "ascending"), ("theme", "ascending")]
    assert once.sort_by(order).equals(again.sort_by(order))


def test_the_health_projects_of_horizon_2020_are_found():
    """Oracle: counted by hand in the file: 1,105 projects have legal basis H2020-EU.3.1."""
    path = DATA / "cordis_h2020" / "project.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is absent; set TRIPLEHELIX_DATA to the folder of the data")
    from gzip import open as gzip_open

    with gzip_open(path, "rt", encoding="utf-8", newline="") as file:
        bases = [(row["id"], row["legalBasis"]) for row in csv.DictReader(file, delimiter=";")]
    activities = [activity(id) for id, _ in bases]
    codes = [code(id, "h2020-legal-basis", basis) for id, basis in bases]
    found = made(activities, codes, read_scheme())["activity_themes"].to_pylist()
    assert sum(row["theme"] == "health" for row in found) == 1105


def test_titles_of_real_projects_get_the_themes_a_reader_would_give():
    """Oracle: read by eye."""
    path = DATA / "call_texts" / "imi2_projects.csv"
    if not path.exists():
        pytest.skip(f"{path} is absent; set TRIPLEHELIX_DATA to the folder of the data")
    with path.open(newline="", encoding="utf-8") as file:
        activities = [activity(row["ID"], title=row["Title"], summary=row["Abstract"])
                      for row in csv.DictReader(file)]  # fmt: skip
    found = labels(activities, scheme=read_scheme())
    by_eye = {
        "800176": {"vaccines", "infection"},  # an Ebola vaccine
        "777394": {"mental-health", "clinical-trials"},  # trials in autism
        "116064": {"cancer", "child-health"},  # models of childhood cancer
        "945473": {"advanced-therapies"},
        "853979": {"antimicrobials"},
        "821362": {"regenerative-medicine"},  # a bank of stem cells
        "806968": {"health-data"},
        "820820": {"digital-health"},
        "777377": {"metabolic", "diagnostics"},  # markers of fatty liver
    }
    for project, themes in by_eye.items():
        assert themes <= set(found[project])
    assert len(found) > 0.8 * len(activities)

"""Which rows are set apart, counted by hand."""

from tests.engine import tables_after
from triplehelix.resolve.repeats import steps

MADE = ["staged_activities", "staged_participations", "rejects", "rejected_per_file"]


def row(file, n, text):
    return {"source": "s", "file": file, "row": n, "content_hash": f"h-{text}", "raw": text}


def activity(key, n, text, **values):
    values = {"title": None} | values
    return {"source_record_id": key, **row("p.csv", n, text), **values}


def participation(key, of, n, text, **values):
    return {"source_record_id": key, "activity_record_id": of, "mention_id": "m",
            **row("o.csv", n, text), **values}  # fmt: skip


def after(activities=(), participations=(), rejected=()):
    def read(rows):
        return [{k: r[k] for k in ("source", "file", "row", "content_hash", "raw")} for r in rows]

    return tables_after(
        steps(), MADE, incoming_activities=activities, incoming_participations=participations,
        rejected_rows=rejected, read_rows=read([*activities, *participations]),
    )  # fmt: skip


def test_of_two_rows_with_one_id_the_fuller_is_kept():
    made = after([activity("1", 1, "thin"), activity("1", 2, "full", title="T"),
                  activity("2", 3, "other")])  # fmt: skip
    assert [(a["source_record_id"], a["title"]) for a in made["staged_activities"]] == [
        ("1", "T"), ("2", None)]  # fmt: skip
    [reject] = made["rejects"]
    assert (reject["raw"], reject["n"], reject["row"]) == ("thin", 1, 1)
    assert "repeats 1" in reject["reason"]
    assert made["rejected_per_file"] == [{"file": "p.csv", "n": 1}]


def test_rows_that_are_equally_full_are_chosen_by_content_not_by_order():
    kept = [
        after([activity("1", a, "x", title="X"), activity("1", b, "y", title="Y")])
        ["staged_activities"][0]["title"] for a, b in [(1, 2), (2, 1)]
    ]  # fmt: skip
    assert kept == ["X", "X"]


def test_a_participation_in_a_project_that_was_not_read_is_set_apart():
    made = after([activity("1", 1, "a")],
                 [participation("1/9", "1", 1, "good"), participation("5/9", "5", 2, "stray")])  # fmt: skip
    assert [p["source_record_id"] for p in made["staged_participations"]] == ["1/9"]
    [reject] = made["rejects"]
    assert reject["raw"] == "stray"
    assert "names activity 5, which is in none of the files" in reject["reason"]


def test_without_any_list_of_projects_participations_stand_alone():
    made = after([], [participation("5/9", "5", 2, "alone")])
    assert len(made["staged_participations"]) == 1
    assert made["rejects"] == []


def test_a_row_repeated_word_for_word_is_counted_each_time():
    made = after([activity("1", n, "same", title="T") for n in (1, 2, 3)])
    assert [(r["content_hash"], r["n"]) for r in made["rejects"]] == [("h-same", 1), ("h-same", 2)]


def test_what_readers_rejected_comes_along():
    rejected = [{**row("p.csv", 4, "bad"), "reason": "no id"}]
    assert [r["reason"] for r in after(rejected=rejected)["rejects"]] == ["no id"]

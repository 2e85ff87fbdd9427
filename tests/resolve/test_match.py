"""Which records become one organisation: hand-made registries with the answer planted."""

import pyarrow as pa

from triplehelix.resolve.match import last_successor, resolve

ROR = "https://ror.org/"


def registry(*rows):
    full = {"names": [], "acronyms": [], "country": "GB", "city": None, "status": "active",
            "successor_id": None}  # fmt: skip
    columns = ["ror_id", "name", "names", "acronyms", "country", "city", "status", "successor_id"]
    listed = [full | {"ror_id": ROR + row.pop("id")} | row for row in rows]
    types = {"names": pa.list_(pa.string()), "acronyms": pa.list_(pa.string())}
    schema = pa.schema([(column, types.get(column, pa.string())) for column in columns])
    return pa.Table.from_pylist(listed, schema=schema)


def records(*rows):
    full = {"source": "a", "names": [], "country": "GB", "cities": [], "ror_ids": [],
            "identifiers": []}  # fmt: skip
    texts = pa.list_(pa.string())
    schema = pa.schema([("source", pa.string()), ("source_record_id", pa.string()),
                        ("names", texts), ("country", pa.string()), ("cities", texts),
                        ("ror_ids", texts), ("identifiers", texts)])  # fmt: skip
    return pa.Table.from_pylist(
        [full | {"source_record_id": row.pop("id")} | row for row in rows], schema=schema
    )


def answers(found):
    return {
        (row["source"], row["source_record_id"]): (row["organisation_id"], row["matched_how"])
        for row in found.to_pylist()
    }


def test_a_given_ror_id_counts_even_if_the_registry_lacks_it():
    found = resolve(records({"id": "1", "ror_ids": [ROR + "x"], "names": ["Anything"]}), registry())
    assert answers(found) == {("a", "1"): (ROR + "x", "identifier")}


def test_a_withdrawn_id_leads_to_the_end_of_its_chain():
    known = registry(
        {"id": "old", "name": "Old", "status": "withdrawn", "successor_id": ROR + "mid"},
        {"id": "mid", "name": "Mid", "status": "withdrawn", "successor_id": ROR + "new"},
        {"id": "new", "name": "New"},
    )
    found = resolve(
        records({"id": "1", "ror_ids": [ROR + "old"]}, {"id": "2", "names": ["OLD"]}), known
    )
    assert answers(found) == {
        ("a", "1"): (ROR + "new", "identifier"),
        ("a", "2"): (ROR + "new", "name"),
    }


def test_a_chain_that_bites_its_tail_ends():
    assert last_successor("a", {"a": "b", "b": "a"}) == "b"


def test_name_and_country_together():
    known = registry({"id": "uk", "name": "Institute of Physics"},
                     {"id": "pl", "name": "Institute of Physics", "country": "PL"})  # fmt: skip
    found = resolve(
        records({"id": "1", "names": ["INSTITUTE OF PHYSICS"]},
                {"id": "2", "names": ["Institute of Physics"], "country": "PL"},
                {"id": "3", "names": ["Institute of Physics"], "country": "FR"}), known)  # fmt: skip
    assert answers(found) == {
        ("a", "1"): (ROR + "uk", "name"),
        ("a", "2"): (ROR + "pl", "name"),
        ("a", "3"): ("a:3", "own record"),
    }


def test_of_several_of_one_name_the_town_decides_or_nobody():
    known = registry({"id": "n", "name": "St Mary's Hospital", "city": "Newport"},
                     {"id": "l", "name": "St Mary’s Hospital", "city": "London"})  # fmt: skip
    found = resolve(
        records({"id": "1", "names": ["ST MARYS HOSPITAL"], "cities": ["LONDON"]},
                {"id": "2", "names": ["St. Mary's Hospital"], "cities": ["Leeds"]}),
        known)  # fmt: skip
    assert answers(found)["a", "1"] == (ROR + "l", "name")
    assert answers(found)["a", "2"][1] == "own record"


def test_records_of_two_sources_meet_under_one_name():
    found = resolve(
        records({"id": "1", "names": ["Celtic Bio Ltd"], "cities": ["Cardiff"]},
                {"id": "7", "source": "b", "names": ["CELTIC BIO"], "cities": ["CARDIFF"]},
                {"id": "8", "source": "b", "names": ["CELTIC BIO"], "cities": ["Swansea"]}),
        registry())  # fmt: skip
    assert answers(found) == {
        ("a", "1"): ("a:1", "same name"),
        ("b", "7"): ("a:1", "same name"),
        ("b", "8"): ("b:8", "own record"),
    }


def test_records_share_an_identifier_or_a_name_with_one_that_has_a_ror_id():
    found = resolve(
        records({"id": "1", "ror_ids": [ROR + "x"], "names": ["Alpha"], "identifiers": ["pic:9"]},
                {"id": "2", "names": ["Beta"], "identifiers": ["pic:9"]},
                {"id": "3", "source": "b", "names": ["ALPHA LTD"]}), registry())  # fmt: skip
    assert answers(found)["a", "2"] == (ROR + "x", "identifier")
    assert answers(found)["b", "3"] == (ROR + "x", "name")


def test_records_without_a_name_stay_apart():
    found = resolve(records({"id": "1"}, {"id": "2"}), registry())
    assert {match[0] for match in answers(found).values()} == {"a:1", "a:2"}


def test_no_records():
    assert resolve(records(), registry()).num_rows == 0

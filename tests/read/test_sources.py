"""The catalogue: each dataset with all that a reader, a lawyer and a downloader must know."""

from urllib.parse import urlsplit

import pytest

from triplehelix.app.fetch import _LISTINGS
from triplehelix.errors import UnknownName
from triplehelix.read.inputs import READERS
from triplehelix.read.sources import Source, catalogue, source


@pytest.mark.parametrize("one", catalogue(), ids=lambda one: one.id)
def test_each_dataset_says_whose_it_is_and_under_which_licence(one: Source):
    texts = [getattr(one, name) for name in Source._fields if name not in ("listing", "packaged")]
    assert all(isinstance(text, str) and text.strip() == text and text for text in texts)
    for address in (one.address, one.page):
        parts = urlsplit(address)
        assert (parts.scheme, bool(parts.hostname)) == ("https", True)
    assert one.checksum in ("md5", "none")
    assert (one.checksum == "md5") == bool(one.listing)
    assert one.listing in ("", *_LISTINGS)


def test_what_is_to_be_there():
    assert [one.id for one in catalogue()] == [
        "cordis-h2020", "cordis-horizon", "ror", "codepoint-open", "geonames", "gshhg",
        "natural-earth",
    ]  # fmt: skip
    assert len(READERS) == 3
    assert [one.id for one in catalogue() if one.packaged] == [
        "geonames", "gshhg", "natural-earth",
    ]  # fmt: skip


def test_licences_that_ask_for_attribution_get_it():
    for id, words in {
        "cordis-h2020": "European Union", "cordis-horizon": "European Union",
        "codepoint-open": "Contains OS data", "geonames": "GeoNames",
    }.items():  # fmt: skip
        assert words in source(id).attribution


def test_the_list_given_out_is_the_callers_own():
    catalogue().clear()
    assert catalogue()


@pytest.mark.parametrize(
    ("id", "near"),
    [("cordis", "did you mean cordis-h2020"), ("ROR", "did you mean ror"), ("xyzzy", "known are")],
)
def test_an_unknown_id_is_told_with_what_was_meant(id, near):
    with pytest.raises(UnknownName, match=f"no source is called {id!r}; .*{near}") as told:
        source(id)
    assert "codepoint-open" in str(told.value)

"""What a record may say: text kept as it came, HTML made harmless, addresses of the web only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.registry.cleaning import clean_html, clean_text, web_address
from triplehelix.registry.fields import ALWAYS, FIELDS, checked

ASSET = {"name": "Microscope", "kind": "equipment"}


@pytest.mark.parametrize("kind", FIELDS)
def test_what_is_always_there_is_among_the_fields(kind: str) -> None:
    assert set(ALWAYS[kind]) <= set(FIELDS[kind].model_fields)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_html(clean_html(text)) == clean_html(text)


def test_half_letters_are_left_out() -> None:
    """No database keeps the half of a surrogate pair."""
    assert clean_text("a\ud800b\x00") == "ab"


@given(st.text(st.characters(whitelist_categories=("L", "N", "P", "S", "Zs")), min_size=1))
def test_letters_and_inner_blanks_stay(text: str) -> None:
    assert clean_text(f"a{text}b") == f"a{text}b"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>", "<a href='JaVaScRiPt&#58;alert(1)'>x</a>",
        "<p style='background:url(javascript:1)'>x</p>", "<iframe src=//evil></iframe>",
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>", "<form action=/x><input></form>",
        "<a href='data:text/html,<script>1</script>'>x</a>", "<!--><img src=x onerror=alert(1)>-->",
        "<style>@import'//evil'</style>", "<base href=//evil>", "<meta http-equiv=refresh content=0>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)  # fmt: skip
def test_hostile_html_is_harmless(attack: str) -> None:
    cleaned = clean_html(f"<p>before</p>{attack}").lower()
    assert cleaned.startswith("<p>before</p>")
    for sign in (
        "<script",
        "onerror",
        "onload",
        "javascript",
        "<iframe",
        "<svg",
        "<img",
        "style",
        "<form",
        "<base",
        "<meta",
        "data:",
    ):
        assert sign not in cleaned.replace("&lt;", "")


def test_honest_html_stays() -> None:
    honest = "<p>Up to <b>40</b> samples</p><ul><li>at <i>4</i> K</li></ul>"
    assert clean_html(honest) == honest
    assert 'href="https://example.org"' in clean_html('<a href="https://example.org">x</a>')


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://example.org", "//example.org", "example.org", "https://", "https://a b",
     "https://example.org/\"onclick", "https://example.org/<script>", "data:text/html,x", "file:///etc/passwd"],
)  # fmt: skip
def test_only_the_web_is_linked_to(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        web_address(address)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "equipment"}, "name.*Field required"),
        ({**ASSET, "kind": "spaceship"}, "kind is 'spaceship'"),
        ({**ASSET, "colour": "red"}, "colour is 'red': Extra inputs are not permitted"),
        (
            {**ASSET, "website": "example.org"},
            "website is 'example.org': give an address that starts with https",
        ),
        ({**ASSET, "place": {"lat": 51.0}}, "place.*give both lat and lon, or neither"),
        ({**ASSET, "place": {"lat": 91, "lon": 0}}, "place.lat is '91'"),
        ({**ASSET, "terms": {"price": 3}}, "a price needs its currency, such as GBP"),
        (
            {**ASSET, "contacts": [{}]},
            "a contact needs a name, a telephone, a web address or an e-mail",
        ),
        ({**ASSET, "name": "   "}, "name"),
        ({**ASSET, "capabilities": ["PCR testing"]}, "capabilities.0 is 'PCR testing'"),
    ],
)
def test_a_wrong_field_is_quoted_with_its_remedy(fields: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        checked("asset", fields)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError, match=r"name.*; kind"):
        checked("asset", {"name": "", "kind": "x"})


def test_an_event_ends_after_it_starts_and_names_its_zone() -> None:
    event = {
        "title": "Day of open doors",
        "starts": "2026-05-01T09:00+01:00",
        "ends": "2026-05-01T17:00+01:00",
    }
    assert checked("event", event)["title"] == "Day of open doors"
    with pytest.raises(InputError, match="ends before it starts"):
        checked("event", {**event, "ends": "2026-04-01T17:00+01:00"})
    with pytest.raises(InputError, match="times need their offset"):
        checked("event", {**event, "starts": "2026-05-01T09:00"})


def test_what_was_checked_is_checked_again_unchanged() -> None:
    said = checked("asset", {**ASSET, "place": {"town": "Leeds", "lat": 53.8, "lon": -1.5},
                             "terms": {"price": 3.5, "currency": "GBP"}, "capabilities": ["cryo-em"]})  # fmt: skip
    assert checked("asset", said) == said

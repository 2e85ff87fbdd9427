"""Countries: ISO's list through pycountry is the oracle, with what people write besides."""

import pycountry
import pytest

from triplehelix.read.countries import code_of, name_of

WRITTEN = {
    "UK": "GB", "EL": "GR", "GB": "GB", "GR": "GR", "uk": "GB", " de ": "DE", "XK": "XK",
    "Kosovo": "XK", "South Korea": "KR", "Korea, Republic of": "KR", "Republic of Korea": "KR",
    "North Korea": "KP", "USA": "US", "U.S.A.": "US", "United States of America": "US",
    "the United States": "US", "Great Britain": "GB", "England": "GB", "Scotland": "GB",
    "Wales": "GB", "Northern Ireland": "GB", "Czech Republic": "CZ", "Czechia": "CZ",
    "The Netherlands": "NL", "Viet Nam": "VN", "Vietnam": "VN", "Russia": "RU", "Iran": "IR",
    "Türkiye": "TR", "Turkey": "TR", "TURKIYE": "TR", "Cote d’Ivoire": "CI", "Ivory Coast": "CI",
    "Taiwan": "TW", "Bosnia & Herzegovina": "BA", "North Macedonia": "MK", "Curacao": "CW",
    "Hong Kong": "HK", "Macau": "MO", "Palestine": "PS", "Bolivia": "BO", "Moldova": "MD",
    "Democratic Republic of the Congo": "CD", "Congo": "CG", "UAE": "AE", "Ireland": "IE",
    "Syria": "SY", "Laos": "LA", "Tanzania": "TZ", "Venezuela": "VE", "Brunei": "BN",
    "Vatican City": "VA", "Swaziland": "SZ", "Cape Verde": "CV", "Niger": "NE", "Guinea": "GN",
}  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_as_people_write_them(written):
    assert code_of(written) == WRITTEN[written]


@pytest.mark.parametrize(
    "written", ["", " ", "ZZ", "XX", "Atlantis", "Georgia, USA", "-", "AN", "E"]
)
def test_unknown(written):
    assert code_of(written) is None


def test_every_code_and_name_of_iso():
    for country in pycountry.countries:
        for written in (country.alpha_2, country.alpha_3, country.name, country.alpha_2.lower()):
            assert code_of(written) == country.alpha_2, written


def test_every_short_name_leads_back_to_its_code():
    for code in [country.alpha_2 for country in pycountry.countries] + ["XK"]:
        name = name_of(code)
        assert name is not None
        assert code_of(name) == code
    assert name_of("ZZ") is None
    assert name_of("UK") is None


def test_short_names_are_as_people_say_them():
    spoken = [name_of(code) for code in ("GB", "US", "KR", "CZ", "XK", "RU", "DE")]
    assert spoken == [
        "United Kingdom", "United States", "South Korea", "Czechia", "Kosovo", "Russia", "Germany",
    ]  # fmt: skip

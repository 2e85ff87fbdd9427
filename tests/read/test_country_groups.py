"""Groups of countries that are asked for by one name: their members, as lists of them say."""

import pycountry
import pytest

from triplehelix.read.country_groups import country_groups

# As listed in 2016 and before, then the three that joined since.
COMMONWEALTH = """
Antigua and Barbuda, Bahamas, Barbados, Belize, Canada, Dominica, Grenada, Guyana, Jamaica,
Saint Kitts and Nevis, Saint Lucia, Saint Vincent and the Grenadines, Trinidad and Tobago,
Cyprus, Malta, United Kingdom, Botswana, Cameroon, Ghana, Kenya, Lesotho, Malawi, Mauritius,
Mozambique, Namibia, Nigeria, Rwanda, Seychelles, Sierra Leone, South Africa, Eswatini, Uganda,
Tanzania, Zambia, Bangladesh, Brunei Darussalam, India, Malaysia, Maldives, Pakistan, Singapore,
Sri Lanka, Australia, Fiji, Kiribati, Nauru, New Zealand, Papua New Guinea, Samoa,
Solomon Islands, Tonga, Tuvalu, Vanuatu, Gambia, Gabon, Togo
"""
EUROPEAN_UNION = """
Belgium, Bulgaria, Czechia, Denmark, Germany, Estonia, Ireland, Greece, Spain, France, Croatia,
Italy, Cyprus, Latvia, Lithuania, Luxembourg, Hungary, Malta, Netherlands, Austria, Poland,
Portugal, Romania, Slovenia, Slovakia, Finland, Sweden
"""
ASEAN = """
Brunei Darussalam, Cambodia, Indonesia, Lao People's Democratic Republic, Malaysia, Myanmar,
Philippines, Singapore, Thailand, Timor-Leste, Viet Nam
"""


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("commonwealth", COMMONWEALTH), ("eu27", EUROPEAN_UNION), ("asean", ASEAN),
        ("efta", "Iceland, Liechtenstein, Norway, Switzerland"),
        ("g7", "Canada, France, Germany, Italy, Japan, United Kingdom, United States"),
    ],
)  # fmt: skip
def test_members_by_name(key, names):
    codes = [pycountry.countries.lookup(_full(name.strip())).alpha_2 for name in names.split(",")]
    assert sorted(codes) == list(country_groups()[key].countries)


def _full(name):
    return {"Tanzania": "Tanzania, United Republic of"}.get(name, name)


def test_sizes_and_what_groups_have_in_common():
    """The Union has 27 members, the Commonwealth 56; Cyprus and Malta are in both."""
    groups = {key: set(group.countries) for key, group in country_groups().items()}
    assert (len(groups["eu27"]), len(groups["commonwealth"])) == (27, 56)
    assert groups["eu27"] & groups["commonwealth"] == {"CY", "MT"}
    assert not groups["eu27"] & groups["efta"]


def test_codes_are_codes_each_named_once():
    for group in country_groups().values():
        assert len(set(group.countries)) == len(group.countries), group.key
        assert all(pycountry.countries.get(alpha_2=code) for code in group.countries), group.key

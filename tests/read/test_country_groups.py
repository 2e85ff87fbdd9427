"""Groups of countries that are asked for by one name."""

import pycountry

from triplehelix.read.country_groups import country_groups


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

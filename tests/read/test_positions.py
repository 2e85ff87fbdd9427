"""Points of known towns, as they are and turned round."""

import pytest

from triplehelix.read.positions import looks_swapped


@pytest.mark.parametrize(("lat", "lon", "country"), [
    (51.51, -0.13, "GB"), (35.68, 139.69, "JP"), (-33.87, 151.21, "AU"), (43.65, -79.38, "CA"),
    (32.08, 34.78, "IL"), (37.57, 126.98, "KR"),
])  # fmt: skip
def test_only_turned_round_it_looks_swapped(lat, lon, country):
    assert not looks_swapped(lat, lon, country)
    assert looks_swapped(lon, lat, country)


def test_nothing_is_told_without_a_country_or_where_both_ways_fit():
    assert not looks_swapped(139.0, 35.0, None)
    assert not looks_swapped(0.1, 51.5, "XX")
    # A point in neither is merely far away: a member abroad, a ship, an island.
    assert not looks_swapped(60.0, -150.0, "GB")

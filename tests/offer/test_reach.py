"""Towns that are part of larger ones, told one by one."""

from hypothesis import given
from hypothesis import strategies as st

from triplehelix.offer.reach import PEOPLE_PER_KM2, Town, apart
from triplehelix.sphere import distance_km

TOWNS = st.lists(
    st.tuples(st.floats(51.0, 51.5), st.floats(-0.5, 0.5), st.integers(1, 3_000_000)), max_size=30
)


@given(TOWNS)
def test_a_town_stands_apart_unless_a_larger_one_that_does_reaches_it(rows):
    towns = [Town(f"{n:02}", *row) for n, row in enumerate(rows)]
    kept: list[Town] = []
    for town in sorted(towns, key=lambda t: (-t.population, t.place_id)):
        reached = any(
            distance_km(town.lat, town.lon, one.lat, one.lon)
            <= (one.population / PEOPLE_PER_KM2 / 3.141592653589793) ** 0.5
            for one in kept
            if one.population >= 2_000
        )
        if not reached:
            kept.append(town)
    assert apart(towns) == tuple(kept)

"""Names on maps: whatever is crowded, none touches another, a circle, or the edge."""

from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from triplehelix.draw.labels import Place, Spacing, Spot, placed

FRAME = Place(10, 20, 300, 200)
WHOLE = st.integers(0, 300)
SPOTS = st.lists(
    st.builds(
        Spot, x=WHOLE.map(lambda n: 10.0 + n), y=st.integers(20, 220).map(float),
        radius=st.integers(2, 17).map(float), width=st.integers(0, 120).map(float),
    ),
    max_size=25,
)  # fmt: skip


def shape(place):
    return box(place.left, place.top, place.left + place.width, place.top + place.height)


@given(SPOTS)
def test_nothing_touches(spots):
    """Held against Shapely's geometry."""
    names = [shape(p) for p in placed(spots, FRAME, Spacing(14, 3, 1)) if p is not None]
    circles = [box(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in spots]
    for at, name in enumerate(names):
        assert shape(FRAME).covers(name)
        for other in (*names[at + 1 :], *circles):
            assert name.intersection(other).area == 0


@given(SPOTS)
def test_a_name_has_its_own_width_and_stands_by_its_circle(spots):
    for spot, place in zip(spots, placed(spots, FRAME, Spacing(14, 3, 1)), strict=True):
        if place is not None:
            assert (place.width, place.height) == (spot.width, 14)
            at = box(spot.x, spot.y, spot.x, spot.y)
            assert shape(place).distance(at) <= spot.radius + 3 + 1e-9
        elif not spot.width:
            continue


def test_one_alone_stands_to_the_right_and_at_the_edge_to_the_left():
    [right] = placed([Spot(100, 100, 5, 60)], FRAME, Spacing(14, 3, 1))
    assert right.left == 108
    [left] = placed([Spot(300, 100, 5, 60)], FRAME, Spacing(14, 3, 1))
    assert left.left + left.width == 292


def test_one_that_finds_no_place_is_left_out():
    assert placed([Spot(150, 100, 5, 999)], FRAME, Spacing(14, 3, 1)) == [None]

"""Names worked by hand from the published rule, and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.detect import name
from triplehelix.detect.naming import covered_places
from triplehelix.errors import InputError


def named(*rows):
    """Names from rows of (cluster, place, country, weight)."""
    return name(*zip(*rows, strict=True))


def test_the_heaviest_place():
    rows = [("a", "London", "GB", 90), ("a", "Barnet", "GB", 9), ("b", "Oxford", "GB", 30)]
    assert named(*rows) == {"a": "London", "b": "Oxford"}


def test_rows_of_one_place_add_up():
    rows = [("a", "Leith", "GB", 5), ("a", "Edinburgh", "GB", 4), ("a", "Edinburgh", "GB", 4)]
    assert named(*rows) == {"a": "Edinburgh"}


@pytest.mark.parametrize(
    ("second", "expected"),
    [(8, "Basel and Allschwil"), (7.9, "Basel"), (10, "Allschwil and Basel")],
)
def test_a_second_place_of_four_fifths_shares_the_name(second, expected):
    assert named(("a", "Basel", "CH", 10), ("a", "Allschwil", "CH", second)) == {"a": expected}


def test_two_of_a_name_in_two_countries():
    rows = [("a", "Cambridge", "GB", 9), ("b", "Cambridge", "US", 8), ("c", "Cambridge", "CA", 1)]
    assert named(*rows) == {"a": "Cambridge", "b": "Cambridge (US)", "c": "Cambridge (CA)"}


def test_two_of_a_name_in_one_country():
    rows = [
        ("a", "Newcastle", "GB", 9), ("b", "Newcastle", "GB", 5), ("b", "Keele", "GB", 2),
        ("b", "Stoke", "GB", 1), ("c", "Newcastle", "GB", 3), ("c", "Keele", "GB", 1),
        ("c", "Down", "GB", 0.5), ("d", "Newcastle", "GB", 1), ("e", "newcastle", "GB", 0.5),
    ]  # fmt: skip
    assert named(*rows) == {
        "a": "Newcastle", "b": "Newcastle and Keele", "c": "Newcastle and Down",
        "d": "Newcastle (2)", "e": "newcastle (3)",
    }  # fmt: skip


def test_second_cluster_of_a_name_abroad_takes_its_next_place():
    rows = [
        ("a", "London", "GB", 9), ("b", "London", "CA", 5), ("c", "London", "CA", 3),
        ("c", "Ilderton", "CA", 1),
    ]  # fmt: skip
    assert named(*rows) == {"a": "London", "b": "London (CA)", "c": "London and Ilderton"}


def test_unknown_country():
    rows = [("a", "Springfield", None, 2), ("b", "Springfield", None, 1)]
    assert named(*rows) == {"a": "Springfield", "b": "Springfield (2)"}


def test_equal_weights_are_ordered_by_content():
    assert named(("z", "York", "GB", 1), ("b", "York", "GB", 1)) == {"b": "York", "z": "York (2)"}


def test_no_rows():
    assert name([], [], [], []) == {}


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.sampled_from(["York", "Leeds", "york", "Bath"]),
        st.sampled_from(["GB", "US", None]), st.sampled_from([0, 0.1, 0.2, 0.3, 1, 2]),
    ),
    min_size=1,
)  # fmt: skip


@given(ROWS, st.randoms())
def test_all_are_named_apart_and_order_does_not_matter(rows, random):
    names = named(*rows)
    assert names.keys() == {row[0] for row in rows}
    assert len({each.casefold() for each in names.values()}) == len(names)
    shuffled = random.sample(rows, len(rows))
    assert named(*shuffled) == names


def test_places_heaviest_first_then_by_name():
    places = covered_places("aaa", ["Bath", "York", "Ayr"], ["GB"] * 3, [1, 3, 1])
    assert [covered.place for covered in places["a"]] == ["York", "Ayr", "Bath"]


def test_bad_rows_are_explained():
    with pytest.raises(InputError, match=r"place\[1\] of cluster 'b' has no name; drop the row"):
        name("ab", ["York", ""], [None, None], [1, 1])
    with pytest.raises(InputError, match="lengths 2, 1, 1 and 1; give one of each for each row"):
        name("ab", ["York"], ["GB"], [1])

"""What a row said is given back, unless a field has changed since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.registry.exchange.remainder import recall, regular, regular_text, remember

VALUES = st.none() | st.booleans() | st.integers(0, 2) | st.floats(0, 2) | st.text(max_size=2)
ROWS = st.dictionaries(st.sampled_from("abcd"), VALUES | st.lists(VALUES, max_size=2))


@given(ROWS, ROWS)
def test_a_row_comes_back_to_the_letter(said: dict, shown: dict) -> None:
    back = recall(remember(said, shown), shown)
    assert back == said
    assert [type(back[key]) for key in said] == [type(said[key]) for key in said]


@given(ROWS, ROWS, ROWS)
def test_a_changed_field_counts_more_than_the_row(said: dict, shown: dict, now: dict) -> None:
    back = recall(remember(said, shown), now)
    for key in now:
        if key in shown and repr(now[key]) != repr(shown[key]):
            assert repr(back[key]) == repr(now[key])


@given(st.text())
def test_regular_text_stays_regular(text: str) -> None:
    once = regular_text(text)
    assert regular_text(once) == once
    once.encode()
    assert not set(once) & set("\0\r\x1b\x7f\u202e")


def test_nesting_without_end_is_refused() -> None:
    deep: object = "x"
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ValueError, match="more than 40 deep"):
        regular(deep)

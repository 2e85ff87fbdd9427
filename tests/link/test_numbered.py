"""Names as numbers: what NumPy's own sorting of all entries gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.link.numbered import as_text, categorised, numbered, numbered_text

TEXTS = st.lists(st.text("abé -", max_size=3))


@given(TEXTS, st.sampled_from([object, str]))
def test_text_is_numbered_as_by_numpy(texts, kind):
    given_ = np.array(texts, dtype=kind)
    names, place = numbered(given_)
    expected, at = np.unique(given_, return_inverse=True)
    assert names.tolist() == expected.tolist()
    assert names.dtype.kind == expected.dtype.kind
    np.testing.assert_array_equal(place, at)


@given(st.lists(st.integers(-3, 12)))
def test_numbers_are_numbered_as_by_numpy_and_as_text(values):
    names, place = numbered(np.array(values, dtype=int))
    expected, at = np.unique(np.array(values, dtype=int), return_inverse=True)
    assert names.tolist() == expected.tolist()
    np.testing.assert_array_equal(place, at)
    texts, place = numbered_text(np.array(values, dtype=int))
    assert texts.tolist() == sorted({str(v) for v in values})
    assert [texts[k] for k in place] == [str(v) for v in values]


def test_numbers_of_few_bits_are_numbered_as_by_numpy():
    values = np.array([127, -128, 0, 127] * 40, dtype=np.int8)
    names, place = numbered(values)
    expected, at = np.unique(values, return_inverse=True)
    assert names.tolist() == expected.tolist()
    assert names.dtype == expected.dtype
    np.testing.assert_array_equal(place, at)


def test_categories_stand_in_the_order_of_their_names():
    table = pa.table({"name": ["b", "é", "a", "b"], "n": [1, 2, 3, 4]})
    frame = categorised(table)
    assert frame["name"].cat.codes.tolist() == [1, 2, 0, 1]
    assert frame["n"].tolist() == [1, 2, 3, 4]
    assert as_text(frame["name"]).to_pylist() == table["name"].to_pylist()


def test_nothing_among_text_is_an_error_as_in_numpy():
    with pytest.raises(TypeError):
        numbered(np.array(["a", None], dtype=object))

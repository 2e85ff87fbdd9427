"""Names as numbers: what NumPy's own sorting of all entries gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.link.numbered import numbered, numbered_text

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


def test_nothing_among_text_is_an_error_as_in_numpy():
    with pytest.raises(TypeError):
        numbered(np.array(["a", None], dtype=object))

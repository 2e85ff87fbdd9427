"""Proximity and density: by hand, against ecomplexity's own words as loops, and by laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from triplehelix.errors import InputError
from triplehelix.measure import proximity, relatedness_density
from triplehelix.measure.relatedness import at_home, co_presence

COUNTS = arrays(np.int64, (6, 4), elements=st.integers(0, 9))


def test_by_hand():
    """Rows at home: (x, y), (x, y), (x); so x and y share two of x's three."""
    present = [[1, 1, 0], [1, 1, 0], [1, 0, 1]]
    np.testing.assert_allclose(
        co_presence(present), [[0, 2 / 3, 1 / 3], [2 / 3, 0, 0], [1 / 3, 0, 0]]
    )


@given(COUNTS)
def test_proximity_is_the_smaller_of_the_two_chances(counts):
    """Hidalgo and others (2007), word for word."""
    near = proximity(counts)
    home = np.zeros(counts.shape, dtype=bool)
    for r, f in np.ndindex(counts.shape):
        row, all_ = counts[r].sum(), counts.sum()
        home[r, f] = bool(row) and counts[r, f] / row > counts[:, f].sum() / all_ + 1e-12
    np.testing.assert_array_equal(home, at_home(counts))
    for f, g in np.ndindex(near.shape):
        if f != g and home[:, f].any() and home[:, g].any():
            both = (home[:, f] & home[:, g]).sum()
            assert near[f, g] == pytest.approx(
                min(both / home[:, f].sum(), both / home[:, g].sum())
            )
        elif f != g:
            assert np.isnan(near[f, g])


@given(COUNTS)
def test_laws(counts):
    """Doubling all rows, or the order of rows and fields, changes nothing else."""
    near, dense = proximity(counts), relatedness_density(counts)
    np.testing.assert_array_equal(proximity(2 * counts), near)
    np.testing.assert_array_equal(proximity(np.vstack([counts, counts])), near)
    np.testing.assert_array_equal(near, near.T)
    np.testing.assert_allclose(relatedness_density(counts[::-1])[::-1], dense)
    turned = relatedness_density(counts[:, ::-1])[:, ::-1]
    np.testing.assert_allclose(turned, dense)
    known = dense[np.isfinite(dense)]
    assert ((known >= 0) & (known <= 1 + 1e-12)).all()


def test_density_is_the_part_of_what_is_near_that_is_at_home():
    near = np.array([[0, 0.5, 0.25], [0.5, 0, 0], [0.25, 0, 0]])
    dense = relatedness_density([[1, 9, 1], [9, 1, 9]], near)
    np.testing.assert_allclose(dense, [[0.5 / 0.75, 0, 0], [0.25 / 0.75, 1, 1]])


def test_wrong_inputs_are_named():
    with pytest.raises(InputError, match="for a single region pass"):
        proximity([1, 2])
    with pytest.raises(InputError, match=r"counts\[0, 1\] is -1.0 .*use 0 for no activity"):
        proximity([[1, -1]])
    with pytest.raises(InputError, match="one row and column per field"):
        relatedness_density([[1, 2]], [[0.0]])

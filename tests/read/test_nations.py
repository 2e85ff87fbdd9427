"""Nations of places that everybody knows, and of those that have none."""

import numpy as np
import pytest

from triplehelix.read.nations import nations_of


@pytest.mark.parametrize(("lat", "lon", "nation"), [
    (51.5, -0.12, "England"), (53.75, -1.55, "England"), (50.12, -5.53, "England"),
    (52.04, -0.82, "England"), (51.55, -3.04, "Wales"), (53.23, -4.13, "Wales"),
    (55.86, -4.34, "Scotland"), (60.15, -1.14, "Scotland"), (54.72, -6.24, "Northern Ireland"),
    (55.0, -7.32, "Northern Ireland"), (53.35, -6.26, None), (0.0, 0.0, None),
])  # fmt: skip
def test_nations(lat: float, lon: float, nation: str | None) -> None:
    """London, Leeds, Penzance, Milton Keynes; Newport, Bangor; Glasgow, Lerwick; Antrim, Derry."""
    assert nations_of([lat], [lon]) == [nation]


def test_no_places() -> None:
    assert nations_of([], []) == []
    assert nations_of([np.nan], [0.0]) == [None]

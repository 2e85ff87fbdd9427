"""OR-Library's capacitated warehouse location files (`cap*`): which to open, who serves whom."""

import re
from dataclasses import dataclass

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.instances.numbers import Floats, Numbers

_WORD = re.compile(r"\b[A-Za-z]\w*\b")


@dataclass(frozen=True, slots=True)
class FacilityLocation:
    """
    Warehouses to open, and customers whose demand may be split between open ones.

    Parameters
    ----------
    capacity, fixed_cost : shape (n_warehouses,), >= 0
    demand : shape (n_customers,), >= 0
    cost : shape (n_customers, n_warehouses), >= 0
        Of serving the whole demand of the customer from the warehouse.
    """

    capacity: Floats
    fixed_cost: Floats
    demand: Floats
    cost: Floats


def read_facility_location(
    text: str, name: str = "the file", *, capacity: float | None = None
) -> FacilityLocation:
    """
    Read a capacitated facility location instance.

    `capacity` stands in where the file has a word for it, as `capa`, `capb` and `capc` do.

    Raises
    ------
    InputError
        If it has such a word and no capacity is given; if numbers are missing, left over or out
        of range.

    References
    ----------
    Beasley (1988), An algorithm for solving large capacitated warehouse location problems,
    European Journal of Operational Research 33(3), 314-325. doi:10.1016/0377-2217(88)90175-0

    Examples
    --------
    >>> read_facility_location("1 1  capacity 5  3  7", capacity=4).capacity
    array([4.])
    """
    if _WORD.search(text):
        text = _with_capacity(text, name, capacity)
    numbers = Numbers(text, name)
    n, n_customers = map(int, numbers.whole(2, "the numbers of warehouses and customers", low=1))
    wanted = 2 + 2 * n + n_customers * (1 + n)
    if len(numbers) < wanted:
        raise InputError(
            f"{name}: {n} warehouses and {n_customers} customers need {wanted} numbers, and it "
            f"ends after {len(numbers)}; it is cut off or of another format: fetch it again"
        )
    pairs = numbers.take(2 * n, "the capacities and fixed costs", low=0).reshape(n, 2)
    served = numbers.take(n_customers * (1 + n), "the demands and costs of customers", low=0)
    numbers.end(f"customer {n_customers}, the last")
    served = served.reshape(n_customers, 1 + n)
    return FacilityLocation(
        np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]),
        np.ascontiguousarray(served[:, 0]), np.ascontiguousarray(served[:, 1:]),
    )  # fmt: skip


def _with_capacity(text: str, name: str, capacity: float | None) -> str:
    words = {word for word in _WORD.findall(text) if not re.fullmatch(r"[eEdD]\d*", word)}
    if words != {"capacity"}:
        return text
    if capacity is None:
        raise InputError(
            f"{name}: it has the word 'capacity' where a number should stand, as OR-Library's "
            "capa, capb and capc do, each for four problems (Beasley 1988, table 1); give the "
            "number with --capacity"
        )
    return re.sub(r"\bcapacity\b", repr(float(capacity)), text)

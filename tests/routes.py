"""What a route takes from its address."""

from collections.abc import Iterator
from typing import Any

from fastapi.dependencies.models import Dependant


def query_parameters(dependant: Dependant) -> Iterator[Any]:
    """Its own query parameters, and those of what it depends on."""
    yield from dependant.query_params
    for part in dependant.dependencies:
        yield from query_parameters(part)

"""Which records are one organisation."""

from triplehelix.resolve.repeats import steps as repeats
from triplehelix.resolve.steps import steps

__all__ = ["repeats", "steps"]

"""Where each site stands, and how surely."""

from triplehelix.locate.steps import steps

__all__ = ["steps"]

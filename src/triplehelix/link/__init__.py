"""Ties inside clusters, between them, and from them to countries."""

from triplehelix.link.collaboration import Collaboration, collaboration
from triplehelix.link.steps import steps

__all__ = ["Collaboration", "collaboration", "steps"]

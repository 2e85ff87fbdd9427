"""The atlas: pages for people and an API for programs, over the questions of `app`."""

from triplehelix.serve.application import create_app
from triplehelix.serve.settings import Settings

__all__ = ["Settings", "create_app"]

"""The list of capabilities that ships, made ready to be found in what records say."""

from functools import cache

from triplehelix.app.registry.search import shipped_capabilities
from triplehelix.capabilities.recognising import Recogniser


@cache
def shipped_recogniser() -> Recogniser:
    """Finds the capabilities of the list that ships in texts."""
    return Recogniser(shipped_capabilities())

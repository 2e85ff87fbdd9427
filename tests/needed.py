"""Programs that tests need: where one is missing they are skipped, in CI they fail."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip the test, or fail it in CI, for what is missing and how to get it."""
    if os.environ.get("TRIPLEHELIX_CI"):
        pytest.fail(what)
    pytest.skip(what)


def pango() -> None:
    """Go on only where paper can be made."""
    try:
        import weasyprint  # noqa: F401
    except OSError as err:
        lacking(f"Pango is not there (apt-get install libpango-1.0-0 libpangoft2-1.0-0): {err}")

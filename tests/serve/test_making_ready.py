"""A served registry is searched once before anybody asks."""

import logging
from pathlib import Path

import pytest

from triplehelix.serve import run
from triplehelix.store.registry.opening import open_registry


def test_what_goes_wrong_meanwhile_is_only_noted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    registry = open_registry(str(tmp_path / "none.db"))
    with caplog.at_level(logging.WARNING):
        run._make_ready(registry)
    assert "could not be searched yet" in caplog.text
    assert "there is no file" in caplog.text
    registry.close()

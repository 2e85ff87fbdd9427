"""An operator's own file of capabilities is served beside the list that ships."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.errors import InputError
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

OURS = """\
capabilities: ours
entries:
  - capability: fish-husbandry-at-sea
    label: Fish husbandry at sea
    synonyms: [sea cage]
"""


def test_it_stands_on_the_pages_with_those_that_ship(tmp_path: Path, small: Edition) -> None:
    registry = open_registry(str(tmp_path / "registry.db"))
    create_registry(registry)
    (tmp_path / "ours.yaml").write_text(OURS)
    settings = RegistrySettings(capabilities=tmp_path / "ours.yaml")
    client = TestClient(create_app(small, registry=registry, accounts=settings))
    listed = {one["capability"] for one in client.get("/api/v1/capabilities").json()}
    assert {"fish-husbandry-at-sea", "pcr-testing"} <= listed
    assert "Fish husbandry at sea" in client.get("/capabilities/fish-husbandry-at-sea").text
    with pytest.raises(InputError, match=r"none.yaml cannot be read"):
        create_app(small, registry=registry,
                   accounts=RegistrySettings(capabilities=tmp_path / "none.yaml"))  # fmt: skip
    registry.close()

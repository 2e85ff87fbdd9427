"""
What the audit log costs: appending to it, sealing it, verifying it, proving an entry.

    python benchmarks/registry_log.py [--entries 100000]
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from triplehelix.app.registry import log
from triplehelix.registry.notes import SigningKey
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry
from triplehelix.store.registry.sealing import seal

_AT_ONCE = 20_000
_SEALS = 1_000


def main() -> None:
    """Write, seal, verify, and print how long each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    asked = parser.parse_args()
    key = SigningKey("registry.example.org/log", bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        registry = open_registry(str(Path(folder) / "registry.db"))
        create_registry(registry)
        _timed("first 20,000 creations, one transaction", lambda: _create(registry, _AT_ONCE))
        for _ in range(asked.entries // _AT_ONCE - 1):
            _create(registry, _AT_ONCE)
        _timed(f"seal of {asked.entries:,} entries", lambda: seal(registry, key, interval=None))
        _timed("seal of none", lambda: seal(registry, key, interval=None))
        for _ in range(_SEALS):
            seal(registry, key, interval=None)
        found = _timed(f"verification with {_SEALS:,} checkpoints", lambda: log.verify(registry))
        assert found.sound
        entry = log.audit(registry, COMMAND_LINE, most=1, subject=_some(registry))[0].entry_id
        _timed("proof of one entry in the large batch",
               lambda: log.proof(registry, COMMAND_LINE, entry))  # fmt: skip
        registry.close()


def _create(registry: Registry, n: int) -> None:
    with registry.change(COMMAND_LINE) as change:
        for each in range(n):
            change.create("asset", {"name": f"Asset {each}", "kind": "equipment"})


def _some(registry: Registry) -> str:
    with registry.look(COMMAND_LINE) as sight:
        return str(sight.connection.scalars(sight.records_where("asset").limit(1)).one())


def _timed(what: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    print(f"{what:45} {time.perf_counter() - began:8.2f} s")
    return done


if __name__ == "__main__":
    main()

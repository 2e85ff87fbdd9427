"""
Kill -9 during concurrent writes, many times: is every acknowledged write there, and the log sound?

    python benchmarks/registry_kill.py [--kills 200] [--seed 1]

Each time two processes of four threads each make and change records and seal the log, and are
killed after a moment of random length. A new registry is begun after every 20 kills.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.registry_killing import assert_all_kept, killed_while_writing
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

_KILLS_EACH = 20


def main() -> None:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, began = random.Random(asked.seed), time.monotonic()
    writes = seals = 0
    with tempfile.TemporaryDirectory() as folder:
        for n in range(asked.kills):
            address = str(Path(folder) / f"registry-{n // _KILLS_EACH}.db")
            if n % _KILLS_EACH == 0:
                registry = open_registry(address)
                create_registry(registry)
                registry.close()
            said = killed_while_writing(address, chance)
            assert_all_kept(address, said)
            writes += sum(last + 1 for last in said.records.values())
            seals += len(said.seals)
    print(
        f"{asked.kills} kills, {writes:,} acknowledged writes and {seals:,} seals: all there, "
        f"every log sound ({time.monotonic() - began:.0f} s)"
    )


if __name__ == "__main__":
    main()

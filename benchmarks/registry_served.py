"""
The atlas with a registry as it is served: pages of assets and of searches over HTTP.

    python -m benchmarks.registry_served EDITION --registry URL [--readers 50] [--workers 1]

Each reader is a thread with a
connection of its own: it asks for a page as a visitor, reads it whole, and thinks (exponential,
mean `--think` seconds). Every other page is an asset's, the others are searches. Writers confirm
and reserve, in a process of their own. Client, servers and database share this machine.

The registry is one that `registry_search` has made at the address.
"""

import argparse
import multiprocessing
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2

from benchmarks.registry_load import told
from benchmarks.registry_world import Generator

AIMS = {"asset": 30, "search": 50}
_SPAWN = multiprocessing.get_context("spawn")


@contextmanager
def served(asked: argparse.Namespace) -> Iterator[str]:
    """The address of the atlas, served as users do; its processes have read the index."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("triplehelix"), "serve", asked.edition, "--registry",
               asked.registry, "--port", str(port), "--workers", str(asked.workers)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            ready(f"http://127.0.0.1:{port}", asked.workers)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def write(registry: str, writers: int, think: float, seconds: float) -> None:
    """Confirm an asset now and then."""
    from triplehelix.registry.viewer import COMMAND_LINE
    from triplehelix.store.registry.opening import open_registry

    opened, end = open_registry(registry), time.monotonic() + seconds
    assets = public_assets(registry)

    def go_on(n: int) -> None:
        rng = random.Random(n)
        while time.monotonic() < end:
            with opened.change(COMMAND_LINE) as change:
                change.confirm("asset", rng.choice(assets))
            time.sleep(rng.expovariate(1 / think))

    threads = [threading.Thread(target=go_on, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened.close()


def public_assets(registry: str) -> list[str]:
    """Ids of a thousand assets that a visitor sees."""
    from triplehelix.app.registry.search import search_assets
    from triplehelix.registry.viewer import VISITOR
    from triplehelix.store.registry.opening import open_registry

    opened = open_registry(registry)
    made, found = Generator(11), {}
    while len(found) < 300:
        for hit in search_assets(opened, VISITOR, made.query(), limit=20).hits:
            found[hit.id] = None
    opened.close()
    return list(found)


class Readers:
    """Threads that ask for pages."""

    def __init__(self, site: str, assets: list[str], asked: argparse.Namespace) -> None:
        self.site, self.assets, self.asked = site, assets, asked
        made = Generator(3)
        self.queries = [made.query() for _ in range(3_000)]
        self.took: dict[str, list[float]] = {"asset": [], "search": []}

    def run(self) -> None:
        """All at once; the first three seconds are not counted."""
        self.begin = time.perf_counter() + 3
        self.end = self.begin + self.asked.seconds
        threads = [
            threading.Thread(target=self._read, args=(n,)) for n in range(self.asked.readers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _read(self, n: int) -> None:
        rng = random.Random(n)
        with httpx2.Client(base_url=self.site) as client:
            # As long as between pages: so they come as often at the beginning as later.
            time.sleep(rng.expovariate(1 / self.asked.think))
            while (start := time.perf_counter()) < self.end:
                kind = rng.choice(("asset", "search"))
                if kind == "asset":
                    answer = client.get(f"/assets/{rng.choice(self.assets)}")
                else:
                    answer = client.get("/assets", params={"q": rng.choice(self.queries)})
                answer.raise_for_status()
                if start >= self.begin:
                    self.took[kind].append(time.perf_counter() - start)
                time.sleep(rng.expovariate(1 / self.asked.think))


def ready(site: str, workers: int) -> None:
    """Wait until the workers answer; several at once, so that each has its turn."""
    for _ in range(600):
        try:
            httpx2.get(site + "/assets", params={"q": "PCR"}, timeout=60).raise_for_status()
            break
        except httpx2.TransportError:
            time.sleep(0.2)
    with ThreadPoolExecutor(8 * workers) as pool:
        for _ in range(3):
            list(pool.map(lambda _: httpx2.get(site + "/assets", params={"q": "PCR"}, timeout=60),
                          range(16 * workers)))  # fmt: skip


def main() -> None:
    """Serve, read, write, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("edition")
    parser.add_argument("--registry", required=True)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--write-think", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=30)
    asked = parser.parse_args()
    assets = public_assets(asked.registry)
    with served(asked) as site:
        readers = Readers(site, assets, asked)
        writing = (asked.registry, asked.writers, asked.write_think, asked.seconds + 20)
        writer = _SPAWN.Process(target=write, args=writing)
        writer.start()
        time.sleep(15)
        readers.run()
        writer.terminate()
        writer.join()
    print(f"{asked.readers} readers thinking {asked.think:g} s, {asked.writers} writers, "
          f"{asked.workers} workers")  # fmt: skip
    print(f"{'milliseconds':<28} {'n':>7} {'p50':>9} {'p95':>9} {'p99':>9}")
    for kind, took in readers.took.items():
        told(f"page of {kind}, over HTTP", took)
        print(f"aim: p95 below {AIMS[kind]} ms")


if __name__ == "__main__":
    main()

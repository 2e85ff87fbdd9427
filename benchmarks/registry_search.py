"""
How fast search is: `python -m benchmarks.registry_search [options]`.

Makes a registry if there is none at the address, once, then measures: reading it into memory, one
reader alone, and readers at once with writers, each thinking for a while between questions.

`--engine URL` is `sqlite:///FILE`, a file, or `postgresql://…`; `postgresql` alone starts a
server in a temporary folder. `--http` asks over HTTP, of a server in a process of its own.
"""

import argparse
import gc
import multiprocessing
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benchmarks.registry_world import Generator, fill
from triplehelix.app.registry.search import search_assets
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.creating import create_registry, is_created
from triplehelix.store.registry.opening import Registry, open_registry

AIM_MS = 50
Ask = Callable[[str], object]


def told(what: str, seconds: list[float]) -> None:
    """Print the middle and the slow end."""
    if len(seconds) > 1:
        cuts = [1e3 * cut for cut in statistics.quantiles(seconds, n=100)]
        print(f"{what:<44} p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  p99 {cuts[98]:7.1f} ms"
              f"  n {len(seconds)}", flush=True)  # fmt: skip


def alone(ask: Ask, queries: list[str], what: str) -> None:
    """One reader, nobody else: time on the clock, and of this thread on the processor."""
    wall, cpu = [], []
    for query in queries:
        start, used = time.perf_counter(), time.thread_time()
        ask(query)
        wall.append(time.perf_counter() - start)
        cpu.append(time.thread_time() - used)
    told(what, wall)
    told(f"{what}, processor", cpu)


def write(registry: Registry, made: Generator) -> None:
    """One of the costlier changes: a new asset."""
    with registry.change(COMMAND_LINE) as change:
        change.create("asset", made.asset(), Holder(), visibility={"*": "public"})


class Load:
    """Readers and writers, each a thread that thinks between what it does."""

    def __init__(self, registry: Registry, ask: Ask, chosen: argparse.Namespace) -> None:
        self._registry, self._ask, self._chosen = registry, ask, chosen
        self.read: list[float] = []
        self.written: list[float] = []

    def run(self, queries: list[str]) -> None:
        """Until the time is over; the first two seconds are not counted."""
        self._begin = time.perf_counter() + 2
        self._end = self._begin + self._chosen.seconds
        readers, writers = self._chosen.readers, self._chosen.writers
        works = [
            threading.Thread(target=self._reader, args=(n, queries[n::readers]))
            for n in range(readers)
        ]
        works += [
            threading.Thread(target=self._writer, args=(Generator(900 + n),))
            for n in range(writers)
        ]
        start = time.process_time()
        for work in works:
            work.start()
        for work in works:
            work.join()
        self.cpu = time.process_time() - start

    def _reader(self, n: int, queries: list[str]) -> None:
        again = iter(queries * 10_000)
        self._loop(Random(n), self._chosen.think, lambda: self._ask(next(again)), self.read)

    def _writer(self, made: Generator) -> None:
        def change() -> None:
            write(self._registry, made)

        self._loop(made.rng, self._chosen.write_think, change, self.written)

    def _loop(self, rng: Random, think: float, do: Callable[[], object], took: list[float]) -> None:
        def pause() -> None:
            # Before the first question too: so they come as often at the beginning as later.
            time.sleep(rng.expovariate(1 / think) if think else 0)

        pause()
        while (start := time.perf_counter()) < self._end:
            do()
            if start >= self._begin:
                took.append(time.perf_counter() - start)
            pause()


def serve(address: str, port: int) -> None:
    """A server whose one page is a search, for what HTTP and its threads add."""
    import uvicorn
    from fastapi import FastAPI

    registry, app = open_registry(address), FastAPI()
    search_assets(registry, VISITOR, "PCR in Leeds")
    gc.collect()
    gc.freeze()

    @app.get("/")
    def ask(q: str) -> object:
        return search_assets(registry, VISITOR, q, limit=10)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


@contextmanager
def over_http(address: str) -> Iterator[Ask]:
    """Asking a server of our own."""
    import httpx2

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(address, port))
    server.start()
    limits = httpx2.Limits(max_connections=500)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", limits=limits) as client:
            for _ in range(600):
                try:
                    client.get("/", params={"q": "PCR"})
                    break
                except httpx2.TransportError:
                    time.sleep(0.2)
            yield lambda query: client.get("/", params={"q": query}).raise_for_status()
    finally:
        server.terminate()
        server.join()


def memory_mb() -> float:
    """The most that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(registry: Registry, chosen: argparse.Namespace) -> None:
    """Print all figures of a registry."""

    def ask(query: str) -> object:
        return search_assets(registry, VISITOR, query, limit=10)

    made, before = Generator(7), memory_mb()
    queries = [made.query() for _ in range(chosen.queries)]
    start = time.perf_counter()
    ask("PCR in Leeds")
    print(f"the first search, which reads all: {time.perf_counter() - start:.1f} s; "
          f"{memory_mb() - before:.0f} MB more", flush=True)  # fmt: skip
    # As the server does when it has made ready.
    gc.collect()
    gc.freeze()
    alone(ask, queries[:300], "one reader, each word new")
    alone(ask, queries[:300], "one reader, again")
    alone(ask, [""] * 50, "one reader, no words")
    load = Load(registry, ask, chosen)
    load.run(queries)
    what = f"{chosen.readers} readers thinking {chosen.think:g} s"
    told(f"{what}, {chosen.writers} writers", load.read)
    told("their changes", load.written)
    asked = max(len(load.read), 1)
    print(f"processor per search, changes included: {1e3 * load.cpu / asked:.1f} ms")
    if chosen.http:
        with over_http(registry.engine.url.render_as_string(hide_password=False)) as ask_there:
            load = Load(registry, ask_there, chosen)
            load.run(queries)
        told(f"{what}, over HTTP", load.read)
    print(f"aim: p95 of a search below {AIM_MS} ms; most memory {memory_mb():.0f} MB")


@contextmanager
def address_of(engine: str | None) -> Iterator[str]:
    """Where the registry is, or is to be."""
    with tempfile.TemporaryDirectory() as folder:
        if engine != "postgresql":
            yield engine or str(Path(folder) / "registry.db")
            return
        from tests import postgres

        try:
            server = postgres.address(Path(folder))
            yield postgres.make_database(server, "registry_search")
        finally:
            postgres.stop(Path(folder))


def main() -> None:
    """Make what is to be searched, unless it is there, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", metavar="URL")
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--think", type=float, default=3.0, help="seconds, on average")
    parser.add_argument("--write-think", type=float, default=1.0, help="seconds, on average")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--switch", type=float, help="seconds a thread keeps the interpreter")
    parser.add_argument("--http", action="store_true")
    chosen = parser.parse_args()
    if chosen.switch:
        sys.setswitchinterval(chosen.switch)
    with address_of(chosen.engine) as address:
        registry = open_registry(address)
        if not is_created(registry):
            start = time.perf_counter()
            create_registry(registry)
            fill(registry, chosen.assets, chosen.members)
            each = (time.perf_counter() - start) / chosen.assets
            print(f"made {chosen.assets:,} assets, {each * 1e3:.2f} ms each", flush=True)
        measure(registry, chosen)
        registry.close()


if __name__ == "__main__":
    main()

"""
How long the questions of an asset's page take while many read and some write.

The load is a closed loop: each reader asks for a random asset's page, gets it, and waits a random
time (exponential, mean THINK seconds, so that no rhythm forms) before the next; nobody asks anew
while waiting. A page is all that the registry is asked for it, as a person of a member in a
network: what they are granted now, the record, its capacities, their reservations, the names of
its member and network. The time counted is from asking to the answer in hand, waiting for a
thread or a connection included. Writers confirm, change and reserve, in the same way, WRITE_THINK
seconds between. The readers are threads of one process, as in one worker of the server: Python
runs one at a time, so that beyond 1 / (time of one page) pages a second they queue.

    python benchmarks/registry_load.py                          # SQLite in a temporary folder
    python benchmarks/registry_load.py --registry postgresql://… --readers 200
    python benchmarks/registry_load.py --http                   # a page over HTTP with uvicorn
"""

import argparse
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from triplehelix.errors import Conflict
from triplehelix.registry.capacity import Promise
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.capacities import put_capacity, reserve
from triplehelix.store.registry.creating import create_registry, is_created
from triplehelix.store.registry.networks import join
from triplehelix.store.registry.opening import Registry, open_registry
from triplehelix.store.registry.viewers import viewer_of

AIM_MS = 30
SHOWN = ("public", "public", "public", "signed-in", "network", "private")


def populate(registry: Registry, n_assets: int, n_members: int, n_networks: int) -> None:
    """Networks, members in them, and assets of all visibilities; a tenth with two capacities."""
    rng = random.Random(1)
    with registry.change(COMMAND_LINE) as change:
        networks = [
            change.create("network", {"name": f"Network {n}"}, visibility={"*": "public"})
            for n in range(n_networks)
        ]
        members = []
        for n in range(n_members):
            network = rng.choice(networks)
            members.append((change.create(
                "member", {"name": f"Member {n}"}, Holder(None, network),
                visibility={"*": "public"}), network))  # fmt: skip
            join(change, network, members[-1][0])
    for start in range(0, n_assets, 10_000):
        with registry.change(COMMAND_LINE) as change:
            for n in range(start, min(start + 10_000, n_assets)):
                _asset(change, rng, n, *rng.choice(members))


def _asset(change, rng: random.Random, n: int, member: str, network: str) -> None:
    level = rng.choice(SHOWN)
    fields = {
        "name": f"Thermal cycler {n}", "kind": "equipment", "capabilities": ["pcr-testing"],
        "description": "<p>" + "Real-time PCR with 384 wells and a robot. " * 8 + "</p>",
        "place": {"town": "Leeds", "lat": 53.8, "lon": -1.5}, "department": "Genomics",
        "contacts": [{"email": "desk@example.org"}], "access": "by booking",
    }  # fmt: skip
    shown = {"*": f"network:{network}" if level == "network" else level, "contacts": "signed-in",
             "access": f"network:{network}"}  # fmt: skip
    one = change.create("asset", fields, Holder(member, network), visibility=shown)
    if n % 10 == 0:
        for amount in (10, 20):
            said = {"capability": "pcr-testing", "amount": amount, "unit": "samples", "per": "day"}
            put_capacity(change, one, said, visibility=rng.choice([None, "private"]))


def page(registry: Registry, user: str | None, asset: str) -> bool:
    """All that an asset's page asks; whether it is shown to them."""
    with registry.reading() as connection:
        viewer = viewer_of(connection, user)
    with registry.look(viewer) as sight:
        found = sight.records([asset], "asset")
        capacities = sight.capacities([asset])
        sight.reservations([one.capacity_id for one in capacities])
        sight.names({i for one in found for i in (one.member_id, one.network_id) if i})
    return bool(found)


def write(registry: Registry, rng: random.Random, asset: str, capacity: str | None) -> None:
    """One of the changes that members make most."""
    with registry.change(COMMAND_LINE) as change:
        change.confirm("asset", asset)
        if capacity is not None:
            day = date(2026, 1, 1) + timedelta(days=rng.randint(0, 3_000))
            reserve(change, capacity, Promise(1, day, day), "benchmark")


class Load:
    """Readers and writers, each in a thread of its own, for a number of seconds."""

    def __init__(self, registry: Registry, asked: argparse.Namespace) -> None:
        self.registry, self.asked = registry, asked
        self.users, self.assets, self.capacities = _those_of(registry)
        self.read: list[float] = []
        self.written: list[float] = []

    def run(self) -> None:
        """All at once, until the time is over; the first two seconds are not counted."""
        self.begin = time.perf_counter() + 2
        self.end = self.begin + self.asked.seconds
        works = [self._reader] * self.asked.readers + [self._writer] * self.asked.writers
        threads = [threading.Thread(target=work, args=(n,)) for n, work in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _reader(self, n: int) -> None:
        rng = random.Random(n)

        def ask() -> None:
            page(self.registry, rng.choice(self.users), rng.choice(self.assets))

        self._loop(rng, self.asked.think, ask, self.read)

    def _writer(self, n: int) -> None:
        rng = random.Random(n)

        def ask() -> None:
            capacity, asset = rng.choice(self.capacities)
            try:
                write(self.registry, rng, asset, capacity)
            except Conflict:
                write(self.registry, rng, asset, None)

        self._loop(rng, self.asked.write_think, ask, self.written)

    def _loop(self, rng: random.Random, think: float, ask, took: list[float]) -> None:
        # As long as between questions: so they come as often at the beginning as later.
        time.sleep(rng.expovariate(1 / think))
        while (start := time.perf_counter()) < self.end:
            ask()
            if start >= self.begin:
                took.append(time.perf_counter() - start)
            time.sleep(rng.expovariate(1 / think))


def _those_of(registry: Registry) -> tuple[list[str | None], list[str], list[tuple[str, str]]]:
    """Users (a third of the questions are visitors'), assets, and (capacity, asset)."""
    from sqlalchemy import insert, select

    from triplehelix.store.registry.tables import CAPACITIES, RECORDS, ROLES, USERS

    rng = random.Random(2)
    with registry.writing() as connection:
        kinds = select(RECORDS.c.record_id, RECORDS.c.kind)
        ids: dict[str, list[str]] = {}
        for one, kind in connection.execute(kinds):
            ids.setdefault(kind, []).append(one)
        capacities = connection.execute(select(CAPACITIES.c.capacity_id, CAPACITIES.c.record_id))
        pairs = [tuple(row) for row in capacities]
        users: list[str | None] = list(connection.scalars(select(USERS.c.user_id)))
        if not users:
            users = [registry.ids("user") for _ in range(300)]
            now = registry.clock()
            connection.execute(insert(USERS), [
                {"user_id": one, "email": f"{one}@example.org", "name": "Somebody",
                 "kind": "person", "disabled": False, "created_at": now} for one in users
            ])  # fmt: skip
            connection.execute(insert(ROLES), [
                {"user_id": one, "role": "member", "object_id": rng.choice(ids["member"]),
                 "given_at": now} for one in users
            ])  # fmt: skip
    return [*users, *[None] * (len(users) // 2)], ids["asset"], pairs


def told(what: str, took: list[float]) -> None:
    """Count, median and tail in milliseconds."""
    p50, p95, p99 = np.percentile(np.array(took) * 1000, [50, 95, 99])
    print(f"{what:<28} {len(took):>7} {p50:>9.1f} {p95:>9.1f} {p99:>9.1f}")


def alone(registry: Registry, load: Load, n: int = 500) -> None:
    """One reader, nobody else: what a page takes by itself."""
    rng, took, cpu = random.Random(3), [], time.process_time()
    for _ in range(n):
        user, asset = rng.choice(load.users), rng.choice(load.assets)
        start = time.perf_counter()
        page(registry, user, asset)
        took.append(time.perf_counter() - start)
    told("page, one reader alone", took)
    print(
        f"its time on the processor    {(time.process_time() - cpu) / n * 1000:>17.1f} on average"
    )


def over_http(registry: Registry, load: Load, asked: argparse.Namespace) -> None:
    """The same loop of readers over HTTP, the answer as JSON, served by uvicorn in a process."""
    import multiprocessing
    import socket

    import httpx2

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = registry.engine.url.render_as_string(hide_password=False)
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(address, port))
    server.start()
    site = f"http://127.0.0.1:{port}"
    took: list[float] = []
    try:
        for _ in range(100):
            try:
                httpx2.get(site + "/up")
                break
            except httpx2.TransportError:
                time.sleep(0.2)
        end = time.perf_counter() + asked.seconds

        def read(n: int) -> None:
            rng = random.Random(n)
            with httpx2.Client(base_url=site) as client:
                time.sleep(rng.expovariate(1 / asked.think))
                while (start := time.perf_counter()) < end:
                    user = rng.choice(load.users) or ""
                    client.get(f"/{rng.choice(load.assets)}", params={"user": user})
                    took.append(time.perf_counter() - start)
                    time.sleep(rng.expovariate(1 / asked.think))

        with ThreadPoolExecutor(asked.readers) as pool:
            list(pool.map(read, range(asked.readers)))
    finally:
        server.terminate()
        server.join()
    told("page's questions over HTTP", took)


def serve(address: str, port: int) -> None:
    """A server whose one page is the asset's questions, for what HTTP and threads add to them."""
    import uvicorn
    from fastapi import FastAPI

    registry, app = open_registry(address), FastAPI()

    @app.get("/{asset}")
    def ask(asset: str, user: str = "") -> dict[str, bool]:
        return {"shown": page(registry, user or None, asset)}

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def main() -> None:
    """Populate where there is nothing yet, then load."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--registry", help="an address; a temporary SQLite file without it")
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--networks", type=int, default=50)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=5)
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--write-think", type=float, default=3.0)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--http", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = open_registry(asked.registry or str(Path(folder) / "registry.sqlite"))
        if not is_created(registry):
            create_registry(registry)
            start = time.perf_counter()
            populate(registry, asked.assets, asked.members, asked.networks)
            print(f"made in {time.perf_counter() - start:.0f} s")
        load = Load(registry, asked)
        print(f"{registry.engine.dialect.name}: {len(load.assets):,} assets; {asked.readers} "
              f"readers thinking {asked.think} s, {asked.writers} writers")  # fmt: skip
        print(f"{'milliseconds':<28} {'n':>7} {'p50':>9} {'p95':>9} {'p99':>9}")
        alone(registry, load)
        if asked.http:
            over_http(registry, load, asked)
        else:
            load.run()
            told("page, all together", load.read)
            if load.written:
                told("change, all together", load.written)
            print(f"aim: p95 of a page below {AIM_MS} ms")
        registry.close()


if __name__ == "__main__":
    main()

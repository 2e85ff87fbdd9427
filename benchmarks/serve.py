"""
How long the atlas takes to answer, one worker, from the edition of the whole of Horizon 2020.

    python benchmarks/serve.py [DIR]

Each page is asked for a hundred times over loopback, one request after another, each time for
another cluster where it is about one; the median and the slowest of twenty are printed beside
what was set out to be reached. Without DIR, the edition is built first (TRIPLEHELIX_DATA).
"""

import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import numpy as np

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
INPUTS = [DATA / "cordis_h2020", DATA / "ror" / "ror-data_schema_v2.json.gz"]
COMMAND = Path(sys.executable).with_name("triplehelix")
REQUESTS = 100
TO_REACH_MS = 50


def main(folder: Path | None) -> None:
    """Serve an edition and time its pages."""
    if folder:
        measure(folder)
        return
    if not all(path.exists() for path in INPUTS):
        print(f"serve: skipped, there is no Horizon 2020 with ROR at {DATA}")
        return
    scratch = Path(tempfile.mkdtemp())
    try:
        asked = [COMMAND, "build", *INPUTS, "--into", scratch / "edition"]
        subprocess.run([str(word) for word in asked], check=True, capture_output=True)
        measure(scratch / "edition")
    finally:
        shutil.rmtree(scratch)


def measure(folder: Path) -> None:
    """Print the time of each page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = [str(COMMAND), "serve", str(folder), "--port", str(port)]
    server = subprocess.Popen(asked, stdout=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_for(client)
            clusters = [c["cluster_id"] for c in client.get("/api/v1/clusters").json()["clusters"]]
            print(f"pages of {folder.name}, {REQUESTS} requests each, to reach: {TO_REACH_MS} ms")
            show(client, "front page", itertools.repeat("/"))
            show(client, "list of clusters", itertools.repeat("/clusters"))
            show(client, "list, by theme", itertools.repeat("/clusters?theme=health"))
            show(client, "cluster page", (f"/clusters/{c}" for c in itertools.cycle(clusters)))
            show(
                client,
                "cluster as JSON",
                (f"/api/v1/clusters/{c}" for c in itertools.cycle(clusters)),
            )
            show(
                client,
                "search",
                (f"/search?q={q}" for q in itertools.cycle(["oxford", "max planck", "cancer"])),
            )
    finally:
        server.terminate()
        server.wait(30)


def wait_for(client: httpx2.Client) -> None:
    """Until the server answers, for a minute at most."""
    for _ in range(600):
        try:
            client.get("/")
            return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


def show(client: httpx2.Client, what: str, paths: "itertools.repeat[str]") -> None:
    """Ask for each path once and print the median and the 95th percentile."""
    took = [_milliseconds(client, path) for path in itertools.islice(paths, REQUESTS)]
    print(f"  {what:18s} median {np.median(took):6.1f} ms   95 % {np.percentile(took, 95):6.1f} ms")


def _milliseconds(client: httpx2.Client, path: str) -> float:
    begun = time.perf_counter()
    client.get(path).raise_for_status()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

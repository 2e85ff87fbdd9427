"""
The main job: the whole of Horizon 2020 with ROR, built once anew and once with nothing changed.

    python benchmarks/build.py

Figures are of the whole process, as a user meets it: wall-clock seconds and peak memory. They
stand beside what was set out to be reached. Needs the data at TRIPLEHELIX_DATA.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
INPUTS = [DATA / "cordis_h2020", DATA / "ror" / "ror-data_schema_v2.json.gz"]
COMMAND = Path(sys.executable).with_name("triplehelix")


def main() -> None:
    """Build twice into a temporary folder and print what it took."""
    if not all(path.exists() for path in INPUTS):
        print(f"build: skipped, there is no Horizon 2020 with ROR at {DATA}")
        return
    folder = Path(tempfile.mkdtemp())
    try:
        first, second = (_seconds(folder / "edition") for _ in range(2))
    finally:
        shutil.rmtree(folder)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("triplehelix build, whole of Horizon 2020 with ROR")
    print(f"  anew             {first:6.1f} s    to reach: at most 30 s")
    print(f"  nothing changed  {second:6.1f} s    to reach: at most 2 s")
    print(f"  peak memory      {peak:6.0f} MiB  to reach: at most 1536 MiB")


def _seconds(into: Path) -> float:
    begun = time.perf_counter()
    asked = [str(COMMAND), "build", *map(str, INPUTS), "--into", str(into)]
    subprocess.run(asked, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()

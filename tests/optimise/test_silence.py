"""A solver that is used in a caller's own process writes nothing where the caller writes JSON."""

import subprocess
import sys

SOLVE = """
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_large import solve_large
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import small
problem = small(demand=[2], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)])
{call}
"""


def _said(call: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", SOLVE.format(call=call)]
    return subprocess.run(command, capture_output=True, check=True)


def test_nothing_is_printed() -> None:
    for call in ("solve_pooling(problem)", "solve_large(problem, Limits(5.0))"):
        said = _said(call)
        assert (said.stdout, said.stderr) == (b"", b"")

"""Published instances and their published optima: see `optimisation/` in the folder of the data."""

import os
from pathlib import Path
from time import perf_counter

import pytest

from triplehelix.optimise.covering import robust
from triplehelix.optimise.highs.covering import solve_covering
from triplehelix.optimise.highs.facility import solve_facility_location
from triplehelix.optimise.highs.partial import solve_partial
from triplehelix.optimise.highs.recoverable import solve_recoverable
from triplehelix.optimise.instances.telling import read_instance
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.p_medians import solve_p_median
from triplehelix.optimise.partial import partially_robust
from triplehelix.optimise.recoverable import recoverable
from triplehelix.optimise.teams import covering_of

FOLDER = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "optimisation"
LIMITS = Limits(60)


def instance(name):
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{path} is absent; set TRIPLEHELIX_DATA to the folder of the data")
    return read_instance(path.read_text(), name)


def proven(outcome, optimum):
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(optimum, abs=5e-4)
    assert outcome.bound == pytest.approx(optimum, abs=5e-4)


@pytest.mark.parametrize(("name", "optimum"), [("scp41", 429), ("scp42", 512), ("scp43", 516)])
def test_set_covers(name, optimum):
    cover = covering_of(instance(f"{name}.txt"))
    proven(solve_covering(cover, LIMITS, clock=perf_counter), optimum)


@pytest.mark.parametrize(
    ("name", "optimum"), [("cap71", 932615.750), ("cap72", 977799.400), ("cap73", 1010641.450)]
)
def test_facility_locations(name, optimum):
    places = instance(f"{name}.txt")
    proven(solve_facility_location(places, LIMITS, clock=perf_counter), optimum)


@pytest.mark.parametrize(("name", "optimum"), [("pmed1", 5819), ("pmed2", 4093)])
def test_p_medians(name, optimum):
    proven(solve_p_median(instance(f"{name}.txt"), LIMITS, clock=perf_counter), optimum)


@pytest.mark.parametrize(("losses", "optimum"), [(0, 3), (1, 6), (2, 11), (3, None)])
def test_robust_teams(losses, optimum):
    cover = robust(covering_of(instance("r1-default-1.tf")), losses)
    outcome = solve_covering(cover, LIMITS, clock=perf_counter)
    if optimum is None:
        assert outcome.status == "infeasible"
    else:
        proven(outcome, optimum)


@pytest.mark.parametrize(("losses", "optimum"), [(1, 4), (2, 7)])
def test_partially_robust_teams(losses, optimum):
    team = instance("r1-default-1.tf")
    problem = partially_robust(covering_of(team), team.weight, losses, 90)
    proven(solve_partial(problem, LIMITS, clock=perf_counter), optimum)


@pytest.mark.parametrize(("losses", "optimum"), [(1, 5), (2, 8)])
def test_recoverable_teams(losses, optimum):
    team = instance("r1-default-1.tf")
    problem = recoverable(covering_of(team), team.repair_cost, losses)
    proven(solve_recoverable(problem, LIMITS, clock=perf_counter), optimum)

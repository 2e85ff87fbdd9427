"""What each cluster is good at, how mixed it is, and how far it reaches."""

from triplehelix.measure.composition import helix_mix
from triplehelix.measure.diversity import hill_number_interval, hill_numbers
from triplehelix.measure.kinds import Thresholds
from triplehelix.measure.prospects.steps import prospect_steps
from triplehelix.measure.relatedness import proximity, relatedness_density
from triplehelix.measure.specialisation import location_quotient, location_quotient_interval
from triplehelix.measure.steps import steps

__all__ = [
    "Thresholds",
    "helix_mix",
    "hill_number_interval",
    "hill_numbers",
    "location_quotient",
    "location_quotient_interval",
    "prospect_steps",
    "proximity",
    "relatedness_density",
    "steps",
]

"""What counts can tell: intervals, tests against chance, weights to resample with."""

from triplehelix.stats.chance import (
    benjamini_hochberg,
    hypergeometric_tail,
    stratified_hypergeometric_tail,
)
from triplehelix.stats.intervals import effective_size, katz_interval, wilson_interval
from triplehelix.stats.ratios import StratifiedRatio, stratified_ratio
from triplehelix.stats.resampling import poisson_weights
from triplehelix.stats.sums import sum_interval
from triplehelix.stats.survival import Waited, median_wait

__all__ = [
    "StratifiedRatio",
    "Waited",
    "benjamini_hochberg",
    "effective_size",
    "hypergeometric_tail",
    "katz_interval",
    "median_wait",
    "poisson_weights",
    "stratified_hypergeometric_tail",
    "stratified_ratio",
    "sum_interval",
    "wilson_interval",
]

"""
What is missing where no alliance meets every need: how much, when, why, and what would close it.

What can be covered is covered all the same, so that the answer is of use.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from triplehelix.ally.additions import addition, in_words
from triplehelix.ally.alliance import Alliance, Gap
from triplehelix.ally.asked import day
from triplehelix.ally.assets import Landscape
from triplehelix.ally.build import alliance_of
from triplehelix.ally.elastic import Shortage, at_least_shortage, least_shortage
from triplehelix.ally.model import Model, compile_model
from triplehelix.ally.question import Question, put
from triplehelix.ally.relaxing import Relaxed, relaxed, with_rule
from triplehelix.ally.call import Call, Rules
from triplehelix.ally.solver import Solver
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Limits

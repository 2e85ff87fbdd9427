"""Team formation instances as coverings: agents are members, skills the requirements."""

import numpy as np

from triplehelix.optimise.covering import Covering
from triplehelix.optimise.instances.set_cover import SetCover
from triplehelix.optimise.instances.team import TeamFormation


def covering_of(instance: TeamFormation | SetCover) -> Covering:
    """
    The covering that an instance asks for: each skill, or row, once.

    Examples
    --------
    >>> covering_of(SetCover(np.ones(2), (np.array([0, 1]),))).times
    array([1])
    """
    if isinstance(instance, SetCover):
        return Covering(instance.cost, instance.rows, np.ones(len(instance.rows), dtype=np.int64))
    times = np.ones(len(instance.who), dtype=np.int64)
    return Covering(instance.cost, instance.who, times, instance.apart)

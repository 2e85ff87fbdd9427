"""The distinct activities of each cluster, counted by Numba; imported when first needed."""

from numba import types

from triplehelix.compiling import compiled
from triplehelix.detect.kernels import Flags
from triplehelix.sphere import Floats, Whole

_WHOLE, _FLAGS, _FLOATS = types.int64[::1], types.boolean[::1], types.float64[::1]


@compiled(types.void(_WHOLE, _WHOLE, _WHOLE, _FLAGS, _FLOATS, _WHOLE, _WHOLE, _WHOLE, _FLOATS))
def tally(
    start: Whole,
    site: Whole,
    labels: Whole,
    marked: Flags,
    share: Floats,
    last: Whole,
    n_activities: Whole,
    n_marked: Whole,
    expected: Floats,
) -> None:
    """
    Count the distinct activities of each cluster, and the marked ones among them.

    `share` is how likely each activity is to be marked; `expected` gets its sum over the
    cluster's activities, in their order.

    Activity a is performed at the sites site[start[a]] to site[start[a + 1]]; `labels` gives
    each site's cluster, or -1. `last` holds -1 for each cluster, the counts 0.
    """
    for activity in range(len(start) - 1):
        for pair in range(start[activity], start[activity + 1]):
            cluster = labels[site[pair]]
            if cluster >= 0 and last[cluster] != activity:
                last[cluster] = activity
                n_activities[cluster] += 1
                expected[cluster] += share[activity]
                if marked[activity]:
                    n_marked[cluster] += 1

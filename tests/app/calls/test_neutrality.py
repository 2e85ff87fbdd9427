"""Who comes up how often, counted by hand."""

import pytest

from tests.app.calls.staged import CAPABILITIES, Stage
from triplehelix.app.calls.commitments import answer
from triplehelix.app.calls.neutrality import exposure_over_calls
from triplehelix.errors import InputError


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_candidates_proposed_invited_and_accepted_are_counted_of_what_is_seen(world):
    """Two could help, both are proposed and invited, one accepts; a visitor sees the first alone."""
    stage = Stage(world).open()
    first, _ = stage.invite()
    answer(stage.registry, stage.as_("ann"), first, "accept", CAPABILITIES)
    for who, counts in (
        ("admin", [(1, 1, 1, 0), (1, 1, 1, 1)]), ("steward", [(1, 1, 1, 0), (1, 1, 1, 1)]),
        ("", [(1, 0, 0, 0)] * 2),
    ):  # fmt: skip
        found = exposure_over_calls(stage.registry, stage.as_(who), CAPABILITIES)
        said = [(r.candidate, r.proposed.n, r.invited.n, r.accepted.n) for r in found.rows]
        assert sorted(said) == counts
        assert set(found.names.values()) == {"University", "Hospital"}
    [region] = exposure_over_calls(
        stage.registry, stage.as_("admin"), CAPABILITIES, by="region"
    ).rows
    assert (region.who, region.candidate) == ("unknown", 2)
    with pytest.raises(InputError, match="'town' is nothing to sum up by"):
        exposure_over_calls(stage.registry, stage.as_("admin"), CAPABILITIES, by="town")

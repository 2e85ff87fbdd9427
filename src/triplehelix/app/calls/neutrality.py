"""How often members and regions come up over all calls: so that even-handedness can be checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from triplehelix.ally.assets import Landscape
from triplehelix.ally.exposure import Exposure, Seen, exposure
from triplehelix.app.calls.content import call_of
from triplehelix.app.calls.landscape import landscape_in
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.registry.commitments import State
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry import call_lists
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import proposals
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class ExposureAnswer:
    """Rows by member or region; `names` of the members. A region is a cluster of the edition."""

    by: str
    rows: tuple[Exposure, ...]
    names: Mapping[str, str]


def exposure_over_calls(
    registry: Registry, viewer: Viewer, capabilities: Capabilities, *, by: str = "member",
    edition: Edition | None = None,
) -> ExposureAnswer:  # fmt: skip
    """
    How often each member or region was a candidate, proposed, invited and accepted.

    Of all calls, proposals and commitments that the viewer sees: a neutral body's administrators
    see all of them. A candidate is who has, as far as the viewer sees now, an asset with a
    capability that a need asks for, or a narrower one.

    Parameters
    ----------
    by : `member` or `region`.

    Raises
    ------
    InputError
        If it is neither.
    """
    if by not in ("member", "region"):
        raise InputError(f"{by[:40]!r} is nothing to sum up by; give member or region")
    with registry.look(viewer) as sight:
        landscape = landscape_in(sight, edition)
        records = sight.records(call_lists.call_ids(sight), "call")
        seen = [one for record in records for one in _seen(sight, record, landscape, capabilities)]
        names = sight.names(one.member for one in seen)
    how: Literal["member", "region"] = "member" if by == "member" else "region"
    return ExposureAnswer(by, exposure(seen, by=how), names)


def _seen(
    sight: Sight, record: Record, landscape: Landscape, capabilities: Capabilities
) -> Iterator[Seen]:
    regions = {one.member: one.cluster for one in landscape.members}
    call = call_of(record.fields)
    wanted = {
        slug for need in (call.needs if call else ()) if need.capability in capabilities
        for slug in capabilities.narrower(need.capability)
    }  # fmt: skip
    stages = {(one.member, "candidate") for one in landscape.assets
              if wanted & set(one.capabilities)}  # fmt: skip
    for proposal in proposals(sight, record.record_id):
        stages |= {(member, "proposed") for member in proposal.result["partners"]}
    for one in commitments(sight, call_id=record.record_id):
        stages.add((one.member_id, "accepted" if one.state == State.ACCEPTED else "invited"))
    for member, stage in sorted(stages):
        yield Seen(record.record_id, member, regions.get(member), stage)  # type: ignore[arg-type]

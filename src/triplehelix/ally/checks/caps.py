"""The most that may come from one member, in the unit of a need."""

from contextlib import suppress

from triplehelix.ally.call import MemberCap
from triplehelix.ally.checks.case import Case, Period
from triplehelix.capabilities.listed import read_unit
from triplehelix.errors import InputError


def most_from_one(case: Case, period: Period) -> float:
    """What all caps together leave to one member; infinite where none is about the need."""
    limits = [cap_on(case, cap, period) for cap in case.rules.member_caps]
    return min((limit for limit in limits if limit is not None), default=float("inf"))


def cap_on(case: Case, cap: MemberCap, period: Period) -> float | None:
    """The most from one member, in the need's unit; None where the cap is not about this need."""
    if period.need.unit is None or cap.need not in (None, period.need.need):
        return None
    limits = [] if cap.share is None else [cap.share * period.amount]
    if cap.amount is not None:
        wanted = read_unit(period.need.unit)
        given = read_unit(cap.unit) if cap.unit else wanted
        with suppress(InputError):  # a cap in another unit is about needs of another kind
            limits.append(
                case.capabilities.convert(period.need.capability, cap.amount, given, wanted)
            )
    return min(limits, default=None)

"""What time does to enquiries: answered ones close, and what is personal is erased in the end."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from triplehelix.registry.enquiries import OVER, WAITING, Closing, EnquiryRules, State
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry import enquiries, enquiry_reading
from triplehelix.store.registry.erasing import forget_bytes
from triplehelix.store.registry.opening import Registry

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many enquiries were closed as answered, closed unanswered, and erased."""

    closed: int
    given_up: int
    erased: int


def sweep(registry: Registry, rules: EnquiryRules) -> Swept:
    """
    Close what has been answered long ago, or not at all, and erase what is over long enough.

    Each is its own transaction with its entry in the audit log, so that a sweep which is stopped
    has done what it has done. Done again, it does nothing more.
    """
    now = registry.clock()
    with registry.look(COMMAND_LINE) as sight:
        found = enquiry_reading.enquiries(sight)
    quiet = {one.enquiry_id: now - one.changed_at for one in found}
    done = [one.enquiry_id for one in found if one.state == State.ANSWERED
            and quiet[one.enquiry_id] >= timedelta(days=rules.close_days)]  # fmt: skip
    given_up = [one.enquiry_id for one in found if one.state in WAITING
                and quiet[one.enquiry_id] >= timedelta(days=rules.longest_days)]  # fmt: skip
    for ids, closing in ((done, Closing.DONE), (given_up, Closing.UNANSWERED)):
        for one in ids:
            with registry.change(COMMAND_LINE) as change:
                enquiries.close(change, one, closing, side="time")
    over = [one.enquiry_id for one in found if one.state in OVER and one.erased_at is None
            and one.closed_at is not None and now - one.closed_at >= rules.kept_for]  # fmt: skip
    for one in over:
        with registry.change(COMMAND_LINE) as change:
            enquiries.erase(change, one, "time")
    if over:
        forget_bytes(registry)
    if done or given_up or over:
        _logger.info("enquiries: %d closed, %d closed unanswered, %d erased", len(done),
                     len(given_up), len(over))  # fmt: skip
    return Swept(len(done), len(given_up), len(over))

"""Letters about enquiries: to whoever asks, and to those who have one to answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triplehelix.app.enquiries.desk import EnquiryRow, desk
from triplehelix.app.registry.checkpoints import Mailer
from triplehelix.errors import TripleHelixError
from triplehelix.registry.commitments import acts_for
from triplehelix.registry.enquiries import EnquiryRules
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import enquiry_mailed
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.viewers import viewer_of

NEWS_EVERY = timedelta(days=1)
SHOWN = 30
# What has waited for so many reminders is told to the front desk too.
_ESCALATED = 3
_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many letters were sent, and how many failed."""

    sent: int
    failed: int


def remind(registry: Registry, mailer: Mailer, rules: EnquiryRules, *, base_url: str) -> Reminded:
    """
    Send whoever has enquiries to answer one letter: at once for new ones, then every few days.

    Nobody gets more than one a day. Administrators are told of those at the front desk, and of
    those that have waited for three reminders elsewhere. A letter that fails is tried again.

    Parameters
    ----------
    mailer : `(addresses, subject, text)`, such as `partial(mail.send, settings)`.
    base_url : where people reach the registry.
    """
    now = registry.clock()
    sent = failed = 0
    for one in enquiry_mailed.addressees(registry):
        if one.sent_at is not None and now - one.sent_at < NEWS_EVERY:
            continue
        with registry.reading() as connection:
            viewer = viewer_of(connection, one.user_id)
        waiting = waiting_for(registry, viewer, rules)
        if not _is_due(waiting, one.sent_at, now, rules):
            continue
        try:
            mailer([one.email], _subject(waiting), _text(waiting, base_url))
        except TripleHelixError as err:
            enquiry_mailed.write_down(registry, one, now, str(err))
            failed += 1
            # A server that is away is asked no more this time.
            if failed >= _FAILURES and not sent:
                break
        else:
            enquiry_mailed.write_down(registry, one, now, None)
            sent += 1
    return Reminded(sent, failed)


def waiting_for(registry: Registry, viewer: Viewer, rules: EnquiryRules) -> list[EnquiryRow]:
    """What a letter tells somebody of: theirs; administrators of the desk's and the late."""
    waiting = desk(registry, viewer).waiting
    if not viewer.everything:
        return waiting
    late = registry.clock() - timedelta(days=_ESCALATED * rules.remind_days)
    return [
        one for one in waiting
        if one.at_desk or one.made_at <= late
        or any(acts_for(each.id) in viewer.grants for each in one.to)
    ]  # fmt: skip


def receipt(base_url: str, secret: str, to: list[str], rules: EnquiryRules) -> tuple[str, str]:
    """
    Subject and text of the letter to whoever has asked.

    Not a word of theirs stands in it: nobody can have us send their words to others.
    """
    whom = ", ".join(to) or "the front desk"
    return "Your enquiry", (
        f"Somebody, we hope you, sent an enquiry and gave this address. It went to: {whom}.\n\n"
        "Here you see how it stands, and can take it back or have it erased. Whoever has this\n"
        f"address can too, so keep it to yourself:\n\n{base_url}/enquiries/sent/{secret}\n\n"
        f"What is personal in it is erased {rules.keep_days} days after it is closed.\n"
    )


def answered(text: str) -> tuple[str, str]:
    """Subject and text of the letter with a reply."""
    return "An answer to your enquiry", (
        f"Your enquiry was answered:\n\n{text}\n\n"
        "The address in our first letter shows all that was said. Answers to this letter are not\n"
        "read.\n"
    )


def _is_due(
    waiting: list[EnquiryRow], sent_at: datetime | None, now: datetime, rules: EnquiryRules
) -> bool:
    if not waiting:
        return False
    if sent_at is None or any(one.made_at > sent_at for one in waiting):
        return True
    return now - sent_at >= timedelta(days=rules.remind_days)


def _subject(waiting: list[EnquiryRow]) -> str:
    n = len(waiting)
    return f"{n} enquir{'y waits' if n == 1 else 'ies wait'} for an answer"


def _text(waiting: list[EnquiryRow], base_url: str) -> str:
    lines = [
        f"- since {one.made_at.date().isoformat()}, about "
        f"{'the body as a whole' if one.about_kind == 'general' else one.about_kind}: "
        f"{base_url}/enquiries/{one.enquiry_id}"
        for one in waiting[:SHOWN]
    ]  # fmt: skip
    more = [f"  and {len(waiting) - SHOWN} more"] if len(waiting) > SHOWN else []
    return "\n".join([
        "These wait for an answer, the longest first:", "", *lines, *more, "",
        f"Answer or pass them on here, after signing in:\n\n{base_url}/enquiries/desk\n",
    ])  # fmt: skip

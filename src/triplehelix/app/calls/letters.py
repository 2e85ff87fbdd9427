"""Letters about calls: what waits for an answer, and what others have answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triplehelix.ally.said import day_said, number_said
from triplehelix.app.calls.commitments import CommitmentAnswer, answers_in
from triplehelix.app.registry.checkpoints import Mailer
from triplehelix.errors import TripleHelixError
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import call_mailed
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.viewers import viewer_of

# What is new is told within a day; what only waits is told again after some days.
NEWS_EVERY, REMIND_EVERY = timedelta(days=1), timedelta(days=3)
SHOWN = 30
_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Digest:
    """What a letter tells: what waits for somebody's answer, what has changed since the last."""

    waiting: list[CommitmentAnswer]
    news: list[CommitmentAnswer]


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many letters were sent, and how many failed."""

    sent: int
    failed: int


def digest(registry: Registry, viewer: Viewer, since: datetime | None = None) -> Digest:
    """
    What waits for a viewer's answer, and what the other side has said since a moment.

    Without a moment nothing is news, and all that waits is told.
    """
    with registry.look(viewer) as sight:
        found = answers_in(sight, commitments(sight))
    # Those who see everything act for everybody: they are told of their own members' alone.
    mine = [one for one in found if _acts(viewer, one)]
    waiting = [one for one in mine if "accept" in one.can]
    news = [
        one for one in mine
        if one not in waiting and since is not None and one.commitment.changed_at > since
        and one.events and one.events[-1].event.by_user != viewer.user_id
    ]  # fmt: skip
    return Digest(waiting, news)


def remind(registry: Registry, mailer: Mailer, *, base_url: str) -> Reminded:
    """
    Send each person whose members or networks have something to answer, or news, one letter.

    What is new is sent at most once a day; what only waits is sent again every three days.
    A letter that fails is tried again the next time.

    Parameters
    ----------
    mailer : `(addresses, subject, text)`, such as `partial(mail.send, settings)`.
    base_url : where people reach the registry.
    """
    now = registry.clock()
    sent = failed = 0
    for one in call_mailed.addressees(registry):
        if one.sent_at is not None and now - one.sent_at < NEWS_EVERY:
            continue
        with registry.reading() as connection:
            viewer = viewer_of(connection, one.user_id)
        told = digest(registry, viewer, one.sent_at)
        if not _is_due(told, one.sent_at, now):
            continue
        try:
            mailer([one.email], subject_of(told), text_of(told, base_url))
        except TripleHelixError as err:
            call_mailed.write_down(registry, one, now, str(err))
            failed += 1
            # A server that is away is asked no more this time.
            if failed >= _FAILURES and not sent:
                break
        else:
            call_mailed.write_down(registry, one, now, None)
            sent += 1
    return Reminded(sent, failed)


def subject_of(told: Digest) -> str:
    """What the letter is about, on one line; no titles, for subjects are read by many."""
    waits, news = len(told.waiting), len(told.news)
    parts = [f"{waits} awaiting your answer"] if waits else []
    parts += [f"{news} answered"] if news else []
    return f"Calls: {', '.join(parts)}"


def text_of(told: Digest, base_url: str) -> str:
    """The letter."""
    pieces = []
    if told.waiting:
        pieces.append(_listed("Awaiting your answer:", told.waiting))
    if told.news:
        pieces.append(_listed("Answered since the last letter:", told.news))
    pieces.append(f"Answer here, after signing in:\n\n{base_url}/me/commitments\n")
    return "\n".join(pieces)


def _acts(viewer: Viewer, one: CommitmentAnswer) -> bool:
    if not viewer.everything:
        return bool(one.as_side)
    own = {*viewer.members, *viewer.stewards}
    return bool(own & {one.commitment.member_id, *one.held_by})


def _is_due(told: Digest, sent_at: datetime | None, now: datetime) -> bool:
    if told.news or (told.waiting and sent_at is None):
        return True
    fresh = [one for one in told.waiting if sent_at and one.commitment.changed_at > sent_at]
    again = sent_at is not None and now - sent_at >= REMIND_EVERY
    return bool(fresh) or (bool(told.waiting) and again)


def _listed(head: str, ours: Sequence[CommitmentAnswer]) -> str:
    lines = [_line(one) for one in ours[:SHOWN]]
    more = [f"  and {len(ours) - SHOWN} more"] if len(ours) > SHOWN else []
    return "\n".join([head, "", *lines, *more, ""])


def _line(one: CommitmentAnswer) -> str:
    said = one.commitment
    amount = "" if said.amount is None else f"{number_said(said.amount)} {said.unit} "
    asset = f" from {one.asset.name}" if one.asset else ""
    days = f"from {day_said(said.starts)}" + (f" to {day_said(said.ends)}" if said.ends else "")
    return f"- {said.title}: {amount}for {said.need}{asset}, {days} ({said.state})"

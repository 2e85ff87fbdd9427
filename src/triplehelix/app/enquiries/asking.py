"""Asking: an enquiry is taken, counted against those who send too many, and sent on its way."""

from dataclasses import asdict, dataclass
from typing import Any

from triplehelix.app.enquiries.topic import Addressed, Topic, whom
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import Conflict
from triplehelix.registry.enquiries import AskerFields
from triplehelix.registry.limits import ENQUIRY_FROM_ADDRESS, ENQUIRY_OF_ACCOUNT
from triplehelix.registry.routing import Route
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry import attempts, enquiries
from triplehelix.store.registry.opening import Registry


@dataclass(frozen=True, slots=True)
class Asked:
    """An enquiry that was taken: its id, the secret of its own page, and to whom it went."""

    enquiry_id: str
    secret: str
    addressed: Addressed


def ask(
    registry: Registry, viewer: Viewer, edition: Edition, topic: Topic, asker: AskerFields,
    capabilities: Capabilities, *, address: str,
) -> Asked:  # fmt: skip
    """
    Take an enquiry.

    Parameters
    ----------
    asker : who asks, and what (`checked_asker`).
    address : the network address it comes from: so many a day are taken from one, and under one
        e-mail (`registry.limits`).

    Raises
    ------
    InputError, UnknownName
        If what it is about is not there.
    Conflict
        If nobody reads enquiries here.
    TooOften
        If too many were sent.
    """
    where = whom(registry, viewer, edition, topic, capabilities)
    if not where.taken:
        raise Conflict(
            "nobody reads enquiries in this registry yet: it has no administrator; write to "
            "whoever runs it"
        )
    with registry.writing() as connection:
        now = registry.clock()
        here = attempts.from_address("enquiry", address)
        attempts.count(connection, here, ENQUIRY_FROM_ADDRESS, now)
        account = attempts.of_account("enquiry", viewer.user_id or asker.email.lower())
        attempts.count(connection, account, ENQUIRY_OF_ACCOUNT, now)
    way = Route(where.rule, tuple(sorted(one.id for one in where.to)), ())
    with registry.change(viewer) as change:
        made, secret = enquiries.begin(change, asker, topic.kind, topic.about, way)
    return Asked(made, secret, where)


def as_json(asked: Asked, address: str) -> dict[str, Any]:
    """What a program is told: the id, the secret address, to whom it went and why."""
    where = asked.addressed
    return {
        "id": asked.enquiry_id, "address": address, "to": [asdict(one) for one in where.to],
        "rule": where.rule, "why": where.why,
    }  # fmt: skip

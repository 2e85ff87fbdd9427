"""
Sealed matching: one bit, *a match exists*, of what its holder has let be compared.

docs/explanation/sealed-matching.md says what is told to whom, and when names open.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import UnknownName
from triplehelix.registry.ids import is_id
from triplehelix.registry.sealed import A_DAY, QUESTIONS_A_DAY
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.store.registry import call_lists, sealed_consents
from triplehelix.store.registry import sealed as stored
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealed import AskedOnce, Offer, Use
from triplehelix.store.registry.sealed_consents import Consent, Opened
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class SealedAnswer:
    """
    What the holder of an asset or a call knows of its sealed matching.

    `offers` are what it lets be told, `uses` each time that was used, `questions` those of its
    own side, of which `asked_today` count. `consents` are its own; `opened` the matches whose
    names both sides see. `verified`: whether its holder may ask at all; `published`: whether a call
    can be matched, always so of an asset. `names` of the calls that are told of, as far as shown.
    """

    record_id: str
    offers: list[Offer]
    uses: list[Use]
    questions: list[AskedOnce]
    asked_today: int
    a_day: int
    consents: list[Consent]
    opened: list[Opened]
    verified: bool
    published: bool
    names: Mapping[str, str]


def verify(registry: Registry, viewer: Viewer, record_id: str, *, verified: bool = True) -> None:
    """
    Say that a member or network is who it says it is, or take that back.

    Raises
    ------
    UnknownName
    Forbidden
        If the viewer is no administrator.
    """
    with registry.change(viewer) as change:
        stored.verify(change, record_id, verified=verified)


def is_verified(registry: Registry, viewer: Viewer, record_id: str) -> bool:
    """Whether an administrator has found a member or network to be who it says it is."""
    with registry.look(viewer) as sight:
        return call_lists.is_verified(sight, record_id)


def let_tell(
    registry: Registry, viewer: Viewer, record_id: str, *, call_id: str | None = None
) -> str:
    """
    Let it be told whether an asset of one's own, or the sealed needs of a call, match something.

    Parameters
    ----------
    call_id : of an asset: to this published call alone; without it, to any call of a verified
        member.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        return stored.let_tell(change, record_id, call_id)


def take_back(registry: Registry, viewer: Viewer, offer_id: str) -> None:
    """Let it be told no more; what has been told is known."""
    with registry.change(viewer) as change:
        stored.take_back(change, offer_id)


def ask(registry: Registry, viewer: Viewer, record_id: str, capabilities: Capabilities) -> bool:
    """
    Whether something sealed matches: of a published call, an asset; of an asset, a sealed need.

    Of what nobody has let be told, nothing is compared.

    Raises
    ------
    InputError
        If a call is not published.
    UnknownName
    Forbidden
        If its holder is not verified, or the viewer does not act for it.
    TooOften
        If its holder has asked as often as one may in a day.
    """

    def narrower(slug: str) -> tuple[str, ...]:
        try:
            return capabilities.narrower(slug)
        except UnknownName:
            return (slug,)

    with registry.change(viewer) as change:
        answer = stored.ask(change, record_id, narrower)
        sealed_consents.open_agreed(change, record_id)
        return answer


def consent(
    registry: Registry, viewer: Viewer, record_id: str, *, call_id: str | None = None
) -> int:
    """
    Let one's names be opened to those that match and consent too; how many opened at once.

    Parameters
    ----------
    call_id : of an asset: to this call alone; without it, to whatever matches.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        return sealed_consents.consent(change, record_id, call_id)


def withdraw_consent(
    registry: Registry, viewer: Viewer, record_id: str, *, call_id: str | None = None
) -> None:
    """Consent no more; what has been opened is known."""
    with registry.change(viewer) as change:
        sealed_consents.withdraw(change, record_id, call_id)


def sealed(registry: Registry, viewer: Viewer, record_id: str) -> SealedAnswer:
    """
    What the holder of an asset or a call knows of its sealed matching.

    Raises
    ------
    UnknownName, Forbidden
    """
    with registry.look(viewer) as sight:
        sight.record("call" if is_id(record_id, "call") else "asset", record_id)
        require(viewer, Action.EDIT, sight.holder(record_id))
        asked = stored.questions(sight, record_id)
        today = [one for one in asked if one.at > sight.now - A_DAY]
        offers, uses = stored.offers(sight, record_id), stored.uses(sight, record_id)
        consents = sealed_consents.consents(sight, record_id)
        told = [
            *(one.call_id for one in offers), *(one.call_id for one in uses),
            *(one.call_id for one in consents),
        ]  # fmt: skip
        return SealedAnswer(
            record_id, offers, uses, asked, len(today), QUESTIONS_A_DAY, consents,
            sealed_consents.opened(sight, record_id), verified=_is_verified(sight, record_id),
            published=not is_id(record_id, "call") or stored.is_published(sight, record_id),
            names=sight.names({one for one in told if one}),
        )  # fmt: skip


def _is_verified(sight: Sight, record_id: str) -> bool:
    held = sight.holder(record_id)
    holders = [one for one in (held.member_id, held.network_id) if one]
    return any(call_lists.is_verified(sight, one) for one in holders)

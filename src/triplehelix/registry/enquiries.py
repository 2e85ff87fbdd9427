"""
Enquiries: a question to the members and networks of a registry, and how it stands.

It is *received* by those that the published rule names (`registry.routing`), perhaps *passed on* to
others, *answered*, and *closed*; whoever asked may *withdraw* it. A closed one stays closed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from triplehelix.errors import InputError
from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.fields import Email

LEAST_TEXT, MOST_TEXT, MOST_NAME = 20, 5_000, 200


class State(StrEnum):
    """How an enquiry stands."""

    RECEIVED = "received"
    PASSED_ON = "passed on"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done about one."""

    PASS_ON = "pass on"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Closing(StrEnum):
    """Why one was closed: `NO_ENQUIRY` is for advertising and the like."""

    DONE = "done"
    UNANSWERED = "unanswered"
    NO_ENQUIRY = "no enquiry"


WAITING = (State.RECEIVED, State.PASSED_ON)
OVER = (State.CLOSED, State.WITHDRAWN)
_LEADS_TO = {
    Act.PASS_ON: State.PASSED_ON, Act.ANSWER: State.ANSWERED, Act.CLOSE: State.CLOSED,
    Act.WITHDRAW: State.WITHDRAWN,
}  # fmt: skip


def acts(now: State) -> tuple[Act, ...]:
    """
    What can be done about an enquiry that stands so.

    Examples
    --------
    >>> [str(act) for act in acts(State.ANSWERED)], acts(State.CLOSED)
    (['answer', 'close'], ())
    """
    if now in OVER:
        return ()
    return tuple(Act) if now in WAITING else (Act.ANSWER, Act.CLOSE)


def after(now: State, act: Act) -> State:
    """
    How it stands afterwards.

    Raises
    ------
    InputError
        If that cannot be done now: what can.

    Examples
    --------
    >>> str(after(State.RECEIVED, Act.PASS_ON))
    'passed on'
    """
    can = acts(now)
    if act not in can:
        left = f"what can be done is: {', '.join(can)}" if can else "ask anew if need be"
        raise InputError(f"this enquiry is {now} and cannot be dealt with by {act} now; {left}")
    return _LEADS_TO[act]


def _of_length(least: int, most: int) -> AfterValidator:
    def checked(text: str) -> str:
        if not least <= len(text) <= most:
            said = f"it has {len(text):,} characters; write {least} to {most:,}"
            raise PydanticCustomError("length", "{said}", {"said": said})
        return text

    return AfterValidator(checked)


Line = Annotated[str, AfterValidator(clean_text), _of_length(1, MOST_NAME)]


class AskerFields(BaseModel):
    """Who asks, and what, in their own words: all of it is erased when its time is over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    email: Email
    organisation: Line | None = None
    place: Line | None = None
    text: Annotated[str, AfterValidator(clean_text), _of_length(LEAST_TEXT, MOST_TEXT)]


def checked_asker(fields: dict[str, Any]) -> AskerFields:
    """
    What somebody wrote, cleaned.

    Raises
    ------
    InputError
        If a field is missing, too long, or no e-mail address; its cause tells which.

    Examples
    --------
    >>> checked_asker({"name": " Ada ", "email": "ada@example.org", "text": "x" * 20}).name
    'Ada'
    """
    try:
        return AskerFields.model_validate(fields)
    except ValidationError as err:
        said = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in err.errors() if each["loc"])
        raise InputError(f"the enquiry cannot be taken ({said}); mend it and send again") from err


def checked_words(text: str, what: str, most: int = MOST_TEXT) -> str:
    """
    A reply or a reason, cleaned.

    Raises
    ------
    InputError
        If it is empty or too long.
    """
    said = clean_text(text)
    if not said or len(said) > most:
        raise InputError(f"the {what} has {len(said)} characters; write 1 to {most:,}")
    return said


@dataclass(frozen=True, slots=True)
class EnquiryRules:
    """
    How long enquiries are kept.

    Parameters
    ----------
    keep_days : so long after it was closed or withdrawn what is personal in it is erased; 1 to
        3,650.
    close_days : an answered one closes by itself after so many days; 1 to 365.
    longest_days : one that nobody answers closes, unanswered, after so many; 1 to 3,650.
    remind_days : so often whoever has one to answer is reminded, and after three times so many
        days the front desk too; 1 to 90.

    Raises
    ------
    InputError
        If a number is out of its range.
    """

    keep_days: int = 90
    close_days: int = 30
    longest_days: int = 365
    remind_days: int = 3

    def __post_init__(self) -> None:
        ranges = {"keep_days": 3_650, "close_days": 365, "longest_days": 3_650, "remind_days": 90}
        for name, most in ranges.items():
            given = getattr(self, name)
            if not 1 <= given <= most:
                raise InputError(f"enquiries.{name} is {given}; give 1 to {most:,} days")

    @property
    def kept_for(self) -> timedelta:
        """From closing to erasing."""
        return timedelta(days=self.keep_days)


@dataclass(frozen=True, slots=True)
class Enquiry:
    """
    An enquiry without what is personal in it: this much stays for good.

    `about` is of kind `about_kind` (`registry.routing`), `rule` the step of the published rule
    that found `to`: ids of members and networks; empty, it is at the front desk. `answered_at` is
    the first answer, `closing` why it was closed.
    """

    enquiry_id: str
    about_kind: str
    about: str
    rule: str
    state: str
    made_at: datetime
    changed_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    closing: str | None
    erased_at: datetime | None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what: gone once it is erased."""

    name: str
    email: str
    organisation: str | None
    place: str | None
    text: str


@dataclass(frozen=True, slots=True)
class EnquiryEvent:
    """
    One thing that happened: when, and by which side (`asker`, `desk`, or `time`).

    Which user it was stands in the audit log. `text` is a reply or a reason, None where there is
    none or it has been erased; `to` whom it was passed on to, empty for the front desk.
    """

    n: int
    at: datetime
    side: str
    act: str
    state: str
    text: str | None
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """
    The time an enquiry was with one holder (empty: the front desk), and how that ended.

    `end` is `answered` by this holder, `elsewhere` by another, `passed on`, `withdrawn`,
    `unanswered`, or `no enquiry`; None while it waits there.
    """

    enquiry_id: str
    holder_id: str
    since: datetime
    until: datetime | None
    end: str | None

"""
What the record of a call says.

The parts of a call (needs, rules, weights) are kept as the call's own models write them, which
the application checks; here they are objects whose texts are clean. Needs that are sealed stand
apart, so that they can be hidden while the others are shown.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from triplehelix.registry.cleaning import clean_text

Title = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=300)]
Words = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=50_000)]
CallState = Literal["draft", "open", "closed"]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): _cleaned(each) for key, each in value.items()}
    return value


Object = Annotated[dict[str, Any], AfterValidator(_cleaned)]
Needs = Annotated[tuple[Object, ...], Field(max_length=2_000)]


class CallFields(BaseModel):
    """
    A challenge, broken down into needs.

    `state` is `draft` until it is opened, and `closed` afterwards; only an open call can be
    answered. `sealed_needs` are those of which others learn only that a match exists.
    `progress`: whether all who see the call also see how many answered and what is agreed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Title
    state: CallState = "draft"
    heading: Title | None = None
    text: Words | None = None
    opens: date | None = None
    closes: date | None = None
    as_of: date | None = None
    place: Object | None = None
    themes: tuple[Title, ...] = ()
    organiser: Title | None = None
    needs: Needs = ()
    sealed_needs: Needs = ()
    rules: Object = Field(default_factory=dict)
    weights: Object = Field(default_factory=dict)
    sources: tuple[Title, ...] = ()
    progress: bool = False

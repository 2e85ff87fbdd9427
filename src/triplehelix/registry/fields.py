"""
What a record of each kind says: its fields, their units and bounds.

Every field may be left out but those a record cannot do without. A field that is left out is
unknown, never none or zero. Text is plain but for `description`, which may hold simple HTML that
has been cleaned (`registry.cleaning`).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from triplehelix.errors import InputError
from triplehelix.registry.call_fields import CallFields
from triplehelix.registry.cleaning import clean_html, clean_text, web_address

Text = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=300)]
LongText = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=20_000)]
Html = Annotated[str, AfterValidator(clean_html), Field(min_length=1, max_length=50_000)]
Address = Annotated[str, AfterValidator(web_address), Field(max_length=2_000)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Email = Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,255}$", max_length=320)]
Id = Annotated[str, Field(pattern=r"^[a-z]{2}_[0-9a-z]{26}$")]


class AssetKind(StrEnum):
    """What sort of thing a member shares."""

    LABORATORY = "laboratory"
    EQUIPMENT = "equipment"
    FACILITY = "facility"
    EXPERTISE = "expertise"
    SERVICE = "service"
    DATA = "data"
    WORKSPACE = "workspace"


class Status(StrEnum):
    """Whether it can be had now."""

    ACTIVE = "active"
    PLANNED = "planned"
    CLOSED = "closed"
    UNCONFIRMED = "unconfirmed"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Technique(_Part):
    """What is done with it, in the words of a vocabulary where one is named."""

    term: Text
    vocabulary: Text | None = None


class Contact(_Part):
    """Whom to ask: a person or a desk, and at least one way to reach it."""

    name: Text | None = None
    telephone: Text | None = None
    url: Address | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Contact":
        if not (self.telephone or self.url or self.email or self.name):
            raise ValueError("a contact needs a name, a telephone, a web address or an e-mail")
        return self


class Place(_Part):
    """Where it stands; degrees, WGS 84."""

    town: Text | None = None
    postcode: Text | None = None
    site: Text | None = None
    building: Text | None = None
    address: Text | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    precision: Literal["address", "postcode", "district", "city", "region", "country"] | None = None
    reference: Address | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> "Place":
        if (self.lat is None) != (self.lon is None):
            raise ValueError("give both lat and lon, or neither")
        return self


class Terms(_Part):
    """On what terms it can be used. Money in `currency` per `price_unit`, VAT as `vat` says."""

    who: Text | None = None
    price: Annotated[float, Field(ge=0)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    price_unit: Text | None = None
    vat: Literal["included", "excluded", "exempt"] | None = None
    contract: Text | None = None
    insurance: Text | None = None
    training: Text | None = None
    technician_included: bool | None = None
    note: LongText | None = None

    @model_validator(mode="after")
    def _a_price_has_a_currency(self) -> "Terms":
        if self.price is not None and self.currency is None:
            raise ValueError("a price needs its currency, such as GBP")
        return self


class Identifier(_Part):
    """What it is called in another scheme."""

    scheme: Text
    value: Text


class Provenance(_Part):
    """Where the record comes from and how sure it is."""

    source: Text | None = None
    url: Address | None = None
    retrieved: date | None = None
    confidence: Literal["high", "medium", "low"] | None = None
    note: LongText | None = None
    format: Text | None = None


class ClusterOfEdition(_Part):
    """A cluster of an edition that a network speaks for."""

    cluster_id: Text
    name: Text | None = None
    edition: Text | None = None


class AssetFields(_Part):
    """Something a member shares. `extra` keeps what a format said that no field holds."""

    name: Text
    kind: AssetKind
    description: Html | None = None
    capabilities: tuple[Slug, ...] = ()
    techniques: tuple[Technique, ...] = ()
    manufacturer: Text | None = None
    model: Text | None = None
    commissioned: Text | None = None
    decommissioned: Text | None = None
    measured_variables: tuple[Text, ...] = ()
    subjects: tuple[Text, ...] = ()
    part_of: tuple[Id, ...] = ()
    place: Place | None = None
    contacts: Annotated[tuple[Contact, ...], Field(max_length=10)] = ()
    photos: tuple[Address, ...] = ()
    website: Address | None = None
    links: tuple[Address, ...] = ()
    department: Text | None = None
    service_level: Text | None = None
    access: LongText | None = None
    terms: Terms | None = None
    status: Status | None = None
    identifiers: tuple[Identifier, ...] = ()
    provenance: Provenance | None = None
    extra: dict[str, Any] = Field(default_factory=dict)


class MemberFields(_Part):
    """An organisation that takes part; `organisation_id` is its id in editions."""

    name: Text
    organisation_id: Text | None = None
    helix: Literal["academia", "industry", "health", "government", "nonprofit", "unknown"] = (
        "unknown"
    )
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    place: Place | None = None
    website: Address | None = None
    description: Html | None = None
    contacts: Annotated[tuple[Contact, ...], Field(max_length=10)] = ()
    identifiers: tuple[Identifier, ...] = ()
    provenance: Provenance | None = None


class NetworkFields(_Part):
    """A body: a cluster body, an alliance of bodies (joint), a themed network."""

    name: Text
    kind: Literal["cluster body", "alliance", "themed network", "other"] = "other"
    themes: tuple[Slug, ...] = ()
    area: Text | None = None
    clusters: tuple[ClusterOfEdition, ...] = ()
    website: Address | None = None
    description: Html | None = None
    contacts: Annotated[tuple[Contact, ...], Field(max_length=10)] = ()
    founded: Text | None = None
    provenance: Provenance | None = None


class PostFields(_Part):
    """News of a network."""

    title: Text
    text: Html
    day: date


class EventFields(_Part):
    """Something a network holds; times with their offset from UTC."""

    title: Text
    text: Html | None = None
    starts: datetime
    ends: datetime
    place: Text | None = None
    url: Address | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "EventFields":
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("times need their offset, such as 2026-05-01T09:00+01:00")
        if self.ends < self.starts:
            raise ValueError("it ends before it starts")
        return self


FIELDS: dict[str, type[BaseModel]] = {
    "asset": AssetFields, "member": MemberFields, "network": NetworkFields,
    "post": PostFields, "event": EventFields, "call": CallFields,
}  # fmt: skip
# What a record cannot do without is seen by whoever sees the record at all.
ALWAYS = {
    "asset": ("name", "kind"), "member": ("name", "helix"), "network": ("name", "kind"),
    "post": ("title", "text", "day"), "event": ("title", "starts", "ends"),
    "call": ("title", "state", "progress"),
}  # fmt: skip


def checked(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """
    The fields of a record, cleaned, as values that JSON can hold; empty ones left out.

    Raises
    ------
    InputError
        If a field is unknown, missing or wrong: every such field, with its value and the remedy.

    Examples
    --------
    >>> checked("asset", {"name": " Mass spectrometer ", "kind": "equipment"})
    {'name': 'Mass spectrometer', 'kind': 'equipment'}
    """
    try:
        model = FIELDS[kind].model_validate(fields)
    except ValidationError as err:
        raise InputError("; ".join(_said(each) for each in err.errors())) from err
    kept = model.model_dump(mode="json", exclude_none=True, exclude_defaults=False)
    return {name: value for name, value in kept.items() if value not in ([], {}, None)}


def _said(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the record"
    value = error.get("input")
    shown = "" if isinstance(value, dict) else f" is {str(value)[:80]!r}"
    return f"{where}{shown}: {error['msg'].removeprefix('Value error, ')}"

"""The JSON API of networks, of bringing assets in, and of taking them away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from triplehelix.app.registry.exporting import content_type, export
from triplehelix.app.registry.importing import report_json
from triplehelix.app.registry.network_changes import (
    change_network,
    create_network,
    end_membership,
    said,
    say,
    set_member,
    unsay,
)
from triplehelix.app.registry.networks import (
    Event,
    Members,
    NetworkAnswer,
    Networks,
    Post,
    network,
    network_members,
    networks,
)
from triplehelix.registry.fields import ClusterOfEdition, Contact
from triplehelix.serve.headers import LIVE
from triplehelix.serve.problem import Problem
from triplehelix.serve.registry.door import Form, Written, registry_of, viewer_of
from triplehelix.serve.registry.import_pages import run_import
from triplehelix.serve.registry.network_pages import base_of
from triplehelix.serve.registry.typed import FieldFault, upload
from triplehelix.serve.render import edition_of


def _live(response: Response) -> None:
    response.headers["cache-control"] = LIVE


def _problem(description: str) -> dict[str, Any]:
    return {"model": Problem, "description": description}


_REFUSED: dict[int | str, dict[str, Any]] = {
    401: _problem("The token is worth nothing"),
    403: _problem("Seen, but not the asker's to change"),
    404: _problem("Nothing is so called, or it is not shown to the asker"),
    409: _problem("It was changed meanwhile"),
    422: _problem("A value is wrong"),
}
api = APIRouter(prefix="/api/v1", responses=_REFUSED, dependencies=[Depends(_live)])
Id = Annotated[str, Path(max_length=60)]
Said = Literal["post", "event"]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NetworkGiven(_Given):
    """
    A network as it is made or changed; what is left out stays as it was.

    `visibility` is `public`, `signed-in`, `network:ID,…`, `named:ID,…` or `private`; `parts` are
    ids of all the networks below it.
    """

    name: str | None = None
    kind: Literal["cluster body", "alliance", "themed network", "other"] | None = None
    themes: list[str] | None = None
    area: str | None = None
    clusters: list[ClusterOfEdition] | None = None
    website: str | None = None
    description: str | None = None
    contacts: list[Contact] | None = None
    founded: str | None = None
    visibility: str | None = None
    parts: list[str] | None = None
    version: int | None = Field(None, ge=1, le=2**31)

    @property
    def fields(self) -> dict[str, Any]:
        """What was given of the record's own fields."""
        apart = {"visibility", "parts", "version"}
        return self.model_dump(mode="json", exclude_unset=True, exclude=apart)


class MemberGiven(_Given):
    """A member, by its id or its whole name, and who is to see that it stands in the network."""

    member: Annotated[str, Field(min_length=1, max_length=300)]
    visibility: str | None = None


class PostGiven(_Given):
    """News; `text` is plain or simple HTML."""

    title: str
    text: str
    day: date
    visibility: str = "public"
    version: int | None = Field(None, ge=1, le=2**31)


class EventGiven(_Given):
    """An event; times with their offset, such as 2026-05-01T09:00+01:00."""

    title: str
    starts: datetime
    ends: datetime
    text: str | None = None
    place: str | None = None
    url: str | None = None
    visibility: str = "public"
    version: int | None = Field(None, ge=1, le=2**31)


@dataclass(frozen=True, slots=True)
class Made:
    """The id of what was made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands to a network now: `invited`, `asked` or `member`."""

    member: str
    state: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a row: what it is, where, and how to mend it."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Row:
    """
    What became of a row.

    `able` are capabilities that a new record got from its own words; `cells` is what a faulty
    row said.
    """

    number: int
    status: str
    name: str
    record_id: str | None
    able: list[str]
    messages: list[Note]
    cells: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file; `kept` is false where nothing was written."""

    format: str
    kept: bool
    dry_run: bool
    strict: bool
    counts: dict[str, int]
    messages: list[Note]
    rows: list[Row]


@api.get("/networks", tags=["networks"])
def list_networks(request: Request) -> Networks:
    """All networks that are shown to the asker."""
    return networks(registry_of(request), viewer_of(request))


@api.post("/networks", tags=["networks"], status_code=201, dependencies=[Written])
def new_network(request: Request, given: NetworkGiven) -> Made:
    """Make a network; with `parts`, one joint of others. For administrators."""
    made = create_network(
        registry_of(request), viewer_of(request), _set(given.fields),
        visibility=given.visibility or "private", parts=given.parts or (),
    )  # fmt: skip
    return Made(made)


@api.get("/networks/{network_id}", tags=["networks"])
def one_network(request: Request, network_id: Id) -> NetworkAnswer:
    """One network: its people, what they have between them, what it says."""
    return network(registry_of(request), viewer_of(request), network_id, edition_of(request))


@api.patch("/networks/{network_id}", tags=["networks"], dependencies=[Written])
def edit_network(request: Request, network_id: Id, given: NetworkGiven) -> Made:
    """Change what is given of a network; null takes a field away."""
    change_network(
        registry_of(request), viewer_of(request), network_id, given.fields,
        visibility=given.visibility, parts=given.parts, version=given.version,
    )  # fmt: skip
    return Made(network_id)


@api.get("/networks/{network_id}/members", tags=["networks"])
def list_members(
    request: Request,
    network_id: Id,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Members:
    """Who stands in a network."""
    asked = (registry_of(request), viewer_of(request), network_id)
    return network_members(*asked, page=page, per_page=per_page)


@api.post("/networks/{network_id}/members", tags=["networks"], dependencies=[Written])
def put_member(request: Request, network_id: Id, given: MemberGiven) -> Standing:
    """Invite a member, ask to be let in, or accept what the other side began."""
    asked = (registry_of(request), viewer_of(request), network_id)
    return Standing(given.member, set_member(*asked, given.member, visibility=given.visibility))


@api.delete("/networks/{network_id}/members/{member_id}", tags=["networks"], status_code=204,
            dependencies=[Written])  # fmt: skip
def drop_member(request: Request, network_id: Id, member_id: Id) -> None:
    """Leave, take out, decline."""
    end_membership(registry_of(request), viewer_of(request), network_id, member_id)


@api.get("/networks/{network_id}/posts", tags=["networks"])
def list_posts(request: Request, network_id: Id) -> list[Post]:
    """The news of a network, the newest first."""
    return network(registry_of(request), viewer_of(request), network_id).news


@api.post("/networks/{network_id}/posts", tags=["networks"], status_code=201,
          dependencies=[Written])  # fmt: skip
def new_post(request: Request, network_id: Id, given: PostGiven) -> Made:
    """Post news."""
    return _say(request, "post", network_id, given)


@api.put("/networks/{network_id}/posts/{post_id}", tags=["networks"], dependencies=[Written])
def edit_post(request: Request, network_id: Id, post_id: Id, given: PostGiven) -> Made:
    """Change news."""
    return _say(request, "post", network_id, given, post_id)


@api.delete("/networks/{network_id}/posts/{post_id}", tags=["networks"], status_code=204,
            dependencies=[Written])  # fmt: skip
def drop_post(request: Request, network_id: Id, post_id: Id) -> None:
    """Take news away."""
    _unsay(request, "post", network_id, post_id)


@api.get("/networks/{network_id}/events", tags=["networks"])
def list_events(request: Request, network_id: Id) -> list[Event]:
    """The events of a network: those to come, the next first, then those past."""
    found = network(registry_of(request), viewer_of(request), network_id)
    return found.events + found.past_events


@api.post("/networks/{network_id}/events", tags=["networks"], status_code=201,
          dependencies=[Written])  # fmt: skip
def new_event(request: Request, network_id: Id, given: EventGiven) -> Made:
    """Add an event."""
    return _say(request, "event", network_id, given)


@api.put("/networks/{network_id}/events/{event_id}", tags=["networks"], dependencies=[Written])
def edit_event(request: Request, network_id: Id, event_id: Id, given: EventGiven) -> Made:
    """Change an event."""
    return _say(request, "event", network_id, given, event_id)


@api.delete("/networks/{network_id}/events/{event_id}", tags=["networks"], status_code=204,
            dependencies=[Written])  # fmt: skip
def drop_event(request: Request, network_id: Id, event_id: Id) -> None:
    """Take an event away."""
    _unsay(request, "event", network_id, event_id)


_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": {
            "type": "object", "required": ["file"],
            "properties": {
                "file": {"type": "string", "format": "binary"},
                "format": {"type": "string", "enum": ["uniquip", "jisc", "pidinst", "jsonl"]},
                "member": {"type": "string"}, "network": {"type": "string"},
                "visibility": {"type": "string", "default": "private"},
                "strict": {"type": "string", "enum": ["yes"]},
                "do": {"type": "string", "enum": ["check", "import"]},
            },
        }}},
    }
}  # fmt: skip


@api.post("/import", tags=["exchange"], openapi_extra=_UPLOAD)
def bring_in(request: Request, form: Form) -> Report:
    """
    Bring a file of assets in, in one transaction; `do=check` only tells what would happen.

    Faulty rows are reported and the others go in; with `strict=yes` none goes in then.
    """
    file = upload(form, "file")
    if file is None:
        raise FieldFault("file", "there is no file; send one as multipart/form-data")
    return _report(report_json(run_import(request, form, file.file.read())))


@api.get("/export", tags=["exchange"], response_class=StreamingResponse)
def take_away(
    request: Request,
    format: Literal["uniquip", "jisc", "pidinst", "jsonl", "jsonld", "dcat"] = "jsonl",
    table: Literal["csv", "tsv", "xlsx"] = "csv",
) -> StreamingResponse:
    """What the asker sees of the registry; as schema.org and DCAT only what everybody sees."""
    parts = export(registry_of(request), viewer_of(request), format, table_format=table,
                   page=base_of(request))  # fmt: skip
    ending = table if format == "uniquip" else "jsonl" if format == "jsonl" else "json"
    named = {"content-disposition": f'attachment; filename="{format}.{ending}"',
             "cache-control": LIVE}  # fmt: skip
    return StreamingResponse(parts, media_type=content_type(format, table), headers=named)


def _say(
    request: Request, kind: Said, network_id: str, given: PostGiven | EventGiven,
    record_id: str | None = None,
) -> Made:  # fmt: skip
    fields = given.model_dump(mode="json", exclude={"visibility", "version"})
    asked = (registry_of(request), viewer_of(request), kind, network_id)
    return Made(say(*asked, fields, visibility=given.visibility, record_id=record_id,
                    version=given.version))  # fmt: skip


def _unsay(request: Request, kind: Said, network_id: str, record_id: str) -> None:
    asked = (registry_of(request), viewer_of(request), kind, network_id)
    said(*asked, record_id)
    unsay(*asked, record_id)


def _set(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _report(found: dict[str, Any]) -> Report:
    rows = [
        Row(**{**row, "messages": [Note(**m) for m in row["messages"]]}) for row in found["rows"]
    ]
    return Report(**{**found, "rows": rows, "messages": [Note(**m) for m in found["messages"]]})

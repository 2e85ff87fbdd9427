"""The public log over HTTP: checkpoints, keys, leaves and proofs, so that others can check it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from triplehelix.app.registry import log as asked
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.live import unkept

log = APIRouter(prefix="/log", include_in_schema=False)
# What `from` counts: leaves of the public log, one for each seal.
From = Annotated[int, Query(alias="from", ge=0, le=10**9)]


@log.get("/checkpoint")
def checkpoint_route(request: Request) -> Response:
    """The newest signed checkpoint."""
    return unkept(PlainTextResponse(asked.checkpoint(registry_of(request))))


@log.get("/key")
def key_route(request: Request) -> Response:
    """Public keys of the log, the newest first, one to a line."""
    keys = asked.public_keys(registry_of(request))
    return unkept(PlainTextResponse("".join(f"{key}\n" for key in keys)))


@log.get("/consistency")
def consistency_route(request: Request, earlier: From) -> Response:
    """Proof that the log goes on from an earlier size."""
    return unkept(JSONResponse(asked.consistency(registry_of(request), earlier)))


@log.get("/leaves")
def leaves_route(request: Request, first: From = 0) -> Response:
    """Leaf hashes of the public log, 10,000 at most at a time."""
    return unkept(JSONResponse(asked.leaves(registry_of(request), first)))


@log.get("/proof/{entry_id}")
def proof_route(request: Request, entry_id: str) -> Response:
    """Proof that an entry is in the log, for those who may see the entry."""
    found = asked.proof(registry_of(request), viewer_of(request), entry_id)
    return unkept(JSONResponse(found))

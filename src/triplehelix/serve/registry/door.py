"""Who asks: the one place where a request becomes a viewer, and a form is taken as theirs."""

from collections.abc import AsyncIterator
from typing import Annotated, Protocol

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.registry.opening import Registry


class Door(Protocol):
    """Tells who asks, and whether a form was sent by them on purpose."""

    def viewer(self, request: Request) -> Viewer:
        """Whoever asks, with what they are granted now."""

    def anti_forgery(self, request: Request) -> str:
        """The token that every form of a page for this asker must carry."""

    def check(self, request: Request, form: FormData) -> None:
        """Raise `Forbidden` unless the form carries the asker's token."""

    def check_written(self, request: Request) -> None:
        """Raise `Forbidden` unless a request that is no form was made on purpose too."""


class VisitorsOnly:
    """The door of a registry without accounts: everybody is a visitor, and nothing is changed."""

    def viewer(self, request: Request) -> Viewer:
        """A visitor."""
        return VISITOR

    def anti_forgery(self, request: Request) -> str:
        """No form is taken."""
        return ""

    def check(self, request: Request, form: FormData) -> None:
        """Nothing to check: what a visitor sends is refused by `may`."""

    def check_written(self, request: Request) -> None:
        """Nothing to check here either."""


def registry_of(request: Request) -> Registry:
    """The registry that a request is about."""
    registry: Registry = request.app.state.registry
    return registry


def viewer_of(request: Request) -> Viewer:
    """Whoever asks; found once per request."""
    if not hasattr(request.state, "viewer"):
        request.state.viewer = door_of(request).viewer(request)
    viewer: Viewer = request.state.viewer
    return viewer


def door_of(request: Request) -> Door:
    """What tells who asks."""
    door: Door = request.app.state.door
    return door


async def _form(request: Request) -> AsyncIterator[FormData]:
    form = await request.form(max_files=4, max_fields=2_000, max_part_size=20_000_000)
    try:
        # Who asks stands in the database: not to be asked for where everybody would wait.
        await run_in_threadpool(door_of(request).check, request, form)
        yield form
    finally:
        await form.close()


def _written(request: Request) -> None:
    door_of(request).check_written(request)


# The form a page sent, by its sender and on purpose.
Form = Annotated[FormData, Depends(_form)]
# What a program sent as JSON: with its token, or from our own page on purpose.
Written = Depends(_written)

"""A door for tests: a header says who asks, and another page's form is told by its token."""

from fastapi import Request
from starlette.datastructures import FormData

from tests.registry_worlds import World
from triplehelix.errors import Forbidden
from triplehelix.registry.viewer import Viewer

TOKEN = "token-of-the-tests"


class HeaderDoor:
    """Whoever `x-user` says: the id of a user of the world, or nobody."""

    def __init__(self, world: World) -> None:
        self.world = world

    def viewer(self, request: Request) -> Viewer:
        """What that user is now."""
        return self.world.viewer(request.headers.get("x-user"))

    def anti_forgery(self, request: Request) -> str:
        """One token for all."""
        return TOKEN

    def check(self, request: Request, form: FormData) -> None:
        """As a real one."""
        if form.get("anti_forgery") != TOKEN:
            raise Forbidden("the form is not from a page of this site; open it again and send it")

    def check_written(self, request: Request) -> None:
        """Programs send no form."""

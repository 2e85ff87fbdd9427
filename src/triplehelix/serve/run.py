"""Serving an edition's atlas until it is stopped."""

import socket
from pathlib import Path

import click
import uvicorn

from triplehelix.errors import InputError
from triplehelix.serve.application import create_app
from triplehelix.serve.settings import Settings
from triplehelix.store.edition import open_edition


def serve(folder: Path, *, host: str, port: int, tiles: str | None = None) -> None:
    """
    Open the edition, say where it can be seen, and answer requests until Ctrl-C.

    Port 0 means any free one.

    Raises
    ------
    EditionError
        If there is no edition in the folder.
    InputError
        If the address cannot be served on.
    """
    edition = open_edition(folder)
    with bound(host, port) as listening:
        app = create_app(edition, Settings(tile_url=tiles))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
        shown = f"[{host}]" if ":" in host else host
        taken = listening.getsockname()[1]
        click.echo(f"The atlas is at http://{shown}:{taken}/ (Ctrl-C stops it)")
        server.run(sockets=[listening])


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens at the address, or the error that says why it cannot."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as err:
        raise InputError(
            f"{host}, port {port} cannot be served on ({err.strerror or err}); choose another "
            "--port (0 takes any free one) or --host"
        ) from err
    # asyncio sets this only on sockets it has made itself; without it each answer waits some
    # 40 ms for the reader to acknowledge its first part.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening

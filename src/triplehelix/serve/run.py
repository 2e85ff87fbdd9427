"""Serving an edition's atlas until it is stopped."""

from pathlib import Path

import click
import uvicorn

from triplehelix.serve.application import create_app
from triplehelix.serve.settings import Settings
from triplehelix.store.edition import open_edition


def serve(folder: Path, *, host: str, port: int, tiles: str | None = None) -> None:
    """Open the edition, say where it can be seen, and answer requests until Ctrl-C."""
    app = create_app(open_edition(folder), Settings(tile_url=tiles))
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", server_header=False)
    )
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"The atlas is at http://{shown}:{port}/ (Ctrl-C stops it)")
    server.run()

"""Serving an edition's atlas until it is stopped."""

import gc
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread

import click
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from triplehelix.app.calls.letters import remind
from triplehelix.app.enquiries.letters import remind as remind_of_enquiries
from triplehelix.app.enquiries.sweeping import sweep
from triplehelix.app.offers.offering import make_ready as offers_ready
from triplehelix.app.partners.ground import organisations
from triplehelix.app.registry.checkpoints import Mailer, signing_key
from triplehelix.app.registry.search import search_assets
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.errors import InputError, RegistryError, TripleHelixError
from triplehelix.registry.viewer import VISITOR
from triplehelix.serve.application import create_app
from triplehelix.serve.registry.sealing import sealing
from triplehelix.serve.settings import Settings
from triplehelix.store.edition import Edition, open_edition
from triplehelix.store.mail import send
from triplehelix.store.registry.creating import require_registry
from triplehelix.store.registry.opening import Registry, open_registry

_logger = logging.getLogger(__name__)
# A worker that imports, compiles or reads the index may not answer its supervisor for a while.
_SLOWEST_S = 60
# Of so many participations what partners and offers are told from is ready before anybody asks.
_FEW = 2_000_000


def serve(
    folder: Path, *, host: str, port: int, tiles: str | None = None,
    registry: RegistrySettings | None = None, workers: int = 1,
) -> None:  # fmt: skip
    """
    Open the edition, say where it can be seen, and answer requests until Ctrl-C.

    Port 0 means any free one. With `registry` its pages are served too, and its log is sealed.
    More than one of `workers` are processes that answer at one address; one that dies is replaced.

    Raises
    ------
    EditionError
        If there is no edition in the folder.
    RegistryError
        If there is no registry at its address.
    InputError
        If the address cannot be served on.
    """
    open_edition(folder)
    with bound(host, port) as listening, _kept(registry) as kept:
        config = uvicorn.Config(
            partial(application, folder, tiles, registry, kept if workers == 1 else None),
            factory=True, log_level="warning", server_header=False, workers=workers,
            timeout_worker_healthcheck=_SLOWEST_S,
        )  # fmt: skip
        shown = f"[{host}]" if ":" in host else host
        taken = listening.getsockname()[1]
        click.echo(f"The atlas is at http://{shown}:{taken}/ (Ctrl-C stops it)")
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            Multiprocess(config, sockets=[listening]).run()


def application(
    folder: Path, tiles: str | None, settings: RegistrySettings | None, kept: Registry | None
) -> FastAPI:
    """The atlas as a process serves it; its own connection to the registry unless one is given."""
    if kept is None and settings is not None and settings.registry is not None:
        kept = open_registry(settings.registry)
    if kept is not None:
        Thread(target=_make_ready, args=(kept,), name="making ready", daemon=True).start()
    edition = open_edition(folder)
    app = create_app(edition, Settings(tile_url=tiles), registry=kept, accounts=settings)
    if edition.manifest["counts"].get("participations", 0) <= _FEW:
        Thread(target=_make_atlas_ready, args=(edition,), name="atlas ready", daemon=True).start()
    return app


@contextmanager
def _kept(settings: RegistrySettings | None) -> Iterator[Registry | None]:
    """The registry of the settings, its log sealed for as long as it is served."""
    if settings is None or settings.registry is None:
        yield None
        return
    registry = open_registry(settings.registry)
    require_registry(registry)
    mailer = partial(send, settings.mail) if settings.mail else None
    interval = timedelta(minutes=settings.seal_minutes)
    try:
        with ExitStack() as open_:
            try:
                key = signing_key(settings.registry, settings.key_file)
                also = partial(_afterwards, registry, mailer, settings)
                open_.enter_context(sealing(registry, key, mailer, interval=interval, also=also))
            except RegistryError as err:
                click.echo(f"Warning: the audit log is not sealed: {err}", err=True)
            yield registry
    finally:
        registry.close()


def _afterwards(registry: Registry, mailer: Mailer | None, settings: RegistrySettings) -> None:
    """After each seal: what time does to enquiries, and the letters that are due."""
    sweep(registry, settings.enquiries)
    if mailer is not None:
        remind(registry, mailer, base_url=settings.base_url)
        remind_of_enquiries(registry, mailer, settings.enquiries, base_url=settings.base_url)


def _make_ready(registry: Registry) -> None:
    """Search once, so that nobody waits while the index and the gazetteer are read."""
    try:
        search_assets(registry, VISITOR, "anything in London")
        # What was read stays for good: without this, every full collection of garbage walks
        # through all of it, and everybody waits.
        gc.collect()
        gc.freeze()
    except TripleHelixError as err:
        # Whoever searches next is told.
        _logger.warning("the registry could not be searched yet: %s", err)


def _make_atlas_ready(edition: Edition) -> None:
    """Tell once what offers and partners are told from."""
    offers_ready(edition)
    organisations(edition)


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

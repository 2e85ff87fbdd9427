"""The atlas as one ASGI application."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

import triplehelix
from triplehelix.app.calls.runs import Solves
from triplehelix.app.prepared import answer_many, prepare
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.read.capabilities import read_capabilities
from triplehelix.serve.api import api
from triplehelix.serve.assets import STATIC, find_assets, fingerprint
from triplehelix.serve.headers import Envelope
from triplehelix.serve.pages import add_pages
from triplehelix.serve.problem import describe_problems
from triplehelix.serve.refusals import refuse_with
from triplehelix.serve.registry import add_registry
from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.door import Door
from triplehelix.serve.render import Site
from triplehelix.serve.settings import Settings
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry
from triplehelix.store.run_files import shared_folder

_ABOUT = (
    "Clusters of life science, what each is good at, and who works with whom, from one edition "
    "of the landscape. Unknown is null, never 0. An edition does not change while it is served."
)


def create_app(
    edition: Edition,
    settings: Settings | None = None,
    *,
    registry: Registry | None = None,
    accounts: RegistrySettings | None = None,
    door: Door | None = None,
    solves: Solves | None = None,
) -> FastAPI:
    """
    The atlas of an edition: pages at `/`, the API at `/api/v1`, downloads at `/data`.

    Parameters
    ----------
    edition : opened for reading; what pages need of it is prepared here, once.
    settings : choices of whoever runs it; the packaged map without them.
    registry : of members and assets, whose pages and API are added; none without it.
    accounts : how people sign in to the registry; with local accounts only, without it.
    door : tells who asks, in place of the accounts.
    solves : works at calls; what is under way is known to all processes that serve the registry
        of `accounts`.
    """
    settings = settings or Settings()
    answer_many(prepare(edition))
    assets = find_assets()
    app = FastAPI(
        title="Triple Helix",
        description=_ABOUT,
        version=triplehelix.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # they would load scripts from other hosts
        redoc_url=None,
    )
    app.state.site = Site(edition, settings, assets, with_registry=registry is not None)
    app.state.registry = registry
    refuse_with(app)
    if registry is not None:
        chosen = accounts or RegistrySettings()
        app.state.door = door or AccountDoor(registry, chosen)
        app.state.accounts = chosen
        app.state.capabilities = read_capabilities(chosen.capabilities)
        app.state.solves = solves or _solves(chosen)
        add_registry(app)
    app.include_router(api)
    add_pages(app)
    describe_problems(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    tag = fingerprint(edition.id, triplehelix.__version__, str(settings))
    app.add_middleware(Envelope, tag=tag, settings=settings)
    return app


def _solves(settings: RegistrySettings) -> Solves:
    address = settings.registry
    return Solves(folder=shared_folder(address) if address else None)

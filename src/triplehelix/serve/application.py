"""The atlas as one ASGI application."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

import triplehelix
from triplehelix.app.prepared import answer_many, prepare
from triplehelix.serve.api import api
from triplehelix.serve.assets import STATIC, find_assets, fingerprint
from triplehelix.serve.headers import Envelope
from triplehelix.serve.pages import add_pages
from triplehelix.serve.refusals import refuse_with
from triplehelix.serve.render import Site
from triplehelix.serve.settings import Settings
from triplehelix.store.edition import Edition

_ABOUT = (
    "Clusters of life science, what each is good at, and who works with whom, from one edition "
    "of the landscape. Unknown is null, never 0. An edition does not change while it is served."
)


def create_app(edition: Edition, settings: Settings | None = None) -> FastAPI:
    """
    The atlas of an edition: pages at `/`, the API at `/api/v1`, downloads at `/data`.

    Parameters
    ----------
    edition : opened for reading; what pages need of it is prepared here, once.
    settings : choices of whoever runs it; the packaged map without them.
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
    app.state.site = Site(edition, settings, assets)
    refuse_with(app)
    app.include_router(api)
    add_pages(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    tag = fingerprint(edition.id, triplehelix.__version__, str(settings))
    app.add_middleware(Envelope, tag=tag, settings=settings)
    return app

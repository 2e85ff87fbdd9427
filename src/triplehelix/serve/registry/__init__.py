"""Pages and API of the registry, for whoever asks."""

from fastapi import APIRouter, FastAPI

from triplehelix.serve.registry import (
    asset_api,
    asset_pages,
    audit_pages,
    capacity_pages,
    find_pages,
    import_pages,
    log_routes,
    me_pages,
    member_pages,
    network_api,
    network_forms,
    network_news,
    network_pages,
    sign_in_pages,
    steward_pages,
    user_pages,
)

ROUTERS: tuple[APIRouter, ...] = (
    asset_api.router,
    asset_pages.router,
    capacity_pages.router,
    member_pages.router,
    find_pages.router,
    sign_in_pages.router,
    me_pages.router,
    user_pages.router,
    # Before the forms, which take what follows /networks/ for an id.
    network_pages.router,
    network_forms.router,
    network_news.router,
    steward_pages.router,
    import_pages.router,
    audit_pages.router,
    log_routes.log,
    network_api.api,
)


def add_registry(app: FastAPI) -> None:
    """Add every page and question of the registry to the application."""
    for router in ROUTERS:
        app.include_router(router)

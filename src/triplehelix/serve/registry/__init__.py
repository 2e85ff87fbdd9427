"""Pages and API of the registry, for whoever asks."""

from fastapi import APIRouter, FastAPI

from triplehelix.serve.registry import (
    alliance_api,
    alliance_files,
    alliance_pages,
    asset_api,
    asset_pages,
    audit_pages,
    call_api,
    call_form_pages,
    call_pages,
    capacity_pages,
    commitment_api,
    commitment_pages,
    enquiry_api,
    enquiry_desk_pages,
    enquiry_pages,
    exposure_pages,
    import_pages,
    log_routes,
    me_pages,
    member_pages,
    network_api,
    network_forms,
    network_news,
    network_pages,
    offer_pages,
    sealed_api,
    sealed_pages,
    sharing_pages,
    sign_in_pages,
    solve_pages,
    steward_pages,
    user_pages,
)

ROUTERS: tuple[APIRouter, ...] = (
    asset_api.router,
    asset_pages.router,
    capacity_pages.router,
    member_pages.router,
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
    # Before the pages of one call, which take what follows /calls/ for an id.
    call_form_pages.router,
    solve_pages.router,
    sharing_pages.router,
    alliance_files.router,
    alliance_pages.router,
    commitment_pages.router,
    offer_pages.router,
    sealed_pages.router,
    # Before the calls, which would take its name for an id.
    exposure_pages.router,
    call_pages.router,
    # Before the desk, which takes what follows /enquiries/ for an id.
    enquiry_pages.router,
    enquiry_desk_pages.router,
    log_routes.log,
    network_api.api,
    call_api.router,
    call_api.trying,
    alliance_api.router,
    alliance_api.trying,
    commitment_api.router,
    sealed_api.router,
    # Before those of one enquiry, which would take its name for an id.
    enquiry_api.asking_router,
    enquiry_api.router,
)


def add_registry(app: FastAPI) -> None:
    """Add every page and question of the registry to the application."""
    for router in ROUTERS:
        app.include_router(router)

"""One answer, four forms: a page, JSON, CSV, GeoJSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic_core import to_json
from starlette.responses import HTMLResponse, Response

from triplehelix.app.contents import contents
from triplehelix.app.countries import country_name
from triplehelix.app.download import csv_text
from triplehelix.app.layers import layers
from triplehelix.serve import charts, layering, words
from triplehelix.serve.assets import HERE, Assets
from triplehelix.serve.settings import Settings
from triplehelix.serve.spoken import said
from triplehelix.store.edition import Edition

MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}
Table = tuple[list[str], list[list[Any]]]


@dataclass(frozen=True, slots=True)
class View:
    """An answer, the template that shows it, and what its CSV and GeoJSON forms hold."""

    template: str
    answer: Any
    context: dict[str, Any] = field(default_factory=dict)
    table: Callable[[], Table] | None = None
    features: Callable[[], list[dict[str, Any]]] | None = None


def flat(rows: Sequence[Any], columns: Sequence[str] | None = None) -> Table:
    """A list of one dataclass as a table of its fields."""
    names = list(columns or ([f.name for f in fields(rows[0])] if rows else []))
    return names, [[_plain(getattr(row, name)) for name in names] for row in rows]


def _plain(value: Any) -> Any:
    return to_json(value).decode() if is_dataclass(value) else value


def point(lon: float | None, lat: float | None, properties: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature: (longitude, latitude), as RFC 7946, 3.1.1 has it."""
    geometry = None
    if lon is not None and lat is not None:
        geometry = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


class Site:
    """What every page needs: the edition, the settings, the templates, the assets."""

    def __init__(
        self, edition: Edition, settings: Settings, assets: Assets, *, with_registry: bool = False
    ) -> None:
        self.edition, self.settings, self.assets = edition, settings, assets
        self.with_registry = with_registry
        self.contents = contents(edition)
        self.layers = layers(edition)
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.templates.filters["within"] = words.country_within
        self.templates.globals.update(
            site=self, words=words, charts=charts, layering=layering, country=country_name,
            zip=zip, len=len,
            # Pages in other languages bring their own: see `serve.spoken`.
            _=str, say=said, lang="en", direction="ltr", languages={},
            map_words={}, level_names={},
        )  # fmt: skip

    def noun(self, n: int | None = None) -> str:
        """What this edition's activities are called."""
        return words.noun(self.contents.activity_kinds, n)

    def html(
        self, request: Request, template: str, context: dict[str, Any], status: int = 200
    ) -> HTMLResponse:
        """A page."""
        page = self.templates.get_template(template).render(
            **{"path": request.url.path, "link": _linker(request), "forms": (),
               "base": str(request.base_url).rstrip("/"), **context}
        )  # fmt: skip
        return HTMLResponse(page, status)

    def answer(self, request: Request, view: View, form: str, forms: tuple[str, ...]) -> Response:
        """A view in the form that was asked for, one of `forms` or the page itself."""
        if form == "json":
            return Response(to_json(view.answer, inf_nan_mode="null"), media_type=MEDIA[form])
        if form == "csv" and view.table is not None:
            return Response(csv_text(*view.table()), media_type=MEDIA[form])
        if form == "geojson" and view.features is not None:
            collection = {"type": "FeatureCollection", "features": view.features()}
            return Response(to_json(collection, inf_nan_mode="null"), media_type=MEDIA[form])
        context = {"answer": view.answer, "forms": forms, **view.context}
        return self.html(request, view.template, context)


def site_of(request: Request) -> Site:
    """The site that answers a request."""
    site: Site = request.app.state.site
    return site


def edition_of(request: Request) -> Edition:
    """The edition that a request is about."""
    return site_of(request).edition


def _linker(request: Request) -> Callable[..., str]:
    """Makes addresses of this same page with some parameters changed; None takes one away."""

    def link(form: str = "", **changed: Any) -> str:
        asked = [(k, v) for k, v in request.query_params.multi_items() if k not in changed]
        added = [(k, v) for k, v in changed.items() if v is not None]
        query = urlencode(asked + added)
        path = request.url.path + (f".{form}" if form else "")
        return f"{path}?{query}" if query else path

    return link

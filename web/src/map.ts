// An empty map on a page: its frame, controls and land.

import { LngLatBounds, Map, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { type Tiles, drawLand, emptyStyle } from "./land";
import { said } from "./words";

setWorkerUrl(workerUrl);

function tilesOf({ dataset: asks }: HTMLElement): Tiles | null {
  return asks["tiles"] ? { url: asks["tiles"], attribution: asks["tileAttribution"] ?? "" } : null;
}

export function openMap(canvas: HTMLElement, bounds: LngLatBounds): Map {
  const tiles = tilesOf(canvas);
  const map = new Map({
    container: canvas,
    style: emptyStyle(tiles),
    bounds,
    fitBoundsOptions: { padding: padding(canvas), maxZoom: 9 },
    attributionControl: { compact: false, customAttribution: tiles ? "" : "Natural Earth" },
    cooperativeGestures: !matchMedia("(min-width: 62rem)").matches,
    renderWorldCopies: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    maxZoom: 14,
    locale: {
      "NavigationControl.ZoomIn": said("zoomIn"),
      "NavigationControl.ZoomOut": said("zoomOut"),
      "CooperativeGesturesHandler.WindowsHelpText": said("withCtrl"),
      "CooperativeGesturesHandler.MacHelpText": said("withCommand"),
      "CooperativeGesturesHandler.MobileHelpText": said("withFingers"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", said("keys"));
  return map;
}

// Land where there are no tiles; then the page can tell that the map is drawn.
export async function finish(map: Map, canvas: HTMLElement): Promise<void> {
  if (!tilesOf(canvas)) await drawLand(map, canvas.dataset["base"] ?? "/static/dist/");
  canvas.dataset["drawn"] = "true";
}

// A single place is shown with what is round it.
export function roomy(bounds: LngLatBounds, degrees: number): LngLatBounds {
  const [west, south] = bounds.getSouthWest().toArray();
  const [east, north] = bounds.getNorthEast().toArray();
  if (east - west > 2 * degrees || north - south > 2 * degrees) return bounds;
  return new LngLatBounds([west - degrees, south - degrees / 2, east + degrees, north + degrees / 2]);
}

export function padding(canvas: HTMLElement): { top: number; bottom: number; left: number; right: number } {
  const narrow = canvas.clientWidth < 500;
  return narrow ? { top: 40, bottom: 50, left: 40, right: 60 } : { top: 60, bottom: 170, left: 70, right: 100 };
}

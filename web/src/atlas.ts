// A page's map: land, the clusters' circles and names, and what the page is about.

import { type FilterSpecification, LngLatBounds, Map, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection, LineString } from "geojson";
import { type Tie, arcs } from "./arcs";
import { colour, onSchemeChange } from "./colours";
import { type Cluster, clustersIn, drawDots } from "./dots";
import { drawLand, emptyStyle } from "./land";

setWorkerUrl(workerUrl);

interface Partner {
  id: string;
  n_activities: number;
}

const NOWHERE: FeatureCollection = { type: "FeatureCollection", features: [] };
// Degrees of latitude, some 700 km: a country's islands overseas do not shrink it.
const NEAR = 6.5;
const EUROPE = new LngLatBounds([-12, 35, 30, 62]);

export async function drawAtlas(canvas: HTMLElement): Promise<void> {
  const asks = canvas.dataset;
  const [clusters, links, footprint, sites, partners] = await Promise.all([
    ask(asks["clusters"], NOWHERE).then((found) => clustersIn(found.features)),
    ask(asks["links"], NOWHERE),
    ask(asks["footprint"], NOWHERE),
    ask(asks["sites"], NOWHERE),
    ask<{ partners: Partner[] }>(asks["partners"], { partners: [] }),
  ]);
  const tiles = asks["tiles"] ? { url: asks["tiles"], attribution: asks["tileAttribution"] ?? "" } : null;
  const focus = clusters.find((c) => c.id === asks["focus"]);
  const map = new Map({
    container: canvas,
    style: emptyStyle(tiles),
    bounds: extent(asks["bounds"], focus, clusters, sites),
    fitBoundsOptions: { padding: padding(canvas), maxZoom: 9 },
    attributionControl: { compact: false, customAttribution: tiles ? "" : "Natural Earth" },
    cooperativeGestures: !matchMedia("(min-width: 62rem)").matches,
    renderWorldCopies: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    maxZoom: 14,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", "Map; arrow keys move it, plus and minus zoom");
  drawDots(map, clusters, focus?.id, sites.features);
  await map.once("load");
  drawFootprint(map, footprint);
  drawTies(map, focus ? tiesOf(focus, partners.partners, clusters) : tiesIn(links), focus ? 12 : 9);
  if (!tiles) await drawLand(map, asks["base"] ?? "/static/dist/");
  canvas.dataset["drawn"] = "true";
}

async function ask<Answer>(url: string | undefined, without: Answer): Promise<Answer> {
  if (!url) return without;
  const answer = await fetch(url);
  return answer.ok ? ((await answer.json()) as Answer) : without;
}

function tiesIn(links: FeatureCollection): Tie[] {
  return links.features
    .filter((f) => f.geometry?.type === "LineString")
    .map(({ geometry, properties }) => {
      const [from, to] = (geometry as LineString).coordinates as [[number, number], [number, number]];
      return { from, to, n: properties?.["n_activities"] ?? 1 };
    });
}

function tiesOf(focus: Cluster, partners: Partner[], clusters: Cluster[]): Tie[] {
  const places = Object.fromEntries(clusters.map((c) => [c.id, c.at]));
  return partners.flatMap(({ id, n_activities: n }) => {
    const to = places[id];
    return to ? [{ from: focus.at, to, n }] : [];
  });
}

function drawTies(map: Map, ties: Tie[], widest: number): void {
  map.addSource("ties", { type: "geojson", data: arcs(ties, widest) });
  map.addLayer({
    id: "ties",
    type: "line",
    source: "ties",
    layout: { "line-cap": "round" },
    paint: { "line-color": colour("strong"), "line-opacity": 0.3, "line-width": ["get", "width"] },
  });
  onSchemeChange(() => map.setPaintProperty("ties", "line-color", colour("strong")));
}

function drawFootprint(map: Map, footprint: FeatureCollection): void {
  map.addSource("footprint", { type: "geojson", data: footprint });
  const polygons: FilterSpecification = ["==", ["geometry-type"], "Polygon"];
  map.addLayer({ id: "footprint", type: "fill", source: "footprint", filter: polygons,
    paint: { "fill-color": colour("strong"), "fill-opacity": 0.12 } });
  map.addLayer({ id: "footprint-edge", type: "line", source: "footprint", filter: polygons,
    paint: { "line-color": colour("strong"), "line-width": 1, "line-opacity": 0.6 } });
  onSchemeChange(() => {
    map.setPaintProperty("footprint", "fill-color", colour("strong"));
    map.setPaintProperty("footprint-edge", "line-color", colour("strong"));
  });
}

// Round what the page says, else round its sites, else round a cluster and the others of its country.
function extent(
  bounds: string | undefined, focus: Cluster | undefined, clusters: Cluster[], sites: FeatureCollection,
): LngLatBounds {
  if (bounds) return roomy(new LngLatBounds(bounds.split(",").map(Number) as [number, number, number, number]), 0.4);
  const around = new LngLatBounds();
  for (const { geometry } of sites.features) {
    if (geometry?.type === "Point") around.extend(geometry.coordinates as [number, number]);
  }
  if (focus) {
    around.extend(focus.at);
    const home = clusters.filter((c) => c.countries.some((country) => focus.countries.includes(country)));
    for (const { at } of home) if (Math.hypot((at[0] - focus.at[0]) / 1.6, at[1] - focus.at[1]) < NEAR) around.extend(at);
  } else if (around.isEmpty()) {
    for (const cluster of clusters) around.extend(cluster.at);
  }
  return around.isEmpty() ? EUROPE : roomy(around, 0.8);
}

// A single place is shown with what is round it.
function roomy(bounds: LngLatBounds, degrees: number): LngLatBounds {
  const [west, south] = bounds.getSouthWest().toArray();
  const [east, north] = bounds.getNorthEast().toArray();
  if (east - west > 2 * degrees || north - south > 2 * degrees) return bounds;
  return new LngLatBounds([west - degrees, south - degrees / 2, east + degrees, north + degrees / 2]);
}

function padding(canvas: HTMLElement): { top: number; bottom: number; left: number; right: number } {
  const narrow = canvas.clientWidth < 500;
  return narrow ? { top: 40, bottom: 50, left: 40, right: 60 } : { top: 60, bottom: 70, left: 70, right: 100 };
}

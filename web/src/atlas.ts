// A page's map: land, the clusters' circles and names, and what the page is about.

import { type GeoJSONSource, LngLatBounds, type Map } from "maplibre-gl";
import type { FeatureCollection, Geometry, LineString } from "geojson";
import { type Tie, arcs } from "./arcs";
import { colour, onSchemeChange } from "./colours";
import { type Cluster, clustersIn, covered, drawDots } from "./dots";
import { type Layer, LevelPanel, OUTLINED, levelAt, turns, zoomOf } from "./levels";
import { finish, openMap, padding, roomy } from "./map";
import { addMembers, membersZoom, scaleOfMembers } from "./members";
import { addOutlines, showOutlines } from "./outlines";
import { said } from "./words";

interface Partner {
  id: string;
  n_activities: number;
}

const NOWHERE: FeatureCollection = { type: "FeatureCollection", features: [] };
// Degrees of latitude, some 700 km: a country's islands overseas do not shrink it.
const NEAR = 6.5;
// As many as a front page lists.
const LARGEST = 12;
const NO_ROOM = { top: 0, bottom: 0, left: 0, right: 0 };
const EUROPE = new LngLatBounds([-12, 35, 30, 62]);

interface Loaded {
  shapes: FeatureCollection;
  clusters: Cluster[];
  links: FeatureCollection;
}

export async function drawAtlas(canvas: HTMLElement): Promise<void> {
  const asks = canvas.dataset;
  const layers = JSON.parse(asks["layers"] ?? "[]") as Layer[];
  const level = Number(asks["level"] ?? 0);
  const load = loader();
  const first = layers.find((layer) => layer.level === level);
  const [{ clusters }, footprint, sites, partners] = await Promise.all([
    load(first),
    ask(asks["footprint"], NOWHERE),
    ask(asks["sites"], NOWHERE),
    ask<{ partners: Partner[] }>(asks["partners"], { partners: [] }),
  ]);
  const focus = clusters.find((c) => c.id === asks["focus"]);
  const map = openMap(canvas, extent(asks["bounds"], focus, clusters, sites));
  clearOfLegend(map, clusters, padding(canvas));
  let dots = drawDots(map, clusters, focus?.id, sites.features);
  await map.once("load");
  addOutlines(map, NOWHERE, footprint);
  addTies(map);
  const ties = focus ? tiesOf(focus, partners.partners, clusters) : null;
  const members = membersOf(map, footprint, asks["members"]);
  const giveWay = turns(layers, level, map.getZoom());
  let shown: Layer | undefined;
  const panel = new LevelPanel(layers, () => void change());
  const follow = () => {
    if (shown) panel.say(shown, dots.total, dots.inView());
    dots.hide(focus?.id, members.seen());
    dots.settle();
  };
  let turn = 0;
  const change = async () => {
    const mine = ++turn;
    const wanted = await inView(map, layers, layers.findIndex((layer) => layer.level === panel.fixed),
      levelAt(layers, giveWay, map.getZoom()), level, load);
    // Another level may have been asked for while this one was on its way.
    if (!wanted || wanted === shown || mine !== turn) return;
    const loaded = await load(wanted);
    if (mine !== turn) return;
    const again = shown !== undefined;
    shown = wanted;
    if (again) {
      dots.remove();
      dots = drawDots(map, loaded.clusters, focus?.id, sites.features);
    }
    showOutlines(map, loaded.shapes, Math.max(0, zoomOf(wanted, OUTLINED)), focus?.id);
    const own = wanted.level === level;
    showTies(map, ties ? (own ? ties : []) : tiesIn(loaded.links), focus ? 12 : 9);
    follow();
  };
  map.on("zoom", () => void change());
  map.on("moveend", () => { void members.load(); void change().then(follow); });
  if (layers.length) canvas.after(panel.panel);
  if (members.bounds) panel.add(closer(map, members.bounds));
  await change();
  await finish(map, canvas);
}

// Where the legend would hide one of the largest clusters, the map makes room for it.
function clearOfLegend(map: Map, clusters: Cluster[], room: ReturnType<typeof padding>): void {
  const hidden = covered(map).filter(({ left, top, right, bottom }) => clusters.slice(0, LARGEST).some(({ at }) => {
    const { x, y } = map.project(at);
    return x > left && x < right && y > top && y < bottom;
  }));
  const left = Math.max(0, ...hidden.map(({ right }) => right)) + 40;
  if (!hidden.length || left > map.getContainer().clientWidth / 2) return;
  map.fitBounds(map.getBounds(), { padding: { ...NO_ROOM, left: left - room.left }, animate: false });
}

// The level that was chosen; else that of the zoom, or the next wider one that has anything here,
// so that coming near a place without campuses does not empty the map.
async function inView(
  map: Map, layers: Layer[], fixed: number, byZoom: Layer | undefined, own: number,
  load: (layer: Layer | undefined) => Promise<Loaded>,
): Promise<Layer | undefined> {
  if (fixed >= 0 || !byZoom) return layers[fixed] ?? byZoom;
  let at = layers.indexOf(byZoom);
  while (at > 0 && (layers[at]?.level ?? own) < own) {
    const { clusters } = await load(layers[at]);
    if (clusters.some((cluster) => map.getBounds().contains(cluster.at))) break;
    at -= 1;
  }
  return layers[at];
}

// Each level is asked for once, when it is first to be seen.
function loader(): (layer: Layer | undefined) => Promise<Loaded> {
  const kept = new globalThis.Map<number, Promise<Loaded>>();
  return (layer) => {
    if (!layer) return Promise.resolve({ shapes: NOWHERE, clusters: [], links: NOWHERE });
    const found = kept.get(layer.level) ?? fetched(layer);
    kept.set(layer.level, found);
    return found;
  };
}

async function fetched(layer: Layer): Promise<Loaded> {
  const [shapes, links] = await Promise.all([ask(layer.clusters, NOWHERE), ask(layer.links ?? undefined, NOWHERE)]);
  return { shapes, clusters: clustersIn(shapes.features), links };
}

interface Members {
  bounds: LngLatBounds | null;
  seen(): boolean;
  load(): Promise<void>;
}

// The sites of the cluster a page is about, asked for when one comes near enough to see them.
function membersOf(map: Map, footprint: FeatureCollection, url: string | undefined): Members {
  const bounds = url ? boundsOf(footprint) : null;
  if (!bounds) return { bounds, seen: () => false, load: async () => {} };
  const from = membersZoom(map, bounds);
  map.setLayerZoomRange("ties", 0, from);
  let asked = false;
  const near = () => map.getZoom() >= from;
  return {
    bounds,
    seen: () => near() && map.getLayer("members") !== undefined,
    async load() {
      if (asked || !near()) return;
      asked = true;
      addMembers(map, await ask(url, NOWHERE), from);
      map.fire("moveend");
    },
  };
}

function closer(map: Map, bounds: LngLatBounds): HTMLElement {
  const both = document.createElement("div");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = said("closer");
  button.addEventListener("click", () => map.fitBounds(bounds, { padding: padding(map.getContainer()), maxZoom: 12, animate: false }));
  both.append(button, scaleOfMembers());
  return both;
}

function boundsOf({ features }: FeatureCollection): LngLatBounds | null {
  const bounds = new LngLatBounds();
  const reach = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") bounds.extend(part as [number, number]);
    else part.forEach(reach);
  };
  for (const { geometry } of features) {
    const shape = geometry as Geometry | null;
    if (shape?.type === "Polygon" || shape?.type === "MultiPolygon") reach(shape.coordinates);
  }
  return bounds.isEmpty() ? null : bounds;
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

function addTies(map: Map): void {
  map.addSource("ties", { type: "geojson", data: NOWHERE });
  map.addLayer({
    id: "ties",
    type: "line",
    source: "ties",
    layout: { "line-cap": "round" },
    paint: { "line-color": colour("strong"), "line-opacity": 0.3, "line-width": ["get", "width"] },
  });
  onSchemeChange(() => map.setPaintProperty("ties", "line-color", colour("strong")));
}

function showTies(map: Map, ties: Tie[], widest: number): void {
  void map.getSource<GeoJSONSource>("ties")?.setData(arcs(ties, widest));
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

// The network on a map: nodes by group (colour, shape and letter), ties in their group's colour.

import { type ExpressionSpecification, LngLatBounds, type Map } from "maplibre-gl";
import type { Feature, FeatureCollection, LineString, Point } from "geojson";
import { type Tie, arcs } from "./arcs";
import { colour, onSchemeChange } from "./colours";
import { type Cluster, drawDots } from "./dots";
import { finish, openMap, roomy } from "./map";

const WIDEST = 9;
const EUROPE = new LngLatBounds([-12, 35, 30, 62]);
const GROUPS = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7"] as const;

export async function drawNetwork(canvas: HTMLElement): Promise<void> {
  const answer = await fetch(canvas.dataset["network"] ?? "");
  if (!answer.ok) throw new Error(`the network answers ${answer.status}`);
  const { features } = (await answer.json()) as FeatureCollection;
  const nodes = features.filter((f): f is Feature<Point> => f.geometry?.type === "Point");
  const ties = features.filter((f): f is Feature<LineString> => f.geometry?.type === "LineString");
  const map = openMap(canvas, extent(canvas.dataset["bounds"], nodes));
  const shown = nodes.map(nodeOf).sort((a, b) => b.activities - a.activities || (a.id < b.id ? -1 : 1));
  const dots = drawDots(map, shown, undefined, []);
  await map.once("load");
  addTies(map, ties.map(tieOf));
  const say = document.createElement("p");
  say.setAttribute("role", "status");
  const panel = document.createElement("div");
  panel.className = "level-panel";
  panel.append(say);
  canvas.after(panel);
  const follow = () => { say.textContent = `Shown: ${ties.length} ties; ${dots.inView()} of ${dots.total} nodes in view`; };
  map.on("moveend", follow);
  follow();
  dots.settle();
  await finish(map, canvas);
}

function nodeOf({ geometry, properties: p }: Feature<Point>): Cluster {
  const group = p?.["group"] ? `group ${p["group"]}` : "no group";
  return {
    id: p?.["id"], name: p?.["name"] ?? "", at: geometry.coordinates as [number, number], countries: [],
    organisations: 0, activities: p?.["strength"] ?? 0, evidence: "", rank: null,
    look: p?.["look"], letter: p?.["group"] ?? "", href: p?.["href"],
    said: `${p?.["name"] ?? ""}, ${group}, ${p?.["n_shown"] ?? 0} ties shown`,
  };
}

function tieOf({ geometry, properties: p }: Feature<LineString>): Tie {
  const [from, to] = geometry.coordinates as [[number, number], [number, number]];
  return { from, to, n: p?.["weight"] ?? 0, look: String(p?.["look"] ?? "").replace("group ", "") };
}

function addTies(map: Map, ties: Tie[]): void {
  map.addSource("ties", { type: "geojson", data: arcs(ties, WIDEST) });
  map.addLayer({ id: "ties", type: "line", source: "ties", layout: { "line-cap": "round" },
    paint: { "line-color": byGroup(), "line-opacity": ["match", ["get", "look"], [...GROUPS], 0.6, 0.3], "line-width": ["get", "width"] } });
  onSchemeChange(() => map.setPaintProperty("ties", "line-color", byGroup()));
}

function byGroup(): ExpressionSpecification {
  const cases = GROUPS.flatMap((group) => [group, colour(`group-${group}`)]);
  return ["match", ["get", "look"], ...cases, colour("weak-edge")] as unknown as ExpressionSpecification;
}

function extent(bounds: string | undefined, nodes: Feature<Point>[]): LngLatBounds {
  if (bounds) return roomy(new LngLatBounds(bounds.split(",").map(Number) as [number, number, number, number]), 0.4);
  const around = new LngLatBounds();
  for (const { geometry } of nodes) around.extend(geometry.coordinates as [number, number]);
  return around.isEmpty() ? EUROPE : roomy(around, 0.8);
}

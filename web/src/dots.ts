// Clusters as circles above the map: links, so that keyboard and screen reader reach them, where
// they stand far enough from each other to be hit.

import type { Map } from "maplibre-gl";
import type { Feature, Point } from "geojson";
import { type Box, place } from "./labels";
import { targets } from "./targets";
import { named, said } from "./words";

export interface Cluster {
  id: string;
  name: string;
  at: [number, number];
  countries: string[];
  organisations: number;
  activities: number;
  evidence: string;
  rank: [number, number] | null;
  // On the map of a network: its group by class and letter, where it leads, what is said of it.
  look?: string;
  letter?: string;
  href?: string;
  said?: string;
}

// Circles that are shown; `hide` takes the one of a cluster away, and back again.
export interface Dots {
  remove(): void;
  hide(id: string | undefined, hidden: boolean): void;
  // Anew, once what lies on the map has changed.
  settle(): void;
  total: number;
  inView(): number;
}

interface Drawn {
  cluster: Cluster;
  radius: number;
  link: HTMLAnchorElement;
  href: string;
  label: HTMLSpanElement;
  width: number;
  height: number;
}

const [SMALLEST, LARGEST] = [4.5, 25];
// On a small map, or among many, circles are smaller.
const AREA = 250;
const PIN = 7;
const LARGE = 0.16;
// A letter needs so much room.
const LETTERED = 8.5;

// Clusters come as points or as their footprints; the circle stands at the centre of either.
export function clustersIn(features: Feature[]): Cluster[] {
  return features
    .filter(({ properties: p }) => typeof p?.["centre_lon"] === "number" && typeof p["centre_lat"] === "number")
    .map(({ properties: p }) => ({
      id: p?.["cluster_id"],
      name: p?.["name"] ?? "",
      at: [p?.["centre_lon"], p?.["centre_lat"]] as [number, number],
      countries: p?.["countries"] ?? [],
      organisations: p?.["n_organisations"] ?? 0,
      activities: p?.["n_theme_activities"] ?? p?.["n_activities"] ?? 0,
      evidence: p?.["evidence"] ?? "untested",
      rank: p?.["rank_low"] == null ? null : ([p["rank_low"], p["rank_high"]] as [number, number]),
    }))
    .sort((a, b) => b.activities - a.activities || (a.id < b.id ? -1 : 1));
}

// The clusters, and over them the sites of the organisation that a page is about.
export function drawDots(map: Map, clusters: Cluster[], focus: string | undefined, sites: Feature[]): Dots {
  const layer = document.createElement("div");
  layer.className = "dots-layer";
  const heaviest = Math.max(0, ...clusters.map((c) => c.activities));
  const most = heaviest > 0 ? heaviest : 1;
  const { clientWidth, clientHeight } = map.getContainer();
  const room = Math.sqrt((clientWidth * clientHeight) / Math.max(20, clusters.length)) / Math.sqrt(AREA * 20);
  const scale = Math.min(1, Math.max(0.5, room));
  const drawn = clusters.map((cluster) => dot(cluster, most, scale, cluster.id === focus));
  // Small circles lie on large ones, names on all of them.
  const pins = sites.filter((f): f is Feature<Point> => f.geometry?.type === "Point").map(pin);
  layer.append(...drawn.map((d) => d.link), ...pins.map((p) => p.mark), ...drawn.map((d) => d.label));
  map.getContainer().append(layer);
  for (const d of drawn) [d.width, d.height] = [d.label.offsetWidth, d.label.offsetHeight];
  const first = drawn.findIndex((d) => d.cluster.id === focus);
  if (first > 0) drawn.unshift(...drawn.splice(first, 1));
  const absent = new Set<string>();
  const follow = () => {
    arrange(map, drawn, absent);
    for (const { mark, at } of pins) {
      const { x, y } = map.project(at);
      mark.style.transform = `translate(${x - PIN}px, ${y - PIN}px)`;
    }
  };
  map.on("move", follow);
  map.on("resize", follow);
  follow();
  return {
    remove() {
      map.off("move", follow);
      map.off("resize", follow);
      // Whoever was on a circle with the keyboard stays on the map.
      if (layer.contains(document.activeElement)) map.getCanvas().focus();
      layer.remove();
    },
    hide(id, hidden) {
      if (!id || hidden === absent.has(id)) return;
      if (hidden) absent.add(id);
      else absent.delete(id);
      follow();
    },
    settle: follow,
    total: clusters.length,
    inView: () => clusters.filter(({ at }) => map.getBounds().contains(at)).length,
  };
}

function pin({ geometry, properties }: Feature<Point>): { mark: HTMLSpanElement; at: [number, number] } {
  const mark = document.createElement("span");
  mark.className = "mark site";
  mark.title = properties?.["place"] ?? "";
  mark.textContent = properties?.["mark"] ?? "";
  return { mark, at: geometry.coordinates as [number, number] };
}

function dot(cluster: Cluster, most: number, scale: number, focus: boolean): Drawn {
  const natural = scale * SMALLEST + scale * (LARGEST - SMALLEST) * Math.sqrt(cluster.activities / most);
  const radius = cluster.letter ? Math.max(LETTERED, natural) : natural;
  const link = document.createElement("a");
  link.className = `mark ${cluster.look ?? cluster.evidence}${focus ? " focus" : ""}`;
  link.textContent = cluster.letter ?? "";
  link.title = cluster.said ?? toldOf(cluster);
  link.dataset["said"] = link.title;
  link.style.width = link.style.height = `${2 * radius}px`;
  const label = document.createElement("span");
  label.className = cluster.activities > LARGE * most || focus ? "label large" : "label";
  label.textContent = cluster.name;
  label.setAttribute("aria-hidden", "true");
  const href = cluster.href ?? `/clusters/${encodeURIComponent(cluster.id)}`;
  return { cluster, radius, link, href, label, width: 0, height: 0 };
}

function toldOf({ name, organisations, evidence, rank }: Cluster): string {
  const whole = said("cluster", { name, n: organisations, evidence: named(evidence) });
  return rank ? said("ranked", { said: whole, low: rank[0], high: rank[1] }) : whole;
}

function arrange(map: Map, drawn: Drawn[], absent: Set<string>): void {
  const { clientWidth, clientHeight } = map.getContainer();
  const seen = drawn.flatMap((d) => {
    const { x, y } = map.project(d.cluster.at);
    const inside = !absent.has(d.cluster.id) && x > -d.radius && y > -d.radius && x < clientWidth + d.radius && y < clientHeight + d.radius;
    d.link.hidden = !inside;
    d.label.hidden = true;
    if (inside) d.link.style.transform = `translate(${x - d.radius}px, ${y - d.radius}px)`;
    return inside ? [{ ...d, x, y }] : [];
  });
  const panels = covered(map, ".aside, .level-panel, .maplibregl-ctrl");
  const circles = seen.map(({ x, y, radius, link }) => ({ x, y, radius, held: link === document.activeElement }));
  targets(circles, panels).forEach((can, i) => seen[i] && choose(seen[i], can));
  place(seen, clientWidth, clientHeight, panels).forEach((spot, i) => {
    const label = seen[i]?.label;
    if (!spot || !label) return;
    label.hidden = false;
    label.style.transform = `translate(${spot.left}px, ${spot.top}px)`;
  });
}

// A circle that cannot be chosen is a drawing: what it says stands in the page's lists as well.
function choose({ link, href }: Drawn, can: boolean): void {
  if (can === link.hasAttribute("href") && (can || link.hasAttribute("aria-hidden"))) return;
  if (can) {
    link.href = href;
    link.setAttribute("aria-label", link.dataset["said"] ?? "");
    link.removeAttribute("aria-hidden");
  } else {
    link.removeAttribute("href");
    link.removeAttribute("aria-label");
    link.setAttribute("aria-hidden", "true");
  }
}

// Where something lies on the map: the legend and the choice of levels, unless more is named.
export function covered(map: Map, what = ".aside, .level-panel"): Box[] {
  const container = map.getContainer();
  const own = container.getBoundingClientRect();
  return [...(container.parentElement?.querySelectorAll(what) ?? [])].map((panel) => {
    const { left, top, right, bottom } = panel.getBoundingClientRect();
    return { left: left - own.left, top: top - own.top, right: right - own.left, bottom: bottom - own.top };
  });
}

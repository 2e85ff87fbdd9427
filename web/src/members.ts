// The sites of one cluster's members, shaded by how surely they belong to it.

import { type LngLatBounds, type Map } from "maplibre-gl";
import type { Feature, FeatureCollection, Point } from "geojson";
import { colour, onSchemeChange } from "./colours";
import { said } from "./words";

// Sites are shown from so many steps before the cluster fills the map.
const BEFORE = 1.6;

export function membersZoom(map: Map, bounds: LngLatBounds): number {
  return (map.cameraForBounds(bounds, { padding: 40, maxZoom: 12 })?.zoom ?? 9) - BEFORE;
}

// Sites at one point (a town's, say) are one circle: their number, and their mean probability.
export function gathered(sites: FeatureCollection): FeatureCollection {
  const places = new globalThis.Map<string, { at: [number, number]; n: number; sure: number; known: number }>();
  for (const { geometry, properties } of sites.features as Feature<Point>[]) {
    if (geometry?.type !== "Point") continue;
    const at = geometry.coordinates as [number, number];
    const place = places.get(at.join()) ?? { at, n: 0, sure: 0, known: 0 };
    const probability: number | null = properties?.["probability"] ?? null;
    place.n += 1;
    if (probability !== null) { place.sure += probability; place.known += 1; }
    places.set(at.join(), place);
  }
  const features: Feature[] = [...places.values()]
    .map(({ at, n, sure, known }) => ({
      type: "Feature" as const,
      geometry: { type: "Point" as const, coordinates: at },
      properties: { n, probability: known ? sure / known : 1, radius: Math.min(14, 3.5 + 2 * Math.log2(n)) },
    }))
    .sort((a, b) => b.properties.n - a.properties.n);
  return { type: "FeatureCollection", features };
}

export function addMembers(map: Map, sites: FeatureCollection, from: number): void {
  map.addSource("members", { type: "geojson", data: gathered(sites) });
  map.addLayer({ id: "members", type: "circle", source: "members", minzoom: from,
    paint: { "circle-radius": ["get", "radius"], "circle-stroke-width": 1.4 } });
  const paint = () => {
    map.setPaintProperty("members", "circle-color", ["interpolate", ["linear"], ["get", "probability"],
      0.25, colour("seldom"), 0.75, colour("moderate"), 1, colour("strong")]);
    map.setPaintProperty("members", "circle-stroke-color", colour("strong"));
  };
  paint();
  onSchemeChange(paint);
}

export function scaleOfMembers(): HTMLElement {
  const scale = document.createElement("span");
  scale.className = "scale";
  scale.append(said("foundIn"));
  for (const [name, words] of [["always", said("foundAll")], ["often", "¾"], ["seldom", said("foundQuarter")]]) {
    const entry = document.createElement("span");
    const mark = document.createElement("i");
    mark.className = name ?? "";
    entry.append(mark, words ?? "");
    scale.append(entry);
  }
  return scale;
}

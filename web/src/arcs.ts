// Ties as curved lines: bent to one side, so that ties that share an end can be told apart.

import type { FeatureCollection, LineString } from "geojson";
import { MercatorCoordinate } from "maplibre-gl";

export interface Tie {
  from: [number, number];
  to: [number, number];
  n: number;
  look?: string;
}

const STEPS = 32;
const BEND = 0.16;

// Points of a quadratic curve between two places, even on the map as it is drawn.
export function arc(from: [number, number], to: [number, number]): [number, number][] {
  // The same tie bends the same way whichever end is named first.
  const [a, b] = from[1] > to[1] || (from[1] === to[1] && from[0] <= to[0]) ? [from, to] : [to, from];
  const start = MercatorCoordinate.fromLngLat(a);
  const end = MercatorCoordinate.fromLngLat(b);
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const [cx, cy] = [(start.x + end.x) / 2 + dy * BEND, (start.y + end.y) / 2 - dx * BEND];
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const t = i / STEPS;
    const [p, q, r] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    const at = new MercatorCoordinate(p * start.x + q * cx + r * end.x, p * start.y + q * cy + r * end.y);
    return at.toLngLat().toArray();
  });
}

export function arcs(ties: Tie[], widest: number): FeatureCollection<LineString> {
  // Fractions of activities may all be below 1: then the heaviest is the measure.
  const heaviest = ties.reduce((most, tie) => Math.max(most, tie.n), 0);
  const most = ties.some((tie) => tie.n % 1) ? heaviest || 1 : Math.max(1, heaviest);
  return {
    type: "FeatureCollection",
    features: [...ties].sort((a, b) => a.n - b.n).map((tie) => ({
      type: "Feature",
      properties: { width: Math.max(1, (widest * tie.n) / most), look: tie.look ?? "" },
      geometry: { type: "LineString", coordinates: arc(tie.from, tie.to) },
    })),
  };
}

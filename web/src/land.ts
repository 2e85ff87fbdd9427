// The shapes of land: the world at once, and each country in more detail when seen close by.

import type { GeoJSONSource, Map, StyleSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import base from "../node_modules/.base/base.json";
import { colour, onSchemeChange } from "./colours";

// Of each country the file of its shape, and west, south, east, north of what is in it.
const close = base.close as unknown as Record<string, { file: string; box: [number, number, number, number] }>;

const CLOSE_ZOOM = 3.6;

export interface Tiles {
  url: string;
  attribution: string;
}

export function emptyStyle(tiles: Tiles | null): StyleSpecification {
  const style: StyleSpecification = {
    version: 8,
    sources: { land: { type: "geojson", data: { type: "FeatureCollection", features: [] }, tolerance: 0.2 } },
    layers: [
      { id: "water", type: "background", paint: { "background-color": colour("water") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("land"), "fill-antialias": true } },
      { id: "coast", type: "line", source: "land", paint: { "line-color": colour("coast"), "line-width": 0.8 } },
    ],
  };
  if (tiles) {
    style.sources.tiles = { type: "raster", tiles: [tiles.url], tileSize: 256, attribution: tiles.attribution };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  return style;
}

export async function drawLand(map: Map, folder: string): Promise<void> {
  const shapes = new globalThis.Map<string, Feature[]>();
  const asked = new Set<string>();
  for (const feature of (await shapesIn(`${folder}base/${base.world}`)).features) {
    const key = String(feature.properties?.["key"]);
    shapes.set(key, [...(shapes.get(key) ?? []), feature]);
  }
  const show = () => {
    const features = [...shapes.values()].flat();
    void map.getSource<GeoJSONSource>("land")?.setData({ type: "FeatureCollection", features });
  };
  const closer = async () => {
    if (map.getZoom() < CLOSE_ZOOM) return;
    const wanted = inView(map).filter((key) => !asked.has(key));
    if (!wanted.length) return;
    wanted.forEach((key) => asked.add(key));
    await Promise.all(wanted.map(async (key) => {
      const file = close[key]?.file;
      if (file) shapes.set(key, (await shapesIn(`${folder}base/${file}`)).features);
    }));
    show();
  };
  show();
  await closer();
  map.on("moveend", () => void closer());
  onSchemeChange(() => {
    map.setPaintProperty("water", "background-color", colour("water"));
    map.setPaintProperty("land", "fill-color", colour("land"));
    map.setPaintProperty("coast", "line-color", colour("coast"));
  });
}

function inView(map: Map): string[] {
  const seen = map.getBounds();
  return Object.entries(close)
    // What lies across the 180th meridian is seen from either side of it.
    .filter(([, { box: [west, south, east, north] }]) => south < seen.getNorth() && north > seen.getSouth()
      && [-360, 0, 360].some((turn) => west + turn < seen.getEast() && east + turn > seen.getWest()))
    .map(([key]) => key);
}

async function shapesIn(url: string): Promise<FeatureCollection> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.json() as Promise<FeatureCollection>;
}

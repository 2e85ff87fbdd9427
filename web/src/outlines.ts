// Footprints: those of the level in view, and that of the cluster a page is about.

import type { ExpressionSpecification, GeoJSONSource, Map } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { colour, onSchemeChange } from "./colours";

const POLYGONS: ExpressionSpecification = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
const WEAK: ExpressionSpecification = ["==", ["get", "evidence"], "weak"];

function byEvidence(strong: number, moderate: number, weak: number, untested: number): ExpressionSpecification {
  return ["match", ["get", "evidence"], "strong", strong, "moderate", moderate, "weak", weak, untested];
}

export function addOutlines(map: Map, nothing: FeatureCollection, footprint: FeatureCollection): void {
  map.addSource("outlines", { type: "geojson", data: nothing, tolerance: 0.1 });
  map.addSource("footprint", { type: "geojson", data: footprint });
  map.addLayer({ id: "outlines", type: "fill", source: "outlines", filter: POLYGONS,
    paint: { "fill-color": colour("strong"), "fill-opacity": byEvidence(0.26, 0.15, 0.06, 0.03) } });
  map.addLayer({ id: "outlines-edge", type: "line", source: "outlines", filter: ["all", POLYGONS, ["!", WEAK]],
    paint: { "line-color": colour("strong"), "line-width": byEvidence(1.6, 1, 1, 0.8), "line-opacity": 0.75 } });
  map.addLayer({ id: "outlines-weak", type: "line", source: "outlines", filter: ["all", POLYGONS, WEAK],
    paint: { "line-color": colour("weak-edge"), "line-width": 1.2, "line-dasharray": [3, 2.2] } });
  map.addLayer({ id: "footprint-fill", type: "fill", source: "footprint", filter: POLYGONS,
    paint: { "fill-color": colour("strong"), "fill-opacity": byEvidence(0.26, 0.15, 0.06, 0.03) } });
  map.addLayer({ id: "footprint", type: "line", source: "footprint", filter: POLYGONS,
    paint: { "line-color": colour("focus"), "line-width": 2 } });
  onSchemeChange(() => {
    map.setPaintProperty("outlines", "fill-color", colour("strong"));
    map.setPaintProperty("footprint-fill", "fill-color", colour("strong"));
    map.setPaintProperty("outlines-edge", "line-color", colour("strong"));
    map.setPaintProperty("outlines-weak", "line-color", colour("weak-edge"));
    map.setPaintProperty("footprint", "line-color", colour("focus"));
  });
}

// From the zoom at which they are larger than the circles.
// The one a page is about is drawn by itself, whole.
export function showOutlines(map: Map, shapes: FeatureCollection, from: number, focus: string | undefined): void {
  for (const id of ["outlines", "outlines-edge", "outlines-weak"]) map.setLayerZoomRange(id, from, 24);
  void map.getSource<GeoJSONSource>("outlines")?.setData({
    ...shapes, features: shapes.features.filter(({ properties }) => !focus || properties?.["cluster_id"] !== focus),
  });
}

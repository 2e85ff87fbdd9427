// Prepares the packaged shapes of land (Natural Earth, public domain, by way of world-atlas):
// the whole world at 1:50m in one file, and each country at 1:10m in a file of its own, which
// the map asks for when it is seen from close by.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const atlas = (name) =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`world-atlas/${name}.json`)));
const out = "node_modules/.base/public/base";
rmSync("node_modules/.base", { recursive: true, force: true });
mkdirSync(out, { recursive: true });

// A thousandth of a degree is about 100 m: finer than 1:10m is drawn.
const rounded = (coordinates, places) =>
  typeof coordinates[0] === "number"
    ? coordinates.map((c) => Number(c.toFixed(places)))
    : coordinates.map((part) => rounded(part, places));

// world-atlas joins what the 180th meridian cuts, so a ring may jump from one edge of the map to
// the other. Here it runs on past the edge instead; one round a pole is closed over the pole.
const unbroken = (ring) => {
  let turn = 0;
  const run = ring.map(([x, y], i) => {
    if (i > 0) turn -= 360 * Math.round((x - ring[i - 1][0]) / 360);
    return [x + turn, y];
  });
  if (turn === 0) return run;
  const pole = run[0][1] < 0 ? -90 : 90;
  return [...run, [run.at(-1)[0], pole], [run[0][0], pole], run[0]];
};
const whole = ({ type, coordinates }) => ({
  type,
  coordinates:
    type === "Polygon"
      ? coordinates.map(unbroken)
      : coordinates.map((polygon) => polygon.map(unbroken)),
});

const box = (coordinates, around = [180, 90, -180, -90]) => {
  if (typeof coordinates[0] === "number") {
    const [x, y] = coordinates;
    return [
      Math.min(around[0], x), Math.min(around[1], y),
      Math.max(around[2], x), Math.max(around[3], y),
    ];
  }
  return coordinates.reduce((sofar, part) => box(part, sofar), around);
};

const write = (name, value) => {
  const text = JSON.stringify(value);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  writeFileSync(`${out}/${name}-${hash}.json`, text);
  return `${name}-${hash}.json`;
};

const countries = (scale, places) => {
  const topology = atlas(`countries-${scale}`);
  return feature(topology, topology.objects.countries).features.map((country, i) => ({
    type: "Feature",
    id: i,
    // Some territories have no code and share none with another; their place in the list serves.
    properties: { key: country.id ?? country.properties.name },
    geometry: {
      type: country.geometry.type,
      coordinates: rounded(whole(country.geometry).coordinates, places),
    },
  }));
};

const world = countries("50m", 2);
const close = {};
for (const country of countries("10m", 3)) {
  const key = country.properties.key;
  const others = close[key]?.features ?? [];
  close[key] = { features: [...others, country] };
}
const index = {};
for (const [key, { features }] of Object.entries(close)) {
  const name = key.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  index[key] = {
    file: write(name, { type: "FeatureCollection", features }),
    box: box(features.map((f) => f.geometry.coordinates)).map((d) => Number(d.toFixed(2))),
  };
}
const worldFile = write("world", { type: "FeatureCollection", features: world });
writeFileSync("node_modules/.base/base.json", JSON.stringify({ world: worldFile, close: index }));

// Which level of clusters a map shows: by the zoom, or the one that was chosen.

import { said } from "./words";

export interface Layer {
  level: number;
  name: string;
  radius: number | null;
  clusters: string;
  links: string | null;
}

// Where a finer level begins to be told apart: its radius is this many pixels wide.
const TOLD_APART = 8;
// Outlines narrower than this are hidden by the circles.
export const OUTLINED = 7;
// Kilometres that a pixel is wide at zoom 0, at 50 degrees north.
const PIXEL_KM = 50.3;
// Radii are not known for each method: then levels are as far apart as these.
const USUAL = { km: 10, ratio: 4.5 };
// A map opens with the level its page is about, and keeps it for so many steps out and in.
const [OUT, IN, APART] = [0.6, 0.9, 0.8];

// The zoom at which what is near each other at a level is so many pixels wide.
export function zoomOf(layer: Layer, pixels: number): number {
  return Math.log2((pixels * PIXEL_KM) / (layer.radius ?? USUAL.km * USUAL.ratio ** layer.level));
}

// Zooms at which one level gives way to the next, for layers from wide to fine.
export function turns(layers: Layer[], shown: number, opened: number): number[] {
  const own = layers.findIndex((layer) => layer.level === shown);
  return layers.slice(1).map((finer, i) => {
    const natural = zoomOf(finer, TOLD_APART);
    return i < own
      ? Math.min(natural, opened - OUT - APART * (own - 1 - i))
      : Math.max(natural, opened + IN + APART * (i - own));
  });
}

export function levelAt(layers: Layer[], turns: number[], zoom: number): Layer | undefined {
  return layers[turns.filter((turn) => zoom >= turn).length];
}

// The line that says which level is shown, and the choice of one, or of following the zoom.
export class LevelPanel {
  readonly panel = document.createElement("div");
  private readonly line = document.createElement("p");
  fixed: number | null = null;

  constructor(layers: Layer[], changed: () => void) {
    this.panel.className = "level-panel";
    this.line.setAttribute("role", "status");
    this.panel.append(this.line);
    if (layers.length < 2) return;
    const choice = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.className = "visually-hidden";
    legend.textContent = said("level");
    choice.append(legend, radio(said("byZoom"), true, () => { this.fixed = null; changed(); }));
    for (const { level, name } of layers) {
      choice.append(radio(name, false, () => { this.fixed = level; changed(); }));
    }
    this.panel.append(choice);
  }

  say(layer: Layer, n: number, inView: number): void {
    const name = document.createElement("b");
    name.textContent = layer.name;
    const whole = said(inView === n ? "shown" : "shownOf", { name: layer.name, n, inView });
    const [before = "", after = ""] = whole.split(layer.name);
    // Said once to screen readers, not at each step of a drag.
    if (this.line.textContent !== whole) this.line.replaceChildren(before, name, after);
  }

  add(element: HTMLElement): void {
    this.panel.append(element);
  }
}

function radio(text: string, checked: boolean, chosen: () => void): HTMLLabelElement {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "map-level", checked });
  input.addEventListener("change", chosen);
  label.append(input, text);
  return label;
}

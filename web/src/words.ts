// What a map says: in English, unless its page brings the words of another language along.

const english = {
  show: "Show the map",
  hide: "Hide the map",
  failed: "The map cannot be drawn here. Everything on it stands in the words and tables of this page.",
  keys: "Map; arrow keys move it, plus and minus zoom",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  withCtrl: "Use Ctrl + scroll to zoom the map",
  withCommand: "Use ⌘ + scroll to zoom the map",
  withFingers: "Use two fingers to move the map",
  level: "Level shown",
  byZoom: "by the zoom",
  shown: "Shown: {name}: {n}",
  shownOf: "Shown: {name}: {inView} of {n} in view",
  cluster: "{name}: {n} organisations, evidence {evidence}",
  ranked: "{said}, rank {low} to {high}",
  strong: "strong",
  moderate: "moderate",
  weak: "weak",
  untested: "untested",
  closer: "Zoom to its members",
  foundIn: "found here in",
  foundAll: "all",
  foundQuarter: "¼ of resamples",
};

export type Word = keyof typeof english;

let own: Partial<Record<Word, string>> | undefined;

// A text with its `{fields}` filled.
export function said(word: Word, parts: Record<string, string | number> = {}): string {
  own ??= JSON.parse(document.querySelector<HTMLElement>(".map")?.dataset["words"] ?? "{}") as typeof own;
  return (own?.[word] ?? english[word]).replace(/\{(\w+)\}/g, (_, part: string) => String(parts[part] ?? ""));
}

// Words that come from the server under their English names, such as how sure a cluster is.
export function named(word: string): string {
  return word in english ? said(word as Word) : word;
}

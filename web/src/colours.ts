// Colours by their roles, from the page's style sheet, so that a dark scheme reaches the map.

export type Role = "water" | "land" | "coast" | "accent" | "moderate" | "strong" | "weak-edge" | "seldom" | "focus"
  | `group-g${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

export function colour(role: Role): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();
}

export function onSchemeChange(repaint: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

// Which circles can be chosen: those that stand far enough from each other to be hit.

import type { Box } from "./labels";

export interface Circle {
  x: number;
  y: number;
  radius: number;
  // Whoever is on it with the keyboard stays there.
  held: boolean;
}

// WCAG 2.2, 2.5.8: a target is 24 px wide, or a circle so wide round it touches no other target.
const LEAST = 12.5;

// Circles come in order of weight: of those too near each other the heavier can be chosen, the
// others once one has come nearer. `covered` are the parts of the map that something else lies on.
export function targets(circles: Circle[], covered: Box[]): boolean[] {
  const chosen: Circle[] = [];
  const can = circles.map(() => false);
  const order = circles.map((_, i) => i).sort((a, b) => Number(circles[b]?.held) - Number(circles[a]?.held) || a - b);
  for (const i of order) {
    const own = circles[i];
    if (!own || covered.some((box) => distance(own, box) < Math.max(LEAST, own.radius))) continue;
    if (chosen.some((other) => !apart(own, other))) continue;
    chosen.push(own);
    can[i] = true;
  }
  return can;
}

function apart(a: Circle, b: Circle): boolean {
  return [[a, b], [a, b].reverse()].every(([own, other]) => {
    if (!own || !other) return true;
    const { x, y, radius } = other.radius < LEAST ? { ...other, radius: LEAST } : other;
    return distance(own, { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }) >= Math.max(LEAST, own.radius);
  });
}

function distance({ x, y }: Circle, { left, right, top, bottom }: Box): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

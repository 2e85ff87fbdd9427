// Where names go beside their circles, so that none overlaps another, or a circle.

export interface Spot {
  x: number;
  y: number;
  radius: number;
  width: number;
  height: number;
}

export interface Place {
  left: number;
  top: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const GAP = 5;
const MARGIN = 2;

// Spots come in order of weight: the heavier is named first, and gets the better place. A name
// for which there is no room is left out (null); its circle still says it to whoever asks.
// `covered` are the parts of the map that something else lies on.
export function place(spots: Spot[], width: number, height: number, covered: Box[]): (Place | null)[] {
  const taken: Box[] = [...covered];
  const circles = spots.map(({ x, y, radius }) => box(x - radius, y - radius, 2 * radius, 2 * radius));
  return spots.map((spot, own) => {
    for (const [left, top] of around(spot)) {
      const wanted = box(left - MARGIN, top, spot.width + 2 * MARGIN, spot.height);
      if (wanted.left < 0 || wanted.top < 0 || wanted.right > width || wanted.bottom > height) continue;
      if (taken.some((other) => overlap(wanted, other))) continue;
      if (circles.some((circle, i) => i !== own && overlap(wanted, circle))) continue;
      taken.push(wanted);
      return { left, top };
    }
    return null;
  });
}

// Right, left, above, below, then the corners.
function around({ x, y, radius, width, height }: Spot): [number, number][] {
  const [right, left] = [x + radius + GAP, x - radius - GAP - width];
  const [middle, above, below] = [y - height / 2, y - radius - height - 1, y + radius + 1];
  const slant = radius * 0.7;
  return [
    [right, middle], [left, middle], [x - width / 2, above], [x - width / 2, below],
    [x + slant, y - slant - height], [x + slant, y + slant],
    [x - slant - width, y - slant - height], [x - slant - width, y + slant],
  ];
}

function box(left: number, top: number, width: number, height: number): Box {
  return { left, top, right: left + width, bottom: top + height };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

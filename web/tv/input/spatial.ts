/** Where an arrow leads: geometry only, so that it can be tested without a screen. */

export type Direction = 'up' | 'down' | 'left' | 'right';

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Boxes that overlap by a pixel or two (scaled by focus) are still side by side. */
const SLACK = 4;

/**
 * The nearest box in a direction. What stands in line with `from` comes before what is nearer but
 * to the side; at an edge there is none and the arrow stops.
 * @returns the index in `candidates`, or -1
 */
export function nextInDirection(from: Box, candidates: readonly Box[], direction: Direction): number {
  let best = -1;
  let bestCost = Infinity;
  candidates.forEach((box, index) => {
    const cost = costOf(from, box, direction);
    if (cost < bestCost) {
      bestCost = cost;
      best = index;
    }
  });
  return best;
}

function costOf(from: Box, to: Box, direction: Direction): number {
  const horizontal = direction === 'left' || direction === 'right';
  const ahead =
    direction === 'right'
      ? to.left - from.right
      : direction === 'left'
        ? from.left - to.right
        : direction === 'down'
          ? to.top - from.bottom
          : from.top - to.bottom;
  const size = horizontal ? from.right - from.left : from.bottom - from.top;
  if (ahead < -Math.max(SLACK, size * 0.25)) return Infinity;
  const aside = horizontal
    ? gap(from.top, from.bottom, to.top, to.bottom)
    : gap(from.left, from.right, to.left, to.right);
  // Sideways arrows stay in their row: leaving it would surprise.
  if (horizontal && aside > 0) return Infinity;
  const offCentre = horizontal
    ? Math.abs(from.top + from.bottom - to.top - to.bottom)
    : Math.abs(from.left + from.right - to.left - to.right);
  return Math.max(0, ahead) + aside * 2 + offCentre / 100;
}

/** How far apart two spans are; 0 when they overlap. */
function gap(start: number, end: number, otherStart: number, otherEnd: number): number {
  return Math.max(0, otherStart - end, start - otherEnd);
}

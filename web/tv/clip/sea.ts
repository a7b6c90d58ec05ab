/** The picture of the demo's clip: a bay after sunset. Every motion comes round after one turn. */

export const SEA = { width: 1280, height: 720 };

type Colour = readonly [number, number, number];

const HORIZON = 0.56;
const SUN = { x: 0.63, y: HORIZON - 0.035, radius: 0.085 };
const TAU = 2 * Math.PI;

const SKY: readonly (readonly [number, Colour])[] = [
  [0, [20, 24, 58]],
  [0.22, [42, 44, 96]],
  [0.38, [96, 70, 128]],
  [0.48, [190, 104, 128]],
  [HORIZON, [238, 152, 128]],
];
const WATER: readonly (readonly [number, Colour])[] = [
  [HORIZON, [206, 128, 132]],
  [0.63, [112, 84, 134]],
  [0.78, [44, 52, 102]],
  [1, [16, 26, 54]],
];

/** The islands, the farthest first: where they rise, how high, and their colour. */
const ISLANDS: readonly { at: number; width: number; height: number; colour: Colour }[] = [
  { at: 0.24, width: 0.3, height: 0.085, colour: [142, 90, 134] },
  { at: 0.9, width: 0.24, height: 0.12, colour: [112, 76, 126] },
  { at: 0.04, width: 0.2, height: 0.15, colour: [68, 56, 104] },
];

const mix = (a: number, b: number, share: number) => a + (b - a) * share;
const smooth = (from: number, to: number, value: number) => {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
};

function gradient(stops: readonly (readonly [number, Colour])[], at: number): Colour {
  for (let index = 1; index < stops.length; index++) {
    const [end, to] = stops[index] as readonly [number, Colour];
    const [start, from] = stops[index - 1] as readonly [number, Colour];
    if (at <= end) {
      const share = smooth(start, end, at);
      return [mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)];
    }
  }
  return (stops[stops.length - 1] as readonly [number, Colour])[1];
}

function blend(pixel: number[], colour: Colour, share: number): void {
  for (let channel = 0; channel < 3; channel++) {
    pixel[channel] = mix(pixel[channel] as number, colour[channel] as number, share);
  }
}

/** How high an island stands at x, in shares of the picture's height. */
function ridge(island: { at: number; width: number; height: number }, x: number): number {
  const from = (x - island.at) / island.width;
  const body = Math.exp(-from * from * 3.2);
  return island.height * body * (0.86 + 0.1 * Math.sin(from * 9 + island.at * 20) + 0.04 * Math.sin(from * 31));
}

/** The sail's shape around (0, 0) at its waterline: 1 inside, 0 outside, soft at the edge. */
function boat(x: number, y: number): { hull: number; sail: number } {
  const edge = 0.0016;
  const inHull = Math.min(y + 0.014, -y + 0.002, 0.036 - Math.abs(x) + (y - 0.002) * 0.9);
  const mast = -0.02 - y;
  const inMain = Math.min(mast, y + 0.13, x - 0.002, 0.002 + (y + 0.13) * 0.38 - x);
  const inJib = Math.min(mast, y + 0.11, -0.003 - x, x + 0.003 + (y + 0.11) * 0.3);
  return { hull: smooth(-edge, edge, inHull), sail: smooth(-edge, edge, Math.max(inMain, inJib)) };
}

function sky(pixel: number[], x: number, y: number, turn: number): void {
  const toSun = Math.hypot((x - SUN.x) * (SEA.width / SEA.height), y - SUN.y);
  blend(pixel, [255, 196, 168], 0.5 * Math.exp(-toSun * 5.5));
  blend(pixel, [250, 226, 212], smooth(SUN.radius + 0.002, SUN.radius - 0.002, toSun));
  const drift = Math.sin(TAU * turn) * 0.012;
  const band = Math.sin((x + drift) * 7 + y * 30) * 0.5 + Math.sin((x - drift) * 17 - y * 54) * 0.3;
  const height = Math.exp(-(((y - 0.36) / 0.1) ** 2));
  blend(pixel, [234, 150, 150], 0.34 * height * smooth(0.1, 0.9, band));
  for (const island of ISLANDS) {
    const top = HORIZON - ridge(island, x);
    const share = smooth(top - 0.0012, top + 0.0012, y);
    if (share > 0) blend(pixel, island.colour, share * mix(1, 0.72, smooth(top, HORIZON, y)));
  }
}

function water(pixel: number[], x: number, y: number, turn: number): void {
  const depth = (y - HORIZON) / (1 - HORIZON);
  const near = 1 / (depth + 0.06);
  const wave =
    Math.sin(near * 15 + TAU * turn * 3 + Math.sin(x * 9) * 1.4) +
    0.7 * Math.sin(near * 9 - TAU * turn * 2 + x * 26) +
    0.5 * Math.sin(near * 4 + x * 60 * (0.3 + 1 / near) + TAU * turn * 4);
  const column = Math.exp(-(((x - SUN.x) / (0.05 + depth * 0.13)) ** 2));
  blend(
    pixel,
    [250, 208, 188],
    column * smooth(0.1, 1.5, wave + 0.9 * (1 - depth)) * mix(0.92, 0.5, depth) * smooth(0.75, 0.35, depth),
  );
  blend(pixel, [14, 20, 48], 0.22 * smooth(0.4, 1.8, -wave) * smooth(0.02, 0.4, depth));
  for (const island of ISLANDS) {
    const reflected = ridge(island, x) * 0.6;
    const share = smooth(reflected + 0.012, reflected - 0.012, y - HORIZON + wave * 0.002);
    blend(pixel, island.colour, 0.5 * share * (1 - column));
  }
}

/**
 * One frame.
 * @param turn where in the loop, 0 to 1; 1 looks as 0
 * @returns width × height × 3 bytes, RGB; channels stay within 16–235
 */
export function drawSea(turn: number): Uint8Array {
  const { width, height } = SEA;
  const frame = new Uint8Array(width * height * 3);
  const pixel = [0, 0, 0];
  const boatX = 0.36 + 0.012 * Math.sin(TAU * turn);
  const boatY = 0.69 + 0.003 * Math.sin(TAU * turn * 2);
  const heel = 0.05 * Math.sin(TAU * turn * 2 + 1);
  let at = 0;
  for (let row = 0; row < height; row++) {
    const y = row / height;
    const base = y < HORIZON ? gradient(SKY, y) : gradient(WATER, y);
    for (let column = 0; column < width; column++) {
      const x = column / width;
      pixel[0] = base[0];
      pixel[1] = base[1];
      pixel[2] = base[2];
      if (y < HORIZON) sky(pixel, x, y, turn);
      else water(pixel, x, y, turn);
      const fromX = (x - boatX) * (width / height);
      const fromY = y - boatY;
      if (Math.abs(fromX) < 0.12 && Math.abs(fromY) < 0.17) {
        const upright = boat(fromX + fromY * heel, fromY);
        blend(pixel, [226, 206, 214], upright.sail);
        blend(pixel, [26, 26, 54], upright.hull);
        const mirrored = boat(fromX + Math.sin(fromY * 240 + TAU * turn * 3) * 0.004, -fromY * 1.6);
        if (fromY > 0) blend(pixel, [120, 104, 150], 0.4 * Math.max(mirrored.sail, mirrored.hull));
      }
      const vignette = 1 - 0.22 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2;
      for (let channel = 0; channel < 3; channel++) {
        frame[at++] = Math.min(235, Math.max(16, Math.round((pixel[channel] as number) * vignette)));
      }
    }
  }
  return frame;
}

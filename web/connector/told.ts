/** What a TV tells of itself, with what the host app left out found out from the browser (M1, B8). */
import { cut, cutOrNull } from './bounds.ts';
import type { Surroundings } from './surroundings.ts';
import type { TvConnectorOptions, TvTold } from './types.ts';

/** Listing the devices takes no longer, or there are none. */
const DEVICES_WITHIN_MS = 1_000;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** Chromium of a Tizen that does not name it, and webOS of a Chromium: both by model year. */
const TIZEN_CHROMIUM: Record<string, number> = { '3': 47, '4': 56, '5': 63, '5.5': 69, '6': 76, '6.5': 85, '7': 94 };
const WEBOS_OF_CHROMIUM: Record<number, number> = { 38: 3, 53: 4, 68: 5, 79: 6, 87: 22, 94: 23, 108: 24, 120: 25 };

/** Resolves within a second; never rejects. */
export function findTold(given: TvConnectorOptions['told'], surroundings: Surroundings): Promise<TvTold> {
  const { navigator } = surroundings;
  const own = given.capabilities;
  const told = (camera: boolean, microphone: boolean): TvTold => ({
    form: given.form === 'set-top-box' ? 'set-top-box' : 'all-in-one',
    model: cut(given.model, 60) || 'unknown',
    displayModel: cutOrNull(given.displayModel, 60),
    firmware: cutOrNull(given.firmware, 40) || 'unknown',
    engine: cutOrNull(given.engine, 120) || engineOf((navigator && navigator.userAgent) || ''),
    mac: given.mac && MAC.test(given.mac) ? given.mac : null,
    operator: cutOrNull(given.operator, 60),
    region: cutOrNull(given.region, 60),
    capabilities: own
      ? { ...own, memoryMb: megabytes(own.memoryMb) }
      : {
          camera,
          microphone,
          webrtc: typeof RTCPeerConnection !== 'undefined',
          memoryMb: megabytes(navigator && navigator.deviceMemory && navigator.deviceMemory * 1024),
        },
    user: userOf(given.user),
    wantedRepresentative: cutOrNull(given.wantedRepresentative, 80),
  });

  const devices = navigator && navigator.mediaDevices;
  if (own !== undefined || !devices || !devices.enumerateDevices) return Promise.resolve(told(false, false));
  const late = new Promise<{ kind: string }[]>((resolve) => {
    setTimeout(resolve, DEVICES_WITHIN_MS, []);
  });
  return Promise.race([devices.enumerateDevices(), late]).then(
    (found) => {
      const has = (kind: string): boolean => found.some((device) => device.kind === kind);
      return told(has('videoinput'), has('audioinput'));
    },
    () => told(false, false),
  );
}

/** A whole number of them, or null where there is none above zero. */
function megabytes(size: number | null | undefined): number | null {
  return size && size >= 1 ? Math.round(size) : null;
}

/** Null for a user without a reference or a name: half a user is nobody. */
function userOf(given: TvTold['user'] | undefined): TvTold['user'] {
  const reference = cutOrNull(given && given.reference, 64);
  const name = cutOrNull(given && given.name, 80);
  if (!given || reference === null || name === null) return null;
  return { reference, name, address: cutOrNull(given.address, 200), number: cutOrNull(given.number, 32) };
}

/** "Tizen 6.5 / Chromium 85", "webOS 6 / Chromium 79", "Chromium 120", or the user agent as it is. */
export function engineOf(userAgent: string): string {
  // Samsung names its Chromium without the word: "85.0.4183.93/6.5 TV Safari/537.36".
  const chromium = /Chrom(?:e|ium)\/(\d+)/.exec(userAgent) || /\s(\d+)(?:\.\d+){3}\/\S+ TV Safari/.exec(userAgent);
  const tizen = /Tizen (\d+(?:\.\d+)?)/.exec(userAgent);
  const version = chromium === null ? 0 : Number(chromium[1]);
  if (tizen !== null) {
    const system = (tizen[1] as string).replace(/\.0$/, '');
    const known = version || TIZEN_CHROMIUM[system];
    return known ? `Tizen ${system} / Chromium ${known}` : `Tizen ${system}`;
  }
  if (/Web0S|webOS/.test(userAgent) && version) {
    const system = WEBOS_OF_CHROMIUM[version];
    return `${system ? `webOS ${system}` : 'webOS'} / Chromium ${version}`;
  }
  if (version) return `Chromium ${version}`;
  return cut(userAgent, 120) || 'unknown';
}

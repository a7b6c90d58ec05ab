/** Facts as TVs tell them, in words with their units. A fact that is not known here is shown as it was told. */

import { span } from '../parts/time.ts';

type Fact = string | number | boolean;

/** A Map, because TVs name facts as they like: also `constructor`. Seconds within a programme have no unit: they are a clock. */
const KNOWN = new Map<string, { label: string; unit?: string; isClock?: true }>(
  Object.entries({
    rssi: { label: 'Wi-Fi signal', unit: 'dBm' },
    stalls: { label: 'Stalls' },
    seconds: { label: 'Last stall', unit: 's' },
    longestMs: { label: 'Longest stall', unit: 'ms' },
    bufferedSeconds: { label: 'Buffered', unit: 's' },
    readyState: { label: 'Ready state', unit: 'of 4' },
    httpStatus: { label: 'HTTP status' },
    bitrateKbps: { label: 'Bit rate', unit: 'kbit/s' },
    bandwidthKbps: { label: 'Bandwidth', unit: 'kbit/s' },
    latencyMs: { label: 'Latency', unit: 'ms' },
    droppedFrames: { label: 'Dropped frames' },
    mediaError: { label: 'Media error' },
    message: { label: 'Player' },
    url: { label: 'Address' },
    position: { label: 'Position', isClock: true },
    duration: { label: 'Length', isClock: true },
    title: { label: 'Title' },
    plan: { label: 'Plan' },
    online: { label: 'Online' },
  }),
);

/** "httpStatus" → "HTTP status"; "signalStrength" → "Signal strength". */
export function factLabel(name: string): string {
  const known = KNOWN.get(name);
  if (known) return known.label;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "−81 dBm", "12:14", "yes", "404": negative numbers with a true minus. */
export function factValue(name: string, value: Fact): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  const known = KNOWN.get(name);
  if (known?.isClock) return span(value * 1000);
  const number = (Number.isInteger(value) ? String(value) : value.toFixed(1)).replace('-', '−');
  return known?.unit === undefined ? number : `${number} ${known.unit}`;
}

/** What a TV service was doing, as services mostly name it; the player of ours has these and no others. */
const SERVICE_STATES = new Map([
  ['browsing', 'Nothing was playing'],
  ['idle', 'Nothing was playing'],
  ['loading', 'A title was opening'],
  ['playing', 'A title was playing'],
  ['paused', 'A title was paused'],
  ['waiting', 'The picture stood still'],
  ['failed', 'The title had stopped by an error'],
  ['unknown', 'The TV has not told'],
]);

/** "playing" → "A title was playing"; what is not known here stands as it was told, beginning with a capital. */
export function serviceStateInWords(state: string): string {
  return SERVICE_STATES.get(state) ?? state.charAt(0).toUpperCase() + state.slice(1);
}

/** As `factLabel`, of what a service told of itself: its position is the title's, and not the stream's that the player has. */
export function contextLabel(name: string): string {
  return name === 'position' ? 'Watched to' : factLabel(name);
}

/**
 * What browsers' players say in codes of their own, from the particular to the general. The network stands first: a
 * demuxer that gets nothing blames itself too.
 */
const PLAYER_CODES: readonly [RegExp, string][] = [
  [/NETWORK|PIPELINE_ERROR_READ/, 'The stream stopped coming.'],
  [/COULD_NOT_OPEN: MediaSource endOfStream/, 'The stream ended before anything of it came.'],
  [/DEMUXER_ERROR_(NO_SUPPORTED|COULD_NOT_OPEN)|NOT_SUPPORTED|UNSUPPORTED/, 'The TV cannot play this format.'],
  [/DEMUXER_ERROR|CHUNK_DEMUXER/, 'The stream came, and could not be read.'],
  [/DECODE/, 'Picture or sound could not be decoded.'],
  [/AUDIO_RENDERER/, 'The sound could not be played.'],
  [/PipelineStatus::|PIPELINE_ERROR|MEDIA_ERR/, 'The TV’s player gave up.'],
];

/** A fact that is a code of the TV's player, in a sentence; null for every other. */
export function playerCodeInWords(value: Fact): string | null {
  if (typeof value !== 'string') return null;
  return PLAYER_CODES.find(([code]) => code.test(value) && /[A-Z]{3,}_[A-Z]|::/.test(value))?.[1] ?? null;
}

/** "Stalls 6, Wi-Fi signal −81 dBm": what was measured, in one line; a player's code in its words. */
export function factsLine(facts: Record<string, Fact>): string {
  return Object.entries(facts)
    .map(([name, value], i) => {
      const label = i === 0 ? factLabel(name) : within(factLabel(name));
      const plain = playerCodeInWords(value);
      return plain === null ? `${label} ${factValue(name, value)}` : `${label}: ${within(plain).replace(/\.$/, '')}`;
    })
    .join(', ');
}

/** A label or sentence as it stands within another: "stalls", but "Wi-Fi signal" and "HTTP status". */
function within(label: string): string {
  return /^(Wi-Fi|[A-Z]{2})/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

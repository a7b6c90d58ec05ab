/** Facts as TVs tell them, in words with their units. A fact that is not known here is shown as it was told. */

type Fact = string | number | boolean;

/** A Map, because TVs name facts as they like: also `constructor`. */
const KNOWN = new Map<string, { label: string; unit?: string }>(
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
    position: { label: 'Position', unit: 's' },
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

/** "−81 dBm", "yes", "404": negative numbers with a true minus. */
export function factValue(name: string, value: Fact): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  const number = (Number.isInteger(value) ? String(value) : value.toFixed(1)).replace('-', '−');
  const unit = KNOWN.get(name)?.unit;
  return unit === undefined ? number : `${number} ${unit}`;
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

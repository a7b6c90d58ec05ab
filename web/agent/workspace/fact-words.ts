/** Facts as TVs tell them, in words with their units. A fact that is not known here is shown as it was told. */

type Fact = string | number | boolean;

const KNOWN: Record<string, { label: string; unit?: string }> = {
  rssi: { label: 'Wi-Fi signal', unit: 'dBm' },
  stalls: { label: 'Stalls' },
  stalledMs: { label: 'Stalled for', unit: 'ms' },
  httpStatus: { label: 'HTTP status' },
  bitrateKbps: { label: 'Bit rate', unit: 'kbit/s' },
  bandwidthKbps: { label: 'Bandwidth', unit: 'kbit/s' },
  latencyMs: { label: 'Latency', unit: 'ms' },
  droppedFrames: { label: 'Dropped frames' },
  mediaError: { label: 'Media error' },
  url: { label: 'Address' },
  position: { label: 'Position', unit: 's' },
  title: { label: 'Title' },
  plan: { label: 'Plan' },
  online: { label: 'Online' },
};

/** "httpStatus" → "HTTP status"; "signalStrength" → "Signal strength". */
export function factLabel(name: string): string {
  const known = KNOWN[name];
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
  const unit = KNOWN[name]?.unit;
  return unit === undefined ? number : `${number} ${unit}`;
}

/** "Wi-Fi signal −81 dBm, stalls 6": what was measured, in one line. */
export function factsLine(facts: Record<string, Fact>): string {
  const line = Object.entries(facts)
    .map(([name, value]) => `${factLabel(name)} ${factValue(name, value)}`)
    .join(', ');
  return line.charAt(0).toUpperCase() + line.slice(1);
}

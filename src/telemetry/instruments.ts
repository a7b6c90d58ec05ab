/** Counters, histograms and gauges of one registry, as the service's figures are made of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What is not told within this time is left out. */
const READ_WITHIN_MS = 1_000;

type Found = (labels: Record<string, string>, value: number) => void;
type Read = (set: Found) => void | Promise<void>;

export interface Instruments {
  /** @returns finds the child of these labels, in their order, to be counted */
  counter(name: string, help: string, labelNames: string[]): (...labels: string[]) => Counter.Internal;
  histogram(
    name: string,
    help: string,
    buckets: number[],
    labelNames: string[],
  ): (...labels: string[]) => Histogram.Internal<string>;
  /** Asked for when somebody reads. When `read` throws or is late, what it did not tell is left out of that reading. */
  gauge(name: string, help: string, labelNames: string[], read: Read): void;
  /** As `gauge`, of what is counted elsewhere and grows. */
  tally(name: string, help: string, labelNames: string[], read: Read): void;
}

export function createInstruments(registry: Registry): Instruments {
  const registers = [registry];
  return {
    counter(name, help, labelNames) {
      const all = new Counter({ name, help, labelNames, registers });
      return kept((...labels) => all.labels(...labels));
    },
    histogram(name, help, buckets, labelNames) {
      const all = new Histogram({ name, help, buckets, labelNames, registers });
      return kept((...labels) => all.labels(...labels));
    },
    gauge(name, help, labelNames, read) {
      const all: Gauge = new Gauge({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          const found = await inTime(read);
          all.reset();
          for (const [labels, value] of found) all.set(labels, value);
        },
      });
    },
    tally(name, help, labelNames, read) {
      const all: Counter = new Counter({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          const found = await inTime(read);
          all.reset();
          for (const [labels, value] of found) all.inc(labels, value);
        },
      });
    },
  };
}

async function inTime(read: Read): Promise<[Record<string, string>, number][]> {
  const found: [Record<string, string>, number][] = [];
  const reading = async () => await read((labels, value) => found.push([labels, value]));
  // Whoever watches must not be blinded by the very trouble they look for.
  await Promise.race([reading().catch(() => {}), delay(READ_WITHIN_MS, undefined, { ref: false })]);
  // What comes later than that is of no reading.
  return [...found];
}

/** Looks a child up by its labels once, and keeps it: on the hot path it is only counted. */
function kept<T>(find: (...labels: string[]) => T): (...labels: string[]) => T {
  const children = new Map<string, T>();
  return (...labels) => {
    const key = labels.join(' ');
    let child = children.get(key);
    if (child === undefined) {
      child = find(...labels);
      children.set(key, child);
    }
    return child;
  };
}

/**
 * What media are like, for Prometheus: how good legs are, what is open, how the workers stand. Legs are told apart by
 * their kind alone, a browser's or a telephone's; workers by their place, which is a core.
 */
import type { Instruments } from './instruments.ts';

/** What the media layer tells when somebody reads. */
export interface MediaReadings {
  figures(): {
    workersWanted: number;
    workers: readonly {
      slot: number;
      /** Share of a core; null before it was measured. */
      cpu: number | null;
      /** Bytes. */
      memory: number | null;
    }[];
    rooms: number;
    legs: Readonly<Record<LegKind, number>>;
  };
  /** Of telephones' datagrams, what became of them; null while there was no telephone. */
  edgeCounts(): Promise<object | null>;
}

type LegKind = 'webrtc' | 'rtp';

interface Stream {
  packets: number;
  /** 0 to 1. */
  loss: number;
  jitterMs: number;
  mos: number | null;
}

interface Streams {
  audio: Stream | null;
  video: Stream | null;
}

interface Quality {
  received: Streams;
  sent: Streams;
  roundTripMs: number | null;
  /** dBov, -96 to 0. */
  levelDbov: number | null;
}

/** What is counted of media as it happens. */
export interface MediaMetrics {
  quality(kind: LegKind, quality: Quality): void;
  /** @param trouble of a fixed set */
  legTrouble(kind: LegKind, trouble: string): void;
  workerDied(): void;
  workerNotStarted(): void;
  edgeDied(): void;
}

/** opus conceals 5 %; a tenth is poor. */
const LOSSES = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const JITTERS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5];
/** Talk overlaps from 0.4 s on (ITU-T G.114: half of that each way). */
const ROUND_TRIPS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2];
/** ITU-T P.800.1: 4.3 very satisfied, 4.0 satisfied, 3.6 some are not, 3.1 many are not. */
const SCORES = [1.5, 2, 2.6, 3.1, 3.6, 4, 4.3, 4.5];

/** In dBov. Speech is about -30 to -15; below -60 is a room in which nobody speaks. */
const LEVELS = [-90, -80, -70, -60, -50, -40, -30, -20, -10];

const LEGS: Readonly<Record<LegKind, string>> = { webrtc: 'browser', rtp: 'telephone' };

export function createMediaMetrics(instruments: Instruments, { figures, edgeCounts }: MediaReadings): MediaMetrics {
  const { counter, histogram, gauge, tally } = instruments;
  gauge('couchline_media_workers', 'Media workers, wanted and running.', ['state'], (set) => {
    const { workersWanted, workers } = figures();
    set({ state: 'wanted' }, workersWanted);
    set({ state: 'running' }, workers.length);
  });
  gauge('couchline_media_worker_cpu', 'The share of a core that a media worker takes.', ['worker'], (set) => {
    for (const { slot, cpu } of figures().workers) if (cpu !== null) set({ worker: String(slot) }, cpu);
  });
  gauge('couchline_media_worker_memory_bytes', 'Memory that a media worker holds.', ['worker'], (set) => {
    for (const { slot, memory } of figures().workers) if (memory !== null) set({ worker: String(slot) }, memory);
  });
  gauge('couchline_media_rooms', 'Rooms that are open.', [], (set) => set({}, figures().rooms));
  gauge('couchline_media_legs', 'Legs that are open: browsers and telephones.', ['leg'], (set) => {
    for (const [kind, count] of Object.entries(figures().legs)) set({ leg: LEGS[kind as LegKind] }, count);
  });
  tally(
    'couchline_media_edge_datagrams_total',
    'Datagrams of telephones, by what became of them. Strangers’ are counted until the telephone was heard; then the kernel drops them.',
    ['outcome'],
    async (set) => {
      for (const [outcome, count] of Object.entries((await edgeCounts()) ?? {})) set({ outcome }, Number(count));
    },
  );

  const packets = counter('couchline_media_packets_total', 'Packets of sound and picture, as legs were measured.', [
    'leg',
    'direction',
    'media',
  ]);
  const losses = histogram(
    'couchline_media_loss_ratio',
    'Lost of what was sent, 0 to 1, of each leg every few seconds.',
    LOSSES,
    ['leg', 'direction', 'media'],
  );
  const jitters = histogram('couchline_media_jitter_seconds', 'Jitter of each leg every few seconds.', JITTERS, [
    'leg',
    'direction',
    'media',
  ]);
  const scores = histogram(
    'couchline_media_mos',
    'How a listener would rate the sound of each leg every few seconds, 1 to 4.5 (ITU-T G.107).',
    SCORES,
    ['leg', 'direction'],
  );
  const roundTrips = histogram(
    'couchline_media_round_trip_seconds',
    'There and back between the service and a leg’s peer, every few seconds.',
    ROUND_TRIPS,
    ['leg'],
  );
  const levels = histogram(
    'couchline_media_level_dbov',
    'How loud the sound is that comes from each leg’s peer, every few seconds, -96 to 0.',
    LEVELS,
    ['leg'],
  );
  const troubles = counter(
    'couchline_media_leg_troubles_total',
    'Legs that went silent, lost their connection, could not be secured, or lost their worker.',
    ['leg', 'trouble'],
  );
  const deaths = counter('couchline_media_worker_deaths_total', 'Media workers that ended by themselves.', []);
  const notStarted = counter(
    'couchline_media_worker_failed_starts_total',
    'Times that media workers were to be started and did not come up.',
    [],
  );
  const edgeDeaths = counter('couchline_media_edge_deaths_total', 'Times that the telephones’ media thread died.', []);
  // Zero is a figure, too: whoever alarms at the first needs to see that there was none.
  for (const none of [deaths(), notStarted(), edgeDeaths()]) none.inc(0);

  return {
    quality(kind, { received, sent, roundTripMs, levelDbov }) {
      const leg = LEGS[kind];
      for (const [direction, streams] of [
        ['received', received],
        ['sent', sent],
      ] as const) {
        for (const media of ['audio', 'video'] as const) {
          const stream = streams[media];
          if (stream === null || stream.packets === 0) continue;
          packets(leg, direction, media).inc(stream.packets);
          losses(leg, direction, media).observe(stream.loss);
          jitters(leg, direction, media).observe(stream.jitterMs / 1000);
          if (stream.mos !== null) scores(leg, direction).observe(stream.mos);
        }
      }
      if (roundTripMs !== null) roundTrips(leg).observe(roundTripMs / 1000);
      if (levelDbov !== null) levels(leg).observe(levelDbov);
    },
    legTrouble: (kind, trouble) => troubles(LEGS[kind], trouble).inc(),
    workerDied: () => deaths().inc(),
    workerNotStarted: () => notStarted().inc(),
    edgeDied: () => edgeDeaths().inc(),
  };
}

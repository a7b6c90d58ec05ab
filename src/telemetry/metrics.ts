/**
 * The service's figures for Prometheus. Labels are of fixed sets, or ids of centres and queues that
 * somebody provisioned: never of people, TVs or interactions.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Batch } from '../events/ports.ts';
import type { DeliveryMeter } from '../events/webhooks/meter.ts';
import { createInstruments } from './instruments.ts';
import { createMediaMetrics, type MediaMetrics, type MediaReadings } from './mediaMetrics.ts';

/** Seconds: from what a relay takes to what a person gives up on. */
const LATENCIES = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Seconds that an event takes to a receiver: from a good one's to those of the last try. */
const ARRIVALS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 28_800, 86_400];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What is asked for when somebody reads. When one throws, its figures are left out of that reading. */
export interface Readings {
  connections(): { tv: number; agent: number; unregistered: number; paused: number };
  /** Live frames since the process began, by what became of them. */
  live(): { relayed: number; rateLimited: number; unheard: number };
  waiting(): Promise<{ centreId: string; queueId: string; waiting: number }[]>;
  /** Of each kind of job that is due, how many seconds the oldest has been. */
  overdue(): Promise<{ task: string; seconds: number }[]>;
  /** Interactions whose next event did not get to a webhook, and how long ago the oldest of those happened. */
  undelivered(): Promise<{ state: 'retrying' | 'dead'; interactions: number; oldestSeconds: number }[]>;
  media: MediaReadings;
}

export interface Metrics extends DeliveryMeter {
  committed(batch: Batch): void;
  /** From a commit to its last frame being handed to a socket. */
  relayed(ms: number): void;
  /** @param outcome `taken`, `failed`, or the code of the refusal */
  command(type: string, outcome: string, ms: number): void;
  registration(role: string, outcome: string): void;
  turnedAway(reason: string): void;
  closed(reason: string): void;
  messageRefused(reason: string): void;
  paused(): void;
  media: MediaMetrics;
  /** In Prometheus' text format. */
  text(): Promise<{ contentType: string; body: string }>;
}

/** @param readings what is asked for at every reading */
export function createMetrics(readings: Readings): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registry);
  const { counter, histogram, gauge, tally } = instruments;

  gauge('couchline_connections', 'Live connections by role.', ['role'], (set) => {
    const { tv, agent, unregistered } = readings.connections();
    for (const [role, value] of Object.entries({ tv, agent, unregistered })) set({ role }, value);
  });
  gauge('couchline_paused_peers', 'Connections whose peer does not read what is sent to it.', [], (set) => {
    set({}, readings.connections().paused);
  });
  gauge('couchline_line_waiting', 'Interactions waiting in a queue.', ['centre', 'queue'], async (set) => {
    for (const { centreId, queueId, waiting } of await readings.waiting()) {
      set({ centre: centreId, queue: queueId }, waiting);
    }
  });
  gauge(
    'couchline_oldest_effect_seconds',
    'How long the oldest effect of a kind has been due; no figure when none is.',
    ['task'],
    async (set) => {
      for (const { task, seconds } of await readings.overdue()) set({ task }, seconds);
    },
  );

  // Read and not counted here: frames are many, and each is to cost next to nothing.
  tally('couchline_live_frames_total', 'Live frames, by what became of them.', ['outcome'], (set) => {
    for (const [outcome, count] of Object.entries(readings.live())) set({ outcome }, count);
  });

  gauge(
    'couchline_webhook_undelivered',
    'Interactions whose next event did not get to a webhook: tried again, or dead until somebody replays them.',
    ['state'],
    async (set) => {
      const found = await readings.undelivered();
      for (const state of ['retrying', 'dead'] as const) {
        set({ state }, found.find((one) => one.state === state)?.interactions ?? 0);
      }
    },
  );
  gauge(
    'couchline_webhook_oldest_undelivered_seconds',
    'How long ago the oldest event happened that did not get to a webhook; no figure when there is none.',
    ['state'],
    async (set) => {
      for (const { state, oldestSeconds } of await readings.undelivered()) set({ state }, oldestSeconds);
    },
  );

  const registrations = counter('couchline_registrations_total', 'Registrations, by how they ended.', [
    'role',
    'outcome',
  ]);
  const commands = counter('couchline_commands_total', 'Commands, by how they ended.', ['type', 'outcome']);
  const refusedUpgrades = counter(
    'couchline_connections_refused_total',
    'Connections that were not admitted, by the reason.',
    ['reason'],
  );
  const closed = counter('couchline_connections_closed_total', 'Connections that ended, by the reason.', ['reason']);
  const dropped = counter('couchline_messages_refused_total', 'Messages that were not taken, by the reason.', [
    'reason',
  ]);
  const pauses = counter('couchline_pauses_total', 'Times that a peer did not read and was paused.', []);
  const events = counter('couchline_events_total', 'Events that were committed.', []);

  const deliveries = counter(
    'couchline_webhook_tries_total',
    'Tries to deliver an event to a webhook, by what became of it and what the receiver answered.',
    ['outcome', 'answer'],
  );
  const answers = histogram(
    'couchline_webhook_answer_seconds',
    'How long receivers of webhooks took to answer, or until they were given up.',
    LATENCIES,
    ['outcome'],
  );
  const arrivals = histogram(
    'couchline_webhook_arrival_seconds',
    'From an event happening to its arrival at a webhook, earlier tries included.',
    ARRIVALS,
    [],
  );

  const batchSizes = histogram('couchline_commit_commands', 'Commands that shared a commit.', SIZES, []);
  const commits = histogram('couchline_commit_seconds', 'From the beginning of a batch to its commit.', LATENCIES, []);
  const relays = histogram(
    'couchline_relay_seconds',
    'From a commit to the last frame of it being handed to a socket.',
    LATENCIES,
    [],
  );
  const latencies = histogram('couchline_command_seconds', 'From a command being heard to its answer.', LATENCIES, [
    'type',
  ]);

  const media = createMediaMetrics(instruments, readings.media);

  return {
    committed(batch) {
      batchSizes().observe(batch.commands);
      events().inc(batch.events);
      commits().observe(batch.ms / 1000);
    },
    relayed: (ms) => relays().observe(ms / 1000),
    command(type, outcome, ms) {
      commands(type, outcome).inc();
      latencies(type).observe(ms / 1000);
    },
    registration: (role, outcome) => registrations(role, outcome).inc(),
    turnedAway: (reason) => refusedUpgrades(reason).inc(),
    closed: (reason) => closed(reason).inc(),
    messageRefused: (reason) => dropped(reason).inc(),
    paused: () => pauses().inc(),
    delivery(outcome, answer, ms) {
      deliveries(outcome, answer).inc();
      answers(outcome).observe(ms / 1000);
    },
    eventArrived: (ms) => arrivals().observe(ms / 1000),
    media,
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

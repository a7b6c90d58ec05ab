/** Spans through the door, as OpenTelemetry's own SDK receives them. */
import { randomUUID } from 'node:crypto';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WatchedDoor } from '../../../src/telemetry/watchedDoor.ts';
import {
  demoCentreId as centreId,
  longTimes,
  openDoorParts,
  senderOf,
  type DoorParts,
} from '../../support/doorParts.ts';
import { stalledRequest } from '../../support/wire.ts';

const exporter = new InMemorySpanExporter();
let parts: DoorParts;
let door: WatchedDoor;
let counted: string[];
let activeInRelay: (string | undefined)[];
/** Milliseconds by which the door's clock is ahead. */
let ahead: number;

beforeEach(async () => {
  parts = await openDoorParts();
  counted = [];
  activeInRelay = [];
  ahead = 0;
  door = new WatchedDoor({
    ...parts.options,
    relay: {
      committed: () => void activeInRelay.push(trace.getActiveSpan()?.spanContext().spanId),
      uncertain: () => {},
    },
    clock: () => Date.now() + ahead,
    metrics: {
      command: (type, outcome) => void counted.push(`${type} ${outcome}`),
      committed: ({ commands }) => void counted.push(`committed ${commands}`),
      relayed: () => void counted.push('relayed'),
    },
  });
});
afterEach(async () => {
  exporter.reset();
  await parts.fresh.drop();
});

/** From here on an SDK listens; as in a process, the first one stays. */
function watch(): void {
  exporter.reset();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

const tv = async (serial: string) => senderOf(await parts.tv(serial));

const spansNamed = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId;

describe('[M4] spans through the door', () => {
  it('until an SDK is registered nothing is recorded, and everything is counted', async () => {
    const answer = await door.request(await tv('SER-1'), stalledRequest);
    expect(answer.ok).toBe(true);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(activeInRelay).toEqual([undefined]);
    expect(counted).toEqual(['committed 1', 'relayed', 'request taken']);
  });

  it('a command, its transaction and its relay hang together and name the interaction', async () => {
    const sender = await tv('SER-1');
    watch();
    const answer = await door.request(sender, stalledRequest);
    if (!answer.ok) throw new Error(answer.message);
    const [command, transaction, relay] = ['command request', 'transaction', 'relay'].map(
      (name) => spansNamed(name)[0],
    );
    expect(transaction?.parentSpanContext?.spanId).toBe(idOf(command));
    expect(relay?.parentSpanContext?.spanId).toBe(idOf(transaction));
    expect(new Set([command, transaction, relay].map((span) => span?.spanContext().traceId)).size).toBe(1);
    expect(command?.attributes).toMatchObject({
      'couchline.centre': centreId,
      'couchline.outcome': 'taken',
      'couchline.interaction': answer.interactionId,
    });
    expect(transaction?.attributes['couchline.interactions']).toEqual([answer.interactionId]);
    expect(relay?.attributes['couchline.interactions']).toEqual([answer.interactionId]);
    expect(activeInRelay).toEqual([idOf(relay)]);
  });

  it('commands that share a transaction are linked to it; what began the batch’s loop is nobody’s parent', async () => {
    const senders = await Promise.all(['SER-1', 'SER-2', 'SER-3'].map(tv));
    watch();
    const answers = await Promise.all(senders.map((sender) => door.request(sender, stalledRequest)));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    const commands = spansNamed('command request');
    const found = spansNamed('transaction').flatMap((span) => [
      span.parentSpanContext?.spanId,
      ...span.links.map((link) => link.context.spanId),
    ]);
    expect(commands).toHaveLength(3);
    expect(new Set(found)).toEqual(new Set(commands.map(idOf)));
    expect(found).toHaveLength(3);
  });

  it('what the service says by itself, such as a timer whose time has come, is traced the same way', async () => {
    const sender = await tv('SER-1');
    const answer = await door.request(sender, stalledRequest);
    if (!answer.ok || answer.interactionId === null) throw new Error('A request opens an interaction.');
    watch();
    await door.tvConnection(centreId, sender.senderId, false);
    ahead = 2 * longTimes.absenceMs;
    await door.timer({
      centreId,
      key: 'absence',
      at: 0,
      say: { to: 'interaction', interactionId: answer.interactionId, command: { type: 'absenceExpired' } },
    });
    const transactions = spansNamed('transaction');
    const [lost, timer] = ['command tvDisconnected', 'command timer.absenceExpired'].map((name) => spansNamed(name)[0]);
    expect(transactions.map((span) => span.parentSpanContext?.spanId)).toEqual([idOf(lost), idOf(timer)]);
    expect(counted.slice(-4)).toEqual(expect.arrayContaining(['tvDisconnected taken', 'timer.absenceExpired taken']));
  });

  it('a refused command says so and has no transaction', async () => {
    const sender = await tv('SER-1');
    watch();
    const answer = await door.viewer(sender, randomUUID(), { type: 'leave' });
    expect(answer.ok).toBe(false);
    expect(spansNamed('command viewer.leave')[0]?.attributes['couchline.outcome']).toBe('notFound');
    expect(spansNamed('transaction')).toEqual([]);
    expect(counted).toEqual(['viewer.leave notFound']);
  });

  it('[M24] no span carries anything that a person told', async () => {
    const sender = await tv('SER-1');
    watch();
    await door.request(sender, {
      ...stalledRequest,
      context: { serviceState: 'playing', facts: { name: 'Alice Ward', number: '+447700900123' } },
    });
    const said = JSON.stringify(exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes })));
    expect(said).not.toMatch(/Alice|447700900123|Harbour/);
  });
});

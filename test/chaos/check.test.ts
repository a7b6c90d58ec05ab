/** A checker that finds nothing has to be able to find something. */
import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../src/events/ports.ts';
import type { ServerMessage } from '../../src/protocol/server.ts';
import { livingRoomTv, stalledRequest } from '../support/wire.ts';
import { checkHistory } from './check.ts';
import { digest, History } from './history.ts';
import type { Ledger } from './ledger.ts';

const sam = { agentId: 'sam', name: 'Sam' };
const said = (seq: number, text: string): StoredEvent => ({
  interactionId: 'i',
  seq,
  at: seq,
  event: { type: 'messageSent', from: 'agent', name: 'Sam', text },
});
const log: StoredEvent[] = [
  {
    interactionId: 'i',
    seq: 1,
    at: 1,
    event: {
      type: 'requested',
      origin: 'viewer',
      request: stalledRequest,
      tv: { tvId: 'tv', serial: 'TV-1', name: 'Living room TV', ...livingRoomTv, customer: null },
    },
  },
  { interactionId: 'i', seq: 2, at: 2, event: { type: 'accepted', agent: sam } },
  said(3, 'Words of sam-1.'),
  said(4, 'Words of sam-2.'),
];

/** Sam's history: what was heard on one connection that began after `resume`, and one message that was said. */
function bench({ resume = 0, hears = [] as number[], kept = log, taken = true, answers = [] as ServerMessage[] }) {
  const history = new History('sam', 'agent');
  history.connections.push({
    number: 1,
    resume: new Map([['i', resume]]),
    events: hears.map((seq) => {
      const { at, event } = log[seq - 1] ?? said(seq, 'Words of nobody-1.');
      return { interactionId: 'i', seq, at, type: event.type, digest: digest(event) };
    }),
  });
  const acknowledged = answers.flatMap((one) => (one.type === 'ack' ? [one.interactionId ?? null] : []));
  const refusal = answers.find((one) => one.type === 'refused');
  history.commands.set('c', {
    id: 'c',
    body: {
      v: 1,
      id: 'c',
      type: 'agent',
      interactionId: 'i',
      command: { type: 'sendMessage', text: 'Words of sam-1.' },
    },
    times: 2,
    acknowledged,
    refused: refusal?.type === 'refused' ? refusal.code : null,
  });
  const ledger = {
    interactions: new Map([['i', { events: kept }]]),
    taken: new Map(taken ? [['sam c', 'i']] : []),
  } as unknown as Ledger;
  return checkHistory(ledger, history, 'sam').map((words) => words.split('\n')[0]);
}

const ack: ServerMessage = { v: 1, type: 'ack', re: 'c', interactionId: 'i' };
const refused: ServerMessage = { v: 1, type: 'refused', re: 'c', code: 'wrongState', message: 'No.', retry: false };

describe('[M4] the history checker', () => {
  it('finds nothing where all is well', () => {
    expect(bench({ hears: [1, 2, 3, 4], answers: [ack] })).toEqual([]);
    expect(bench({ resume: 2, hears: [3, 4], answers: [ack, ack] })).toEqual([]);
  });

  it('finds what was acknowledged and is lost', () => {
    expect(bench({ answers: [ack], taken: false, kept: log.slice(0, 2) })).toEqual([
      'Acknowledged, and lost:',
      'Acknowledged with another interaction:',
      'Acknowledged, and in effect 0 times:',
    ]);
  });

  it('finds what took effect twice, acknowledged or not', () => {
    const kept = [...log, said(5, 'Words of sam-1.')];
    expect(bench({ answers: [ack], kept })).toEqual(['Acknowledged, and in effect 2 times:']);
    expect(bench({ kept })).toEqual(['In effect 2 times:']);
  });

  it('finds a refusal of what took effect', () => {
    expect(bench({ answers: [refused] })).toEqual(['Refused, though it took effect:']);
  });

  it('finds what was shown twice, left out, or never kept', () => {
    expect(bench({ resume: 2, hears: [2, 3] })[0]).toMatch(/2 was shown twice/);
    expect(bench({ hears: [1, 3, 2] }).join()).toMatch(/2 was left out before 3.*2 was shown twice, or out of order/);
    expect(bench({ resume: 1, hears: [4] })[0]).toMatch(/2,3 was left out before 4/);
    expect(bench({ resume: 4, hears: [5] })[0]).toMatch(/5 was shown and is not kept/);
  });
});

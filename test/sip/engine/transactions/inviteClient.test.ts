import { describe, expect, it } from 'vitest';
import { InviteClientTransaction } from '../../../../sip/engine/transactions/inviteClient.ts';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, response } from '../../../support/sip/paperFlow.ts';

const INVITE = Buffer.from('INVITE sip:bob@example.com SIP/2.0\r\n');
const ACK = Buffer.from('ACK sip:bob@example.com SIP/2.0\r\n');

function begin(protocol: 'udp' | 'tcp' = 'udp', closed = false) {
  const clock = new HandClock();
  const flow = new PaperFlow(protocol);
  if (closed) flow.close();
  const heard: (number | string)[] = [];
  const ended: string[] = [];
  const transaction = new InviteClientTransaction(
    'k',
    INVITE,
    () => ACK,
    flow,
    {
      inviteAnswered: (_, { status }) => void heard.push(status),
      inviteFailed: (_, reason) => void heard.push(reason),
    },
    { inviteClientTerminated: ({ key }) => void ended.push(key) },
    clock,
    defaultTimers,
  );
  transaction.start();
  return { clock, flow, heard, ended, transaction };
}

describe('calling', () => {
  it('[RFC 3261 17.1.1.2] on UDP timer A repeats the INVITE after 0.5, 1, 2, 4, 8 and 16 s; B gives up after 32', () => {
    const { clock, flow, heard, ended } = begin();
    const times: number[] = [];
    for (let passed = 500; passed <= 32_000; passed += 500) {
      const before = flow.sent.length;
      clock.turn(500);
      if (flow.sent.length > before) times.push(passed);
    }
    expect(times).toEqual([500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(heard).toEqual(['timeout']);
    expect(ended).toEqual(['k']);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3261 17.1.1.2] on a reliable transport the INVITE goes out once, and B gives up all the same', () => {
    const { clock, flow, heard } = begin('tcp');
    clock.turn(32_000);
    expect(flow.sent).toHaveLength(1);
    expect(heard).toEqual(['timeout']);
  });

  it('[RFC 3261 17.1.4] what cannot be sent fails, after whoever sent it can hear of it', () => {
    const { clock, heard, ended } = begin('tcp', true);
    expect(heard).toEqual([]);
    clock.turn(0);
    expect(heard).toEqual(['transport']);
    expect(ended).toEqual(['k']);
  });

  it('[RFC 3261 17.1.4] a connection that breaks ends the waiting', () => {
    const { heard, transaction, clock } = begin('tcp');
    transaction.flowClosed();
    expect(heard).toEqual(['transport']);
    expect(clock.running).toBe(0);
  });
});

it('[RFC 3261 17.1.1.2] proceeding: a provisional response ends repetitions and timer B; it may ring for long', () => {
  const { clock, flow, heard, transaction } = begin();
  transaction.receive(response(100, 'INVITE'));
  clock.turn(600_000);
  transaction.receive(response(180, 'INVITE'));
  expect(flow.sent).toHaveLength(1);
  expect(heard).toEqual([100, 180]);
});

describe('completed', () => {
  it('[RFC 3261 17.1.1.2] a refusal is handed up once, acknowledged each time, and D ends it after 32 s', () => {
    const { clock, flow, heard, ended, transaction } = begin();
    transaction.receive(response(486, 'INVITE'));
    transaction.receive(response(486, 'INVITE'));
    transaction.receive(response(200, 'INVITE'));
    expect(heard).toEqual([486]);
    expect(flow.lines.slice(1)).toEqual(['ACK sip:bob@example.com SIP/2.0', 'ACK sip:bob@example.com SIP/2.0']);
    clock.turn(31_999);
    expect(ended).toEqual([]);
    clock.turn(1);
    expect(ended).toEqual(['k']);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3261 17.1.1.2] on a reliable transport timer D is zero', () => {
    const { clock, ended, transaction } = begin('tcp');
    transaction.receive(response(486, 'INVITE'));
    clock.turn(0);
    expect(ended).toEqual(['k']);
  });
});

it('[RFC 6026 7.2] accepted: every 2xx is handed up until timer M, and nothing else', () => {
  const { clock, flow, heard, ended, transaction } = begin();
  transaction.receive(response(200, 'INVITE'));
  transaction.receive(response(200, 'INVITE'));
  transaction.receive(response(180, 'INVITE'));
  transaction.receive(response(486, 'INVITE'));
  expect(heard).toEqual([200, 200]);
  expect(flow.sent).toHaveLength(1);
  clock.turn(32_000);
  expect(ended).toEqual(['k']);
  transaction.receive(response(200, 'INVITE'));
  expect(heard).toEqual([200, 200]);
});

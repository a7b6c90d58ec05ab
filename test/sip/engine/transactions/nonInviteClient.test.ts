import { expect, it } from 'vitest';
import { NonInviteClientTransaction } from '../../../../sip/engine/transactions/nonInviteClient.ts';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, response } from '../../../support/sip/paperFlow.ts';

function begin(protocol: 'udp' | 'tcp' = 'udp') {
  const clock = new HandClock();
  const flow = new PaperFlow(protocol);
  const heard: (number | string)[] = [];
  const ended: string[] = [];
  const transaction = new NonInviteClientTransaction(
    'k',
    Buffer.from('OPTIONS sip:bob@example.com SIP/2.0\r\n'),
    flow,
    {
      requestAnswered: (_, { status }) => void heard.push(status),
      requestFailed: (_, reason) => void heard.push(reason),
    },
    { nonInviteClientTerminated: ({ key }) => void ended.push(key) },
    clock,
    defaultTimers,
  );
  transaction.start();
  return { clock, flow, heard, ended, transaction };
}

function timesOfRepetition({ clock, flow }: ReturnType<typeof begin>, until: number): number[] {
  const times: number[] = [];
  for (let passed = 500; passed <= until; passed += 500) {
    const before = flow.sent.length;
    clock.turn(500);
    if (flow.sent.length > before) times.push(passed);
  }
  return times;
}

it('[RFC 3261 17.1.2.2] trying: timer E doubles up to T2, timer F gives up after 64*T1', () => {
  const begun = begin();
  expect(timesOfRepetition(begun, 32_000)).toEqual([
    500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
  ]);
  expect(begun.heard).toEqual(['timeout']);
  expect(begun.ended).toEqual(['k']);
  expect(begun.clock.running).toBe(0);
});

it('[RFC 3261 17.1.2.2] proceeding: repeated every T2, and F goes on', () => {
  const begun = begin();
  begun.transaction.receive(response(100, 'OPTIONS'));
  expect(timesOfRepetition(begun, 32_000)).toEqual([500, 4500, 8500, 12_500, 16_500, 20_500, 24_500, 28_500]);
  expect(begun.heard).toEqual([100, 'timeout']);
});

it('[RFC 3261 17.1.2.2] completed: the final response is handed up once, K absorbs what comes again', () => {
  const { clock, heard, ended, transaction } = begin();
  transaction.receive(response(200, 'OPTIONS'));
  transaction.receive(response(200, 'OPTIONS'));
  clock.turn(4999);
  expect(ended).toEqual([]);
  clock.turn(1);
  expect(heard).toEqual([200]);
  expect(ended).toEqual(['k']);
  expect(clock.running).toBe(0);
});

it('[RFC 3261 17.1.2.2] on a reliable transport nothing is repeated, and timer K is zero', () => {
  const { clock, flow, ended, transaction } = begin('tcp');
  clock.turn(10_000);
  expect(flow.sent).toHaveLength(1);
  transaction.receive(response(200, 'OPTIONS'));
  clock.turn(0);
  expect(ended).toEqual(['k']);
});

it('[RFC 3261 17.1.4] a connection that breaks is a failure, but not after the final response', () => {
  const waiting = begin('tcp');
  waiting.transaction.flowClosed();
  expect(waiting.heard).toEqual(['transport']);
  const answered = begin('tcp');
  answered.transaction.receive(response(200, 'OPTIONS'));
  answered.transaction.flowClosed();
  expect(answered.heard).toEqual([200]);
  expect(answered.ended).toEqual(['k']);
});

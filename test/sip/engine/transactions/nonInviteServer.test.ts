import { expect, it } from 'vitest';
import { NonInviteServerTransaction } from '../../../../sip/engine/transactions/nonInviteServer.ts';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, request } from '../../../support/sip/paperFlow.ts';

const PENDING = Buffer.from('SIP/2.0 182 Queued\r\n');
const OK = Buffer.from('SIP/2.0 200 OK\r\n');

function begin(protocol: 'udp' | 'tcp' = 'udp') {
  const clock = new HandClock();
  const flow = new PaperFlow(protocol);
  const ended: string[] = [];
  const table = {
    answerElsewhere: () => false,
    nonInviteServerTerminated: ({ key }: NonInviteServerTransaction) => void ended.push(key),
  };
  const transaction = new NonInviteServerTransaction(
    'k',
    undefined,
    request('OPTIONS'),
    flow,
    table,
    clock,
    defaultTimers,
  );
  return { clock, flow, ended, transaction };
}

it('[RFC 3261 17.2.2] trying: the request again is passed over in silence', () => {
  const { flow, transaction } = begin();
  transaction.retransmitted();
  expect(flow.sent).toEqual([]);
  expect(transaction.state).toBe('trying');
});

it('[RFC 3261 17.2.2] proceeding: the request again brings the last provisional response again', () => {
  const { flow, transaction } = begin();
  transaction.respond(182, PENDING);
  transaction.retransmitted();
  expect(flow.lines).toEqual(['SIP/2.0 182 Queued', 'SIP/2.0 182 Queued']);
  expect(transaction.state).toBe('proceeding');
});

it('[RFC 3261 17.2.2] completed: the response again until timer J, and no other', () => {
  const { clock, flow, ended, transaction } = begin();
  transaction.respond(200, OK);
  expect(transaction.respond(200, OK)).toBe(false);
  clock.turn(31_999);
  transaction.retransmitted();
  expect(flow.sent).toHaveLength(2);
  clock.turn(1);
  expect(ended).toEqual(['k']);
  expect(clock.running).toBe(0);
});

it('[RFC 3261 17.2.2] on a reliable transport timer J is zero', () => {
  const { clock, ended, transaction } = begin('tcp');
  transaction.respond(200, OK);
  expect(ended).toEqual(['k']);
  expect(clock.running).toBe(0);
});

it('on a flow that is gone the response is not sent, and that is said', () => {
  const { flow, transaction } = begin('tcp');
  flow.close();
  expect(transaction.respond(200, OK)).toBe(false);
});

it('what was answered keeps nothing of the request but its method: half a minute of a flood would fill the memory', () => {
  const { transaction } = begin();
  expect(transaction.request.headers.has('via')).toBe(true);
  transaction.respond(200, OK);
  expect(transaction.request).toMatchObject({ method: 'OPTIONS', uri: '' });
  expect(transaction.request.headers.size).toBe(0);
});

import { expect, it } from 'vitest';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { Transactions, type ServerTransaction } from '../../../../sip/engine/transactions/transactions.ts';
import type { InviteServerTransaction } from '../../../../sip/engine/transactions/inviteServer.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, request, response } from '../../../support/sip/paperFlow.ts';

function begin(limit = 100) {
  const clock = new HandClock();
  const arrived: ServerTransaction[] = [];
  const cancelled: (InviteServerTransaction | undefined)[] = [];
  const heard: string[] = [];
  const transactions = new Transactions(
    {
      requestArrived: (transaction) => void arrived.push(transaction),
      cancelArrived: (_, invite) => void cancelled.push(invite),
      ackArrived: (ack) => void heard.push(`ACK ${ack.headers.get('cseq') ?? ''}`),
      strayResponse: ({ status }) => void heard.push(`stray ${status}`),
      trying: () => Buffer.from('SIP/2.0 100 Trying\r\n'),
      answerElsewhere: () => false,
      serverTransactionEnded: () => void heard.push('ended'),
      refused: (_request, _flow, status) => void heard.push(`refused ${status}`),
    },
    clock,
    defaultTimers,
    { server: limit, client: 100 },
  );
  return { clock, transactions, arrived, cancelled, heard, flow: new PaperFlow() };
}

const via = (branch: string, host = '192.0.2.99') => ({ Via: `SIP/2.0/UDP ${host};branch=${branch}` });

it('[RFC 3261 17.2.3] a request that comes again finds its transaction by branch, sent-by and method', () => {
  const { transactions, arrived, flow } = begin();
  transactions.receiveRequest(request('OPTIONS'), flow);
  transactions.receiveRequest(request('OPTIONS'), flow);
  expect(arrived).toHaveLength(1);
  transactions.receiveRequest(request('OPTIONS', { ...via('z9hG4bKa1', '192.0.2.7'), 'Call-ID': 'c2' }), flow);
  transactions.receiveRequest(request('MESSAGE', { 'Call-ID': 'c3' }), flow);
  expect(arrived.map(({ request: { method } }) => method)).toEqual(['OPTIONS', 'OPTIONS', 'MESSAGE']);
});

it('[RFC 3261 17.2.3] a client of RFC 2543 makes no unique branch: its requests are told apart by the rest', () => {
  const { transactions, arrived, flow } = begin();
  const old = { Via: 'SIP/2.0/UDP 192.0.2.99' };
  transactions.receiveRequest(request('OPTIONS', old), flow);
  transactions.receiveRequest(request('OPTIONS', old), flow);
  transactions.receiveRequest(request('OPTIONS', { ...old, CSeq: '2 OPTIONS' }), flow);
  expect(arrived).toHaveLength(2);
});

it('[RFC 3261 8.2.2.2] a request that came another way already is a merged one: 482', () => {
  const { transactions, arrived, heard, flow } = begin();
  transactions.receiveRequest(request('INVITE'), flow);
  transactions.receiveRequest(request('INVITE', via('z9hG4bKa2')), flow);
  expect(arrived).toHaveLength(1);
  expect(heard).toEqual(['refused 482']);
});

it('[RFC 3261 8.2.2.2] in a dialog, and when the first is over, it is not merged', () => {
  const { clock, transactions, arrived, flow } = begin();
  const inDialog = { To: '<sip:bob@example.com>;tag=b' };
  transactions.receiveRequest(request('INFO', inDialog), flow);
  transactions.receiveRequest(request('INFO', { ...inDialog, ...via('z9hG4bKa2') }), flow);
  transactions.receiveRequest(request('OPTIONS', via('z9hG4bKa3')), flow);
  arrived[2]?.respond(200, Buffer.from('SIP/2.0 200 OK\r\n'));
  clock.turn(32_000);
  transactions.receiveRequest(request('OPTIONS', via('z9hG4bKa4')), flow);
  expect(arrived).toHaveLength(4);
});

it('[RFC 3261 9.2] a CANCEL finds the INVITE by its branch; one with another branch or sent-by finds none', () => {
  const { transactions, arrived, cancelled, flow } = begin();
  transactions.receiveRequest(request('INVITE'), flow);
  transactions.receiveRequest(request('CANCEL'), flow);
  transactions.receiveRequest(request('CANCEL', via('z9hG4bKforged')), flow);
  transactions.receiveRequest(request('CANCEL', via('z9hG4bKa1', '198.51.100.66')), flow);
  expect(cancelled).toEqual([arrived[0], undefined, undefined]);
});

it('[RFC 3261 17.1.1.3, 13.2.2.4] the ACK of a refusal is used up, that of a 2xx handed up', () => {
  const { transactions, arrived, heard, flow } = begin();
  transactions.receiveRequest(request('INVITE'), flow);
  arrived[0]?.respond(486, Buffer.from('SIP/2.0 486 Busy Here\r\n'));
  transactions.receiveRequest(request('ACK'), flow);
  expect(heard).toEqual([]);
  transactions.receiveRequest(request('ACK', { ...via('z9hG4bKother'), CSeq: '7 ACK' }), flow);
  expect(heard).toEqual(['ACK 7 ACK']);
});

it('[RFC 3261 17.1.3] a response finds its request by branch and method; others are strays', () => {
  const { transactions, heard, flow } = begin();
  const answers: number[] = [];
  const owner = {
    requestAnswered: (_: unknown, { status }: { status: number }) => void answers.push(status),
    requestFailed: () => undefined,
  };
  transactions.request('z9hG4bKa1', 'OPTIONS', Buffer.from('OPTIONS'), flow, owner);
  transactions.receiveResponse(response(200, 'INVITE'), flow);
  transactions.receiveResponse(response(200, 'OPTIONS', via('z9hG4bKforged')), flow);
  expect(answers).toEqual([]);
  expect(heard).toEqual(['stray 200', 'stray 200']);
  transactions.receiveResponse(response(200, 'OPTIONS'), flow);
  expect(answers).toEqual([200]);
});

it('beyond the limit new requests get 503 and leave nothing behind', () => {
  const { transactions, arrived, heard, flow } = begin(3);
  for (let number = 0; number < 1000; number++) {
    transactions.receiveRequest(request('INVITE', { ...via(`z9hG4bK${number}`), 'Call-ID': `c${number}` }), flow);
  }
  expect(arrived).toHaveLength(3);
  expect(heard).toHaveLength(997);
  expect(transactions.serverCount).toBe(3);
});

it('a connection that breaks fails the requests that wait on it, and those alone', () => {
  const { transactions } = begin();
  const failed: string[] = [];
  const owner = (name: string) => ({ requestAnswered: () => undefined, requestFailed: () => void failed.push(name) });
  const [broken, whole] = [new PaperFlow('tcp'), new PaperFlow('tcp')];
  transactions.request('z9hG4bK1', 'OPTIONS', Buffer.from('OPTIONS'), broken, owner('broken'));
  transactions.request('z9hG4bK2', 'OPTIONS', Buffer.from('OPTIONS'), whole, owner('whole'));
  transactions.flowClosed(broken);
  expect(failed).toEqual(['broken']);
  expect(transactions.clientCount).toBe(1);
});

it('closing stops every timer', () => {
  const { clock, transactions, arrived, flow } = begin();
  transactions.receiveRequest(request('INVITE'), flow);
  arrived[0]?.respond(486, Buffer.from('SIP/2.0 486 Busy Here\r\n'));
  transactions.request('z9hG4bK1', 'OPTIONS', Buffer.from('OPTIONS'), flow, {
    requestAnswered: () => undefined,
    requestFailed: () => undefined,
  });
  transactions.close();
  expect(clock.running).toBe(0);
});

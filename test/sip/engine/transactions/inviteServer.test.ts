import { describe, expect, it } from 'vitest';
import { InviteServerTransaction } from '../../../../sip/engine/transactions/inviteServer.ts';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, request } from '../../../support/sip/paperFlow.ts';

const TRYING = Buffer.from('SIP/2.0 100 Trying\r\n');
const RINGING = Buffer.from('SIP/2.0 180 Ringing\r\n');
const OK = Buffer.from('SIP/2.0 200 OK\r\n');
const BUSY = Buffer.from('SIP/2.0 486 Busy Here\r\n');

function begin(protocol: 'udp' | 'tcp' = 'udp') {
  const clock = new HandClock();
  const flow = new PaperFlow(protocol);
  const ended: string[] = [];
  const table = {
    trying: () => TRYING,
    answerElsewhere: () => false,
    inviteServerTerminated: ({ key }: InviteServerTransaction) => void ended.push(key),
  };
  const transaction = new InviteServerTransaction('k', undefined, request('INVITE'), flow, table, clock, defaultTimers);
  return { clock, flow, ended, transaction };
}

describe('proceeding', () => {
  it('[RFC 3261 17.2.1] an INVITE that comes again is told the last provisional response again', () => {
    const { flow, transaction } = begin();
    transaction.retransmitted();
    transaction.retransmitted();
    transaction.respond(180, RINGING);
    transaction.retransmitted();
    expect(flow.lines).toEqual([100, 100, 180, 180].map((status) => expect.stringContaining(`${status}`)));
    expect(transaction.state).toBe('proceeding');
  });

  it('[RFC 3261 17.2.1] what is not answered within 200 ms is told 100, once', () => {
    const { clock, flow, transaction } = begin();
    clock.turn(199);
    expect(flow.sent).toEqual([]);
    clock.turn(1);
    clock.turn(10_000);
    expect(flow.lines).toEqual(['SIP/2.0 100 Trying']);
    expect(transaction.respond(180, RINGING)).toBe(true);
  });

  it('[RFC 3261 17.2.1] what is answered at once needs no 100', () => {
    for (const [status, wire] of [
      [180, RINGING],
      [200, OK],
      [486, BUSY],
    ] as const) {
      const { clock, flow, transaction } = begin('tcp');
      transaction.respond(status, wire);
      clock.turn(1000);
      expect(flow.sent).toEqual([wire.toString()]);
    }
  });

  it('an INVITE that is abandoned is told nothing', () => {
    const { clock, flow, transaction } = begin();
    transaction.abandon();
    clock.turn(1000);
    expect(flow.sent).toEqual([]);
    expect(clock.running).toBe(0);
  });
});

describe('accepted', () => {
  it('[RFC 6026 7.1] after a 2xx the INVITE is absorbed, and 2xx may be sent until timer L ends it', () => {
    const { clock, flow, ended, transaction } = begin();
    expect(transaction.respond(200, OK)).toBe(true);
    expect(transaction.state).toBe('accepted');
    transaction.retransmitted();
    expect(flow.sent).toHaveLength(1);
    expect(transaction.respond(200, OK)).toBe(true);
    expect(transaction.respond(486, BUSY)).toBe(false);
    expect(transaction.acknowledged()).toBe(false);
    clock.turn(64 * 500 - 1);
    expect(ended).toEqual([]);
    clock.turn(1);
    expect(ended).toEqual(['k']);
    expect(clock.running).toBe(0);
  });
});

describe('completed', () => {
  it('[RFC 3261 17.2.1] on UDP a refusal goes out again after T1, doubling up to T2, until timer H', () => {
    const { clock, flow, ended, transaction } = begin();
    transaction.respond(486, BUSY);
    const times: number[] = [];
    for (let passed = 100; passed <= 32_000; passed += 100) {
      const before = flow.sent.length;
      clock.turn(100);
      if (flow.sent.length > before) times.push(passed);
    }
    expect(times.slice(0, 6)).toEqual([500, 1500, 3500, 7500, 11_500, 15_500]);
    expect(ended).toEqual(['k']);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3261 17.2.1] on a reliable transport it goes out once', () => {
    const { clock, flow, ended, transaction } = begin('tcp');
    transaction.respond(486, BUSY);
    clock.turn(31_999);
    expect(flow.sent).toHaveLength(1);
    expect(ended).toEqual([]);
    clock.turn(1);
    expect(ended).toEqual(['k']);
  });

  it('[RFC 3261 17.2.1] the INVITE again brings the refusal again; no other response is sent any more', () => {
    const { flow, transaction } = begin();
    transaction.respond(486, BUSY);
    transaction.retransmitted();
    expect(flow.lines).toEqual(['SIP/2.0 486 Busy Here', 'SIP/2.0 486 Busy Here']);
    expect(transaction.respond(200, OK)).toBe(false);
  });
});

describe('confirmed', () => {
  it('[RFC 3261 17.2.1] the ACK ends the repetitions; more ACKs are absorbed until timer I', () => {
    const { clock, flow, ended, transaction } = begin();
    transaction.respond(486, BUSY);
    expect(transaction.acknowledged()).toBe(true);
    expect(transaction.state).toBe('confirmed');
    clock.turn(4999);
    transaction.retransmitted();
    expect(transaction.acknowledged()).toBe(true);
    expect(flow.sent).toHaveLength(1);
    expect(ended).toEqual([]);
    clock.turn(1);
    expect(ended).toEqual(['k']);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3261 17.2.1] on a reliable transport timer I is zero', () => {
    const { ended, transaction } = begin('tcp');
    transaction.respond(486, BUSY);
    transaction.acknowledged();
    expect(ended).toEqual(['k']);
  });
});

it('an abandoned transaction keeps no timer and tells nobody', () => {
  const { clock, ended, transaction } = begin();
  transaction.respond(486, BUSY);
  transaction.abandon();
  expect(clock.running).toBe(0);
  transaction.expire();
  expect(ended).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { ReliableProvisionals } from '../../../../sip/engine/dialogs/reliableProvisionals.ts';
import { SuccessRetransmission } from '../../../../sip/engine/dialogs/successRetransmission.ts';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { request } from '../../../support/sip/paperFlow.ts';

describe('a 2xx that waits for its ACK', () => {
  function begin() {
    const clock = new HandClock();
    const start = clock.now();
    const times: number[] = [];
    const gaveUp: number[] = [];
    const retransmission = new SuccessRetransmission(
      {
        repeatSuccess: () => void times.push(clock.now() - start),
        neverAcknowledged: () => void gaveUp.push(clock.now() - start),
      },
      clock,
      defaultTimers,
    );
    return { clock, times, gaveUp, retransmission };
  }

  it('[RFC 3261 13.3.1.4] goes out after T1, doubling up to T2, and is given up after 64*T1', () => {
    const { clock, times, gaveUp } = begin();
    clock.turn(100_000);
    expect(times).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(gaveUp).toEqual([32_000]);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3261 13.3.1.4] the ACK ends it', () => {
    const { clock, times, gaveUp, retransmission } = begin();
    clock.turn(600);
    retransmission.stop();
    retransmission.stop();
    clock.turn(100_000);
    expect(times).toEqual([500]);
    expect(gaveUp).toEqual([]);
  });
});

describe('reliable provisional responses', () => {
  const INVITE = request('INVITE');
  const prack = (rack: string) => request('PRACK', { RAck: rack });

  function begin() {
    const clock = new HandClock();
    const sent: string[] = [];
    let gaveUp = false;
    const provisionals = new ReliableProvisionals(
      {
        sendProvisional: (wire) => void sent.push(wire.toString()),
        neverPracked: () => {
          gaveUp = true;
        },
      },
      700,
      clock,
      defaultTimers,
    );
    return { clock, sent, provisionals, gaveUp: () => gaveUp };
  }

  it('[RFC 3262 3] repeated after T1, doubling without an end but 64*T1, when the INVITE is refused', () => {
    const { clock, sent, provisionals, gaveUp } = begin();
    provisionals.send(provisionals.take(), Buffer.from('183'));
    clock.turn(31_999);
    expect(sent).toHaveLength(7);
    expect(gaveUp()).toBe(false);
    clock.turn(1);
    expect(gaveUp()).toBe(true);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3262 3] the next one waits for the PRACK of the one before, and has the next number', () => {
    const { clock, sent, provisionals } = begin();
    provisionals.send(provisionals.take(), Buffer.from('183'));
    provisionals.send(provisionals.take(), Buffer.from('180'));
    expect(sent).toEqual(['183']);
    expect(provisionals.confirm(prack('701 1 INVITE'), INVITE)).toBe(false);
    expect(provisionals.confirm(prack('700 1 INVITE'), INVITE)).toBe(true);
    expect(sent).toEqual(['183', '180']);
    expect(provisionals.confirm(prack('700 1 INVITE'), INVITE)).toBe(false);
    expect(provisionals.confirm(prack('701 1 INVITE'), INVITE)).toBe(true);
    expect(clock.running).toBe(0);
  });

  it('[RFC 3262 3] a PRACK without a RAck, of another method or another INVITE confirms nothing', () => {
    const { provisionals } = begin();
    provisionals.send(provisionals.take(), Buffer.from('183'));
    expect(provisionals.confirm(request('PRACK'), INVITE)).toBe(false);
    expect(provisionals.confirm(prack('700 1 UPDATE'), INVITE)).toBe(false);
    expect(provisionals.confirm(prack('700 2 INVITE'), INVITE)).toBe(false);
    expect(provisionals.confirm(prack('700 1 INVITE'), INVITE)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { TelephoneEventReceiver, TelephoneEventSender } from '../../../media/edge/telephoneEvent.ts';

const payload = (code: number, duration: number, end = false) =>
  Buffer.from([code, end ? 0x8a : 0x0a, duration >> 8, duration & 0xff]);

/** Hears packets 20 ms apart. */
function listener() {
  const receiver = new TelephoneEventReceiver();
  let now = 0;
  const take = (code: number, timestamp: number, duration: number, end = false) => {
    now += 20;
    const pressed = receiver.take(payload(code, duration, end), 0, 4, timestamp, now);
    return pressed === null ? null : `${pressed.digit} ${pressed.durationMs}`;
  };
  return { take, expire: (after: number) => receiver.expire(now + after)?.digit ?? null, receiver };
}

describe('[RFC 4733] digits that are heard', () => {
  it('are told once, with the end, whatever is repeated', () => {
    const { take, expire } = listener();
    const told = [take(5, 1000, 160), take(5, 1000, 320), take(5, 1000, 480, true)];
    expect([...told, take(5, 1000, 480, true), take(5, 1000, 480, true)]).toEqual([null, null, '5 60', null, null]);
    expect(expire(10_000)).toBeNull();
  });

  it('are told apart where the same key is pressed again', () => {
    const { take } = listener();
    expect([take(1, 1000, 800, true), take(1, 1000, 800, true), take(1, 3000, 800, true)]).toEqual([
      '1 100',
      null,
      '1 100',
    ]);
  });

  it('are told though every packet but the last end is lost', () => {
    expect(listener().take(11, 1000, 800, true)).toBe('# 100');
  });

  it('are told when the next begins, where the end is lost', () => {
    const { take } = listener();
    expect([take(1, 1000, 400), take(2, 3000, 160), take(2, 3000, 320, true)]).toEqual([null, '1 50', '2 40']);
  });

  it('are told after a while, where nothing else comes', () => {
    const { take, expire } = listener();
    take(10, 1000, 160);
    expect([expire(100), expire(200), expire(300)]).toEqual([null, '*', null]);
  });

  it('are not told anew by packets that come late', () => {
    const { take } = listener();
    const told = [take(1, 1000, 400, true), take(2, 3000, 160), take(1, 1000, 160), take(2, 3000, 320, true)];
    expect(told).toEqual(['1 50', null, null, '2 40']);
    expect(take(2, 3000, 160)).toBeNull();
  });

  it('[RFC 4733 2.5.1.3] may last longer than the field for it', () => {
    const { take } = listener();
    const told = [take(3, 1000, 0xffff), take(3, 1000 + 0xffff, 160), take(3, 1000 + 0xffff, 1601, true)];
    expect(told).toEqual([null, null, '3 8392']);
  });

  it('are told when the timestamps go round', () => {
    const { take } = listener();
    expect([take(1, 0xffff_fff0, 160, true), take(2, 0x0000_0fff, 160, true)]).toEqual(['1 20', '2 20']);
  });

  it('are none where the event is no digit, or no event at all', () => {
    const { take, receiver, expire } = listener();
    expect([take(16, 1000, 160, true), take(255, 1000, 160, true), expire(1000)]).toEqual([null, null, null]);
    expect(receiver.take(Buffer.from([1, 0x8a, 1]), 0, 3, 1, 1)).toBeNull();
  });
});

describe('[RFC 4733] digits that are sent', () => {
  /** Everything that is sent for some digits: a line a packet, "-" for a step without one. */
  function sent(digits: string, ms: number) {
    const sender = new TelephoneEventSender();
    expect(sender.press(digits, ms)).toBe(true);
    const lines: string[] = [];
    while (sender.busy) {
      const packet = sender.step();
      if (packet === null) lines.push('-');
      else {
        const [code, second = 0, high = 0, low = 0] = packet.payload;
        lines.push(
          `${code}${packet.marker ? ' M' : ''} @${packet.age} ${high * 256 + low}${second & 0x80 ? ' E' : ''}`,
        );
      }
    }
    return lines;
  }

  it('have a marker at their start, go on, and end three times', () => {
    expect(sent('5', 60)).toEqual(['5 M @0 160', '5 @160 320', '5 @320 480 E', '5 @480 480 E', '5 @640 480 E']);
  });

  it('follow each other with a pause between them', () => {
    const first = ['1 M @0 160', '1 @160 320 E', '1 @320 320 E', '1 @480 320 E'];
    const second = ['11 M @0 160', '11 @160 320 E', '11 @320 320 E', '11 @480 320 E'];
    expect(sent('1#', 40)).toEqual([...first, '-', '-', '-', '-', ...second]);
  });

  it('are heard as they were pressed', () => {
    const [sender, receiver] = [new TelephoneEventSender(), new TelephoneEventReceiver()];
    sender.press('0123456789*#abcd', 100);
    let heard = '';
    for (let now = 0; sender.busy; now += 20) {
      const packet = sender.step();
      if (packet === null) continue;
      const timestamp = now * 8 - packet.age;
      heard += receiver.take(packet.payload, 0, 4, timestamp, now)?.digit ?? '';
    }
    expect(heard).toBe('0123456789*#ABCD');
  });

  it('are refused where they are none, or too many wait', () => {
    const sender = new TelephoneEventSender();
    expect([sender.press('12x', 100), sender.press('1'.repeat(65), 100), sender.busy]).toEqual([false, false, false]);
  });

  it('are of a length that telephones take', () => {
    expect(sent('1', 0)).toHaveLength(4);
    expect(sent('1', 1e9)).toHaveLength(402);
    expect(sent('1', Number.NaN)).toHaveLength(4);
  });
});

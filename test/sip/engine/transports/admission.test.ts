import { expect, it } from 'vitest';
import { Admission } from '../../../../sip/engine/transports/admission.ts';
import { HandClock } from '../../../support/sip/handClock.ts';

const unexpected = () => false;
const limits = { messagesPerAddress: 100, messagesFromStrangers: 300 };

function admitted(admission: Admission, address: string, count: number): number {
  let read = 0;
  for (let number = 0; number < count; number++) if (admission.admit(address, unexpected)) read++;
  return read;
}

it('an address has its share, twice that for a moment, and it comes back with time', () => {
  const clock = new HandClock();
  const admission = new Admission(clock, limits);
  expect(admitted(admission, '192.0.2.1', 1000)).toBe(200);
  clock.turn(1000);
  expect(admitted(admission, '192.0.2.1', 1000)).toBe(100);
});

it('a flood from many addresses leaves those alone from which something was accepted', () => {
  const clock = new HandClock();
  const admission = new Admission(clock, limits);
  admission.accepted('192.0.2.1');
  let read = 0;
  for (let number = 0; number < 10_000; number++) {
    if (admission.admit(`10.0.${number >> 8}.${number & 255}`, unexpected)) read++;
  }
  expect(read).toBe(600);
  expect(admitted(admission, '192.0.2.1', 50)).toBe(50);
});

it('forged addresses without number are not all remembered, and who is known is not forgotten for them', () => {
  const clock = new HandClock();
  const admission = new Admission(clock, limits);
  admission.accepted('192.0.2.1');
  for (let number = 0; number < 60_000; number++)
    admission.admit(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`, unexpected);
  expect(admission.size).toBeLessThanOrEqual(20_000);
  expect(admitted(admission, '192.0.2.1', 50)).toBe(50);
});

it('a flood from a hundred addresses leaves a stranger alone who sends little', () => {
  const clock = new HandClock();
  const admission = new Admission(clock, limits);
  let read = 0;
  for (let second = 0; second < 10; second++) {
    for (let number = 0; number < 10_000; number++) if (admission.admit(`10.0.0.${number % 100}`, unexpected)) read++;
    expect(admitted(admission, `192.0.2.${second}`, 4)).toBe(4);
    clock.turn(1000);
  }
  expect(read).toBeLessThanOrEqual(600 + 9 * 300);
});

it('what is expected is read though strangers send too much, and asked for no sooner', () => {
  const admission = new Admission(new HandClock(), limits);
  let asked = 0;
  const expected = () => ++asked > 0;
  expect(admission.admit('192.0.2.1', expected)).toBe(true);
  expect(asked).toBe(0);
  for (let number = 0; number < 10_000; number++) admission.admit(`10.0.${number >> 8}.${number & 255}`, unexpected);
  expect(admission.admit('192.0.2.1', expected)).toBe(true);
  expect(asked).toBe(1);
});

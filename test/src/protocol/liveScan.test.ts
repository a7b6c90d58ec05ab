/** What is taken as bytes, the schemas take; and the frames of our own connectors are taken. */
import { describe, expect, it } from 'vitest';
import { agentLive, tvLive } from '../../../src/protocol/live.ts';
import { isLiveAsWritten, liveOpening } from '../../../src/protocol/liveScan.ts';
import { fc } from '../../support/properties.ts';

const ID = '0b7c3d1e-4d5a-4b7a-9d3e-2f6a1c8b9e0f';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** As it lies behind the head of a WebSocket frame. */
function isTaken(message: string | Uint8Array, byTv = true): boolean {
  const payload = typeof message === 'string' ? encoder.encode(message) : message;
  const frame = new Uint8Array([0x81, 126, 0, 0, ...payload]);
  return isLiveAsWritten(frame, 4, liveOpening(ID), byTv);
}

/** Whether it is text, JSON, in the interaction, and for the schema to take. */
function isRight(message: Uint8Array, byTv: boolean): boolean {
  try {
    const value = JSON.parse(decoder.decode(message)) as { interactionId?: unknown };
    return value.interactionId === ID && (byTv ? tvLive : agentLive).safeParse(value).success;
  } catch {
    return false;
  }
}

const plain = (maxLength: number) =>
  fc.string({ unit: fc.integer({ min: 0x23, max: 0x5b }).map((code) => String.fromCharCode(code)), maxLength });
const amount = (most: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: most - 1 }),
    fc.integer({ min: 0, max: most - 1 }).map((whole) => whole + 0.25),
  );
/** What the connectors say, in the order in which they say it. */
const said = fc
  .record(
    {
      playback: fc.record({
        state: fc.constantFrom('playing', 'paused', 'stalled'),
        position: amount(1e9),
        buffered: amount(1e6),
        bitrate: fc.option(amount(1e7)),
        dropped: fc.option(fc.nat()),
      }),
      screen: fc.record({ path: fc.array(plain(80), { maxLength: 8 }), focused: fc.option(plain(120)) }),
      writing: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(({ playback, screen, writing }) =>
    JSON.stringify({ v: 1, type: 'live', interactionId: ID, playback, screen, writing }),
  );
const saidByAgent = fc.boolean().map((writing) => JSON.stringify({ v: 1, type: 'live', interactionId: ID, writing }));

/** Bytes that matter in JSON, and some that do not belong there. */
const byte = fc.oneof(
  fc.constantFrom(...encoder.encode('"\\{}[],:.0129-+eEntf \n\u007f')),
  fc.integer({ min: 0, max: 255 }),
);
const damages = fc.array(
  fc.tuple(fc.constantFrom('change', 'remove', 'insert', 'repeat'), fc.double({ min: 0, max: 1, noNaN: true }), byte),
  { maxLength: 3 },
);
/** With a byte or two that were changed, left out or put in, or a part that comes twice. */
const damaged = (message: fc.Arbitrary<string>) =>
  fc.tuple(message, damages).map(([text, all]) => {
    const bytes = [...encoder.encode(text)];
    for (const [how, where, what] of all) {
      const at = Math.floor(where * bytes.length);
      if (how === 'change') bytes[at] = what;
      else if (how === 'remove') bytes.splice(at, 1 + (what % 3));
      else if (how === 'insert') bytes.splice(at, 0, what);
      else bytes.splice(at, 0, ...bytes.slice(at, at + what));
    }
    return new Uint8Array(bytes);
  });

describe('[B6] live frames as they are written', () => {
  it('are taken when they are as the connectors write them', () => {
    fc.assert(
      fc.property(said, (message) => {
        expect(isTaken(message)).toBe(true);
        expect(isRight(encoder.encode(message), true)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a TV', true, said],
    ['an agent', false, saidByAgent],
    ['an agent who speaks as a TV', false, said],
  ])('are not taken of %s when the schema does not, whatever happened to their bytes', (_who, byTv, message) => {
    let [taken, wrong] = [0, 0];
    fc.assert(
      fc.property(damaged(message), (bytes) => {
        const right = isRight(bytes, byTv);
        if (!right) wrong += 1;
        if (!isTaken(bytes, byTv)) return;
        taken += 1;
        expect(right).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    // Both kinds came.
    expect(taken).toBeGreaterThan(5);
    expect(wrong).toBeGreaterThan(500);
  });

  const playback = { state: 'playing', position: 1, buffered: 1, bitrate: 1, dropped: 1 };
  const with_ = (more: object) => JSON.stringify({ v: 1, type: 'live', interactionId: ID, ...more });
  const path = (...parts: string[]) => with_({ screen: { path: parts, focused: null } });
  it.each([
    ['the highest position', with_({ playback: { ...playback, position: 999_999_999.5 } }), true],
    ['a position beyond it', with_({ playback: { ...playback, position: 1_000_000_001 } }), false],
    ['a buffer beyond its bound', with_({ playback: { ...playback, buffered: 1_000_001 } }), false],
    ['a bit rate beyond its bound', with_({ playback: { ...playback, bitrate: 10_000_001 } }), false],
    ['the most dropped frames that are counted here', with_({ playback: { ...playback, dropped: 1e15 - 1 } }), true],
    ['half a dropped frame', with_({ playback: { ...playback, dropped: 0.5 } }), false],
    ['a number below zero', with_({ playback: { ...playback, position: -1 } }), false],
    ['a number with zeros before it', with_({ playback }).replace('"position":1', '"position":01'), false],
    ['a number that ends in its point', with_({ playback }).replace('"position":1', '"position":1.'), false],
    ['a zero with a fraction', with_({ playback }).replace('"position":1', '"position":0.50'), true],
    ['eight parts of a path, as long as may be', path(...Array<string>(8).fill('p'.repeat(80))), true],
    ['nine parts of a path', path(...Array<string>(9).fill('p')), false],
    ['a part that is too long', path('p'.repeat(81)), false],
    ['a path without parts', path(), true],
    ['a path that ends in a comma', path('p').replace('"p"', '"p",'), false],
    ['a focus as long as may be', with_({ screen: { path: [], focused: 'f'.repeat(120) } }), true],
    ['a focus that is too long', with_({ screen: { path: [], focused: 'f'.repeat(121) } }), false],
    ['an escape, which is for the parser', path('a"b'), false],
    ['a letter beyond ASCII, which is for the parser', path('Menü'), false],
    ['a control character', path('a').replace('"a"', '"\n"'), false],
    ['fields in another order, which is for the parser', with_({ writing: true, playback }), false],
    ['a field of no name', with_({ html: '<b>' }), false],
    ['another interaction', with_({ writing: true }).replace(ID, `${ID}0`), false],
    ['something after it', `${with_({})} `, false],
    ['half of it', with_({ playback }).slice(0, -9), false],
    ['nothing', '', false],
  ])('%s: taken or not', (_what, message, taken) => {
    expect(isTaken(message)).toBe(taken);
  });

  it('an agent says nothing of a picture', () => {
    expect(isTaken(with_({ writing: true }), false)).toBe(true);
    expect(isTaken(with_({ playback }), false)).toBe(false);
    expect(isTaken(path('p'), false)).toBe(false);
  });
});

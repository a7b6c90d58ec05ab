/** The conditions take exactly what the schemas take, on JSON of every kind and near misses of the real thing. */
import { describe, expect, it } from 'vitest';
import { agentLive, tvLive } from '../../../src/protocol/live.ts';
import { isAgentLive, isTvLive } from '../../../src/protocol/liveCheck.ts';
import { fc } from '../../support/properties.ts';

const junk = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 0.5, 1e6, 1e9, 1e300, 2 ** 53, '', 'x', 'playing', [], {}, [null]),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly what it is to be, else anything. */
const nearly = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: junk });
const rarely = <T, U>(value: fc.Arbitrary<T>, usual: U) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: value });
/** With fields left out, spoilt and added. */
const fields = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .tuple(
      fc.record(Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, nearly(value)])), {
        requiredKeys: [],
      }),
      fc.record(shape),
      rarely(fc.constantFrom(...Object.keys(shape)), 'none'),
      rarely(fc.tuple(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')), junk), null),
      rarely(fc.constant(false), true),
    )
    .map(([spoilt, whole, without, more, isWhole]) => {
      const { [without]: _left, ...rest } = whole;
      // As JSON.parse makes it, a key of any name is the object's own.
      const made = Object.entries(isWhole ? rest : { ...rest, ...spoilt }).concat(more === null ? [] : [more]);
      return JSON.parse(
        `{${made.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
      ) as object;
    });

const amount = fc.oneof(fc.double({ min: 0, max: 2e6, noNaN: true }), fc.nat(), fc.constantFrom(1e6, 1e7, 1e9));
const message = fields({
  v: fc.constant(1),
  type: fc.constant('live'),
  interactionId: fc.oneof({ weight: 9, arbitrary: fc.uuid() }, { weight: 1, arbitrary: fc.string({ maxLength: 70 }) }),
  writing: fc.boolean(),
  playback: fields({
    state: fc.constantFrom('playing', 'paused', 'stalled'),
    position: amount,
    buffered: amount,
    bitrate: fc.option(amount),
    dropped: fc.option(fc.nat()),
  }),
  screen: fields({
    path: fc.array(fc.string({ maxLength: 82 }), { maxLength: 9 }),
    focused: fc.option(fc.string({ maxLength: 122 })),
  }),
});

describe('[B6] the quick check of live frames', () => {
  it('takes of a TV what the schema takes', () => {
    let taken = 0;
    fc.assert(
      fc.property(message, (one) => {
        const { success } = tvLive.safeParse(one);
        if (success) taken += 1;
        expect(isTvLive(one)).toBe(success);
      }),
      { numRuns: 3_000 },
    );
    // Both kinds came.
    expect(taken).toBeGreaterThan(50);
    expect(taken).toBeLessThan(2_950);
  });

  it('takes of an agent what the schema takes', () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(isAgentLive(one)).toBe(agentLive.safeParse(one).success);
      }),
      { numRuns: 3_000 },
    );
    expect(isAgentLive({ v: 1, type: 'live', interactionId: 'i', writing: true })).toBe(true);
  });
});

/** The conditions take what the schema takes as it stands, on registrations and near misses of them. */
import { describe, expect, it } from 'vitest';
import { registerMessage } from '../../../src/protocol/client.ts';
import { isRegisterTv } from '../../../src/protocol/registerCheck.ts';
import { livingRoomTv } from '../../support/wire.ts';
import { fc } from '../../support/properties.ts';

const junk = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 0.5, 1e300, 2 ** 53, '', ' ', 'x', 'x ', 'session', [], {}, [null]),
  fc.jsonValue({ maxDepth: 2 }),
);
const text = (longest: number) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.string({ minLength: 1, maxLength: 12 }).map((value) => value.trim() || 'x') },
    { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: -1, max: 1 }).map((more) => 'x'.repeat(longest + more)) },
    { weight: 1, arbitrary: fc.constantFrom('\u00a0x', 'x\ufeff', '\u200bx', 'x\n') },
  );
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
const orNull = (value: fc.Arbitrary<unknown>) => fc.option(value);
const id = fc.oneof(
  { weight: 20, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(64), 'x'.repeat(65), 'x\n') },
);
const secret = fc.constantFrom(...[16, 43, 128, 43, 43, 16, 43, 128, 15, 129].map((length) => 's'.repeat(length)));
const count = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 0.5, 2 ** 53) },
);

/** As JSON.parse makes it; now and then a field is left out, spoilt or added. */
const fields = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .tuple(
      fc.record(shape),
      rarely(fc.tuple(fc.constantFrom(...Object.keys(shape)), fc.option(junk, { nil: undefined }))),
      rarely(fc.tuple(fc.constantFrom('more', '__proto__', 'constructor', 'toString'), junk)),
    )
    .map(([whole, spoilt, more]) => {
      const made = new Map<string, unknown>(Object.entries(whole));
      if (spoilt !== null) made.set(...spoilt);
      if (more !== null) made.set(...more);
      const text = [...made].flatMap(([key, value]) =>
        value === undefined ? [] : [`${JSON.stringify(key)}:${JSON.stringify(value)}`],
      );
      return JSON.parse(`{${text.join(',')}}`) as object;
    });

const registration = fields({
  v: fc.constant(1),
  id,
  type: fc.constantFrom('registerTv', 'registerTv', 'registerTv', 'registerTv', 'registerAgent'),
  credentials: fc.oneof(
    fields({ kind: fc.constant('session'), token: secret }),
    fields({ kind: fc.constant('secret'), serial: text(64), secret }),
  ),
  told: fields({
    form: fc.constantFrom('all-in-one', 'set-top-box'),
    model: text(60),
    displayModel: orNull(text(60)),
    firmware: text(40),
    engine: text(120),
    mac: fc.constantFrom(null, '02:00:5e:10:00:01', '02:00:5E:AB:CD:EF', '02:00:5e:10:00:01', '02:00:5e:10:00'),
    operator: orNull(text(60)),
    region: orNull(text(60)),
    capabilities: fields({
      camera: fc.boolean(),
      microphone: fc.boolean(),
      webrtc: fc.boolean(),
      memoryMb: orNull(count),
    }),
    user: orNull(fields({ reference: text(64), name: text(80), address: orNull(text(200)), number: orNull(text(32)) })),
    wantedRepresentative: orNull(text(80)),
  }),
  answeredByEvents: fc.constantFrom(true, true, true, true, undefined, false),
  resume: fc
    .array(fields({ interactionId: id, seq: count }), { maxLength: 22, size: 'max' })
    .chain((all) => fc.constantFrom([], all.slice(0, 2), all)),
});

describe('[M1] the quick check of a TV’s registration', () => {
  it('takes what the schema takes as it stands, and leaves the rest to it', () => {
    let taken = 0;
    let left = 0;
    fc.assert(
      fc.property(registration, (one) => {
        const { success, data } = registerMessage.safeParse(one);
        const asItStands =
          success && data.type === 'registerTv' && JSON.stringify(sorted(data)) === JSON.stringify(sorted(one));
        if (asItStands) taken += 1;
        else left += 1;
        expect(isRegisterTv(one)).toBe(asItStands);
      }),
      { numRuns: 2_000 },
    );
    // Both kinds came.
    expect(taken).toBeGreaterThan(100);
    expect(left).toBeGreaterThan(100);
  });

  it('takes the registration of the TV in the living room', () => {
    const credentials = { kind: 'session', token: 't'.repeat(43) };
    const one = { v: 1, id: 'r1', type: 'registerTv', credentials, told: livingRoomTv, resume: [] };
    expect(isRegisterTv(one)).toBe(true);
    expect(isRegisterTv({ ...one, told: { ...livingRoomTv, model: 'X40 ' } })).toBe(false);
    expect(isRegisterTv({ ...one, more: true })).toBe(false);
  });
});

/** With its fields in one order, so that texts can be compared. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, field]) => [key, sorted(field)]);
}

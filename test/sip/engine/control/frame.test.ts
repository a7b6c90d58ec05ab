import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder, FramingError } from '../../../../sip/engine/control/frame.ts';
import { fc } from '../../../support/properties.ts';

describe('frames', () => {
  it('lengths are bytes of UTF-8, not characters', () => {
    expect(encodeFrame('Grüße 🙂')).toBe('12#Grüße 🙂');
    expect(new FrameDecoder().push(Buffer.from('12#Grüße 🙂'))).toEqual(['Grüße 🙂']);
  });

  it('however the bytes are cut, the same payloads come out', () => {
    const payload = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (payloads, cuts) => {
        const bytes = Buffer.from(payloads.map(encodeFrame).join(''));
        const decoder = new FrameDecoder();
        const found: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          found.push(...decoder.push(bytes.subarray(at, at + cut)));
          at += cut;
        }
        expect(found).toEqual(payloads);
      }),
      { numRuns: 50 },
    );
  });

  it('whatever comes, it is payloads or a FramingError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (chunks) => {
        const decoder = new FrameDecoder();
        try {
          for (const chunk of chunks) decoder.push(Buffer.from(chunk));
        } catch (error) {
          expect(error).toBeInstanceOf(FramingError);
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each(['#x', '0#', '000#', 'x5#hello', '-5#hello', '5.#hello', '123456#x', '999999', ' 5#hello', '1e3#x'])(
    'is refused: %j',
    (bytes) => {
      expect(() => new FrameDecoder().push(Buffer.from(bytes))).toThrow(FramingError);
    },
  );

  it('a frame over the limit is refused before it has come', () => {
    const decoder = new FrameDecoder(100);
    expect(decoder.push(Buffer.from('100#'))).toEqual([]);
    expect(() => new FrameDecoder(100).push(Buffer.from('101#'))).toThrow(FramingError);
  });
});

/** A second of each flood; `npm run flood` makes it a minute. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAnswering, type Answering } from '../../support/sip/answering.ts';
import { KINDS } from '../flood/datagrams.ts';
import { flood } from '../flood/flood.ts';

let answering: Answering;

beforeAll(async () => {
  answering = await startAnswering();
});

afterAll(async () => {
  await answering.stop();
});

const floods = KINDS.flatMap((kind) => [1, 50].map((addresses) => [kind, addresses] as const));

it.each(floods)(
  'a flood of %s from %i addresses: calls in and out are answered, also those of new callers, and those that stand are untouched',
  async (kind, addresses) => {
    const report = await flood(answering, { kind, addresses, seconds: 1, rate: 3000 });
    expect(report.sent).toBeGreaterThanOrEqual(1000);
    const { calls, newCalls, callsOut, held } = report;
    expect(report).toMatchObject({ answered: calls, newAnswered: newCalls, outAnswered: callsOut, untouched: held });
    expect(report.growth).toBeLessThan(300 * 1024 * 1024);
  },
  60_000,
);

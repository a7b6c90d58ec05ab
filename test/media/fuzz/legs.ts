/** A leg in a worker that takes session descriptions from strangers, one after another, and what is left of it. */
import { LegError, type Leg, type Placement } from '../../../media/leg.ts';
import { SdpRefusal } from '../../../media/sdp/refusal.ts';
import { ROUTER_CODECS } from '../../../media/sdp/codecs.ts';
import { createWebRtcLeg } from '../../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../../media/workers/workerPool.ts';
import type { FuzzTarget } from '../../sip/fuzz/fuzz.ts';
import { paperAnswer } from '../../support/media/paperBrowser.ts';
import { startPool } from '../../support/media/roomStage.ts';
import type { Random } from '../../support/random.ts';
import { CHROMIUM_ANSWER, CHROMIUM_HOLD, FIREFOX_ANSWER } from '../sdp/samples.ts';
import { shuffled } from './targets.ts';

const SAMPLES = [CHROMIUM_ANSWER, CHROMIUM_HOLD, FIREFOX_ANSWER];

let pool: WorkerPool;
let placement: Placement;
let before = '';

/** First answers, and then others, or offers, that differ from them a little. */
export const LEG_TARGET: FuzzTarget = {
  name: 'a browser’s leg in a worker',
  async open() {
    pool = await startPool(1);
    placement = await pool.createRouter(structuredClone([...ROUTER_CODECS]));
    // What legs have in common stays.
    await taken(paperAnswer, (leg) => leg.hold());
    before = await held();
  },
  async close() {
    const after = await held();
    await pool.close();
    if (after !== before)
      throw new Error(`The worker holds ${after} after all legs are closed; before it was ${before}.`);
  },
  seeds: () => SAMPLES.map((text) => Buffer.from(text)),
  generate: (random) => Buffer.from(shuffled(random, SAMPLES)),
  run: (bytes, random) =>
    taken(
      () => bytes.toString('utf8'),
      async (leg, answer) => {
        const outcomes = [];
        for (let times = 1 + random.below(3); times > 0; times--) outcomes.push(await again(leg, answer, random));
        return outcomes.join();
      },
    ),
};

/** What a worker holds, as far as legs have it hold something. */
async function held(): Promise<string> {
  const [worker] = await pool.dump();
  const { transportIds, rtpObserverIds, mapProducerIdObserverIds } = await placement.router.dump();
  return JSON.stringify({
    requestHandlers: worker!.channelMessageHandlers.channelRequestHandlers.length,
    transports: transportIds.length,
    observers: rtpObserverIds.length,
    observed: mapProducerIdObserverIds.length,
  });
}

/** A leg of its own takes a first answer; a refused one is followed by a good one. */
async function taken(
  first: (offer: string) => string,
  then: (leg: Leg, answer: (offer: string) => string) => Promise<unknown>,
): Promise<string> {
  const leg = await createWebRtcLeg({ id: 'tv', placement });
  const told = new Map<string, string | null>();
  leg.on('source', (kind, source) => told.set(kind, source?.producer.id ?? null));
  try {
    const offer = await leg.offer();
    const outcome = await refusal(leg.answer(first(offer)));
    if (outcome !== null) await leg.answer(paperAnswer(offer));
    const outcomes = [outcome, await then(leg, outcome === null ? first : paperAnswer)];
    for (const { kind, producer } of leg.sources) {
      if (producer.closed) throw new Error(`Its ${kind} is closed, and was not taken back.`);
      if (told.get(kind) !== producer.id) throw new Error(`Its ${kind} is another than was told.`);
    }
    return outcomes.join();
  } finally {
    leg.close();
  }
}

/** Another answer, or an offer, that differs a little from what stands. Whatever becomes of it, the leg goes on. */
async function again(leg: Leg, answer: (offer: string) => string, random: Random): Promise<string | null> {
  const offer = await leg.offer();
  const other = varied(answer(offer), random);
  if (random.chance(0.3)) await (random.chance(0.5) ? leg.hold() : leg.resume());
  if (random.chance(0.5)) return await refusal(leg.answer(other)).finally(() => leg.withdraw());
  leg.withdraw();
  return await refusal(leg.accept(other));
}

function varied(text: string, random: Random): string {
  const parts = text.split(/(?=^m=)/m);
  const at = 1 + random.below(parts.length - 1);
  const change = (from: RegExp, to: string) => parts.with(at, parts[at]!.replace(from, to)).join('');
  const ssrcs = [...new Set([...text.matchAll(/^a=ssrc:(\d+)/gm)].map(([, ssrc]) => ssrc!))];
  switch (random.below(6)) {
    case 0: {
      if (ssrcs.length === 0) return text;
      const [one, other] = [random.of(ssrcs), random.of(ssrcs)];
      return text.replace(/\d+/g, (number) => (number === one ? other : number === other ? one : number));
    }
    case 1:
      return change(
        /^a=(sendrecv|sendonly|recvonly|inactive)/m,
        `a=${random.of(['sendrecv', 'sendonly', 'recvonly', 'inactive'])}`,
      );
    case 2:
      return change(/^m=(\w+) \d+/, 'm=$1 0');
    case 3:
      return change(/^a=ssrc.*\r\n/gm, '');
    case 4:
      return change(/^a=ssrc:\d+/gm, `a=ssrc:${random.below(2 ** 32)}`);
    default:
      return change(/^a=extmap.*\r\n/m, '');
  }
}

/** @returns why it was refused, without numbers; null when it was not */
async function refusal(done: Promise<unknown>): Promise<string | null> {
  try {
    await done;
    return null;
  } catch (error) {
    if (error instanceof SdpRefusal || error instanceof LegError) return error.message.replace(/\d+/g, '#');
    throw error;
  }
}

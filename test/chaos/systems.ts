/**
 * A contact centre's own systems: one that is sent every event, and one that asks for help by HTTP and repeats each
 * request under its Idempotency-Key until it is answered for good.
 */
import { randomUUID } from 'node:crypto';
import { createApiKeyStore } from '../../db/apiKeyStore.ts';
import type { Database } from '../../db/database.ts';
import { insertEndpoint } from '../../db/queries/insertEndpoint.ts';
import { createApiKeys } from '../../src/registration/apiKeys.ts';
import { mintToken } from '../../src/registration/tokens.ts';
import type { Random } from '../support/random.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';
import type { Ledger } from './ledger.ts';

/** Milliseconds between two requests, and until one that was not answered is given up and said again. */
const THINKS = { least: 200, most: 900 };
const ANSWERED_WITHIN = 3_000;
const AGAIN_AFTER = 200;

/** A request by HTTP. */
export interface Asked {
  key: string;
  tvId: string;
  mark: string;
  /** What it was answered: once, and again when it was repeated for the sake of it. */
  answers: { status: number; interactionId: string | null }[];
}

export class Systems {
  readonly #url: string;
  readonly #tvs: readonly { id: string; serial: string }[];
  readonly #random: Random;
  readonly #receiver: Receiver;
  readonly #api: { id: string; key: string };
  #asked: Asked[] = [];
  /** The events of each interaction as they came for the first time. */
  readonly #came = new Map<string, Set<number>>();
  /** Over the whole run. */
  readonly count = { asked: 0, received: 0 };
  #playing: Promise<void> | null = null;
  #going = false;

  private constructor(parts: {
    url: string;
    tvs: readonly { id: string; serial: string }[];
    random: Random;
    receiver: Receiver;
    api: { id: string; key: string };
  }) {
    this.#url = parts.url;
    this.#tvs = parts.tvs;
    this.#random = parts.random;
    this.#receiver = parts.receiver;
    this.#api = parts.api;
  }

  /** @param url of the service, as these systems reach it */
  static async open(
    database: Database,
    centreId: string,
    options: { url: string; tvs: readonly { id: string; serial: string }[]; random: Random },
  ): Promise<Systems> {
    const receiver = await openReceiver();
    const endpoint = { id: randomUUID(), url: receiver.url, description: 'Chaos', eventTypes: [] };
    const secret = `whsec_${Buffer.from(mintToken(), 'base64url').toString('base64')}`;
    await insertEndpoint(database, centreId, { ...endpoint, secret }, { by: 'Chaos', at: Date.now() }, 1);
    const keys = createApiKeys({ store: createApiKeyStore(database), clock: () => Date.now(), newId: randomUUID });
    const api = await keys.create(centreId, { name: 'Chaos', scopes: ['viewer'] }, 'Chaos');
    return new Systems({ ...options, receiver, api });
  }

  play(): void {
    this.#going = true;
    this.#playing ??= this.#ask().finally(() => (this.#playing = null));
  }

  /** Resolves when everything is answered. */
  async rest(): Promise<void> {
    this.#going = false;
    await this.#playing;
  }

  async close(): Promise<void> {
    this.#going = false;
    await this.#receiver.close();
  }

  /** Whether every event that is kept came. */
  hasAll(ledger: Ledger): boolean {
    this.#collect();
    return [...ledger.interactions].every(([id, { events }]) => (this.#came.get(id)?.size ?? 0) >= events.length);
  }

  check(ledger: Ledger): string[] {
    this.#collect();
    return [...checkAsked(ledger, this.#api.id, this.#asked), ...checkSent(ledger, this.#came)];
  }

  /** What was checked need not be kept. */
  forget(): void {
    this.#asked = [];
  }

  #collect(): void {
    for (const { event } of this.#receiver.received.splice(0)) {
      const [id = '', seq] = event.id.split('/');
      this.#came.set(id, (this.#came.get(id) ?? new Set()).add(Number(seq)));
      this.count.received += 1;
    }
  }

  async #ask(): Promise<void> {
    while (this.#going) {
      await pause(this.#random.between(THINKS.least, THINKS.most));
      const tv = this.#random.of(this.#tvs);
      const asked: Asked = {
        key: randomUUID(),
        tvId: tv.id,
        mark: `Trouble of http-${(this.count.asked += 1)}.`,
        answers: [],
      };
      const body = JSON.stringify({
        serial: tv.serial,
        fault: { code: 'vendor:alarm', title: asked.mark, detail: {}, since: 1, count: 1 },
      });
      this.#asked.push(asked);
      // The second one is the answer of the first, whatever happened in between.
      for (let times = this.#random.chance(0.3) ? 2 : 1; times > 0;) {
        const answer = await this.#post(asked.key, body);
        if (answer === null) await pause(AGAIN_AFTER);
        else {
          asked.answers.push(answer);
          times -= 1;
        }
      }
    }
  }

  /** @returns null when it is to be said again */
  async #post(key: string, body: string): Promise<Asked['answers'][number] | null> {
    try {
      const response = await fetch(`${this.#url}/v1/interactions`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${this.#api.key}`,
          'Idempotency-Key': key,
          'Content-Type': 'application/json',
        },
        body,
        signal: AbortSignal.timeout(ANSWERED_WITHIN),
      });
      const told = (await response.json()) as { interactionId?: string; error?: string };
      const { status } = response;
      if (status >= 500 || status === 429 || told.error === 'underWay') return null;
      return { status, interactionId: told.interactionId ?? null };
    } catch {
      return null;
    }
  }
}

/** Every request took effect once, and as it was answered. */
export function checkAsked(ledger: Ledger, keyId: string, all: readonly Asked[]): string[] {
  const events = [...ledger.interactions.values()].flatMap((kept) => kept.events);
  return all.flatMap(({ key, tvId, mark, answers }) => {
    const taken = ledger.taken.get(`${tvId} api:${keyId}:${key}`) ?? null;
    const said = `${mark} was answered ${JSON.stringify(answers)}, and is kept as ${taken}.`;
    const [first] = answers;
    const alike = answers.every(({ status, interactionId }) => status === first?.status && interactionId === taken);
    const requests = events.filter(({ event }) => event.type === 'requested' && event.request.fault?.title === mark);
    return [
      ...(first !== undefined && alike ? [] : [`By HTTP: ${said}`]),
      ...(requests.length > 1 ? [`By HTTP, in effect ${requests.length} times: ${said}`] : []),
    ];
  });
}

/** Every event that is kept was sent, each after the one before it. @param came as they came for the first time */
export function checkSent(ledger: Ledger, came: ReadonlyMap<string, ReadonlySet<number>>): string[] {
  return [...ledger.interactions].flatMap(([id, { events }]) => {
    const seqs = [...(came.get(id) ?? [])];
    const right = seqs.length === events.length && seqs.every((seq, n) => seq === n + 1);
    return right ? [] : [`The webhook was sent ${seqs.join()} of the ${events.length} events of ${id}.`];
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

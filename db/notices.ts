/**
 * What other processes and people say by Postgres' NOTIFY, heard on a connection of its own. Notices are lost
 * while that connection is; so whoever listens is told when it is lost, and when notices are heard (again).
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** Milliseconds. */
const CONNECT_AGAIN_AFTER = 1_000;
/** A connection may be gone without a word: it is asked so often, and answers within so long. */
const ASK_EVERY = 10_000;
const ANSWER_WITHIN = 5_000;

/** Whoever listens to one channel. When something throws, all connect again: `lost` and `listening` follow. */
export interface Listener {
  channel: string;
  heard(payload: string): void | Promise<void>;
  /** From here on notices are heard; earlier ones may have been missed. */
  listening(): void | Promise<void>;
  /** Notices may be missed from here on, or some time ago. */
  lost?(): void;
}

/**
 * Listens until it is closed, and connects again when the connection is lost.
 * @param url `postgres://user:password@host:port/database`
 */
export function followNotices(
  url: string,
  listeners: readonly Listener[],
  onError: (error: unknown) => void,
): { close(): Promise<void> } {
  const over = new AbortController();
  let client: pg.Client;
  const followed = follow();
  return {
    async close() {
      over.abort();
      await client.end().catch(() => {});
      await followed;
    },
  };

  async function follow(): Promise<void> {
    while (!over.signal.aborted) {
      client = new pg.Client({
        connectionString: url,
        application_name: 'couchline notices',
        connectionTimeoutMillis: 10_000,
        query_timeout: ANSWER_WITHIN,
      });
      try {
        await listen(client);
      } catch (error) {
        if (!over.signal.aborted) onError(error);
      } finally {
        for (const listener of listeners) listener.lost?.();
        await client.end().catch(() => {});
      }
      await delay(CONNECT_AGAIN_AFTER, undefined, { signal: over.signal }).catch(() => {});
    }
  }

  async function hear(channel: string, payload: string): Promise<void> {
    await listeners.find((one) => one.channel === channel)?.heard(payload);
  }

  /** Rejects when the connection is lost, a notice could not be heeded, or it was closed. */
  async function listen(client: pg.Client): Promise<void> {
    const ended = new AbortController();
    const lost = new Promise<never>((_, fail) => {
      client.on('error', fail);
      client.on('end', () => fail(new Error('The connection that hears notices was ended.')));
      client.on('notification', ({ channel, payload = '' }) => void hear(channel, payload).catch(fail));
    });
    const listening = async () => {
      await client.connect();
      for (const { channel } of listeners) await client.query(`listen ${channel}`);
      for (const one of listeners) await one.listening();
      while (!ended.signal.aborted) {
        await delay(ASK_EVERY, undefined, { signal: ended.signal, ref: false });
        await client.query('select');
      }
    };
    try {
      await Promise.race([listening(), lost]);
    } finally {
      ended.abort();
    }
  }
}

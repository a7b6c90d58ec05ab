/**
 * Word of sessions that another process revoked (src/provision.ts, or a second service), by Postgres'
 * LISTEN on a connection of its own. Notices are lost while that connection is; so after every
 * connecting, the first too, the service looks at everybody who is connected.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { REVOKED_CHANNEL } from './queries/announceRevoked.ts';

/** Milliseconds. */
const CONNECT_AGAIN_AFTER = 1_000;
const KEEP_ALIVE_AFTER = 30_000;

export interface RevocationsOptions {
  /** A TV's or agent's sessions were revoked. When it throws, everybody is looked at again. */
  revoked(subjectId: string): Promise<void>;
  /** From here on notices are heard; earlier ones may have been missed. When it throws, it is called again. */
  listening(): Promise<void>;
  onError(error: unknown): void;
}

/**
 * Listens until it is closed, and connects again when the connection is lost.
 * @param url `postgres://user:password@host:port/database`
 */
export function followRevocations(url: string, options: RevocationsOptions): { close(): Promise<void> } {
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
        application_name: 'couchline revocations',
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER,
        connectionTimeoutMillis: 10_000,
      });
      try {
        await listen();
      } catch (error) {
        if (!over.signal.aborted) options.onError(error);
      } finally {
        await client.end().catch(() => {});
      }
      await delay(CONNECT_AGAIN_AFTER, undefined, { signal: over.signal }).catch(() => {});
    }
  }

  /** Rejects when the connection is lost, a notice could not be heeded, or it was closed. */
  async function listen(): Promise<never> {
    const lost = new Promise<never>((_, fail) => {
      client.on('error', fail);
      client.on('end', () => fail(new Error('The connection that hears of revoked sessions was ended.')));
      client.on('notification', ({ payload = '' }) => void options.revoked(payload).catch(fail));
    });
    const began = client
      .connect()
      .then(() => client.query(`listen ${REVOKED_CHANNEL}`))
      .then(() => options.listening());
    await Promise.race([began, lost]);
    return await lost;
  }
}

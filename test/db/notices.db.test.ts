import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followNotices } from '../../db/notices.ts';
import { REVOKED_CHANNEL } from '../../db/queries/announceRevoked.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let postgres: FreshDatabase;
let heard: string[];
let errors: unknown[];
let close: (() => Promise<void>) | null;

beforeEach(async () => {
  postgres = await freshDatabase();
  [heard, errors, close] = [[], [], null];
});
afterEach(async () => {
  await close?.();
  await postgres.drop();
});

/** Follows, and answers what is heard with `answer`; `until` resolves once something was heard so often. */
function follow(answer: (what: string) => void = () => {}) {
  let look = () => {};
  const hear = async (what: string) => {
    heard.push(what);
    look();
    answer(what);
  };
  const listener = {
    channel: REVOKED_CHANNEL,
    heard: hear,
    listening: () => hear('listening'),
    lost: () => void heard.push('lost'),
  };
  ({ close } = followNotices(postgres.url, [listener], (error) => errors.push(error)));
  return (what: string, times = 1) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (heard.filter((one) => one === what).length >= times) resolve();
      };
      look();
    });
}

const revoke = (subjectId: string) => createRegistrationStore(postgres.database).revokeSessions(subjectId, 1);

describe('word of revoked sessions', () => {
  it('[M3] comes from another process, once it is committed', async () => {
    const until = follow();
    await until('listening');
    await revoke('sam');
    await until('sam');
    expect(heard).toEqual(['listening', 'sam']);
    expect(errors).toEqual([]);
  });

  it('[M3] after a lost connection everybody is looked at, and word comes again', async () => {
    const until = follow();
    await until('listening');
    await postgres.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'couchline notices'`,
    );
    await until('listening', 2);
    await revoke('sam');
    await until('sam');
    expect(errors).toHaveLength(1);
    expect(heard).toEqual(['listening', 'lost', 'listening', 'sam']);
  });

  it('[M3] that could not be heeded makes everybody be looked at again', async () => {
    const until = follow((what) => {
      if (what === 'sam') throw new Error('the database is busy');
    });
    await until('listening');
    await revoke('sam');
    await until('listening', 2);
    expect(errors).toEqual([new Error('the database is busy')]);
  });

  it('[M3] ends when it is closed, also twice, and is no error', async () => {
    const until = follow();
    await until('listening');
    await close?.();
    await close?.();
    const { rowCount } = await postgres.database.query(
      `select from pg_stat_activity
       where datname = current_database() and application_name = 'couchline notices'`,
    );
    expect([rowCount, errors]).toEqual([0, []]);
  });
});

/** The key of the secrets in an embedded Postgres: made once, kept beside it, readable for this account alone. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const KEY_BYTES = 32;

/**
 * @param dataDir exists
 * @returns 32 bytes
 * @throws Error that says what to do when the file holds something else
 */
export async function secretKeyIn(dataDir: string): Promise<Buffer> {
  const path = join(resolve(dataDir), 'secret.key');
  await writeFile(path, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `The key of the secrets in ${path} is not 32 bytes of base64. Bring it back from a copy, or move the file away: ` +
      'then a new key is made, and webhooks need new signing secrets.',
  );
}

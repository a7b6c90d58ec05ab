import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretBox, UnreadableSecretError } from '../../db/secretBox.ts';
import { secretKeyIn } from '../../db/secretKey.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const [key, older] = [randomBytes(32), randomBytes(32)];

describe('a sealed secret', () => {
  it('[M8] is opened by who has the key, and reads differently each time', () => {
    const box = createSecretBox([key]);
    const sealed = box.seal(secret, 'endpoint-1');
    expect(sealed).not.toContain('MfKQ');
    expect(box.seal(secret, 'endpoint-1')).not.toBe(sealed);
    expect(createSecretBox([key]).open(sealed, 'endpoint-1')).toBe(secret);
  });

  it('[M8] is of no use in another row, nor changed by a letter, nor without its tag', () => {
    const box = createSecretBox([key]);
    const sealed = box.seal(secret, 'endpoint-1');
    const other = sealed.at(20) === 'A' ? 'B' : 'A';
    for (const [kept, place] of [
      [sealed, 'endpoint-2'],
      [`${sealed.slice(0, 20)}${other}${sealed.slice(21)}`, 'endpoint-1'],
      [sealed.slice(0, -10), 'endpoint-1'],
      [sealed.slice(0, 20), 'endpoint-1'],
    ] as const) {
      expect(() => box.open(kept, place)).toThrow(UnreadableSecretError);
    }
  });

  it('[M8] outlives its key: what an older one sealed is read, and known to be of yesterday', () => {
    const sealed = createSecretBox([older]).seal(secret, 'endpoint-1');
    const box = createSecretBox([key, older]);
    expect(box.open(sealed, 'endpoint-1')).toBe(secret);
    expect(box.isCurrent(sealed)).toBe(false);
    expect(box.isCurrent(box.seal(secret, 'endpoint-1'))).toBe(true);
    expect(() => createSecretBox([key]).open(sealed, 'endpoint-1')).toThrow(
      /^A secret was sealed with a key that is not here \([0-9a-f]{8}…\)\. Add that key to SECRET_KEY, after a comma\.$/,
    );
  });

  it('[M8] stands as it is without a key, and what stood so before there was one is read', () => {
    const none = createSecretBox([]);
    expect(none.seal(secret, 'endpoint-1')).toBe(secret);
    expect(createSecretBox([key]).open(secret, 'endpoint-1')).toBe(secret);
    expect(createSecretBox([key]).isCurrent(secret)).toBe(false);
    expect(() => none.open(createSecretBox([key]).seal(secret, 'endpoint-1'), 'endpoint-1')).toThrow(
      UnreadableSecretError,
    );
  });
});

describe('the key beside an embedded Postgres', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'couchline-key-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('[M8] is made once, for this account alone', async () => {
    const made = await secretKeyIn(folder);
    expect(made).toHaveLength(32);
    expect(await secretKeyIn(folder)).toEqual(made);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('[M8] that was spoilt is told, and not replaced', async () => {
    await writeFile(join(folder, 'secret.key'), 'spoilt');
    await expect(secretKeyIn(folder)).rejects.toThrow('is not 32 bytes of base64');
    expect(await readFile(join(folder, 'secret.key'), 'utf8')).toBe('spoilt');
  });
});

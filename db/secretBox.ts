/**
 * Secrets that have to be read again, sealed before they are written down: AES-256-GCM, bound to the row they
 * stand in. A sealed secret is `v1.<key id>.<nonce, words and tag in base64url>`; what was kept before there was a
 * key stands there as it is.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([0-9a-f]{8})\.([\w-]+)$/;

export interface SecretBox {
  /** @param place what the secret belongs to; opened elsewhere it is of no use */
  seal(secret: string, place: string): string;
  /**
   * Takes what is not sealed as it is.
   * @throws UnreadableSecretError when it was sealed with a key that is not here, for another place, or was changed
   */
  open(kept: string, place: string): string;
  /** Whether it stands as `seal` would write it now. */
  isCurrent(kept: string): boolean;
}

/** Its message is for whoever runs the service. */
export class UnreadableSecretError extends Error {
  override name = 'UnreadableSecretError';
}

/** @param keys 32 bytes each: the first seals, every one opens; without any, secrets stay as they are */
export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = keys;
  return {
    seal(secret, place) {
      if (current === undefined) return secret;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${idOf(current)}.${sealed.toString('base64url')}`;
    },
    open(kept, place) {
      if (!kept.startsWith('v1.')) return kept;
      const [, id = '', words = ''] = SEALED.exec(kept) ?? [];
      const key = byId.get(id);
      if (key === undefined) {
        throw new UnreadableSecretError(
          `A secret was sealed with a key that is not here (${id}…). Add that key to SECRET_KEY, after a comma.`,
        );
      }
      const sealed = Buffer.from(words, 'base64url');
      try {
        const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(place))
          .setAuthTag(sealed.subarray(-TAG_BYTES));
        return decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new UnreadableSecretError('A sealed secret was changed, or moved from where it belongs.', { cause });
      }
    },
    isCurrent: (kept) => current === undefined || SEALED.exec(kept)?.[1] === idOf(current),
  };
}

/** By which a key is told from others; it says nothing of the key. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('couchline secret key').update(key).digest('hex').slice(0, 8);
}

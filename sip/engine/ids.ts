import { randomFillSync } from 'node:crypto';
import { MAGIC_COOKIE } from './messages/via.ts';

const POOL = Buffer.allocUnsafe(6144);
let used = POOL.length;

/** Random letters and digits that nobody can guess: 16 for 64 bits, in hexadecimal. */
function randomToken(bytes: number): string {
  if (used + bytes > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const token = POOL.toString('hex', used, used + bytes);
  used += bytes;
  return token;
}

/** A From or To tag (RFC 3261 19.3: at least 32 bits of randomness). */
export function newTag(): string {
  return randomToken(8);
}

/** A transaction's branch (8.1.1.7). */
export function newBranch(): string {
  return MAGIC_COOKIE + randomToken(10);
}

/** A Call-ID (8.1.1.4). */
export function newCallId(): string {
  return randomToken(16);
}

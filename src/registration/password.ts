/** Passwords as argon2id in PHC string format, with the parameters that OWASP gives for it. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** KiB of memory, passes, lanes, bytes of salt and hash. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, saltBytes: 16, hashBytes: 32 };

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, salt and hash in base64 without padding. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(cost.saltBytes);
  const hash = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    memory: cost.memory,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: cost.hashBytes,
  });
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Whether the password is the one that was hashed. Takes as long for a wrong one as for the right one.
 * @param phc as `hashPassword` made it; the cost is read from it, so that old hashes stay good when the cost rises
 * @throws Error when `phc` is not an argon2id string
 */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (parts === null) throw new Error('A stored password hash is not an argon2id string. Set the password anew.');
  const [, memory, passes, parallelism, salt = '', hash = ''] = parts;
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return timingSafeEqual(actual, expected);
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

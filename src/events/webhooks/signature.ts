/** Signatures as Standard Webhooks 1.0.0 defines them (standardwebhooks.com), symmetric, version v1. */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export function mintSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/**
 * The headers of one delivery.
 * @param secrets every secret that counts now: with two, during a rotation, each makes one signature
 * @param id the message's own, the same at every try
 * @param at milliseconds since the epoch; the header says seconds
 * @param payload the body exactly as it is sent
 */
export function signedHeaders(
  secrets: readonly string[],
  { id, at, payload }: { id: string; at: number; payload: string },
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => sign(secret, `${id}.${timestamp}.${payload}`)).join(' '),
  };
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

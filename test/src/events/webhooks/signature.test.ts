import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mintSecret, signedHeaders } from '../../../../src/events/webhooks/signature.ts';

/** The example of the Standard Webhooks specification and of its reference libraries. */
const published = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: 1_614_265_330_000,
  payload: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('the signature of a webhook', () => {
  it('[M8] is the one that Standard Webhooks publishes for its example', () => {
    expect(signedHeaders([published.secret], published)).toEqual({
      'webhook-id': published.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': published.signature,
    });
  });

  it('[M8] is made once with each secret while an old one still counts, the new one first', () => {
    const fresh = mintSecret();
    const signatures = signedHeaders([fresh, published.secret], published)['webhook-signature']?.split(' ');
    expect(signatures).toHaveLength(2);
    expect(signatures?.[1]).toBe(published.signature);
    expect(signatures?.[0]).toBe(signedHeaders([fresh], published)['webhook-signature']);
    expect(signatures?.[0]).not.toBe(published.signature);
  });

  it('[M8] changes with each of id, second and payload', () => {
    const of = (change: Partial<typeof published>) =>
      signedHeaders([published.secret], { ...published, ...change })['webhook-signature'];
    expect(of({ id: 'msg_other' })).not.toBe(published.signature);
    expect(of({ at: published.at + 1000 })).not.toBe(published.signature);
    expect(of({ payload: `${published.payload} ` })).not.toBe(published.signature);
  });

  it('[M8] secrets are 32 random bytes, written as the specification wants them', () => {
    const secret = mintSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(mintSecret()).not.toBe(secret);
  });
});

describe('the example of the README', () => {
  it('[M8] takes what is signed with a secret that counts, and nothing else', async () => {
    const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');
    const example = /```js\n(import \{ createHmac[\s\S]+?)```/.exec(readme)?.[1] ?? '';
    const { isOurs } = (await import(`data:text/javascript,${encodeURIComponent(example)}`)) as {
      isOurs(headers: Record<string, string>, body: string, secret: string): boolean;
    };
    const secrets = [mintSecret(), mintSecret()];
    const body = '{"specversion":"1.0"}';
    const headers = signedHeaders(secrets, { id: 'i-1/1', at: Date.now(), payload: body });
    for (const secret of secrets) expect(isOurs(headers, body, secret)).toBe(true);
    expect(isOurs(headers, body, mintSecret())).toBe(false);
    expect(isOurs(headers, `${body} `, secrets[0] ?? '')).toBe(false);
    const old = signedHeaders(secrets, { id: 'i-1/1', at: Date.now() - 3_600_000, payload: body });
    expect(isOurs(old, body, secrets[0] ?? '')).toBe(false);
  });
});

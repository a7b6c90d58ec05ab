import { describe, expect, it } from 'vitest';
import { createPasswordAuthenticator } from '../../../src/registration/authenticator.ts';
import { hashPassword, verifyPassword } from '../../../src/registration/password.ts';
import { sameHash } from '../../../src/registration/tokens.ts';

describe('passwords', () => {
  it('[M2] are kept as argon2id in PHC format, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('over the hill'), hashPassword('over the hill')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword('over the hill', one)).toBe(true);
    expect(await verifyPassword('over the hill ', one)).toBe(false);
  });

  it('[M2] are the same however a keyboard composes an accent', async () => {
    expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true);
  });

  it('[M2] verify against other costs than today’s', async () => {
    // The reference implementation's: echo -n password | argon2 somesalt -id -t 2 -m 8 -p 1
    const weak = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await verifyPassword('password', weak)).toBe(true);
    expect(await verifyPassword('Password', weak)).toBe(false);
  });

  it('[M2] a stored hash of another kind is an error, not a wrong password', async () => {
    await expect(verifyPassword('over the hill', '$2b$10$abcdefghijklmnopqrstuv')).rejects.toThrow('argon2id');
  });

  it('[M2] an unknown address costs a derivation like a known one', async () => {
    const authenticator = createPasswordAuthenticator({ findAgentByEmail: async () => null });
    const proof = { kind: 'password' as const, email: 'bob@northlight.example', password: 'x' };
    // The first waits for the stand-in's own hash.
    await authenticator.authenticate(proof);
    const elapsed = async (work: () => Promise<unknown>) => {
      const began = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(began);
      return user + system;
    };
    const phc = await hashPassword('y');
    const known = await elapsed(() => verifyPassword('x', phc));
    const unknown = await elapsed(() => authenticator.authenticate(proof));
    expect(unknown).toBeGreaterThan(known / 4);
  });
});

describe('hashes of tokens', () => {
  it('[M3] are the same only byte for byte', () => {
    expect(sameHash(Buffer.from('abcd'), Buffer.from('abcd'))).toBe(true);
    expect(sameHash(Buffer.from('abcd'), Buffer.from('abce'))).toBe(false);
    expect(sameHash(Buffer.from('abcd'), Buffer.from('abc'))).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { turnCredentials } from '../../media/turn.ts';

const server = { urls: ['turn:turn.example:3478?transport=udp'], secret: 'north' };
const expiresAt = Date.UTC(2026, 10, 22, 12, 0, 0, 999);

test('the name carries the second at which it expires, rounded down (draft-uberti-behave-turn-rest-00, 2.2)', () => {
  expect(turnCredentials(server, 'leg-1', expiresAt)).toMatchObject({
    urls: server.urls,
    username: `${Date.UTC(2026, 10, 22, 12) / 1000}:leg-1`,
  });
});

test('the password is the name under the secret: openssl dgst -sha1 -hmac north -binary | base64', () => {
  expect(turnCredentials(server, 'leg-1', expiresAt)).toMatchObject({
    username: '1795348800:leg-1',
    credential: 'cayg+7h6EbltRX1L0CDzUEM3exc=',
  });
});

test('another name, hour or secret makes another password', () => {
  const passwords = [
    turnCredentials(server, 'leg-1', expiresAt),
    turnCredentials(server, 'leg-2', expiresAt),
    turnCredentials(server, 'leg-1', expiresAt + 3_600_000),
    turnCredentials({ ...server, secret: 'south' }, 'leg-1', expiresAt),
  ].map(({ credential }) => credential);
  expect(new Set(passwords).size).toBe(4);
});

/** The running service before a connection is one, and when it must not be one any more. */
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../db/database.ts';
import { createRegistrationStore } from '../../../db/registrationStore.ts';
import { CLOSE } from '../../../src/protocol/version.ts';
import { demo } from '../../support/demo.ts';
import { startService, type Service } from '../../support/service.ts';
import { registerTv, WireClient } from '../../support/wire.ts';

let service: Service;

beforeAll(async () => {
  // Long enough for three handshakes on a busy machine: the third has to come while the first two stand.
  service = await startService({ HANDSHAKE_SECONDS: '4', MAX_CONNECTIONS: '2' });
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
});

describe('a handshake', () => {
  it('[M4] whose headers trickle in without end is answered 408 and cut', async () => {
    const socket = createConnection(service.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /connect HTTP/1.1\r\nHost: couchline\r\n');
    const trickle = setInterval(() => socket.write('X-Slow: 1\r\n'), 200);
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.on('error', () => {});
    await once(socket, 'close');
    clearInterval(trickle);
    expect(said).toMatch(/^HTTP\/1.1 408 /);
  });

  it('[M4] after which nobody registers ends with 4000, and its place is free again', async () => {
    const strangers = [await WireClient.open(service.url), await WireClient.open(service.url)];
    await expect(WireClient.open(service.url)).rejects.toThrow('503');
    for (const { closed } of strangers) expect(await closed).toMatchObject({ code: CLOSE.timeout });
    (await registerTv(service.url, demo.tv)).cut();
  });
});

describe('a TV whose sessions another process revokes', () => {
  it('[M3] [M4] is closed with 4001 by the word of it alone', async () => {
    const tv = await registerTv(service.url, demo.tv);
    const { self } = await tv.nextOf('registered');
    const database = openDatabase(service.databaseUrl, { connections: 1 });
    await createRegistrationStore(database).revokeSessions(self.role === 'tv' ? self.tvId : '', Date.now());
    expect(await tv.closed).toMatchObject({ code: CLOSE.unauthorized });
    await database.end();
  });
});

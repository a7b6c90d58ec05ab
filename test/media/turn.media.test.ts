/** Whether coturn believes what the service hands out: asked for a relayed address, as a browser does. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RTCPeerConnection } from 'werift';
import { turnCredentials, type TurnCredentials } from '../../media/turn.ts';
import { missingTools } from '../support/sip/tools.ts';

const HOUR = 3_600_000;

describe.skipIf((await missingTools()).includes('turnserver'))('coturn with a static-auth-secret', () => {
  const server = { urls: [''], secret: 'north' };
  let port: number;
  let stop: () => Promise<unknown>;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'couchline-turn-'));
    port = await freeUdpPort();
    server.urls = [`turn:127.0.0.1:${port}?transport=udp`];
    const options = ['--use-auth-secret', `--static-auth-secret=${server.secret}`, '--realm=couchline'];
    const loopback = ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`];
    const quiet = ['-n', '--no-tls', '--no-dtls', '--no-cli', '--log-file=stdout', `--pidfile=${folder}/pid`];
    const coturn = spawn('turnserver', [...quiet, ...options, ...loopback], { stdio: 'ignore' });
    const ended = once(coturn, 'exit');
    stop = async () => {
      coturn.kill();
      await ended;
      await rm(folder, { recursive: true });
    };
    await answersStun(port);
  });

  afterAll(() => stop?.());

  test('a name that is valid for another hour is given a relayed address', async () => {
    expect(await relayedAddresses(turnCredentials(server, 'leg-1', Date.now() + HOUR))).toEqual(['127.0.0.1']);
  });

  test.for([
    ['has expired', () => turnCredentials(server, 'leg-1', Date.now() - HOUR)],
    ['was made with another secret', () => turnCredentials({ ...server, secret: 'south' }, 'leg-1', Date.now() + HOUR)],
    [
      'was given a longer life by its holder',
      () => ({
        ...turnCredentials(server, 'leg-1', Date.now() - HOUR),
        username: turnCredentials(server, 'leg-1', Date.now() + HOUR).username,
      }),
    ],
  ] as const)('a name that %s is given none', async ([, credentials]) => {
    const { username, credential } = credentials();
    // coturn's own client ends with this at a refusal; a page would ask on.
    const refused = promisify(execFile)('turnutils_uclient', [
      '-c',
      '-u',
      username,
      '-w',
      credential,
      '-p',
      `${port}`,
      '127.0.0.1',
    ]);
    await expect(refused).rejects.toMatchObject({ code: 255 });
  });
});

/** Gathers as a page does that is to use nothing but the relay. @returns the addresses of its candidates */
async function relayedAddresses({ urls, username, credential }: TurnCredentials): Promise<string[]> {
  const iceServers = urls.map((url) => ({ urls: url, username, credential }));
  const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay', iceUseIpv6: false });
  try {
    peer.createDataChannel('any');
    const gathered = peer.iceGatheringStateChange.watch((state) => state === 'complete');
    await peer.setLocalDescription(await peer.createOffer());
    await gathered;
    const candidates = peer.localDescription?.sdp.match(/^a=candidate:.*$/gm) ?? [];
    return candidates
      .map((line) => line.split(' '))
      .filter((f) => f[7] === 'relay')
      .map((f) => f[4] ?? '');
  } finally {
    await peer.close();
  }
}

/** Asks, and asks again as RFC 8489, section 6.2.1, has it, until the server is there. */
async function answersStun(port: number): Promise<void> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  const answered = once(socket, 'message');
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  const asking = setInterval(() => socket.send(request, port, '127.0.0.1'), 100);
  await answered;
  clearInterval(asking);
  socket.close();
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

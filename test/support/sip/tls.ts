/** Certificates, and ways over TLS for those who speak TCP alone. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer as createTlsServer } from 'node:tls';
import { run } from '../checks.ts';
import type { Address, Identity } from './peer.ts';

export type Certificate = Identity;

/** A certificate of two days that vouches for itself, made by openssl. @param name "DNS:example.com" */
export async function makeCertificate(name = 'IP:127.0.0.1'): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-tls-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const { code, output } = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name.replace(/^\w+:/, '')}`, '-addext', `subjectAltName=${name}`, '-keyout', key, '-out', cert],
  ]);
  if (code !== 0) throw new Error(`openssl made no certificate: ${output}`);
  const made = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  await rm(folder, { recursive: true });
  return made;
}

export interface TlsWay extends Address {
  close(): Promise<void>;
}

/** What comes in by TCP goes on by TLS: Debian's SIPp is built without it. */
export async function startTlsWay(to: Address, { cert }: Certificate): Promise<TlsWay> {
  return open(
    (near) => createServer(near),
    () => connect({ ...to, ca: cert }),
  );
}

/** What comes in by TLS goes on by TCP: for those that are called, likewise. */
export async function startTlsDoor(to: Address, { cert, key }: Certificate): Promise<TlsWay> {
  return open(
    (near) => createTlsServer({ cert, key }, near),
    () => connectTcp(to.port, to.host),
  );
}

async function open(listen: (near: (socket: Socket) => void) => Server, call: () => Socket): Promise<TlsWay> {
  const sockets = new Set<Socket>();
  const server = listen((near) => {
    const far = call();
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A certificate for 127.0.0.1, and a way over TLS for those who speak TCP alone. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
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
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ ...to, ca: cert });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
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
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

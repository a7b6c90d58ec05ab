/** A TCP connection through a wall that can fall: what an application sees when its server goes away and comes back. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Address } from './peer.ts';

export interface Relay extends Address {
  /** Ends all connections; new ones are let through. */
  cut(): void;
  close(): Promise<void>;
}

export async function startRelay(to: Address): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to.port, to.host);
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
  const cut = () => open.forEach((socket) => socket.destroy());
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}

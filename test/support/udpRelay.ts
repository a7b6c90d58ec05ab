/** A road for packets between a page and a peer behind a fixed address, which can be cut and mended. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface UdpRelay {
  port: number;
  /** Where what comes from anybody else goes. */
  leadTo(address: string, port: number): void;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openUdpRelay(): Promise<UdpRelay> {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  let whole = true;
  let target: { address: string; port: number } | null = null;
  let page: { address: string; port: number } | null = null;
  socket.on('message', (packet, from) => {
    if (!whole || target === null) return;
    const back = from.address === target.address && from.port === target.port;
    if (!back) page = from;
    const to = back ? page : target;
    if (to !== null) socket.send(packet, to.port, to.address);
  });
  return {
    port: socket.address().port,
    leadTo(address, port) {
      target = { address, port };
    },
    cut() {
      whole = false;
    },
    mend() {
      whole = true;
    },
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

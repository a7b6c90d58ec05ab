/** A UDP path that loses, delays and so reorders datagrams, both ways. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Random } from '../random.ts';
import type { Address } from './peer.ts';

interface LossyRelay extends Address {
  /** Datagrams that were lost. */
  lost(): number;
  close(): void;
}

interface LossyPath {
  /** Share of the datagrams that are lost, 0 to 1. */
  loss: number;
  /** Longest delay in milliseconds; each datagram has one of its own. */
  delay: number;
  /** Of the chance that decides both. */
  seed: number;
}

/** Passes on to `to` what any peer sends; what comes back goes to that peer. */
export async function startLossyRelay(to: Address, { loss, delay, seed }: LossyPath): Promise<LossyRelay> {
  const random = new Random(seed);
  const far = new Map<string, Socket>();
  let lost = 0;
  let closed = false;
  const pass = (socket: Socket, bytes: Buffer, port: number, host: string) => {
    if (random.chance(loss)) {
      lost++;
      return;
    }
    setTimeout(
      () => {
        if (!closed) socket.send(bytes, port, host);
      },
      random.between(0, delay),
    );
  };
  const near = createSocket('udp4');
  near.on('message', (bytes, from) => {
    const key = `${from.address}:${from.port}`;
    let socket = far.get(key);
    if (socket === undefined) {
      socket = createSocket('udp4');
      socket.on('message', (back) => pass(near, back, from.port, from.address));
      far.set(key, socket);
    }
    pass(socket, bytes, to.port, to.host);
  });
  near.bind(0, '127.0.0.1');
  await once(near, 'listening');
  return {
    host: '127.0.0.1',
    port: near.address().port,
    lost: () => lost,
    close() {
      closed = true;
      near.close();
      for (const socket of far.values()) socket.close();
    },
  };
}

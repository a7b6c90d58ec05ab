/**
 * A crowd in a thread of its own, so that what it does to the service is not mistaken for what it does to whoever
 * measures: TVs that come, go and come back all at once, agents who stop reading, a TV that never stops sending.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Holder, Server } from '../parts/ground.ts';
import { forEach, nextId, openTv, type Client } from './client.ts';
import { LiveTalk, openTalks } from './talks.ts';

type Address = Pick<Server, 'url'>;
type Order =
  /** All come, so many at a time. */
  | { do: 'come'; tvs: Holder[]; atOnce: number }
  /** All are cut off, and come back at the same moment. */
  | { do: 'comeBack'; tvs: Holder[] }
  /** Agents take a talk each and stop reading, while their TVs tell news twice a second, for so long. */
  | { do: 'stopReading'; centreId: string; agents: Holder[]; tvs: Holder[]; seconds: number }
  /** A TV in a talk sends as fast as its connection takes it, for so long. */
  | { do: 'sendOn'; what: Flood; centreId: string; agents: Holder[]; tvs: Holder[]; seconds: number };

/** Messages that are answered, what is live in the talk, or a WebSocket's own control frames. */
export type Flood = 'pings' | 'live' | 'pongs';

/** What came of an order; only what it is about is set. */
export interface Told {
  /** Frames that were sent. */
  sent?: number;
  /** Connections that the service ended. */
  closed?: number;
  /** Tries to connect that came to nothing, and were made again. */
  again?: number;
}

/** Frames between two looks whether the service has ended the connection. */
const BURST = 500;

export interface Crowd {
  order(order: Order): Promise<Told>;
  close(): Promise<void>;
}

/** Opens a crowd before a service. */
export function openCrowd(server: Server): Crowd {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url: server.url } satisfies Address });
  return {
    async order(order) {
      const { promise, resolve, reject } = Promise.withResolvers<Told>();
      worker.once('error', reject);
      worker.once('message', (told: Told) => {
        worker.off('error', reject);
        resolve(told);
      });
      worker.postMessage(order);
      return await promise;
    },
    close: async () => void (await worker.terminate()),
  };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const server = workerData as Server;
  let clients: Client[] = [];

  const comeBack = async (tvs: Holder[]): Promise<Told> => {
    let again = 0;
    clients = await forEach(tvs, tvs.length, async (tv) => {
      for (;;) {
        try {
          return await openTv(server, tv);
        } catch {
          again += 1;
          // As the connector does: soon, and not in step.
          await pause(500 + Math.random() * 1_000);
        }
      }
    });
    return { again };
  };
  const obey = async (order: Order): Promise<Told> => {
    switch (order.do) {
      case 'come':
        clients = await forEach(order.tvs, order.atOnce, (tv) => openTv(server, tv));
        return {};
      case 'comeBack':
        for (const client of clients) client.cut();
        return await comeBack(order.tvs);
      case 'stopReading': {
        const { centreId: id, agents, tvs, seconds } = order;
        const talks = await openTalks(server, { id, agents, tvs });
        for (const { agent } of talks) agent.stopReading();
        let sent = 0;
        const until = performance.now() + seconds * 1000;
        await forEach(talks, talks.length, async (talk) => {
          while (performance.now() < until) {
            talk.up();
            sent += 1;
            await pause(400 + Math.random() * 200);
          }
        });
        for (const talk of talks) {
          talk.agent.cut();
          talk.tv.cut();
        }
        return { sent };
      }
      case 'sendOn': {
        const { centreId: id, agents, tvs } = order;
        const [talk] = await openTalks(server, { id, agents, tvs });
        if (talk === undefined) throw new Error('Nobody is there to talk.');
        const live = new LiveTalk(talk);
        const client = talk.tv;
        client.mayBeClosed();
        // It is refused a good part of that.
        client.heard = () => {};
        const say = {
          pings: () => client.send(JSON.stringify({ v: 1, id: nextId(), type: 'ping' })),
          live: () => live.down(),
          pongs: () => client.pong(),
        }[order.what];
        let sent = 0;
        const until = performance.now() + order.seconds * 1000;
        while (performance.now() < until && !client.isClosed) {
          for (let n = 0; n < BURST; n += 1) say();
          sent += BURST;
          await pause(1);
        }
        const closed = client.isClosed ? 1 : 0;
        await Promise.all([client.close(), talk.agent.close()]);
        return { sent, closed };
      }
    }
  };
  port.on('message', (order: Order) => void obey(order).then((told) => port.postMessage(told)));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

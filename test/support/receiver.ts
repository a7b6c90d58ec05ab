/** A contact centre's own system: a real HTTP server that keeps what it was sent and answers as the test wants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudEvent } from '../../src/events/webhooks/cloudEvent.ts';
import type { InteractionEvent } from '../../src/interaction/event.ts';

/** Milliseconds that a delivery may take; far above what is ever seen. */
const WITHIN = 30_000;

export interface Received {
  event: CloudEvent<InteractionEvent>;
  headers: IncomingMessage['headers'];
  /** As it came. */
  body: string;
  /** What it was answered, once it was. */
  status: number | null;
}

type Answer = number | ((res: ServerResponse, received: Received) => void);

export interface Receiver {
  url: string;
  /** Everything that came, the earliest first. */
  received: Received[];
  /** What is answered from now on: a status, or whatever is done with the answer. */
  answer: (received: Received) => Answer;
  /** Waits until `look` finds something; looked at after each delivery. */
  until<T>(look: (received: Received[]) => T | undefined): Promise<T>;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const listeners = new Set<() => void>();
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      const received: Received = {
        event: JSON.parse(body) as Received['event'],
        headers: req.headers,
        body,
        status: null,
      };
      receiver.received.push(received);
      const answer = receiver.answer(received);
      if (typeof answer === 'number') {
        received.status = answer;
        res.writeHead(answer).end();
      } else {
        answer(res, received);
      }
      for (const listener of [...listeners]) listener();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received: [],
    answer: () => 204,
    async until(look) {
      return await new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          listeners.delete(listener);
          const seen = receiver.received.map(({ event, status }) => `${event.id} ${event.type} ${status}`);
          reject(new Error(`What was waited for did not come. Received:\n${seen.join('\n')}`));
        }, WITHIN);
        const listener = () => {
          const found = look(receiver.received);
          if (found === undefined) return;
          clearTimeout(late);
          listeners.delete(listener);
          resolve(found);
        };
        listeners.add(listener);
        listener();
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return receiver;
}

async function text(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

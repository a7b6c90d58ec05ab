/** An engine with an application that answers, in a process of its own: see answeringProgram.ts. */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SipEngineLoad } from '../../../sip/engine/engine.ts';
import type { Address } from './peer.ts';

const program = fileURLToPath(new URL('answeringProgram.ts', import.meta.url));

export interface AnsweringState {
  /** Resident memory, in bytes. */
  rss: number;
  /** Of V8's heap and of buffers outside of it, in bytes. */
  held: number;
  /** CPU used since the start, in itself and in the kernel for it. */
  cpuSeconds: number;
  load: SipEngineLoad;
  /** Sockets, servers and timers that are active, as Node counts them. */
  resources: number;
}

export interface Answering {
  udp: Address;
  tcp: Address;
  /** `ws://127.0.0.1:port/sip` */
  webSocketUrl: string;
  /** How it is; `swept` after collecting garbage. */
  state(how?: 'now' | 'swept'): Promise<AnsweringState>;
  /** Calls, hangs up once it is answered, and says whether that went well. */
  call(uri: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** What it is asked, and what it says to that. */
export type Question = { id: string } & ({ state: 'now' | 'swept' } | { call: string });
export type Reply = { id: string; state: AnsweringState } | { id: string; called: boolean };

export async function startAnswering(): Promise<Answering> {
  const child = fork(program, { execArgv: ['--expose-gc'] });
  const [ports] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('The answering program ended before it was ready.'))),
  ])) as [{ udp: number; tcp: number; http: number }];
  const waiting = new Map<string, (reply: Reply) => void>();
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const ask = (question: { state: 'now' | 'swept' } | { call: string }) => {
    const id = randomUUID();
    const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    child.send({ id, ...question } satisfies Question);
    return replied;
  };
  const host = '127.0.0.1';
  return {
    udp: { host, port: ports.udp },
    tcp: { host, port: ports.tcp },
    webSocketUrl: `ws://${host}:${ports.http}/sip`,
    async state(how = 'now') {
      const reply = await ask({ state: how });
      if ('state' in reply) return reply.state;
      throw new Error('It was asked how it is, and told of a call.');
    },
    async call(uri) {
      const reply = await ask({ call: uri });
      return 'called' in reply && reply.called;
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
